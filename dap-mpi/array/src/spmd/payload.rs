//! The values that messages carry: items of arrays, and with [`Serde`](super::Serde) values of any
//! type that serde knows.
//!
//! A message begins with the name of its type, so that a receiver that expects another one refuses
//! it. The number of items is that of the bytes that have arrived.

use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::Item;
use num_complex::Complex;

use super::items::{bytes_of, items_of};
use crate::error::argument;

/// A type whose messages have a name: sender and receiver need the same one.
pub trait Typed {
    /// The name, as errors show it.
    fn type_name() -> String;
}

/// A value that can be sent.
pub trait Encode: Typed {
    /// Appends the bytes of the value.
    ///
    /// # Errors
    /// A value that has no bytes.
    fn encode(&self, to: &mut Vec<u8>) -> Result<()>;
}

/// A value that can be received.
pub trait Decode: Typed + Sized {
    /// The value of all these bytes.
    ///
    /// # Errors
    /// Bytes that are no value of the type, or have another size.
    fn decode(bytes: &[u8]) -> Result<Self>;
}

/// A value that can be sent and received.
pub trait Payload: Encode + Decode {}
impl<P: Encode + Decode> Payload for P {}

fn items_name<T: Item>() -> String {
    format!("{}[]", T::dtype().name())
}

/// The name of one item.
macro_rules! items {
    ($($type:ty),*) => {$(
        impl Typed for $type {
            fn type_name() -> String {
                <$type as Item>::dtype().name().to_string()
            }
        }

        impl Encode for $type {
            fn encode(&self, to: &mut Vec<u8>) -> Result<()> {
                bytes_of(&[*self], to)
            }
        }

        impl Decode for $type {
            fn decode(bytes: &[u8]) -> Result<$type> {
                let [item] = <[$type; 1]>::decode(bytes)?;
                Ok(item)
            }
        }
    )*};
}
items!(bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Complex<f32>, Complex<f64>);

/// Any number of items.
macro_rules! sequences {
    ($($type:ty $(, $count:ident)?;)*) => {$(
        impl<T: Item $(, const $count: usize)?> Typed for $type {
            fn type_name() -> String {
                items_name::<T>()
            }
        }

        impl<T: Item $(, const $count: usize)?> Encode for $type {
            fn encode(&self, to: &mut Vec<u8>) -> Result<()> {
                bytes_of(&self[..], to)
            }
        }
    )*};
}
sequences! {
    [T];
    Vec<T>;
    [T; N], N;
}

impl<T: Item> Decode for Vec<T> {
    fn decode(bytes: &[u8]) -> Result<Vec<T>> {
        if !bytes.len().is_multiple_of(size_of::<T>()) {
            let (bytes, size) = (bytes.len(), size_of::<T>());
            return argument(format!("{bytes} bytes are no whole number of items of {size} bytes"));
        }
        items_of(bytes)
    }
}

impl<T: Item, const N: usize> Decode for [T; N] {
    fn decode(bytes: &[u8]) -> Result<[T; N]> {
        let items = Vec::<T>::decode(bytes)?;
        items.try_into().map_err(|items: Vec<T>| other_size(items.len(), N))
    }
}

/// The error of a message with another number of items than the receiver has room for.
pub(super) fn other_size(sent: usize, expected: usize) -> Error {
    let message =
        format!("the message has {sent} items, this rank expects {expected}: receive a Vec if the number varies");
    Error::new(ErrorKind::Argument, message)
}

