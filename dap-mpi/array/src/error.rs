//! Errors of the crates below as errors of this one.

use dap_kernels::memory::MemoryError;
use dap_kernels::program::ProgramError;
use dap_kernels::view::ViewError;
use dap_mpi::{Error, ErrorKind, Result};

/// A result of the kernels, whose errors become those of this crate.
pub(crate) trait Checked<T> {
    fn checked(self) -> Result<T>;
}

impl<T> Checked<T> for std::result::Result<T, ProgramError> {
    fn checked(self) -> Result<T> {
        self.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))
    }
}

impl<T> Checked<T> for std::result::Result<T, ViewError> {
    fn checked(self) -> Result<T> {
        self.map_err(|error| Error::new(ErrorKind::Buffer, error.to_string()))
    }
}

impl<T> Checked<T> for std::result::Result<T, MemoryError> {
    fn checked(self) -> Result<T> {
        self.map_err(|error| Error::new(ErrorKind::Memory, error.to_string()))
    }
}

/// A call that no array can serve: a wrong shape, type or index.
pub(crate) fn argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, message))
}
