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
    if let Some(typestr) = fortran(text) {
        return Some(DTypeErrorKind::Name { typestr });
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

/// The typestr of a type as Fortran declares it, `real(8)` or `REAL*8`: kinds are bytes with all common compilers.
fn fortran(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 24;
    let begins = |word: &str| text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    if text.len() > LONGEST || !["real", "integer", "complex", "double"].into_iter().any(begins) {
        return None;
    }
    let bare = text.to_ascii_lowercase().replace(' ', "").replace("kind=", "");
    Some(match bare.as_str() {
        "integer(1)" | "integer*1" => "|i1",
        "integer(2)" | "integer*2" => "<i2",
        "integer" | "integer(4)" | "integer*4" => "<i4",
        "integer(8)" | "integer*8" => "<i8",
        "real" | "real(4)" | "real*4" => "<f4",
        "real(8)" | "real*8" | "doubleprecision" => "<f8",
        "real(16)" | "real*16" => "<f16",
        "complex(4)" | "complex*8" => "<c8",
        "complex(8)" | "complex*16" | "doublecomplex" => "<c16",
        _ => return None,
    })
}
