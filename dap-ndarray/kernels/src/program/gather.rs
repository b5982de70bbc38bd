//! Elements that do not lie side by side: gathered into a strip, scattered from one; and scalars.

use std::ptr;

/// Evaluates an expression with a type of `$size` bytes and the least alignment of such elements.
macro_rules! by_size {
    ($size:expr, $T:ident => $body:expr) => {
        match $size {
            1 => {
                type $T = u8;
                $body
            }
            2 => {
                type $T = u16;
                $body
            }
            4 => {
                type $T = u32;
                $body
            }
            8 => {
                // Two words: complex numbers of 8 bytes are aligned to 4.
                type $T = [u32; 2];
                $body
            }
            _ => {
                type $T = [u64; 2];
                $body
            }
        }
    };
}

/// Copies `n` elements of `size` bytes, `stride` bytes apart, side by side to `to`.
///
/// # Safety
/// Each element at `from` may be read and is aligned, as `to` is, which may be written for `n`
/// elements; they do not overlap. `size` is that of an element type.
pub(super) unsafe fn gather(to: *mut u8, from: *const u8, stride: isize, size: usize, n: usize) {
    if stride == size as isize {
        // SAFETY: the elements lie side by side, by this function's contract.
        return unsafe { ptr::copy_nonoverlapping(from, to, n * size) };
    }
    if stride == 0 {
        // SAFETY: this function's contract.
        return unsafe { repeat(to, from, size, n) };
    }
    by_size!(size, T => {
        let to = to.cast::<T>();
        for at in 0..n {
            // SAFETY: this function's contract: the offset is that of an element.
            unsafe { to.add(at).write(from.offset(at as isize * stride).cast::<T>().read()) };
        }
    });
}

/// Writes one element `n` times: a few times, and then copies of what is there, twice as much each.
///
/// # Safety
/// As [`gather`].
unsafe fn repeat(to: *mut u8, from: *const u8, size: usize, n: usize) {
    let first = n.min(8);
    by_size!(size, T => {
        // SAFETY: this function's contract.
        let value = unsafe { from.cast::<T>().read() };
        for at in 0..first {
            // SAFETY: this function's contract.
            unsafe { to.cast::<T>().add(at).write(value) };
        }
    });
    let mut done = first;
    while done < n {
        let more = done.min(n - done);
        // SAFETY: `done` elements are there, and `done + more` are at most `n`.
        unsafe { ptr::copy_nonoverlapping(to, to.add(done * size), more * size) };
        done += more;
    }
}

/// The other way round.
///
/// # Safety
/// As [`gather`], with the roles exchanged.
pub(super) unsafe fn scatter(to: *mut u8, stride: isize, from: *const u8, size: usize, n: usize) {
    if stride == size as isize {
        // SAFETY: the elements lie side by side, by this function's contract.
        return unsafe { ptr::copy_nonoverlapping(from, to, n * size) };
    }
    by_size!(size, T => {
        let from = from.cast::<T>();
        for at in 0..n {
            // SAFETY: this function's contract: the offset is that of an element.
            unsafe { to.offset(at as isize * stride).cast::<T>().write(from.add(at).read()) };
        }
    });
}
