//! The C ABI of the Distributed Array Protocol: one process's part of a distributed array in a
//! struct that any language can hold, handed from one library to another without copying.
//!
//! | task | here |
//! |---|---|
//! | give a section away | [`Owned::new`], [`Owned::into_raw`] |
//! | take one over | [`Owned::take`], [`Owned::into_section`] |
//! | look at one that is only lent | [`describe`], [`lend`] |
//! | the structs themselves | [`DapArray`], [`DapBlock`], [`DapDim`] |
//! | a plan's transfers, checked and carried out | [`transfer`] |
//! | what a refusal means | [`Refusal`], [`Code`] |
//! | functions of C in a library of one's own | [`boundary`] |
//!
//! ```
//! use dap_core::{dim::Block, index::Rank, layout::Layout};
//! use dap_ndarray::{Buffer, Section};
//! use dap_ffi::Owned;
//! let layout = Layout::new(vec![Block::new(10, 2)?.into()])?;
//! let array = ndarray::arr1(&[0.0, 1.0, 2.0, 3.0, 4.0]);
//! let address = array.as_ptr();
//! let section = Section::of(&layout, Rank(0), Buffer::from_array(array))?;
//!
//! let mut raw = Owned::new(section).map_err(|(_, refusal)| refusal)?.into_raw(); // to any library ...
//! // ... which takes it over:
//! // SAFETY: the struct is valid, and owned here alone.
//! let taken = unsafe { Owned::take(&mut raw) }?;
//! let section = taken.into_section().map_err(|(_, refusal)| refusal)?;
//! assert_eq!(section.view::<f64>()?.as_ptr(), address);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Design
//!
//! Structs are flat, without unions, so that Fortran and Python's `ctypes` can mirror them. Their
//! sizes are fixed on 64-bit machines and asserted; reserved fields are zero. The code that
//! declares a [`DapArray`] owns the struct itself; `release` frees its contents and sets itself to
//! null, as in Arrow's C data interface. The local buffer is a DLPack tensor. The whole contract is
//! `spec/abi.md`.
//!
//! Imported structs are checked in two tiers. The *structure* (versions, counts, pointers) is
//! always checked, because reading further would not be safe otherwise. The *rules* of the
//! protocol, which no memory depends on, are checked by [`Owned::into_section`] and left out by
//! [`Owned::into_section_unchecked`].

pub mod boundary;
#[cfg(feature = "capi")]
pub mod capi;
mod code;
mod consume;
mod extent;
mod lend;
mod owned;
mod produce;
mod refusal;
mod structs;
pub mod transfer;

pub use code::Code;
pub use consume::{describe, good};
pub use lend::lend;
pub use owned::Owned;
pub use refusal::Refusal;
pub use structs::{
    DIM_ONE_TO_ONE, DIM_PERIODIC, DapArray, DapBlock, DapDType, DapDim, DapDimSpec, DapError, DapVersion,
    MUST_UNDERSTAND, PROTOCOL_0_10, SPEC_BALANCED, SPEC_BOUNDS_INT32, SPEC_INDICES_INT32,
};
