//! Keys and values as bytes, and sequences of byte strings in messages.

use dap_mpi::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes of a key or a value.
///
/// # Errors
/// Its `Serialize` refuses it.
pub(crate) fn encoded<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|error| wrong(format!("{} has no bytes: {error}", std::any::type_name::<T>())))
}

/// The key or value that all these bytes are.
///
/// # Errors
/// They are none.
pub(crate) fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        found => {
            let why = found.err().map_or_else(|| "some are too many".to_owned(), |error| error.to_string());
            Err(wrong(format!("{} bytes are no {}: {why}", bytes.len(), std::any::type_name::<T>())))
        }
    }
}

pub(crate) fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Argument, message)
}

/// Appends a byte string with its length.
pub(crate) fn put(message: &mut Vec<u8>, part: &[u8]) {
    message.extend((part.len() as u64).to_le_bytes());
    message.extend_from_slice(part);
}

/// The byte strings of a message, one after the other.
pub(crate) struct Parts<'m>(pub(crate) &'m [u8]);

impl<'m> Parts<'m> {
    /// Whether there is no more.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8> {
        let (&byte, rest) = self.0.split_first().ok_or_else(cut)?;
        self.0 = rest;
        Ok(byte)
    }

    /// The next byte string.
    pub(crate) fn part(&mut self) -> Result<&'m [u8]> {
        let split = || {
            let (len, rest) = self.0.split_first_chunk()?;
            rest.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)
        };
        let (part, rest) = split().ok_or_else(cut)?;
        self.0 = rest;
        Ok(part)
    }
}

fn cut() -> Error {
    Error::new(ErrorKind::Mpi, "a message of the dictionary ends too early")
}
