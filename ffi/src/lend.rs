//! The memory of a struct that remains its owner's, for as long as a call takes.

use dap_ndarray::dlpack::READ_ONLY;
use dap_ndarray::{Access, Buffer};
use smallvec::SmallVec;

use crate::consume::{self, tensor};
use crate::{Code, DapArray, Refusal};

/// The local buffer of a struct that is only lent. The struct's structure is checked, the protocol's rules are not.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md`. It is neither released nor changed before the buffer is
/// dropped, and nobody else writes the memory meanwhile; for [`Access::ReadWrite`] nobody else reads it, either.
///
/// # Errors
/// What is wrong with the struct or its tensor, a tensor that has been taken, or memory that may only be read where it is to be
/// written. A process outside of the grid has no buffer.
pub unsafe fn lend(array: *const DapArray, access: Access) -> Result<Buffer, Refusal> {
    // SAFETY: as the caller promises.
    unsafe {
        let array = consume::head(array)?;
        let (block, dims) = consume::block(array)?.ok_or_else(|| Refusal::new(Code::NO_SECTION))?;
        if block.tensor.is_null() {
            return Err(Refusal::new(Code::TAKEN));
        }
        let local = tensor::local(block.tensor, dims.len(), array.dtype)?;
        let tensor = &*block.tensor;
        if access == Access::ReadWrite && tensor.flags & READ_ONLY != 0 {
            return Err(Refusal::new(Code::READ_ONLY));
        }
        let dtype = tensor::item_type(array.dtype)?;
        let beyond = || Refusal::new(Code::TENSOR).what("the strides reach beyond what memory can hold");
        let in_bytes = |strides: &[i64]| {
            strides.iter().map(|stride| stride.checked_mul(dtype.itemsize())).collect::<Option<SmallVec<[i64; 8]>>>()
        };
        let strides = local.strides.map(|strides| in_bytes(strides).ok_or_else(beyond)).transpose()?;
        let offset = usize::try_from(tensor.dl_tensor.byte_offset).map_err(|_| beyond())?;
        let data = tensor.dl_tensor.data.cast::<u8>().wrapping_byte_add(offset);
        Buffer::from_raw(data, dtype, local.shape, strides.as_deref(), access, ())
            .map_err(|error| Refusal::from(&error))
    }
}
