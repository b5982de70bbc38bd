//! Interleaves the items of two or four sources, in registers where the processor has shuffles for
//! their size.
//!
//! # Safety argument of this module
//!
//! Both functions are called with sources from each of which `count` items of `N` bytes may be
//! read, one behind the other, and with room for all of them, which overlaps no source. The
//! shuffles take the items that fill whole registers and leave the rest.

/// One item of `N` bytes of each of interleave2 sources, again and again.
///
/// # Safety
/// See the [module](self).
pub(super) unsafe fn interleave2<const N: usize>(from: [*const u8; 2], count: usize, room: *mut u8) {
    // SAFETY: the module's contract holds for the first `done` count, which is at most `count`, and
    // for those behind them.
    unsafe {
        let done = shuffled2::<N>(from, count, room);
        let [a, b] = from.map(|from| from.add(done * N));
        plain([a, b], N, count - done, room.add(done * 2 * N));
    }
}

/// One item of `N` bytes of each of interleave4 sources, again and again.
///
/// # Safety
/// See the [module](self).
pub(super) unsafe fn interleave4<const N: usize>(from: [*const u8; 4], count: usize, room: *mut u8) {
    // SAFETY: the module's contract holds for the first `done` count, which is at most `count`, and
    // for those behind them.
    unsafe {
        let done = shuffled4::<N>(from, count, room);
        let from = from.map(|from| from.add(done * N));
        plain(from, N, count - done, room.add(done * 4 * N));
    }
}

/// # Safety
/// See the [module](self), for items of `item` bytes.
unsafe fn plain<const K: usize>(from: [*const u8; K], item: usize, count: usize, room: *mut u8) {
    for k_item in 0..count {
        for (k, from) in from.iter().enumerate() {
            // SAFETY: item `k_item` of each source is one of its `count`, and position `k_item *
            // K + k` one of the room's `count * K`.
            unsafe {
                std::ptr::copy_nonoverlapping(from.add(k_item * item), room.add((k_item * K + k) * item), item);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
use x86::{shuffled2, shuffled4};

/// Elsewhere nothing is shuffled.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn shuffled2<const N: usize>(_: [*const u8; 2], _: usize, _: *mut u8) -> usize {
    0
}

/// Elsewhere nothing is shuffled.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn shuffled4<const N: usize>(_: [*const u8; 4], _: usize, _: *mut u8) -> usize {
    0
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, _mm_loadu_si128, _mm_storeu_si128, _mm_unpackhi_epi8, _mm_unpackhi_epi16, _mm_unpackhi_epi32,
        _mm_unpackhi_epi64, _mm_unpacklo_epi8, _mm_unpacklo_epi16, _mm_unpacklo_epi32, _mm_unpacklo_epi64,
    };

    /// The bytes of a register.
    const WIDE: usize = size_of::<__m128i>();

    /// The interleaved items of `N` bytes of the lower halves, and of the upper halves. SSE2 is
    /// part of every x86-64 processor.
    #[inline(always)]
    fn unpacked<const N: usize>(a: __m128i, b: __m128i) -> [__m128i; 2] {
        // SAFETY: the instructions are of SSE2, which each x86-64 processor has, and touch
        // registers only.
        unsafe {
            match N {
                1 => [_mm_unpacklo_epi8(a, b), _mm_unpackhi_epi8(a, b)],
                2 => [_mm_unpacklo_epi16(a, b), _mm_unpackhi_epi16(a, b)],
                4 => [_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b)],
                8 => [_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b)],
                _ => [a, b],
            }
        }
    }

    /// Interleaves the items that fill whole registers; returns their number.
    ///
    /// # Safety
    /// As the module says.
    pub(super) unsafe fn shuffled2<const N: usize>(from: [*const u8; 2], count: usize, room: *mut u8) -> usize {
        if N > WIDE {
            return 0;
        }
        let count = count * N / WIDE;
        for k in 0..count {
            // SAFETY: register k of each source ends at byte `(k + 1) * WIDE`, at most `count * N`,
            // as `k` is below `count`; the room has twice that length. Neither need be aligned
            // for these instructions.
            unsafe {
                let [a, b] = from.map(|from| _mm_loadu_si128(from.add(k * WIDE).cast()));
                let room = room.add(2 * k * WIDE).cast::<__m128i>();
                let [low, high] = unpacked::<N>(a, b);
                _mm_storeu_si128(room, low);
                _mm_storeu_si128(room.add(1), high);
            }
        }
        count * WIDE / N
    }

    /// Interleaves the items that fill whole registers; returns their number.
    ///
    /// # Safety
    /// As the module says.
    pub(super) unsafe fn shuffled4<const N: usize>(from: [*const u8; 4], count: usize, room: *mut u8) -> usize {
        if N > WIDE {
            return 0;
        }
        let count = count * N / WIDE;
        for k in 0..count {
            // SAFETY: register k of each source ends at byte `(k + 1) * WIDE`, at most `count * N`,
            // as `k` is below `count`; the room has four times that length. Neither need be
            // aligned for these instructions.
            unsafe {
                let [a, b, c, d] = from.map(|from| _mm_loadu_si128(from.add(k * WIDE).cast()));
                let room = room.add(4 * k * WIDE).cast::<__m128i>();
                let interleave4 = if N == WIDE {
                    [a, b, c, d]
                } else {
                    // First and third, second and fourth; then the interleave2 of them.
                    let ([ac, ac_high], [bd, bd_high]) = (unpacked::<N>(a, c), unpacked::<N>(b, d));
                    let ([w, x], [y, z]) = (unpacked::<N>(ac, bd), unpacked::<N>(ac_high, bd_high));
                    [w, x, y, z]
                };
                interleave4.into_iter().enumerate().for_each(|(at, items)| _mm_storeu_si128(room.add(at), items));
            }
        }
        count * WIDE / N
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_one_by_one(bytes in prop::collection::vec(any::<u8>(), 4 * 32 * 40), count in 0..40_usize) {
            macro_rules! compare {
                ($($n:literal)*) => {$({
                    let from = [0, 1, 2, 3].map(|k| bytes[k * 32 * 40..].as_ptr());
                    let (mut found, mut expected) = (vec![0_u8; 4 * 32 * 40], vec![0_u8; 4 * 32 * 40]);
                    // SAFETY: forty items of up to 32 bytes each.
                    unsafe {
                        interleave4::<$n>(from, count, found.as_mut_ptr());
                        plain(from, $n, count, expected.as_mut_ptr());
                        prop_assert!(found == expected, "interleave4 of {}", $n);
                        interleave2::<$n>([from[0], from[1]], count, found.as_mut_ptr());
                        plain([from[0], from[1]], $n, count, expected.as_mut_ptr());
                        prop_assert!(found == expected, "interleave2 of {}", $n);
                    }
                })*};
            }
            compare!(1 2 4 8 16 32);
        }
    }
}
