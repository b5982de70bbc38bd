//! Makes a section, or the description of one, from a struct: another library's struct is checked
//! before it is used.
//!
//! # What is relied on
//!
//! A caller that passes a pointer promises that a struct that obeys `spec/abi.md` is there; its
//! numbers are trusted only as far as needed to follow its pointers. Detectable mistakes are
//! refused first: null and misaligned pointers, other versions, released structs, impossible
//! counts. Of a struct of another major version only the version is read.

pub(crate) mod dims;
pub(crate) mod tensor;

use std::ptr::{NonNull, null_mut};
use std::slice::from_raw_parts;

use dap_core::check::{Checker, Local, Profile};
use dap_core::export::{self, DimDict, Export, Field, Version};
use dap_core::finding::Finding;
use dap_core::layout::MAX_NDIM;
use dap_core::rules::Severity;
use dap_ndarray::dlpack::DLManagedTensorVersioned;
use dap_ndarray::{Buffer, Section};

use crate::extent::extent;
use crate::{Code, DapArray, DapBlock, DapDType, DapDim, DapVersion, MUST_UNDERSTAND, PROTOCOL_0_10, Refusal};

/// How much of a struct is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Versions, counts and pointers.
    Structure,
    /// The same, and the rules of the protocol for one process.
    Rules,
}

/// Refuses a pointer that is null or misaligned; `what` names it.
///
/// # Errors
/// The pointer is null or misaligned.
pub fn good<T>(pointer: *const T, what: &'static str) -> Result<(), Refusal> {
    if pointer.is_null() {
        return Err(Refusal::new(Code::NULL).what(what));
    }
    if !pointer.is_aligned() {
        return Err(Refusal::new(Code::ALIGNMENT).what(what).expected(align_of::<T>()));
    }
    Ok(())
}

/// The struct, if it is of this version and has not been released.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md` and stays there
/// unchanged for `'a`.
pub(crate) unsafe fn head<'a>(array: *const DapArray) -> Result<&'a DapArray, Refusal> {
    good(array, "array")?;
    // SAFETY: not null and aligned, by `good`. The caller promises a struct there, and its version
    // is in the same place in all versions.
    let version = unsafe { (&raw const (*array).version).read() };
    if version.major != DapVersion::OURS.major {
        return Err(Refusal::new(Code::VERSION).found(version.major).expected(DapVersion::OURS.major));
    }
    // SAFETY: of this version, so all fields are there.
    let array = unsafe { &*array };
    if array.release.is_none() {
        return Err(Refusal::new(Code::RELEASED));
    }
    Ok(array)
}

/// The one block and its dimensions; `None` for a process outside of the grid.
///
/// # Safety
/// `array` obeys `spec/abi.md`.
pub(crate) unsafe fn block(array: &DapArray) -> Result<Option<(&DapBlock, &[DapDim])>, Refusal> {
    let unknown = array.flags & (MUST_UNDERSTAND | !(i64::MAX as u64));
    if unknown != 0 {
        return Err(Refusal::new(Code::FLAGS).what("flags").found(unknown as i64));
    }
    if !(PROTOCOL_0_10..PROTOCOL_0_10 + 100).contains(&array.protocol) {
        return Err(Refusal::new(Code::PROTOCOL).found(array.protocol).expected(PROTOCOL_0_10));
    }
    let ndim = ndim(array.ndim)?;
    if !array.mesh.is_null() {
        return Err(Refusal::new(Code::MESH));
    }
    match array.n_blocks {
        0 => return Ok(None),
        1 => {}
        other => return Err(Refusal::new(Code::BLOCKS).found(other)),
    }
    good(array.blocks, "blocks")?;
    // SAFETY: there is one block, as `n_blocks` says.
    let block = unsafe { &*array.blocks };
    if ndim == 0 {
        return Ok(Some((block, &[])));
    }
    good(block.dims, "dims")?;
    good(array.global_shape, "global_shape")?;
    // SAFETY: there are `ndim` of them, which is at most 64.
    let (dims, global_shape) = unsafe { (from_raw_parts(block.dims, ndim), from_raw_parts(array.global_shape, ndim)) };
    for (at, (dim, &size)) in dims.iter().zip(global_shape).enumerate() {
        if dim.size != size {
            return Err(Refusal::new(Code::GLOBAL_SHAPE).dim_at(at).found(dim.size).expected(size));
        }
    }
    Ok(Some((block, dims)))
}

/// A number of dimensions, as an array has them.
pub(crate) fn ndim(ndim: i32) -> Result<usize, Refusal> {
    let known = usize::try_from(ndim).ok().filter(|ndim| *ndim <= MAX_NDIM);
    known.ok_or_else(|| Refusal::new(Code::NDIM).found(ndim).expected(MAX_NDIM))
}

