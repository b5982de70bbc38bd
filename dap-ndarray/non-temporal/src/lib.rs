//! Non-temporal stores: a sink that turns ascending writes into whole cache lines, which bypass the
//! cache.
//!
//! ```
//! use dap_non_temporal::Sink;
//! let (source, mut target) = ([7_u8; 200], [0_u8; 200]);
//! let mut sink = Sink::new(true);
//! for piece in [0..3, 3..190, 190..200] {
//!     // SAFETY: within both arrays, which do not overlap and outlive the sink.
//!     unsafe { sink.push(target.as_mut_ptr().add(piece.start), source[piece.clone()].as_ptr(), piece.len()) };
//! }
//! drop(sink);
//! assert_eq!(target, source);
//! ```
//!
//! A plain store to memory that is not cached first reads the line it falls into; a non-temporal
//! ("streaming") store of a whole line does not. For a copy larger than the cache that saves a
//! third of the traffic. Lines must be whole, so the sink keeps the bytes of a line that has only
//! begun, and completes it from the next piece, wherever that comes from: pieces of a few bytes,
//! from several sources in turn, are written as fast as one long run.
//!
//! # Safety argument of this crate
//!
//! The caller of [`Sink::push`] vouches for the source and the target. The sink writes only bytes
//! that were pushed, and holds back at most 63 of them. It writes those when it is dropped, and
//! then a fence orders all of them before later stores.

use std::ptr;

/// The bytes of a cache line.
pub const LINE: usize = 64;

/// Whether this machine has non-temporal stores; elsewhere a [`Sink`] stores plainly.
pub const AVAILABLE: bool = cfg!(target_arch = "x86_64");

#[repr(C, align(64))]
#[derive(Debug)]
struct Line([u8; LINE]);

/// See the [crate](self).
#[derive(Debug)]
pub struct Sink {
    /// The bytes that are held back, at their positions in the line that they fall into: those
    /// below `next` modulo 64, from `from` on.
    line: Line,
    from: usize,
    /// Where the next byte goes if it follows the last one.
    next: *mut u8,
    /// Copies whole lines to an aligned position; `None`: everything is stored plainly.
    lines: Option<unsafe fn(*mut u8, *const u8, usize)>,
}

impl Sink {
    /// A sink with non-temporal stores if `non_temporal` asks for them and the machine has them.
    #[must_use]
    pub fn new(non_temporal: bool) -> Sink {
        let lines = if non_temporal { line_store() } else { None };
        Sink { line: Line([0; LINE]), from: 0, next: ptr::null_mut(), lines }
    }

    /// Whether short pieces should be gathered before they are pushed.
    #[inline]
    #[must_use]
    pub fn is_non_temporal(&self) -> bool {
        self.lines.is_some()
    }

    /// Writes `len` bytes from `src` to `dst`.
    ///
    /// # Safety
    /// `len` bytes may be read from `src`, and written to `dst` until the sink is dropped, and they
    /// do not overlap. No other thread uses the target's bytes until the sink is dropped.
    #[inline]
    pub unsafe fn push(&mut self, dst: *mut u8, src: *const u8, len: usize) {
        match self.lines {
            // SAFETY: this function's contract is that of `non_temporal`, and `lines` was made for
            // this processor.
            Some(lines) => unsafe { self.non_temporal(lines, dst, src, len) },
            // SAFETY: by this function's contract `len` bytes may be read and written, and do not
            // overlap.
            None => unsafe { ptr::copy_nonoverlapping(src, dst, len) },
        }
    }

    /// # Safety
    /// As [`Sink::push`]; `lines` is the sink's.
    #[inline]
    unsafe fn non_temporal(
        &mut self,
        lines: unsafe fn(*mut u8, *const u8, usize),
        mut dst: *mut u8,
        mut src: *const u8,
        mut len: usize,
    ) {
        if dst != self.next {
            self.flush();
            self.next = dst;
            self.from = dst.addr() % LINE;
        }
        let filled = dst.addr() % LINE;
        if filled != 0 {
            let taken = len.min(LINE - filled);
            // SAFETY: `filled + taken` is at most a line; `taken` is at most `len`, and these bytes
            // of the source may be read.
            unsafe { ptr::copy_nonoverlapping(src, self.line.0.as_mut_ptr().add(filled), taken) };
            // SAFETY: `taken` is at most `len`, so both stay within the memory that is copied, or
            // get to its end.
            unsafe {
                dst = dst.add(taken);
                src = src.add(taken);
            }
            len -= taken;
            self.next = dst;
            if filled + taken < LINE {
                return;
            }
            self.complete(lines);
        }
        let whole = len / LINE * LINE;
        let rest = len - whole;
        // SAFETY: `dst` is aligned to a line here, and `len` bytes are left on either side, by this
        // function's contract; what is left behind whole lines is less than one.
        unsafe {
            if whole > 0 {
                lines(dst, src, whole);
            }
            if rest > 0 {
                ptr::copy_nonoverlapping(src.add(whole), self.line.0.as_mut_ptr(), rest);
            }
            self.next = dst.add(len);
        }
    }

