//! A struct that is released when it is dropped.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use dap_core::export::Export;
use dap_ndarray::Section;

use crate::consume::{self, Check};
use crate::{DapArray, Refusal, produce};

/// An owned [`DapArray`]: dropping the value releases the struct.
///
/// See the [crate](crate) for an example.
#[derive(Debug)]
pub struct Owned {
    array: DapArray,
}

// SAFETY: "`release` is called once, from any thread" and "concurrent readers are safe"
// (spec/abi.md, rules 3 and 9): the code that gave the struct away promised that.
unsafe impl Send for Owned {}
// SAFETY: a shared `Owned` lends only `*const DapArray`, and no code here writes through it;
// concurrent readers are safe by rule 6 of spec/abi.md.
unsafe impl Sync for Owned {}

impl Owned {
    /// Exports a section. Only the dictionaries are copied; a section by version 0.9 is restated in
    /// 0.10.
    ///
    /// # Errors
    /// The structs cannot express the section, which is returned with the error:
    /// [`Code::INEXPRESSIBLE`](crate::Code::INEXPRESSIBLE) for items or strides that DLPack has no
    /// form for, and for a halo that wraps round the ends; a dictionary can express both.
    #[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
    pub fn new(section: Section) -> Result<Self, (Section, Refusal)> {
        produce::array(section).map(|array| Self { array })
    }

    /// The struct of an export that is only a description, such as one read from JSON: it has no
    /// tensor.
    ///
    /// # Errors
    /// The export breaks a rule for one export, or the structs cannot express it.
    pub fn description(export: &Export) -> Result<Self, Refusal> {
        produce::description(export).map(|array| Self { array })
    }

    /// Takes a struct over: the source becomes a moved struct, its `release` null.
    ///
    /// # Safety
    /// `source` is null, misaligned, or points to a struct that obeys `spec/abi.md`, and that no
    /// other code uses meanwhile.
    ///
    /// # Errors
    /// A null or misaligned pointer, another major version, or a struct that was moved or released.
    /// The source is unchanged.
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

    /// The struct, for a new owner, which must release it once, by calling its `release`.
    #[must_use]
    pub fn into_raw(self) -> DapArray {
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so the struct is read once.
        unsafe { (&raw const this.array).read() }
    }

    /// The struct, to be lent: it is valid while this value lives and is not changed.
    #[must_use]
    pub fn as_ptr(&self) -> *const DapArray {
        &raw const self.array
    }

    /// Takes the local buffer over, with its dictionaries, and releases the rest. All rules that
    /// one process can check are checked.
    ///
    /// # Errors
    /// A refused struct is returned with the reason, unchanged.
    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    pub fn into_section(self) -> Result<Section, (Self, Refusal)> {
        self.consume(Check::Rules)
    }

    /// The same without the protocol's rules, for a trusted producer: versions, counts and pointers
    /// are checked.
    ///
    /// If the dictionaries break rules, results computed from them are wrong, but no operation is
    /// unsafe.
    ///
    /// # Errors
    /// As [`Owned::into_section`].
    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    pub fn into_section_unchecked(self) -> Result<Section, (Self, Refusal)> {
        self.consume(Check::Structure)
    }

    #[expect(clippy::result_large_err, reason = "the struct comes back, not a copy")]
    fn consume(mut self, check: Check) -> Result<Section, (Self, Refusal)> {
        // SAFETY: the struct obeys `spec/abi.md`, as its giver promised, and this value is its only
        // owner.
        match unsafe { consume::section(NonNull::from(&mut self.array), check) } {
            Ok(section) => Ok(section),
            Err(refusal) => Err((self, refusal)),
        }
        // Dropping `self` releases the rest.
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
