//! Copies that change the fastest loop, C order to Fortran's for instance, in tiles that fit the
//! first-level cache.
//!
//! The source is not contiguous along the target's fastest loop. So a tile is read along the
//! source's fastest loop, transposed in the cache, and written in lines.
//!
//! # Safety argument of this module
//!
//! As in [`strided_copy`](super::strided_copy): the positions of a loop nest lie within the memory
//! on either side, and the positions of a tile are some of them.

use std::mem::MaybeUninit;

use dap_non_temporal::Sink;

use super::loop_nest::{Loop, LoopNest};
use super::strided_run::StridedRun;

/// The extents of a tile along the source's and the target's fastest loop, in items of 8 bytes.
const SLOW: usize = 16;
const FAST: usize = 128;

#[repr(C, align(64))]
struct Tile([MaybeUninit<u8>; SLOW * FAST * 8]);

/// The loops of a transposing copy: the outer loops, the source's fastest and the target's fastest;
/// `None` for other copies.
pub(super) fn loops<'p, 'a>(
    loop_nest: &'p LoopNest<'a>,
) -> Option<(Vec<&'p Loop<'a>>, &'p [StridedRun], &'p [StridedRun])> {
    let item = loop_nest.item as i64;
    let (Loop::Runs(fast), others) = loop_nest.loops.split_last()? else { return None };
    // Everything along a loop has the same steps, unless runs of single elements were joined.
    let is_fast = |run: &StridedRun| run.dst_step == item && run.src_step != item && run.len >= 4;
    let is_slow = |run: &StridedRun| run.src_step == item && run.len >= 4;
    if !fast.iter().all(is_fast) || !matches!(loop_nest.item, 1 | 2 | 4 | 8 | 16 | 32) {
        return None;
    }
    let at = others.iter().position(|level| matches!(level, Loop::Runs(runs) if runs.iter().all(is_slow)))?;
    let Loop::Runs(slow) = &others[at] else { return None };
    let outer = others.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, level)| level).collect();
    Some((outer, slow, fast))
}

/// Copies the product of two loops.
///
/// # Safety
/// `slow` and `fast` are loops of a loop nest, as [`loops`] gives them. `src` and `dst` are items
/// of the memory on either side with index 0 along both, and positions of the loop nest along the
/// others. For the memory the contract of [`copy`](super::strided_copy::copy) holds.
pub(super) unsafe fn transpose(
    slow: &[StridedRun],
    fast: &[StridedRun],
    item: usize,
    src: *const u8,
    dst: *mut u8,
    sink: &mut Sink,
) {
    for (slow, fast) in slow.iter().flat_map(|slow| fast.iter().map(move |fast| (slow, fast))) {
        for (i, j) in (0..slow.count).flat_map(|i| (0..fast.count).map(move |j| (i, j))) {
            let from = slow.src + i * slow.src_stride + fast.src + j * fast.src_stride;
            let to = slow.dst + i * slow.dst_stride + fast.dst + j * fast.dst_stride;
            // SAFETY: run i of the one loop and run j of the other begin at positions of the loop
            // nest, so `from` and `to` lead to items of either side; `item` is the size for which
            // `N` stands.
            unsafe {
                let (src, dst) = (src.offset(from as isize), dst.offset(to as isize));
                each_size!(item, N => tiles::<N>(slow, fast, src, dst, sink), ());
            }
        }
    }
}

/// # Safety
/// As [`transpose`], for one run of either loop, at whose first element `src` and `dst` are, and
/// for items of `N` bytes.
unsafe fn tiles<const N: usize>(slow: &StridedRun, fast: &StridedRun, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let (slow_len, fast_len) = (slow.len as usize, fast.len as usize);
    let most = FAST * 8 / N;
    let mut turned = Tile([MaybeUninit::uninit(); SLOW * FAST * 8]);
    let turned = turned.0.as_mut_ptr().cast::<[u8; N]>();
    // The first transpose ends at a line of the target, so that the others begin at one.
    let ahead = (64 - dst.addr() % 64) % 64;
    let mut first = 0;
    while first < fast_len {
        let head = if first == 0 && ahead.is_multiple_of(N) { ahead / N } else { 0 };
        let now = if head > 0 { head } else { most }.min(fast_len - first);
        for row in (0..slow_len).step_by(SLOW) {
            let rows = SLOW.min(slow_len - row);
            // SAFETY: `first + k` is an element of the fast run and `row + r` one of the slow run,
            // so that both lie on either side; the slow run is contiguous in the source and the
            // fast one in the target (`loops`). The transpose has `SLOW * most` positions, `rows`
            // is at most `SLOW` and `now` at most `most`; what is pushed of it was written just
            // before.
            unsafe {
                for k in 0..now {
                    let line = src.offset((first + k) as isize * fast.src_step as isize).add(row * N).cast::<[u8; N]>();
                    (0..rows).for_each(|r| turned.add(r * most + k).write(*line.add(r)));
                }
                for r in 0..rows {
                    let dst = dst.offset((row + r) as isize * slow.dst_step as isize).add(first * N);
                    sink.push(dst, turned.add(r * most).cast(), now * N);
                }
            }
        }
        first += now;
    }
}
