//! Names that libraries give types, recognised so that an error can say what to write instead.

use super::error::DTypeErrorKind;

/// The fault of a text that is a type's name, not its typestr; `None` for any other text.
///
/// The wrappings of `str(dtype)` and `repr(dtype)` in NumPy, PyTorch and Heat are looked through.
pub(super) fn recognise(text: &str) -> Option<DTypeErrorKind> {
    // A typestr begins with its byte order or is short: nearly all texts leave here.
    let first = text.bytes().next()?;
    if matches!(first, b'[' | b'{') {
        return Some(DTypeErrorKind::Unsupported {
            reason: "a struct is a list of [name, type], not a text that holds one",
        });
    }
    if text.len() < 3 || !(first.is_ascii_lowercase() || text.starts_with("<class ")) {
        return None;
    }
    let bare = text.trim_start_matches("<class '").trim_start_matches("dtype('").trim_end_matches(['\'', ')', '>']);
    let bare = bare.rsplit_once('.').map_or(bare, |(_, last)| last);
    let typestr = match bare {
        "bool" | "bool_" => "|b1",
        "int8" => "|i1",
        "uint8" => "|u1",
        "int16" => "<i2",
        "uint16" => "<u2",
        "int32" => "<i4",
        "uint32" => "<u4",
        "int" | "long" | "int64" => "<i8",
        "uint64" => "<u8",
        "half" | "float16" => "<f2",
        "single" | "float32" => "<f4",
        "float" | "double" | "float64" => "<f8",
        "longdouble" | "float128" => "<f16",
        "complex64" => "<c8",
        "complex" | "complex128" => "<c16",
        "clongdouble" | "complex256" => "<c32",
        "object" | "object_" => "|O",
        "bfloat16" => {
            return Some(DTypeErrorKind::Unsupported {
                reason: "bfloat16 is not a NumPy type and has no PEP-3118 format; widen it to float32, `<f4`",
            });
        }
        "str" | "str_" | "bytes" | "bytes_" => {
            return Some(DTypeErrorKind::Unsupported {
                reason: "this name does not say a length; write `<U8` for 8 characters, `|S8` for 8 bytes",
            });
        }
        _ if bare.starts_with("datetime64") => return Some(DTypeErrorKind::NoFormat { meaning: "datetime64" }),
        _ if bare.starts_with("timedelta64") => return Some(DTypeErrorKind::NoFormat { meaning: "timedelta64" }),
        _ => return None,
    };
    Some(DTypeErrorKind::Name { typestr })
}
