//! Makes a struct from parts: dimensions, and a DLPack tensor or memory.

use std::ffi::{c_char, c_void};
use std::ptr::NonNull;

use dap_core::export::DimDict;
use dap_core::finding::plural;
use dap_core::json;
use dap_core::layout::MAX_NDIM;
use dap_ndarray::dlpack::DLManagedTensorVersioned;
use dap_ndarray::{Access, Buffer, Section};
use smallvec::SmallVec;

use super::call::{bytes, call, list};
use crate::consume::{self, check_rules, dims, good, tensor};
use crate::extent::extent;
use crate::{Code, DapArray, DapDType, DapDim, DapError, Owned, Refusal, produce};

/// Shares a DLPack tensor: `out` owns it from now on. `dims` and their indices are copied. All
/// rules that one process can check are checked. After an error the tensor is still the caller's,
/// and `out` is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_from_dlpack(
    ndim: i32,
    dims: *const DapDim,
    tensor: *mut DLManagedTensorVersioned,
    out: *mut DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(out, "out")?;
        // SAFETY: `out` is not null, aligned and may be written; `list` checks `dims`, `good` the
        // tensor; the tensor is the caller's to give, and obeys DLPack.
        unsafe {
            let ndim = consume::ndim(ndim)?;
            let dims = list(dims, ndim as i64, "dims")?;
            good(tensor, "tensor")?;
            let shape = tensor::local(tensor, ndim, tensor::dtype(tensor)?)?.shape;
            let dicts = check_rules(dims::dicts(dims, Some(shape))?, tensor::dtype(tensor)?, shape)?;
            let tensor = NonNull::new(tensor).ok_or_else(|| Refusal::new(Code::NULL).what("tensor"))?;
            let buffer = Buffer::from_dlpack(tensor).map_err(|(_, error)| Refusal::from(&error))?;
            give(dicts, buffer, out)
        }
    })
}

/// Shares memory: `data` is the item at index 0. A null `shape` means the shape that `dims` demand.
/// `strides` are in items; null means C order. A `read_only` other than 0 forbids writing.
/// `release(owner)` is called once, on any thread, after the last use of the memory; it may be
/// null. After an error it is not called, and `out` is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_from_memory(
    ndim: i32,
    dims: *const DapDim,
    data: *mut c_void,
    dtype: DapDType,
    shape: *const i64,
    strides: *const i64,
    read_only: i32,
    release: Option<unsafe extern "C" fn(owner: *mut c_void)>,
    owner: *mut c_void,
    out: *mut DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(out, "out")?;
        // SAFETY: `out` is not null, aligned and may be written; lists have `ndim` entries; `data`
        // covers all addresses that shape and strides reach until `release` is called.
        unsafe {
            let count = consume::ndim(ndim)? as i64;
            let dims = list(dims, count, "dims")?;
            let shape = if shape.is_null() { asked_for(dims)? } else { list(shape, count, "shape")?.into() };
            let item = tensor::item_type(dtype)?;
            let alignment = usize::try_from(item.alignment()).unwrap_or(1);
            if !shape.contains(&0) && !data.addr().is_multiple_of(alignment) {
                return Err(Refusal::new(Code::ALIGNMENT).what("data").expected(alignment));
            }
            let strides = if strides.is_null() || count == 0 {
                None
            } else {
                let strides = list(strides, count, "strides")?.iter();
                let bytes = strides.enumerate().map(|(dim, &stride)| {
                    let itemsize = item.itemsize();
                    let too_far = || {
                        let what = format!(
                            "a stride of {} of {} is beyond what memory can hold",
                            plural(stride, "item"),
                            plural(itemsize, "byte")
                        );
                        Refusal::new(Code::TENSOR).dim_at(dim).what(what)
                    };
                    stride.checked_mul(itemsize).ok_or_else(too_far)
                });
                Some(bytes.collect::<Result<SmallVec<[i64; 4]>, _>>()?)
            };
            let dicts = check_rules(dims::dicts(dims, Some(&shape))?, dtype, &shape)?;
            let access = if read_only == 0 { Access::ReadWrite } else { Access::ReadOnly };
            let data = data.cast::<u8>();
            // First without the owner, because a refusal would release an owner that was passed in.
            let refused = |error| Refusal::from(&error);
            Buffer::from_raw(data, item.clone(), &shape, strides.as_deref(), access, ()).map_err(refused)?;
            let owner = Foreign { release, owner };
            let buffer = Buffer::from_raw(data, item, &shape, strides.as_deref(), access, owner).map_err(refused)?;
            give(dicts, buffer, out)
        }
    })
}

