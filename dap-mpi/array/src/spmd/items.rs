//! Items of memory as bytes, and bytes as items.

use dap_mpi::Result;
use dap_ndarray::{Buffer, Item};
use ndarray::Array1;

/// Appends the bytes of some items.
pub(crate) fn bytes_of<T: Item>(items: &[T], to: &mut Vec<u8>) -> Result<()> {
    let buffer = Buffer::from_array(Array1::from(items.to_vec()));
    to.extend_from_slice(buffer.bytes()?);
    Ok(())
}

/// The items that bytes are; bytes behind the last whole item are left out.
///
/// # Errors
/// Bytes of `bool` that are neither 0 nor 1; not enough memory.
pub(crate) fn items_of<T: Item>(bytes: &[u8]) -> Result<Vec<T>> {
    let items = bytes.len() / size_of::<T>();
    // Not more than the bytes, which are in memory.
    let mut buffer = Buffer::zeros(T::dtype(), &[items as i64])?;
    buffer.bytes_mut()?.copy_from_slice(&bytes[..items * size_of::<T>()]);
    Ok(buffer.view::<T>()?.iter().copied().collect())
}
