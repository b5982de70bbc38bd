//! A struct that is released when it is dropped.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use dap_core::export::Export;
use dap_ndarray::Section;

use crate::consume::{self, Check};
use crate::{DapArray, Refusal, produce};

/// A [`DapArray`] that this owns: it is released when this is dropped.
///
/// See the [crate](crate) for an example.
#[derive(Debug)]
pub struct Owned {
    array: DapArray,
}

// SAFETY: "`release` is called once, from any thread" and "concurrent readers are safe"
// (spec/abi.md, rules 3 and 9): whoever gave the struct away promised that.
unsafe impl Send for Owned {}
// SAFETY: a shared `Owned` lends only `*const DapArray`, and nothing here writes through it;
// concurrent readers are safe by rule 6 of spec/abi.md.
unsafe impl Sync for Owned {}

impl Owned {
    /// Gives a section away. Nothing is copied but the dictionaries; a section by version 0.9 is
    /// restated in 0.10.
    ///
    /// # Errors
    /// What the structs cannot say, with the section:
    /// [`Code::INEXPRESSIBLE`](crate::Code::INEXPRESSIBLE) for items or strides that DLPack has no
    /// form for, and for a halo that wraps round the ends; both travel as a dictionary.
    #[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
    pub fn new(section: Section) -> Result<Self, (Section, Refusal)> {
        produce::array(section).map(|array| Self { array })
    }

    /// The struct of an export that is only a description, such as one read from JSON: it has no
    /// tensor.
    ///
    /// # Errors
    /// What the rules for one export say against it, and what the structs cannot say.
    pub fn description(export: &Export) -> Result<Self, Refusal> {
        produce::description(export).map(|array| Self { array })
    }

    /// Takes a struct over: the source is left as one that was moved away, its `release` null.
    ///
    /// # Safety
    /// `source` is null, misaligned, or points to a struct that obeys `spec/abi.md`, that nobody
    /// else uses meanwhile.
    ///
    /// # Errors
    /// A null or misaligned pointer, another major version, or a struct that was moved or released.
    /// The source is as it was.
    pub unsafe fn take(source: *mut DapArray) -> Result<Self, Refusal> {
        // SAFETY: `head` refused null, misaligned, foreign and released structs. Only this function
        // uses the struct meanwhile, so it is read once and marked as moved.
        unsafe {
            consume::head(source)?;
            let array = source.read();
            (*source).release = None;
            Ok(Self { array })
        }
    }

    /// The struct, for whoever takes it over: it must be released once, by calling its `release`.
    #[must_use]
    pub fn into_raw(self) -> DapArray {
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so the struct is read once.
        unsafe { (&raw const this.array).read() }
    }

    /// The struct, to be lent: it is valid as long as this lives and is not changed.
    #[must_use]
    pub fn as_ptr(&self) -> *const DapArray {
        &raw const self.array
    }

    /// Takes the local buffer over, with its dictionaries, and releases the rest. All rules that
    /// one process can check are checked.
    ///
    /// # Errors
    /// A struct that is refused comes back with the reason, as it was.
    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    pub fn into_section(self) -> Result<Section, (Self, Refusal)> {
        self.consume(Check::Rules)
    }

    /// The same without the protocol's rules, for a producer that is trusted: versions, counts and
    /// pointers are checked.
    ///
    /// Nothing is unsafe if the dictionaries break rules, but what is computed from them is wrong.
    ///
    /// # Errors
    /// As [`Owned::into_section`].
    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    pub fn into_section_unchecked(self) -> Result<Section, (Self, Refusal)> {
        self.consume(Check::Structure)
    }

    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    fn consume(mut self, check: Check) -> Result<Section, (Self, Refusal)> {
        // SAFETY: the struct obeys `spec/abi.md`, as its giver promised, and is nobody else's.
        match unsafe { consume::section(NonNull::from(&mut self.array), check) } {
            Ok(section) => Ok(section),
            Err(refusal) => Err((self, refusal)),
        }
        // Dropping `self` releases what is left.
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(release) = self.array.release {
            // SAFETY: the struct is this value's own, was not released yet, and `release` may be
            // called from any thread.
            unsafe { release(&raw mut self.array) };
        }
    }
}
