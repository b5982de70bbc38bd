//! Item types as HDF5's datatype messages, composed and parsed here without the library's help.
//!
//! The messages are those of the format specification, section "The Datatype Message", as
//! `H5Tencode` gives them: two bytes in front, then class and version, 24 bits of the class, the
//! size, and properties of the class. h5py's conventions say what has no class: a complex number is
//! a struct of `r` and `i`, a boolean an enumeration of `FALSE` and `TRUE`.

mod compose;
mod parse;

use dap_core::dtype::DType;
use hdf5_metno_sys::h5i::hid_t;
use hdf5_metno_sys::h5t::{H5Tclose, H5Tdecode1, H5Tencode};

use crate::error::{Error, Result};
use crate::id::{Id, check};

/// Bytes of the longest message that is read.
const LONGEST: usize = 1 << 20;

/// The classes of types.
mod class {
    pub(super) const INTEGER: u8 = 0;
    pub(super) const FLOAT: u8 = 1;
    pub(super) const TEXT: u8 = 3;
    pub(super) const BITS: u8 = 4;
    pub(super) const OPAQUE: u8 = 5;
    pub(super) const STRUCT: u8 = 6;
    pub(super) const ENUMERATION: u8 = 8;
    pub(super) const SEQUENCE: u8 = 9;
    pub(super) const ARRAY: u8 = 10;
}

/// The places of the parts of a float: bytes, bits, place and size of the exponent, size of the
/// mantissa, normalization, bias, place of the sign.
struct FloatForm {
    bytes: u32,
    bits: u16,
    exponent: (u8, u8),
    mantissa: u8,
    normalization: u8,
    bias: u32,
    sign: u8,
}

/// IEEE's floats of 2, 4 and 8 bytes, and the `long double` of x86, whose first bit is not implied.
const FLOATS: [FloatForm; 4] = [
    FloatForm { bytes: 2, bits: 16, exponent: (10, 5), mantissa: 10, normalization: 2, bias: 15, sign: 15 },
    FloatForm { bytes: 4, bits: 32, exponent: (23, 8), mantissa: 23, normalization: 2, bias: 127, sign: 31 },
    FloatForm { bytes: 8, bits: 64, exponent: (52, 11), mantissa: 52, normalization: 2, bias: 1023, sign: 63 },
    FloatForm { bytes: 16, bits: 80, exponent: (64, 15), mantissa: 64, normalization: 0, bias: 16383, sign: 79 },
];

/// The library's object of an item type.
///
/// # Errors
/// Items that HDF5 has no type for.
pub(crate) fn open(dtype: &DType) -> Result<Id> {
    let message = compose::compose(dtype).ok_or_else(|| format!("HDF5 has no items of {}", dtype.name()))?;
    let encoded = [&[3, 0][..], &message].concat();
    // SAFETY: the call reads a message, whose own numbers say its length. `compose` makes whole
    // messages only; its tests parse all of them to the last byte.
    Id::open("HDF5 does not know the type", H5Tclose, || unsafe { H5Tdecode1(encoded.as_ptr().cast()) })
}

/// Whether there is a message for an item type.
pub(crate) fn is_known(dtype: &DType) -> bool {
    compose::compose(dtype).is_some()
}

/// The message of one of the library's types.
pub(crate) fn message(of: hid_t) -> Result<Vec<u8>> {
    let mut length = 0;
    // SAFETY: without a buffer the call only writes the length.
    check("the type of items", || unsafe { H5Tencode(of, std::ptr::null_mut(), &mut length) })?;
    if length > LONGEST {
        return Err(format!("the type of its items is {length} bytes long").into());
    }
    let mut encoded = vec![0; length];
    // SAFETY: the buffer has `length` bytes, of which the call writes at most that number.
    check("the type of items", || unsafe { H5Tencode(of, encoded.as_mut_ptr().cast(), &mut length) })?;
    match encoded.get(..2) {
        Some([3, 0]) => Ok(encoded.split_off(2)),
        _ => Err(Error::from("HDF5 encodes types in another way")),
    }
}

/// The item type that a message describes.
///
/// # Errors
/// A type that arrays do not have: why.
pub(crate) fn parse(message: &[u8]) -> Result<DType> {
    parse::parse(message)
}

/// Whether a message is that of texts of any length: in UTF-8 (`true`) or in ASCII.
pub(crate) fn long_text(message: &[u8]) -> Option<bool> {
    match message {
        [first, kind, set, ..] if first & 15 == class::SEQUENCE && kind & 15 == 1 => Some(set & 15 == 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dap_core::dtype::Descr;

    fn text(text: &str) -> Descr {
        Descr::Text(text.to_owned())
    }

    fn types() -> Vec<DType> {
        let texts = "|b1 |i1 |u1 <i2 >i2 <u4 >i8 <f2 >f2 <f4 >f4 <f8 >f8 <c8 >c16 |S1 |S300 |V5 <f16 <c32";
        let mut types: Vec<DType> = texts.split(' ').map(|text| DType::parse(text).unwrap()).collect();
        let field = |name: &str, of: Descr| Descr::List(vec![text(name), of]);
        let inner = Descr::List(vec![field("x", text(">c8")), field("", text("|V3")), field("ü", text("|b1"))]);
        let shaped = Descr::List(vec![text("place"), text("<f4"), Descr::List(vec![Descr::Int(2), Descr::Int(3)])]);
        let outer = Descr::List(vec![field("n", text("<i2")), field("inner", inner), shaped]);
        types.push(DType::from_descr(&outer).unwrap());
        let many = (0..300).map(|number| field(&format!("field number {number}"), text("<u2")));
        types.push(DType::from_descr(&Descr::List(many.collect())).unwrap());
        types
    }

    #[test]
    fn the_library_gives_back_what_it_was_given() {
        for dtype in types() {
            let composed = compose::compose(&dtype).unwrap();
            assert_eq!(parse(&composed).unwrap(), dtype);
            let opened = open(&dtype).unwrap();
            let message = message(opened.raw()).unwrap();
            assert_eq!(parse(&message).unwrap(), dtype, "{message:x?}");
        }
    }

    #[test]
    fn messages_that_are_cut_short_are_refused() {
        for dtype in types() {
            let composed = compose::compose(&dtype).unwrap();
            for length in 0..composed.len().min(400) {
                assert!(parse(&composed[..length]).is_err(), "{dtype:?}: {length} of {}", composed.len());
            }
            for at in 0..composed.len().min(400) {
                for bit in 0..8 {
                    let mut changed = composed.clone();
                    changed[at] ^= 1 << bit;
                    let _ = parse(&changed);
                }
            }
        }
    }

    #[test]
    fn types_without_a_message_are_refused() {
        for text in ["<U2", "|O", "|S0", "|V0"] {
            let dtype = DType::parse(text).unwrap();
            assert!(open(&dtype).unwrap_err().to_string().starts_with("HDF5 has no items of"), "{text}");
        }
    }
}
