//! Values of any type that serde knows, in the format of postcard.
//!
//! Postcard keeps what JSON loses: NaN, infinities, `Some(None)`, keys that are no text, integers
//! of 128 bits. Its bytes do not describe themselves, so that types which ask for that
//! (`serde(untagged)`, `serde(flatten)`) are refused when they are received, not changed; a field
//! that `serde(skip_serializing_if)` leaves out is missing for the receiver.

use dap_mpi::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::payload::{Decode, Encode, Typed};
use crate::error::argument;

/// A value of any type that serde serialises, to be sent or received. Sender and receiver name the
/// same type of Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Serde<T>(
    /// The value.
    pub T,
);

impl<T> Typed for Serde<T> {
    fn type_name() -> String {
        std::any::type_name::<T>().to_owned()
    }
}

impl<T: Serialize> Encode for Serde<T> {
    fn encode(&self, to: &mut Vec<u8>) -> Result<()> {
        to.extend(to_bytes(&self.0)?);
        Ok(())
    }
}

impl<T: DeserializeOwned> Decode for Serde<T> {
    fn decode(bytes: &[u8]) -> Result<Serde<T>> {
        from_bytes(bytes).map(Serde)
    }
}

/// The bytes of a value.
///
/// # Errors
/// Its `Serialize` refuses it.
pub(super) fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    let refused =
        |error| Error::new(ErrorKind::Argument, format!("{} has no bytes: {error}", std::any::type_name::<T>()));
    postcard::to_stdvec(value).map_err(refused)
}

/// The value of all these bytes.
///
/// # Errors
/// They are no value of the type.
pub(super) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let refused = |error| {
        let message = format!("{} bytes are no {}: {error}", bytes.len(), std::any::type_name::<T>());
        Error::new(ErrorKind::Argument, message)
    };
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(refused)?;
    if !rest.is_empty() {
        let plural = if rest.len() == 1 { "byte" } else { "bytes" };
        return argument(format!("{} {plural} too many for {}", rest.len(), std::any::type_name::<T>()));
    }
    Ok(value)
}