/// The description of a struct, for the checker and for JSON: the struct is only read, and remains
/// its owner's.
///
/// If the tensor has been taken, the shape is the one that the dimensions demand.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md`, and that does not
/// change meanwhile.
///
/// # Errors
/// The struct itself is invalid; the rules of the protocol are not checked. A process outside of
/// the grid has no export.
pub unsafe fn describe(array: *const DapArray) -> Result<Export, Refusal> {
    // SAFETY: the caller lends a struct that obeys `spec/abi.md` and does not change; each part is
    // read after `head` and `block` checked the pointers to it.
    unsafe {
        let array = head(array)?;
        let (block, dims) = block(array)?.ok_or_else(|| Refusal::new(Code::NO_SECTION))?;
        let dtype = tensor::item_type(array.dtype)?;
        let local = match block.tensor.is_null() {
            true => None,
            false => Some(tensor::local(block.tensor, dims.len(), array.dtype)?),
        };
        let dicts = dims::dicts(dims, local.as_ref().map(|local| local.shape))?;
        let strides = local.as_ref().and_then(|local| local.strides_in_bytes(dtype.itemsize()));
        let shape = match local {
            Some(local) => local.shape.to_vec(),
            None => dims.iter().map(|dim| extent(dim).unwrap_or(0)).collect(),
        };
        let strides = strides.map_or(Field::Missing, Field::Is);
        let (dtype, shape) = (Field::Is(Ok(dtype)), Field::Is(shape));
        Ok(export(dicts, export::Buffer { dtype, shape, strides, ..export::Buffer::default() }))
    }
}

fn export(dicts: Vec<DimDict>, buffer: export::Buffer) -> Export {
    Export {
        version: Field::Is(Version::V0_10),
        buffer: Field::Is(buffer),
        dim_data: Field::Is(dicts.into_iter().map(Field::Is).collect()),
        complete: true,
        ..Export::default()
    }
}

/// A struct whose tensor is present.
pub(crate) struct Opened<'a> {
    pub(crate) array: &'a DapArray,
    pub(crate) dims: &'a [DapDim],
    pub(crate) tensor: NonNull<DLManagedTensorVersioned>,
    pub(crate) local: tensor::Local<'a>,
}

/// Checks a struct up to its tensor's extents and strides.
///
/// # Safety
/// `array` is null, misaligned, or points to a struct that obeys `spec/abi.md` and stays there
/// unchanged for `'a`.
#[inline]
pub(crate) unsafe fn open<'a>(array: *const DapArray) -> Result<Opened<'a>, Refusal> {
    // SAFETY: the caller lends a struct that obeys `spec/abi.md` and stays unchanged for `'a`; a
    // null tensor is refused before it is read.
    unsafe {
        let array = head(array)?;
        let (block, dims) = block(array)?.ok_or_else(|| Refusal::new(Code::NO_SECTION))?;
        let tensor = NonNull::new(block.tensor).ok_or_else(|| Refusal::new(Code::TAKEN))?;
        let local = tensor::local(tensor.as_ptr(), dims.len(), array.dtype)?;
        Ok(Opened { array, dims, tensor, local })
    }
}

/// Takes the tensor of a struct over. The struct remains its owner's, to be released; a refused
/// struct is unchanged.
///
/// # Safety
/// `array` points to a struct that obeys `spec/abi.md`, and that no other code uses meanwhile; its
/// memory is as [`Buffer::from_raw`] demands.
pub(crate) unsafe fn section(array: NonNull<DapArray>, check: Check) -> Result<Section, Refusal> {
    // SAFETY: the struct obeys `spec/abi.md` and is used by this call alone. The references of
    // `open` are no longer used when the tensor is set to null.
    unsafe {
        let Opened { array: head, dims, tensor, local } = open(array.as_ptr())?;
        let dicts = dims::dicts(dims, Some(local.shape))?;
        let dicts = if check == Check::Rules { check_rules(dicts, head.dtype, local.shape)? } else { dicts };
        let block = head.blocks;
        let buffer = Buffer::from_dlpack(tensor).map_err(|(_, error)| Refusal::from(&error))?;
        (*block).tensor = null_mut();
        Ok(Section::assume_checked(dicts, buffer))
    }
}

/// Checks the dictionaries against the buffer, and returns them.
pub(crate) fn check_rules(dicts: Vec<DimDict>, dtype: DapDType, shape: &[i64]) -> Result<Vec<DimDict>, Refusal> {
    let dtype = Field::Is(Ok(tensor::item_type(dtype)?));
    let buffer = export::Buffer { dtype, shape: Field::Is(shape.to_vec()), ..export::Buffer::default() };
    let export = export(dicts, buffer);
    let local = Checker::new(Profile::Auto).local(&export);
    errors(&local)?;
    let Field::Is(dicts) = export.dim_data else { return Ok(Vec::new()) };
    Ok(dicts.into_iter().filter_map(|dict| if let Field::Is(dict) = dict { Some(dict) } else { None }).collect())
}

/// Refuses a report that has errors.
pub(crate) fn errors(local: &Local) -> Result<(), Refusal> {
    let is_error = |finding: &&Finding| finding.rule().severity == Severity::Error;
    if local.findings().iter().any(|finding| is_error(&finding)) {
        return Err(Refusal::of_findings(local.findings().iter().filter(is_error).cloned().collect()));
    }
    Ok(())
}
