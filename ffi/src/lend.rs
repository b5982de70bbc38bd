//! The memory of a struct that remains its owner's, for the duration of a call.

use dap_ndarray::dlpack::READ_ONLY;
use dap_ndarray::{Access, Buffer};

use crate::consume;
use crate::{Code, DapArray, Refusal};

/// The local buffer of a struct that is only lent. The struct's structure is checked, the
/// protocol's rules are not.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md`. It is neither
/// released nor changed before the buffer is dropped, and no other code writes the memory
/// meanwhile; for [`Access::ReadWrite`] no other code reads it, either.
///
/// # Errors
/// The struct or its tensor is invalid, the tensor has been taken, or memory to be written may only
/// be read. A process outside of the grid has no buffer.
pub unsafe fn lend(array: *const DapArray, access: Access) -> Result<Buffer, Refusal> {
    // SAFETY: the caller's struct obeys `spec/abi.md` until the buffer is dropped, so its tensor
    // lives as long; the access is the caller's to grant.
    unsafe {
        let tensor = consume::open(array)?.tensor.as_ref();
        if access == Access::ReadWrite && tensor.flags & READ_ONLY != 0 {
            return Err(Refusal::new(Code::READ_ONLY));
        }
        let buffer = Buffer::from_dl_tensor(&tensor.dl_tensor, access, ()).map_err(|error| Refusal::from(&error))?;
        // Items that share memory may only be read, too.
        if buffer.access() == access { Ok(buffer) } else { Err(Refusal::new(Code::READ_ONLY)) }
    }
}
