//! Errors: the library's stack of them in one line.

use std::ffi::{CStr, c_uint, c_void};
use std::fmt;

use hdf5_metno_sys::h5::herr_t;
use hdf5_metno_sys::h5e::{H5E_DEFAULT, H5E_WALK_DOWNWARD, H5E_error2_t, H5Ewalk2};

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The reason why a file is not what the call needs, as the middle of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<String> for Error {
    fn from(text: String) -> Error {
        Error(text)
    }
}

impl From<&str> for Error {
    fn from(text: &str) -> Error {
        Error(text.to_owned())
    }
}

impl Error {
    /// The failure of the last call: what was attempted, and the innermost reason.
    pub(crate) fn of_library(attempt: &str) -> Error {
        let mut reason = String::new();
        let data: *mut String = &mut reason;
        // SAFETY: `innermost` takes its data for a `String`, which `reason` is, and is called only
        // during this call. A callback of another type of data would break it.
        unsafe { H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, Some(innermost), data.cast()) };
        Error(if reason.is_empty() { attempt.to_owned() } else { format!("{attempt}: {reason}") })
    }
}

/// Keeps the description of each record; the innermost record is the last.
unsafe extern "C" fn innermost(_: c_uint, record: *const H5E_error2_t, data: *mut c_void) -> herr_t {
    // SAFETY: `of_library` passes a `String` that nothing else uses meanwhile; the library passes a
    // record that lives during the call.
    let (reason, record) = unsafe { (&mut *data.cast::<String>(), &*record) };
    if !record.desc.is_null() {
        // SAFETY: a description is a text that ends with a zero, and lives as long as its record.
        let text = unsafe { CStr::from_ptr(record.desc) };
        *reason = text.to_string_lossy().into_owned();
    }
    0
}