    /// Writes the line that is full now: `next` is the end of it.
    #[inline]
    fn complete(&mut self, lines: unsafe fn(*mut u8, *const u8, usize)) {
        let from = std::mem::take(&mut self.from);
        // SAFETY: the bytes from `from` on were pushed to these positions, which may be written
        // until the sink is dropped (the contract of `push`). Of a line that was pushed from its
        // beginning that is all of it.
        unsafe {
            // Not the line's beginning, which may lie before the memory that was promised.
            let first = self.next.sub(LINE - from);
            if from == 0 {
                lines(first, self.line.0.as_ptr(), LINE);
            } else {
                ptr::copy_nonoverlapping(self.line.0.as_ptr().add(from), first, LINE - from);
            }
        }
    }

    /// Writes the bytes that are held back.
    fn flush(&mut self) {
        let filled = self.next.addr() % LINE;
        let from = std::mem::take(&mut self.from);
        if self.lines.is_some() && filled > from {
            // SAFETY: the bytes from `from` to `filled` were pushed to these positions, which may
            // be written until the sink is dropped (the contract of `push`).
            unsafe {
                let first = self.next.sub(filled - from);
                ptr::copy_nonoverlapping(self.line.0.as_ptr().add(from), first, filled - from);
            }
        }
        self.next = ptr::null_mut();
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.flush();
        if self.lines.is_some() {
            fence();
        }
    }
}

/// Prefetches memory that will be read soon. Any address is allowed.
#[inline]
pub fn prefetch(at: *const u8, len: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..len).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint, which does not fault.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(line).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (at, len);
}

/// Asks for a line that will soon be read once: it need not take another's position in larger
/// caches. Any address will do.
#[inline]
pub fn prefetch_once(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_NTA, _mm_prefetch};
        // SAFETY: a prefetch is a hint, which does not fault.
        unsafe { _mm_prefetch::<_MM_HINT_NTA>(at.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

#[cfg(target_arch = "x86_64")]
fn line_store() -> Option<unsafe fn(*mut u8, *const u8, usize)> {
    Some(if std::arch::is_x86_feature_detected!("avx") { x86::lines_avx } else { x86::lines_sse2 })
}

/// Elsewhere the compiler has no such store; plain ones are right as well.
#[cfg(not(target_arch = "x86_64"))]
fn line_store() -> Option<unsafe fn(*mut u8, *const u8, usize)> {
    None
}

#[cfg(target_arch = "x86_64")]
fn fence() {
    // SAFETY: part of every x86-64 processor; orders stores and touches nothing.
    unsafe { std::arch::x86_64::_mm_sfence() };
}

#[cfg(not(target_arch = "x86_64"))]
fn fence() {}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, __m256i, _mm_loadu_si128, _mm_stream_si128, _mm256_loadu_si256, _mm256_stream_si256,
    };

    /// # Safety
    /// The machine has AVX; `dst` is aligned to 64 bytes; both may be used for `len` bytes, a
    /// multiple of 64.
    #[target_feature(enable = "avx")]
    pub(super) unsafe fn lines_avx(dst: *mut u8, src: *const u8, len: usize) {
        for at in (0..len).step_by(64) {
            // SAFETY: `at` and the 63 bytes behind it are below `len`, which may be used on both
            // sides by this function's contract; the target is aligned, and the processor has AVX.
            unsafe {
                let (src, dst) = (src.add(at).cast::<__m256i>(), dst.add(at).cast::<__m256i>());
                let (low, high) = (_mm256_loadu_si256(src), _mm256_loadu_si256(src.add(1)));
                _mm256_stream_si256(dst, low);
                _mm256_stream_si256(dst.add(1), high);
            }
        }
    }

    /// # Safety
    /// `dst` is aligned to 64 bytes; both may be used for `len` bytes, a multiple of 64.
    pub(super) unsafe fn lines_sse2(dst: *mut u8, src: *const u8, len: usize) {
        for at in (0..len).step_by(16) {
            // SAFETY: `at` and the 15 bytes behind it are below `len`, which may be used on both
            // sides by this function's contract; the target is aligned, and each x86-64 processor
            // has SSE2.
            unsafe { _mm_stream_si128(dst.add(at).cast::<__m128i>(), _mm_loadu_si128(src.add(at).cast())) };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// All pushed bytes arrive, in any order of targets, and no other byte changes.
        #[test]
        fn everything_arrives(pieces in prop::collection::vec((0..900_usize, 0..300_usize, any::<bool>()), 0..20), non_temporal in any::<bool>()) {
            let source: Vec<u8> = (0..2000_usize).map(|at| (at * 7 % 251) as u8 + 1).collect();
            let (mut found, mut expected) = (vec![0_u8; 1300], vec![0_u8; 1300]);
            let mut sink = Sink::new(non_temporal);
            let mut end = 0;
            for (at, (start, len, follow)) in pieces.into_iter().enumerate() {
                let start = if follow { end } else { start };
                let len = len.min(1300 - start);
                end = start + len;
                expected[start..end].copy_from_slice(&source[at * 13..at * 13 + len]);
                // SAFETY: within both vectors.
                unsafe { sink.push(found.as_mut_ptr().add(start), source.as_ptr().add(at * 13), len) };
            }
            drop(sink);
            prop_assert_eq!(found, expected);
        }
    }
}
