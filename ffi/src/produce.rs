//! A section as a struct, without copying: what the section holds is kept by the struct's private data.
//!
//! # What is relied on
//!
//! All that the struct points to lies in one box, [`Private`], which is reached only through raw pointers from the moment
//! it is made until `release` turns it into a box again. The shell may be moved: nothing points into it.

mod dims;

use std::ffi::{CStr, c_void};
use std::ptr::{NonNull, null, null_mut};
use std::sync::Arc;

use dap_core::check::{Checker, Profile};
use dap_core::export::{DimDict, Export, Field, Version};
use dap_ndarray::dlpack::DLManagedTensorVersioned;
use dap_ndarray::{Buffer, BufferError, Section};
use ndarray::Array1;
use smallvec::SmallVec;

use crate::consume::errors;
use crate::{Code, DapArray, DapBlock, DapDType, DapDim, DapVersion, PROTOCOL_0_10, Refusal};

/// What a struct of ours points to.
struct Private {
    block: DapBlock,
    dims: SmallVec<[DapDim; 3]>,
    global_shape: SmallVec<[i64; 4]>,
    /// Keeps the lists of indices that `dims` point to.
    indices: SmallVec<[Arc<[i64]>; 1]>,
}

impl Private {
    /// Made in its box, and filled there: what it holds is too large to be moved about.
    #[inline]
    fn new() -> Box<Self> {
        let block = DapBlock { tensor: null_mut(), dims: null(), reserved: [0; 2] };
        let (dims, global_shape, indices) = (SmallVec::new(), SmallVec::new(), SmallVec::new());
        Box::new(Self { block, dims, global_shape, indices })
    }

    /// Adds the next dimension, of which the buffer has `extent` items.
    #[inline]
    fn add(&mut self, dict: &DimDict, extent: i64, version: Version) -> Result<(), Refusal> {
        let flat = dims::flat(dict, extent, version, &mut self.indices);
        let flat = flat.map_err(|refusal| refusal.dim_at(self.dims.len()))?;
        self.global_shape.push(flat.size);
        self.dims.push(flat);
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
    let mut private = Private::new();
    for (dim, dict) in section.dim_data().iter().enumerate() {
        let extent = section.buffer().shape().get(dim).copied().unwrap_or(0);
        if let Err(refusal) = private.add(dict, extent, section.version()) {
            return Err((section, refusal));
        }
    }
    if private.dims.len() != section.buffer().ndim() {
        let refusal =
            Refusal::new(Code::TENSOR).what("the buffer has another number of dimensions than the dictionaries");
        return Err((section, refusal));
    }
    let Some((code, bits, lanes)) = section.buffer().dtype().dlpack() else {
        return give_back(section);
    };
    let dtype = DapDType { code, bits, lanes };
    private.block.tensor = tensor(section)?.as_ptr();
    Ok(shell(private, dtype))
}

/// The struct of an export that is only a description: it has no tensor.
pub(crate) fn description(export: &Export) -> Result<DapArray, Refusal> {
    let local = Checker::new(Profile::Auto).local(export);
    errors(&local)?;
    // No error was found, so all of it is there.
    let (dicts, buffer) = (export.dim_data.get(), export.buffer.get());
    let shape = buffer.and_then(|buffer| buffer.shape.get());
    let (Some(dicts), Some(shape), Field::Is(version)) = (dicts, shape, &export.version) else {
        return Err(Refusal::new(Code::INEXPRESSIBLE).what("the export is not whole"));
    };
    let dtype = match buffer.map(|buffer| &buffer.dtype) {
        Some(Field::Is(Ok(dtype))) => dtype,
        _ => return Err(Refusal::new(Code::INEXPRESSIBLE).what("the export has no item type")),
    };
    let Some((code, bits, lanes)) = dtype.dlpack() else {
        return Err(Refusal::new(Code::INEXPRESSIBLE).what(format!("DLPack has no type for {}", dtype.name())));
    };
    let mut private = Private::new();
    for (dict, &extent) in dicts.iter().filter_map(Field::get).zip(shape) {
        private.add(dict, extent, *version)?;
    }
    Ok(shell(private, DapDType { code, bits, lanes }))
}

/// The struct that owns and points to what is private.
fn shell(private: Box<Private>, dtype: DapDType) -> DapArray {
    let private = Box::into_raw(private);
    // SAFETY: the box is nobody else's. The pointers into it are derived from the raw pointer, and stay valid: neither vector is
    // changed before `release` drops them.
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

/// The section's buffer as a tensor.
#[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
fn tensor(mut section: Section) -> Result<NonNull<DLManagedTensorVersioned>, (Section, Refusal)> {
    let refusal = |error: BufferError| Refusal::new(Code::INEXPRESSIBLE).what(error.to_string());
    if section.version() == (Version { major: 0, minor: 10, patch: 0 }) {
        let (dim_data, buffer) = section.into_parts();
        return buffer
            .into_dlpack()
            .map_err(|(buffer, error)| (Section::assume_checked(dim_data, buffer), refusal(error)));
    }
    // A section of another version cannot be put together again without being judged, so something else holds its place.
    let nothing = Buffer::from_array(Array1::<u8>::default(0));
    let buffer = std::mem::replace(section.buffer_mut(), nothing);
    buffer.into_dlpack().map_err(|(buffer, error)| {
        *section.buffer_mut() = buffer;
        (section, refusal(error))
    })
}

/// The section whose items DLPack has no type for, and why.
#[cold]
#[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
fn give_back(section: Section) -> Result<DapArray, (Section, Refusal)> {
    let name = section.buffer().dtype().name();
    let way_out = "the export as a dictionary (`__distarray__`, with a PEP-3118 buffer) carries it";
    let refusal = Refusal::new(Code::INEXPRESSIBLE).what(format!("DLPack has no type for {name}; {way_out}"));
    Err((section, refusal))
}

/// Frees what a struct of ours owns. The tensor has an owner of its own, unless somebody took it.
unsafe extern "C" fn release(array: *mut DapArray) {
    let Some(array) = NonNull::new(array) else { return };
    let array = array.as_ptr();
    // SAFETY: `release` is called once, with a struct that `array` made, or a bitwise copy of it; so `private_data` is the box,
    // and nobody uses what it holds any more. Dropping the box drops numbers and reference counts, which cannot panic.
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
