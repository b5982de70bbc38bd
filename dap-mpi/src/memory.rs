//! Memory for arrays that the processes of a node can reach of each other, and the buffers of other
//! ranks that an operation can reach. The pages themselves are made by the private module `node`.

mod remote;

pub(crate) use remote::{ExchangedHandles, RemoteBuffers, Side, exchange_handles};

use std::ops::Range;

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
    let item = dtype.itemsize();
    let mut strides = vec![0; shape.len()];
    let mut bytes = item;
    for k in 0..shape.len() {
        let dim = if order == Order::F { k } else { shape.len() - 1 - k };
        strides[dim] = bytes;
        bytes = bytes.checked_mul(shape[dim].max(1)).ok_or_else(too_large)?;
    }
    if shape.contains(&0) {
        bytes = 0;
    }
    let bytes = usize::try_from(bytes).map_err(|_| too_large())?;
    let lease = match comm.pool().lease(bytes) {
        Ok(lease) => lease,
        // No descriptor is left, or the system has no such files.
        Err(_) if available().is_none_or(|available| bytes as u64 <= available) => {
            return private(dtype, shape, order);
        }
        Err(error) => return Err(error),
    };
    let data = lease.data();
    // SAFETY: `bytes` is the size of this shape with these strides. The lease has these bytes and
    // keeps them as long as the buffer has it, and the pool gives a segment to one lease at a time.
    // A file's bytes are initialised. Other processes write only bytes that an operation borrows
    // from this buffer.
    let buffer = unsafe { Buffer::from_raw(data, dtype.clone(), shape, Some(&strides), Access::ReadWrite, lease) };
    buffer.map_err(Error::from)
}

/// Memory that other processes cannot read.
fn private(dtype: &DType, shape: &[i64], order: Order) -> Result<Buffer> {
    if order == Order::C {
        return Ok(Buffer::zeros(dtype.clone(), shape)?);
    }
    let reversed: Vec<i64> = shape.iter().rev().copied().collect();
    Ok(Buffer::zeros(dtype.clone(), &reversed)?.reversed_dims())
}

/// The memory handle of a buffer that the node can read; `None` for other memory.
pub(crate) fn handle(buffer: &Buffer) -> Option<MemoryHandle> {
    let span = span(buffer)?;
    handle_of(span.start, span.len(), buffer.as_ptr().addr())
}

/// Whether two buffers may share memory.
pub(crate) fn overlap(a: &Buffer, b: &Buffer) -> bool {
    match (span(a), span(b)) {
        (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
        _ => false,
    }
}

/// The addresses between a buffer's first and last byte; `None` where there are no items.
fn span(buffer: &Buffer) -> Option<Range<usize>> {
    (!buffer.is_empty()).then(|| buffer.reach())
}