/// Reads one process's export from JSON, `length` bytes, into a struct that has dimensions and no
/// tensor: a description, such as one process sends to another. It is checked strictly.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_from_json(
    text: *const c_char,
    length: usize,
    out: *mut DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(out, "out")?;
        // SAFETY: `out` is not null, aligned and may be written; `text` has `length` bytes, and a
        // null one is refused by `bytes`.
        unsafe {
            let text = bytes(text, length)?;
            let array = Owned::description(&json::read(text))?.into_raw();
            out.write(array);
            Ok(())
        }
    })
}

/// The caller's memory, and the function that releases it.
struct Foreign {
    release: Option<unsafe extern "C" fn(*mut c_void)>,
    owner: *mut c_void,
}

// SAFETY: `dap_array_from_memory` demands a `release` that may be called on any thread, and `owner`
// is only passed to it.
unsafe impl Send for Foreign {}
// SAFETY: a shared `Foreign` has no method and no public field, so a shared reference gives no
// access to `owner`.
unsafe impl Sync for Foreign {}

impl Drop for Foreign {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: this value is dropped once, and the caller promised that `release` may then
            // be called.
            unsafe { release(self.owner) };
        }
    }
}

/// The extents that the dimensions demand.
fn asked_for(dims: &[DapDim]) -> Result<SmallVec<[i64; 4]>, Refusal> {
    let mut shape = SmallVec::new();
    for (at, dim) in dims.iter().enumerate().take(MAX_NDIM) {
        let wrong = || Refusal::new(Code::ARGUMENT).what(no_extent(dim)).dim_at(at);
        // The next check refuses a dimension of unknown type with its own code.
        shape.push(if known(dim) { extent(dim).ok_or_else(wrong)? } else { 0 });
    }
    Ok(shape)
}

/// The reason why a dimension of known type has no extent.
fn no_extent(dim: &DapDim) -> String {
    let is_block = dim.dist_type == u32::from(b'b');
    if is_block && dim.stop < dim.start {
        return format!(
            "`stop` is {}, expected {}, its `start`, or more: the buffer of a block has the indices from `start` up to `stop`",
            dim.stop, dim.start
        );
    }
    let least = [
        ("block_size", dim.block_size, 1),
        ("proc_grid_size", dim.proc_grid_size, 1),
        ("size", dim.size, 0),
        ("start", dim.start, 0),
    ];
    // Of a block only an extreme `start` leaves no extent.
    let wrong = least.into_iter().skip(if is_block { 3 } else { 0 }).find(|(_, found, least)| found < least);
    match wrong {
        Some((name, found, least)) => format!("`{name}` is {found}, expected {least} or more"),
        None => "no extent follows from the dimension: give the `shape`".to_owned(),
    }
}

fn known(dim: &DapDim) -> bool {
    matches!(u8::try_from(dim.dist_type), Ok(b'b' | b'c')) || (dim.dist_type == u32::from(b'u') && dim.n_indices >= 0)
}

/// # Safety
/// `out` may be written.
unsafe fn give(dicts: Vec<DimDict>, buffer: Buffer, out: *mut DapArray) -> Result<(), Refusal> {
    // Arrays that DLPack cannot express were refused before: the item type is one of DLPack's, and
    // is aligned.
    let array = produce::array(Section::assume_checked(dicts, buffer)).map_err(|(_, refusal)| refusal)?;
    // SAFETY: both callers checked `out` by `good` first; a caller's `DapArray *` that is neither
    // null nor misaligned may be written.
    unsafe { out.write(array) };
    Ok(())
}
