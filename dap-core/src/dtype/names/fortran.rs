//! Types as Fortran declares them: `real(8)`, `REAL*8`, `real(kind=real64)`, `integer(c_int)`; and
//! Chapel's, which look alike.

use super::Meaning;
use crate::dtype::error::DTypeErrorKind;

/// The meaning of a declaration. Kinds that are numbers are bytes with all common compilers; in
/// Chapel they are bits.
pub(super) fn meaning(text: &str) -> Option<Meaning> {
    const LONGEST: usize = 48;
    const BEGIN: [&str; 9] = ["real", "integer", "complex", "double", "logical", "character", "int(", "uint(", "imag("];
    let begins = |word: &&str| text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    if text.len() > LONGEST || !BEGIN.iter().any(begins) {
        return None;
    }
    let bare = text.to_ascii_lowercase().replace(' ', "").replace("kind=", "");
    let unsupported = |reason| Some(Err(DTypeErrorKind::Unsupported { reason }));
    Some(Ok(match bare.as_str() {
        "integer(1)" | "integer*1" | "integer(int8)" | "integer(c_int8_t)" | "integer(c_signed_char)" | "int(8)" => {
            "|i1"
        }
        "integer(2)" | "integer*2" | "integer(int16)" | "integer(c_int16_t)" | "integer(c_short)" | "int(16)" => "<i2",
        "integer" | "integer(4)" | "integer*4" | "integer(int32)" | "integer(c_int32_t)" | "integer(c_int)"
        | "int(32)" => "<i4",
        "integer(8)"
        | "integer*8"
        | "integer(int64)"
        | "integer(c_int64_t)"
        | "integer(c_long)"
        | "integer(c_long_long)"
        | "integer(c_size_t)"
        | "integer(c_intptr_t)"
        | "int(64)" => "<i8",
        "uint(8)" => "|u1",
        "uint(16)" => "<u2",
        "uint(32)" => "<u4",
        "uint(64)" => "<u8",
        "real(4)" | "real*4" | "real(real32)" | "real(c_float)" | "real(32)" => "<f4",
        "real(8)" | "real*8" | "real(real64)" | "real(c_double)" | "doubleprecision" | "real(64)" => "<f8",
        "real(16)" | "real*16" => "<f16",
        "complex(4)"
        | "complex*8"
        | "complex(real32)"
        | "complex(c_float)"
        | "complex(c_float_complex)"
        | "complex(64)" => "<c8",
        "complex(8)"
        | "complex*16"
        | "complex(real64)"
        | "complex(c_double)"
        | "complex(c_double_complex)"
        | "doublecomplex"
        | "complex(128)" => "<c16",
        "logical(c_bool)" => "|b1",
        "real" => {
            return unsupported("`real` has 4 bytes in Fortran and 8 in Chapel; write `<f4` or `<f8`");
        }
        _ if bare.starts_with("logical") => {
            return unsupported(
                "a Fortran logical is no bool of one byte, except `logical(c_bool)`, `|b1`; describe it as an integer, `<i4` for the \
                 default kind",
            );
        }
        _ if bare.starts_with("character") => {
            return unsupported("write `|S8` for characters of length 8");
        }
        _ if bare.starts_with("imag(") => {
            return unsupported("imaginary numbers have no NumPy type; describe them as floats, `<f8` for `imag(64)`");
        }
        _ if ["real(", "integer(", "complex("].iter().any(|begin| bare.starts_with(begin)) && bare.ends_with(')') => {
            return unsupported(
                "the kind is a name or a number of that program; write the typestr of its bytes, such as `<f8` or `<i4`",
            );
        }
        _ => return None,
    }))
}
