//! Objects of the library that are open, and calls under its lock.

use std::ffi::{CString, c_int};
use std::sync::Once;

use hdf5_metno_sys::LOCK;
use hdf5_metno_sys::h5::{H5open, herr_t};
use hdf5_metno_sys::h5e::{H5E_DEFAULT, H5Eset_auto2};
use hdf5_metno_sys::h5i::{H5I_INVALID_HID, hid_t};
use hdf5_metno_sys::h5pl::H5PLset_loading_state;

use crate::error::{Error, Result};

/// An open object, which is closed when this is dropped.
#[derive(Debug)]
pub(crate) struct Id {
    raw: hid_t,
    close: unsafe extern "C" fn(hid_t) -> herr_t,
}

impl Id {
    /// The object that `open` opens and `close` closes; `attempt` names the call in an error.
    pub(crate) fn open(
        attempt: &str,
        close: unsafe extern "C" fn(hid_t) -> herr_t,
        open: impl FnOnce() -> hid_t,
    ) -> Result<Id> {
        locked(|| match open() {
            raw if raw > H5I_INVALID_HID => Ok(Id { raw, close }),
            _ => Err(Error::of_library(attempt)),
        })
    }

    /// The library's number of the object.
    pub(crate) fn raw(&self) -> hid_t {
        self.raw
    }

    /// Closes the object and tells whether that succeeded.
    pub(crate) fn close(self, attempt: &str) -> Result<()> {
        let (raw, close) = (self.raw, self.close);
        std::mem::forget(self);
        // SAFETY: `raw` was opened for `close`, and `forget` keeps `drop` from closing it again.
        check(attempt, || unsafe { close(raw) }).map(drop)
    }
}

impl Drop for Id {
    fn drop(&mut self) {
        // SAFETY: `open` was given the function that closes this kind of object, and an `Id` is the
        // only owner of its number: `raw` lends it, `close` forgets it.
        locked(|| unsafe { (self.close)(self.raw) });
    }
}

/// Runs something while no other thread calls the library.
pub(crate) fn alone<T>(body: impl FnOnce() -> T) -> T {
    let _lock = LOCK.lock();
    body()
}

/// Runs calls of the library alone, after it was prepared.
pub(crate) fn locked<T>(calls: impl FnOnce() -> T) -> T {
    static PREPARED: Once = Once::new();
    let _lock = LOCK.lock();
    PREPARED.call_once(|| {
        let mut no_plugin: c_int = 0;
        // SAFETY: these calls take no object. The last takes the address of an integer that it
        // reads. They run before all others, under the lock.
        unsafe {
            H5open();
            H5PLset_loading_state(&mut no_plugin);
        }
    });
    // The library prints errors unless that is switched off, for each thread.
    // SAFETY: without a function there is nothing that could be called with the null pointer.
    unsafe { H5Eset_auto2(H5E_DEFAULT, None, std::ptr::null_mut()) };
    calls()
}

/// A number that a call returns, negative if it failed.
pub(crate) trait Status: Copy {
    fn failed(self) -> bool;
}

impl Status for c_int {
    fn failed(self) -> bool {
        self < 0
    }
}

impl Status for isize {
    fn failed(self) -> bool {
        self < 0
    }
}

/// The result of a call; `attempt` names it in an error.
pub(crate) fn check<S: Status>(attempt: &str, call: impl FnOnce() -> S) -> Result<S> {
    locked(|| {
        let status = call();
        if status.failed() { Err(Error::of_library(attempt)) } else { Ok(status) }
    })
}

/// A text for the library.
pub(crate) fn text(text: impl Into<Vec<u8>>) -> Result<CString> {
    CString::new(text).map_err(|_| Error::from("a name has a byte 0"))
}
