//! The processor's floating-point environment while a kernel runs: rounding to nearest, subnormal
//! numbers kept.
//!
//! A library that is loaded into the same process may have set another rounding mode, or flushing
//! of subnormal numbers to zero (GCC's `-ffast-math` does, at start). Each kernel that computes
//! with floats holds an [`Environment`], on each thread.
//!
//! # Limits
//!
//! x86-64 (MXCSR) and 64-bit ARM (FPCR) only; elsewhere the environment is taken as it is. Sticky
//! exception flags are neither cleared nor restored.

use std::marker::PhantomData;

/// Sets the default environment; when it is dropped, sets that which was found.
#[must_use = "the environment is restored when this is dropped"]
pub struct Environment {
    found: Word,
    /// The environment is the thread's.
    thread: PhantomData<*const ()>,
}

impl Environment {
    /// Rounding to nearest, ties to even; no flushing to zero; no exception traps.
    #[inline]
    pub fn new() -> Self {
        let found = read();
        if found & CONTROL != DEFAULT {
            write(found & !CONTROL | DEFAULT);
        }
        Self { found, thread: PhantomData }
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Environment {
    #[inline]
    fn drop(&mut self) {
        if self.found & CONTROL != DEFAULT {
            write(read() & !CONTROL | self.found & CONTROL);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod register {
    use std::arch::asm;

    pub(super) type Word = u32;
    /// Flush to zero, rounding, masks of exceptions, denormals are zero.
    pub(super) const CONTROL: Word = 0xffc0;
    /// All exceptions masked.
    pub(super) const DEFAULT: Word = 0x1f80;

    #[inline]
    pub(super) fn read() -> Word {
        let mut word: Word = 0;
        // SAFETY: stores MXCSR, 4 bytes, into `word`.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut word, options(nostack, preserves_flags)) };
        word
    }

    #[inline]
    pub(super) fn write(word: Word) {
        // SAFETY: loads MXCSR with a value read from it, in which only bits that exist on each
        // processor were changed. Rust assumes the default environment: it is set, or the one that
        // was found is given back before the caller goes on.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const word, options(nostack, preserves_flags, readonly)) };
    }
}

#[cfg(target_arch = "aarch64")]
mod register {
    use std::arch::asm;

    pub(super) type Word = u64;
    /// FIZ, AH, NEP; trap enables; FZ16, rounding, flush to zero, default NaN.
    pub(super) const CONTROL: Word = 0x07c8_9f07;
    pub(super) const DEFAULT: Word = 0;

    #[inline]
    pub(super) fn read() -> Word {
        let word: Word;
        // SAFETY: reads FPCR.
        unsafe { asm!("mrs {}, fpcr", out(reg) word, options(nomem, nostack, preserves_flags)) };
        word
    }

    #[inline]
    pub(super) fn write(word: Word) {
        // SAFETY: as on x86-64.
        unsafe { asm!("msr fpcr, {}", in(reg) word, options(nostack, preserves_flags)) };
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod register {
    pub(super) type Word = u32;
    pub(super) const CONTROL: Word = 0;
    pub(super) const DEFAULT: Word = 0;

    pub(super) fn read() -> Word {
        0
    }

    pub(super) fn write(_: Word) {}
}

use register::{CONTROL, DEFAULT, Word, read, write};

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn rounding_and_flushing_are_set_and_given_back() {
        let default = read();
        // Upwards, flush to zero, denormals are zero.
        write(default | 0x4000 | 0x8000 | 0x40);
        let tiny = black_box(f64::MIN_POSITIVE) * black_box(0.5);
        let within = {
            let _environment = Environment::new();
            (black_box(f64::MIN_POSITIVE) * black_box(0.5), black_box(1.0) + black_box(f64::EPSILON / 4.0))
        };
        let after = read() & CONTROL;
        write(default);
        assert_eq!((tiny, within), (0.0, (f64::MIN_POSITIVE / 2.0, 1.0)));
        assert_eq!(after, default & CONTROL | 0x4000 | 0x8000 | 0x40);
    }
}
