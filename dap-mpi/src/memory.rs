//! Memory for arrays that the processes of a node can reach of each other, and the buffers of other
//! ranks that an operation can reach. The pages themselves are made by the private module `node`.

mod remote;

pub(crate) use remote::{ExchangedHandles, RemoteBuffers, Side, exchange_handles};

use dap_core::dtype::DType;
use dap_ndarray::copy::Order;
use dap_ndarray::{Access, Buffer};

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::node::{MemoryHandle, available, handle_of};

/// New memory of this shape, contiguous in C or Fortran order, that the node can read, for arrays
/// of this communicator. Its content is unspecified. Each array takes a file descriptor until it is
/// dropped; without one the memory is private to the process, and elements that leave it are copied
/// twice. Not collective; the buffer may be dropped on any thread.
///
/// # Errors
/// Not enough memory, or a shape that memory cannot hold.
pub fn allocate(comm: &Comm, dtype: &DType, shape: &[i64], order: Order) -> Result<Buffer> {
    let too_large = || Error::new(ErrorKind::Memory, "an array of this shape is larger than memory can be");
    let product = |bytes: i64, extent: &i64| bytes.checked_mul((*extent).max(1));
    let bytes = shape.iter().try_fold(dtype.itemsize(), product).ok_or_else(too_large)?;
    let bytes = if shape.contains(&0) { 0 } else { usize::try_from(bytes).map_err(|_| too_large())? };
    let lease = match comm.pool().lease(bytes) {
        Ok(lease) => lease,
        // No descriptor is left, or the system has no such files.
        Err(_) if available().is_none_or(|available| bytes as u64 <= available) => {
            // Memory that other processes cannot read.
            return Ok(order.make_buffer(shape, |shape| Buffer::zeros(dtype.clone(), shape))?);
        }
        Err(error) => return Err(error),
    };
    let data = lease.data();
    // SAFETY: `bytes` is the size of this shape, also with its extents reversed, in C order. The
    // lease has these bytes and keeps them as long as the buffer has it, and the pool gives a
    // segment to one lease at a time. A file's bytes are initialised. Other processes write only
    // bytes that an operation borrows from this buffer.
    let leased =
        |shape: &[i64]| unsafe { Buffer::from_raw(data, dtype.clone(), shape, None, Access::ReadWrite, lease) };
    Ok(order.make_buffer(shape, leased)?)
}

/// The memory handle of a buffer that the node can read; `None` for other memory.
pub(crate) fn handle(buffer: &Buffer) -> Option<MemoryHandle> {
    if buffer.is_empty() {
        return None;
    }
    let span = buffer.reach();
    handle_of(span.start, span.len(), buffer.as_ptr().addr())
}
