//! Errors of the crates below as errors of this one.

use dap_core::dtype::DType;
use dap_kernels::element::ElementType;
use dap_kernels::memory::MemoryError;
use dap_kernels::program::ProgramError;
use dap_kernels::view::ViewError;
use dap_mpi::{Error, ErrorKind, Result};

pub(crate) use dap_mpi::argument;

/// A result of a crate below, whose errors become those of this one.
pub(crate) trait Checked<T> {
    fn checked(self) -> Result<T>;
}

/// Errors of the layout algebra follow from shapes and indices.
impl<T> Checked<T> for dap_core::error::Result<T> {
    fn checked(self) -> Result<T> {
        self.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))
    }
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

/// The type of elements that can be computed with.
///
/// # Errors
/// Items that can be moved and stored, not computed with.
pub(crate) fn number_type(dtype: &DType) -> Result<ElementType> {
    let unknown = || format!("elements of type {} can be moved, not computed with", dtype.name());
    ElementType::of(dtype).ok_or_else(|| Error::new(ErrorKind::Argument, unknown()))
}

/// An operand without elements where the result has some.
pub(crate) fn no_elements() -> Error {
    Error::new(ErrorKind::State, "an operand has no elements on this rank")
}
