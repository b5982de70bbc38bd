//! Moving, taking and releasing. The header has the same as inline functions, for programs that do
//! not link the library.

use dap_ndarray::dlpack::DLManagedTensorVersioned;

use super::call::{call, set};
use crate::consume::{self, good};
use crate::{Code, DapArray, DapError, Owned, Refusal};

/// Moves a struct: `to` gets the contents of `from`, which becomes a released struct. `to` is
/// overwritten, whatever its content.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_move(from: *mut DapArray, to: *mut DapArray, error: *mut DapError) -> i32 {
    call(error, || {
        good(to, "to")?;
        if std::ptr::eq(from, to) {
            return Err(Refusal::new(Code::ARGUMENT).what("`to` is the same as `from`"));
        }
        // SAFETY: `to` may be written: it is neither null nor misaligned, and a caller's `DapArray
        // *` points to one. `take` checks `from`, which no other thread uses.
        unsafe {
            let owned = Owned::take(from)?;
            to.write(owned.into_raw());
        }
        Ok(())
    })
}

/// Takes the local buffer out of a struct: the tensor is the caller's from now on, and outlives the
/// struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_take_tensor(
    array: *mut DapArray,
    tensor: *mut *mut DLManagedTensorVersioned,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(tensor, "tensor")?;
        // SAFETY: `head` and `block` check the struct before its parts are read; no other thread
        // uses the struct, so its block may be changed.
        unsafe {
            let head = consume::head(array)?;
            let (block, _) = consume::block(head)?.ok_or_else(|| Refusal::new(Code::NO_SECTION))?;
            let taken = block.tensor;
            if taken.is_null() {
                return Err(Refusal::new(Code::TAKEN));
            }
            (*(*array).blocks).tensor = std::ptr::null_mut();
            set(tensor, "tensor", taken)
        }
    })
}

/// Releases all that a struct owns. A struct that was released or moved is an error, and unchanged.
/// A struct of another version is released, too: its owner may always do so.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_release(array: *mut DapArray, error: *mut DapError) -> i32 {
    call(error, || {
        good(array, "array")?;
        // SAFETY: `array` is neither null nor misaligned, and `release` is in the same place in all
        // versions; the owner calls it once, as it is null afterwards.
        unsafe {
            let release = (&raw const (*array).release).read();
            release.ok_or_else(|| Refusal::new(Code::RELEASED))?(array);
        }
        Ok(())
    })
}
