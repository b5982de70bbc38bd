//! Copies past the cache, for results that are larger than it.
//!
//! A plain store to memory that is not cached first reads the line it falls into; a non-temporal
//! store of a whole line does not.

use std::ptr;

/// The bytes of a cache line.
pub(super) const LINE: usize = 64;

/// Results of this size and above are written past the cache: about a core's share of the last
/// level.
pub(super) const LEAST: usize = 8 << 20;

/// Whether this machine has such stores.
pub(super) const AVAILABLE: bool = cfg!(target_arch = "x86_64");

/// Copies `bytes` bytes; whole lines of the target past the cache.
///
/// # Safety
/// `from` may be read and `to` written for `bytes` bytes, and they do not overlap. Before another
/// thread reads the target, this one calls [`fence`].
#[inline]
pub(super) unsafe fn copy(to: *mut u8, from: *const u8, bytes: usize) {
    let head = (to.addr().wrapping_neg() % LINE).min(bytes);
    let whole = (bytes - head) / LINE * LINE;
    let rest = bytes - head - whole;
    // SAFETY: `head`, `whole` and `rest` add up to `bytes`, which this function's contract allows;
    // behind `head` the target is aligned to a line.
    unsafe {
        ptr::copy_nonoverlapping(from, to, head);
        lines(to.add(head), from.add(head), whole);
        ptr::copy_nonoverlapping(from.add(head + whole), to.add(head + whole), rest);
    }
}

/// # Safety
/// As [`copy`]; `to` is aligned to a line, `bytes` a multiple of its size.
#[cfg(target_arch = "x86_64")]
#[inline]
unsafe fn lines(to: *mut u8, from: *const u8, bytes: usize) {
    use std::arch::x86_64::{_mm_loadu_si128, _mm_stream_si128};
    // Four stores of 16 bytes fill a line in the write-combining buffer as two of 32 do; each
    // x86-64 processor has them.
    for at in (0..bytes).step_by(16) {
        // SAFETY: `at` and the 15 bytes behind it are below `bytes`; the target is aligned.
        unsafe { _mm_stream_si128(to.add(at).cast(), _mm_loadu_si128(from.add(at).cast())) };
    }
}

#[cfg(not(target_arch = "x86_64"))]
unsafe fn lines(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the contract of `copy`.
    unsafe { ptr::copy_nonoverlapping(from, to, bytes) }
}

/// Orders the stores of [`copy`] before all later ones.
pub(super) fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: part of every x86-64 processor; orders stores and touches nothing.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}
