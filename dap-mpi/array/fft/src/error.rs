//! Errors of this crate's arguments.

use dap_mpi::{Error, ErrorKind, Result};

pub(crate) use dap_mpi::argument;

/// Memory for `len` items, all zero.
///
/// # Errors
/// Not enough memory.
pub(crate) fn zeros<S: Copy + Default>(len: usize) -> Result<Vec<S>> {
    let mut items = Vec::new();
    if items.try_reserve_exact(len).is_err() {
        let bytes = len.saturating_mul(size_of::<S>());
        return Err(Error::new(ErrorKind::Memory, format!("a transform needs {bytes} bytes of work space")));
    }
    items.resize(len, S::default());
    Ok(items)
}