/// The bytes of a message: the length of the type's name, the name, the value.
pub(super) fn write<P: Encode + ?Sized>(payload: &P) -> Result<Vec<u8>> {
    let name = P::type_name();
    let mut bytes = (name.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(name.as_bytes());
    payload.encode(&mut bytes)?;
    Ok(bytes)
}

/// The value of a message; `sender` describes who sent it.
pub(super) fn read<P: Decode>(bytes: &[u8], sender: &str) -> Result<P> {
    let expected = P::type_name();
    let split = || {
        let (len, rest) = bytes.split_first_chunk()?;
        rest.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)
    };
    let Some((name, value)) = split() else {
        return argument(format!("{sender} gave {} bytes that are no value: expected {expected}", bytes.len()));
    };
    if name != expected.as_bytes() {
        let found = String::from_utf8_lossy(name);
        return argument(format!("{sender} gave {found}, this rank expects {expected}: use one type on both sides"));
    }
    P::decode(value).map_err(|error| Error::new(error.kind(), format!("{sender} gave {expected}: {}", error.message())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Serde;
    use super::*;

    fn round_trip<P: Payload + PartialEq + std::fmt::Debug>(value: &P) {
        assert_eq!(&read::<P>(&write(value).unwrap(), "a rank").unwrap(), value);
    }

    #[test]
    fn values_are_received_as_they_were_sent() {
        round_trip(&true);
        round_trip(&i64::MIN);
        round_trip(&Complex::new(-0.0_f64, f64::INFINITY));
        round_trip(&Vec::<f64>::new());
        round_trip(&[1_u16, 2, 3]);
        round_trip(&Serde((String::from("text"), Some(vec![(1_u8, 'x')]), Some(None::<i32>), i128::MIN)));
        assert!(read::<f32>(&write(&f32::NAN).unwrap(), "a rank").unwrap().is_nan());
        assert_eq!(read::<Vec<i16>>(&write(&[1_i16, -1][..]).unwrap(), "a rank").unwrap(), [1, -1]);
    }

    fn refusal<P: Decode + std::fmt::Debug>(bytes: &[u8]) -> String {
        read::<P>(bytes, "rank 3").unwrap_err().to_string()
    }

    #[test]
    fn other_types_and_sizes_are_refused_by_name() {
        let floats = write(&[1.0_f64, 2.0]).unwrap();
        let types = "rank 3 gave float64[], this rank expects int64[]: use one type on both sides";
        assert_eq!(refusal::<Vec<i64>>(&floats), types);
        assert!(refusal::<f64>(&floats).contains("gave float64[], this rank expects float64:"));
        assert!(refusal::<[f64; 3]>(&floats).contains("the message has 2 items, this rank expects 3"));
        assert!(refusal::<Serde<Vec<f64>>>(&floats).contains("expects alloc::vec::Vec<f64>"));
        let mut cut = floats.clone();
        cut.pop();
        assert!(refusal::<Vec<f64>>(&cut).contains("15 bytes are no whole number of items of 8 bytes"));
        let mut truths = write(&[true]).unwrap();
        *truths.last_mut().unwrap() = 2;
        assert!(refusal::<Vec<bool>>(&truths).starts_with("rank 3 gave bool[]: "));
        let mut longer = write(&Serde(5_u32)).unwrap();
        longer.push(0);
        assert!(refusal::<Serde<u32>>(&longer).contains("1 byte too many"));
        assert!(refusal::<Serde<(u32, u32)>>(&write(&Serde(5_u32)).unwrap()).contains("expects (u32, u32)"));
    }

    proptest! {
        /// A wrong length in a message is an error, and no memory is asked for by it.
        #[test]
        fn any_bytes_are_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read::<Vec<f64>>(&bytes, "a rank");
            let typed = |name: String| [&(name.len() as u64).to_le_bytes()[..], name.as_bytes(), &bytes].concat();
            let _ = read::<Vec<bool>>(&typed(Vec::<bool>::type_name()), "a rank");
            let _ = read::<[i32; 4]>(&typed(<[i32; 4]>::type_name()), "a rank");
            let _ = read::<Serde<Vec<String>>>(&typed(Serde::<Vec<String>>::type_name()), "a rank");
            let _ = read::<Serde<Vec<[u64; 9]>>>(&typed(Serde::<Vec<[u64; 9]>>::type_name()), "a rank");
        }
    }
}
