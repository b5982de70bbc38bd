//! Words that one process writes and the other processes of its node read.
//!
//! The segments of other processes are mapped read-only. Of the atomic loads only a relaxed one is
//! certain not to write: the standard library's page on `std::sync::atomic`, "Atomic accesses to
//! read-only memory", allows relaxed loads there and calls all others undefined. So a load with
//! acquire order is a relaxed load and a fence, and a [`Word`] has no other load.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering, fence};

/// A word of another process's segment, to be read.
#[derive(Clone, Copy)]
pub(super) struct Word<'m> {
    at: *const AtomicU64,
    mapping: PhantomData<&'m ()>,
}

impl Word<'_> {
    /// The word at an address.
    ///
    /// # Safety
    /// `at` is a multiple of 8 and may be read for 8 bytes as long as the word lives; meanwhile it
    /// is written as an atomic only.
    pub(super) unsafe fn at<'m>(at: *const u8) -> Word<'m> {
        Word { at: at.cast(), mapping: PhantomData }
    }

    /// The value, without an order.
    pub(super) fn relaxed(self) -> u64 {
        // SAFETY: aligned, mapped while the word lives, and written as an atomic only, as the
        // caller of `at` guarantees. A relaxed load of 8 bytes does not write.
        unsafe { (*self.at).load(Ordering::Relaxed) }
    }

    /// The value. All stores that its writer made before it [released](Ordering::Release) the value
    /// are seen after this call.
    pub(super) fn acquire(self) -> u64 {
        let value = self.relaxed();
        fence(Ordering::Acquire);
        value
    }
}

/// A word of this process's own segment.
///
/// # Safety
/// `at` is a multiple of 8 and may be read and written for 8 bytes for `'m`; meanwhile it is used
/// as an atomic only.
pub(super) unsafe fn own<'m>(at: *mut u8) -> &'m AtomicU64 {
    // SAFETY: aligned, mapped for reading and writing for `'m`, and used as an atomic only, as the
    // caller guarantees.
    unsafe { AtomicU64::from_ptr(at.cast()) }
}
