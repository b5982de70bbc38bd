//! A section as a struct, without copying: the struct's private data keeps the contents of the
//! section.
//!
//! # What is relied on
//!
//! All pointers of the struct lead into one box, [`Private`]. From its creation until `release`
//! turns it into a box again, it is reached only through raw pointers. The struct itself may be
//! moved: no pointer leads into it.

mod dims;

use std::ffi::{CStr, c_void};
use std::ptr::{NonNull, null, null_mut};
use std::sync::Arc;

use dap_core::check::{Checker, Profile};
use dap_core::export::{DimDict, Export, Field, Version};
use dap_core::finding::plural;
use dap_ndarray::dlpack::DLManagedTensorVersioned;
use dap_ndarray::{Buffer, Section};
use smallvec::SmallVec;

use crate::consume::errors;
use crate::{Code, DapArray, DapBlock, DapDType, DapDim, DapVersion, PROTOCOL_0_10, Refusal};

/// The data that a struct of ours points to.
struct Private {
    block: DapBlock,
    dims: SmallVec<[DapDim; 3]>,
    global_shape: SmallVec<[i64; 4]>,
    /// Keeps the lists of indices that `dims` point to.
    indices: SmallVec<[Arc<[i64]>; 1]>,
}

impl Private {
    /// Made and filled in its box: the contents are too large to be moved.
    #[inline]
    fn new() -> Box<Self> {
        let mut private = Box::new_uninit();
        let this: *mut Self = private.as_mut_ptr();
        // SAFETY: the box is allocated, and all four fields are written.
        unsafe {
            (&raw mut (*this).block).write(DapBlock { tensor: null_mut(), dims: null(), reserved: [0; 2] });
            (&raw mut (*this).dims).write(SmallVec::new());
            (&raw mut (*this).global_shape).write(SmallVec::new());
            (&raw mut (*this).indices).write(SmallVec::new());
            private.assume_init()
        }
    }

    /// The dimensions of a buffer of this shape, by their dictionaries.
    fn fill<'a>(
        &mut self,
        dicts: impl Iterator<Item = &'a DimDict>,
        shape: &[i64],
        version: Version,
    ) -> Result<(), Refusal> {
        self.dims.extend(shape.iter().map(|&extent| DapDim::whole(extent)));
        for (at, (dim, dict)) in self.dims.iter_mut().zip(dicts).enumerate() {
            dims::fill(dim, dict, version, &mut self.indices).map_err(|refusal| refusal.dim_at(at))?;
        }
        self.global_shape.extend(self.dims.iter().map(|dim| dim.size));
        Ok(())
    }
}

