//! The limits of memory: memcpy and a copy with non-temporal stores of the same bytes, by all ranks
//! at once.

use std::ptr::copy_nonoverlapping;

/// Copies with the C library.
///
/// # Safety
/// Both pointers are valid for `bytes` bytes.
pub(crate) unsafe fn memcpy(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: both are memory of `bytes` bytes, of two buffers, as the caller guarantees.
    unsafe { copy_nonoverlapping(from, to, bytes) };
}

/// Copies with non-temporal stores: one read, one write. On a CPU without them, as [`memcpy`].
///
/// # Safety
/// As [`memcpy`]; both at a multiple of 32.
pub(crate) unsafe fn stream(from: *const u8, to: *mut u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: both are memory of `bytes` bytes at a multiple of 32, as the caller guarantees,
        // and the CPU has the instructions.
        return unsafe { stream_avx2(from, to, bytes) };
    }
    // SAFETY: both are memory of `bytes` bytes, as the caller guarantees.
    unsafe { memcpy(from, to, bytes) };
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn stream_avx2(from: *const u8, to: *mut u8, bytes: usize) {
    use std::arch::x86_64::{_mm_sfence, _mm256_loadu_si256, _mm256_stream_si256};
    for at in (0..bytes / 32 * 32).step_by(32) {
        // SAFETY: `at` and the 32 bytes from it are less than `bytes`, which both have; `to` is
        // aligned, as the caller guarantees.
        unsafe { _mm256_stream_si256(to.add(at).cast(), _mm256_loadu_si256(from.add(at).cast())) };
    }
    _mm_sfence();
    // SAFETY: the bytes behind the last 32 that were copied, less than 32, of both.
    unsafe { memcpy(from.add(bytes / 32 * 32), to.add(bytes / 32 * 32), bytes % 32) };
}
