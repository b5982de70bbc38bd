//! Access to the local buffer for callers without `dlpack.h`.

use std::ffi::c_void;
use std::ptr::null;

use dap_ndarray::dlpack::READ_ONLY;

use super::call::{call, set};
use crate::consume::{self, Opened};
use crate::{DapArray, DapError};

/// The local buffer: the address of the item at index 0, extents and strides in items (null for C
/// order; both borrowed from the struct), and whether it may only be read. Each of the four may be
/// null. A buffer without items may have a null `data`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_local(
    array: *const DapArray,
    data: *mut *mut c_void,
    shape: *mut *const i64,
    strides: *mut *const i64,
    read_only: *mut i32,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `open` checks the struct before its tensor is read; each pointer that is not null
        // is checked by `set`, and may be written by the contract.
        unsafe {
            let Opened { tensor, local, .. } = consume::open(array)?;
            let tensor = tensor.as_ref();
            if !data.is_null() {
                let offset = usize::try_from(tensor.dl_tensor.byte_offset).unwrap_or(0);
                set(data, "data", tensor.dl_tensor.data.wrapping_byte_add(offset))?;
            }
            if !shape.is_null() {
                set(shape, "shape", local.shape.as_ptr())?;
            }
            if !strides.is_null() {
                set(strides, "strides", local.strides.map_or(null(), <[i64]>::as_ptr))?;
            }
            if !read_only.is_null() {
                set(read_only, "read_only", i32::from(tensor.flags & READ_ONLY != 0))?;
            }
            Ok(())
        }
    })
}