const PRODUCER: &CStr =
    match CStr::from_bytes_with_nul(concat!("daparray ", env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(name) => name,
        Err(_) => c"daparray",
    };

/// The struct that owns a section.
#[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
pub(crate) fn array(section: Section) -> Result<DapArray, (Section, Refusal)> {
    let version = section.version();
    let (dim_data, buffer) = section.into_parts();
    let (buffer, refusal) = match said(version, &dim_data, &buffer) {
        Ok((mut private, dtype)) => match buffer.into_dlpack() {
            Ok(tensor) => {
                private.block.tensor = tensor.as_ptr();
                return Ok(struct_of(private, dtype));
            }
            Err((buffer, error)) => (buffer, Refusal::new(Code::INEXPRESSIBLE).what(error.to_string())),
        },
        Err(refusal) => (buffer, refusal),
    };
    Err((Section::assume_checked_of_version(version, dim_data, buffer), refusal))
}

/// The struct of a section, without its tensor.
fn said(version: Version, dim_data: &[DimDict], buffer: &Buffer) -> Result<(Box<Private>, DapDType), Refusal> {
    if dim_data.len() != buffer.ndim() {
        let what = format!(
            "the buffer has {}, and the number of dictionaries is {}",
            plural(buffer.ndim(), "dimension"),
            dim_data.len()
        );
        return Err(Refusal::new(Code::TENSOR).what(what));
    }
    let mut private = Private::new();
    private.fill(dim_data.iter(), buffer.shape(), version)?;
    let (code, bits, lanes) = buffer.dtype().dlpack().ok_or_else(|| {
        let name = buffer.dtype().name();
        let way_out = "the export as a dictionary (`__distarray__`, with a PEP-3118 buffer) carries it";
        Refusal::new(Code::INEXPRESSIBLE).what(format!("DLPack has no type for {name}; {way_out}"))
    })?;
    Ok((private, DapDType { code, bits, lanes }))
}

/// The struct of an export that is only a description: it has no tensor.
pub(crate) fn description(export: &Export) -> Result<DapArray, Refusal> {
    let local = Checker::new(Profile::Auto).local(export);
    errors(&local)?;
    // No error was found, so all fields are there.
    let (dicts, buffer) = (export.dim_data.get(), export.buffer.get());
    let shape = buffer.and_then(|buffer| buffer.shape.get());
    let (Some(dicts), Some(shape), Field::Is(version)) = (dicts, shape, &export.version) else {
        return Err(Refusal::new(Code::INEXPRESSIBLE).what("the export is incomplete"));
    };
    let dtype = match buffer.map(|buffer| &buffer.dtype) {
        Some(Field::Is(Ok(dtype))) => dtype,
        _ => return Err(Refusal::new(Code::INEXPRESSIBLE).what("the export has no item type")),
    };
    let Some((code, bits, lanes)) = dtype.dlpack() else {
        return Err(Refusal::new(Code::INEXPRESSIBLE).what(format!("DLPack has no type for {}", dtype.name())));
    };
    let mut private = Private::new();
    private.fill(dicts.iter().filter_map(Field::get), shape, *version)?;
    Ok(struct_of(private, DapDType { code, bits, lanes }))
}

/// One dimension as a struct, beside a buffer of this extent. The dictionary owns the list that it
/// points to.
#[cfg(feature = "capi")]
pub(crate) fn flat(dict: &DimDict, extent: i64) -> Result<DapDim, Refusal> {
    let mut dim = DapDim::whole(extent);
    dims::fill(&mut dim, dict, Version::V0_10, &mut SmallVec::new())?;
    Ok(dim)
}

/// The struct that owns and points to what is private.
fn struct_of(private: Box<Private>, dtype: DapDType) -> DapArray {
    let private = Box::into_raw(private);
    // SAFETY: this is the only owner of the box. The pointers into it are derived from the raw
    // pointer, and stay valid: neither vector is changed before `release` drops them.
    unsafe {
        (*private).block.dims = (*private).dims.as_ptr();
        DapArray {
            version: DapVersion::OURS,
            private_data: private.cast(),
            release: Some(release),
            flags: 0,
            protocol: PROTOCOL_0_10,
            ndim: i32::try_from((*private).dims.len()).unwrap_or(i32::MAX),
            global_shape: (*private).global_shape.as_ptr(),
            dtype,
            pad: 0,
            n_blocks: 1,
            blocks: &raw mut (*private).block,
            mesh: null(),
            producer: PRODUCER.as_ptr(),
            reserved: [0; 5],
        }
    }
}

/// Frees all that a struct of ours owns, also the tensor, by its own deleter, unless it was taken.
unsafe extern "C" fn release(array: *mut DapArray) {
    let Some(array) = NonNull::new(array) else { return };
    let array = array.as_ptr();
    // SAFETY: `release` is called once, with a struct that `struct_of` made, or a bitwise copy of
    // it; so `private_data` is the box, and no code uses its contents any more. Dropping the box
    // drops numbers and reference counts, which cannot panic.
    unsafe {
        (*array).release = None;
        let private: *mut c_void = std::mem::replace(&mut (*array).private_data, null_mut());
        let private = Box::from_raw(private.cast::<Private>());
        (*array).blocks = null_mut();
        (*array).global_shape = null();
        if !private.block.tensor.is_null() {
            DLManagedTensorVersioned::release(private.block.tensor);
        }
    }
}
