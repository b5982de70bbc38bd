//! Strided copies: the execution of a loop nest.
//!
//! # Safety argument of this module
//!
//! A [`LoopNest`] is made of a [`CheckedCopy`](super::checked::CheckedCopy) only: the positions
//! along each of its loops lie within the extents of the memory that was compared, and bytes of
//! them fit `isize`. All addresses here are computed from the loop nest's numbers alone: the offset
//! of an item is the sum of the offset of one position along each loop, and of the loop nest's own.

use std::ptr;

use dap_non_temporal::{Sink, prefetch, prefetch_once};
use smallvec::SmallVec;

use super::loop_nest::{Loop, LoopNest, Offsets};
use super::rows::Rows;
use super::strided_run::StridedRun;
use super::transpose;

/// The bytes of the scratch memory in the first-level cache, where items are gathered before they
/// are pushed together.
pub(super) const SCRATCH: usize = 4096;

#[repr(C, align(64))]
pub(super) struct Scratch(pub(super) [u8; SCRATCH]);

/// Copies every element of the loop nest.
///
/// # Safety
/// - `src` is the address of the item at index 0 of the memory that the loop nest's source side was
///   compared with, or of the message's first byte; `dst` is the same for the target side.
/// - Until the sink is dropped, the items of the source side are initialised and not written by
///   others; those of the target side may be written, and are neither read nor written by others.
/// - No item of one side overlaps one of the other.
pub(super) unsafe fn copy(loop_nest: &LoopNest<'_>, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    if loop_nest.item == 0 {
        return;
    }
    // SAFETY: `src` and `dst` are the items that the loop nest's offsets count from, by this
    // function's contract. The offset of each item on the way leads to a position along each loop
    // visited, and to index 0 along those still to come, which is an item of the memory, too, as
    // there is something to copy. Loops that are left out of the loop nest have one position, which
    // is in its own offset.
    unsafe {
        let (src, dst) = (src.offset(loop_nest.src as isize), dst.offset(loop_nest.dst as isize));
        if let Some((outer, slow, fast)) = transpose::loops(loop_nest) {
            walk(&outer, src, dst, &mut |src, dst| transpose::transpose(slow, fast, loop_nest.item, src, dst, sink));
            return;
        }
        let Some((last, outer)) = loop_nest.loops.split_last() else { return sink.push(dst, src, loop_nest.item) };
        let outer: Vec<&Loop<'_>> = outer.iter().collect();
        walk(&outer, src, dst, &mut |src, dst| line(last, loop_nest.item, src, dst, sink));
    }
}

/// Visits the product of some loops.
///
/// # Safety
/// `loops` are some of a loop nest's. `src` and `dst` are items of its memory, with index 0 along
/// these loops. `visit` is called with items of the memory that have positions of the loop nest
/// along them, too.
unsafe fn walk(loops: &[&Loop<'_>], src: *const u8, dst: *mut u8, visit: &mut impl FnMut(*const u8, *mut u8)) {
    let Some((first, rest)) = loops.split_first() else { return visit(src, dst) };
    let mut step = |src_offset: i64, dst_offset: i64| {
        // SAFETY: the offsets are those of one position along the first of these loops, so both
        // lead to items of the memory with index 0 along the rest.
        unsafe { walk(rest, src.offset(src_offset as isize), dst.offset(dst_offset as isize), visit) };
    };
    match first {
        Loop::Runs(runs) => runs.iter().for_each(|run| each(run, &mut step)),
        Loop::Rows(rows) => rows.for_each(|run| each(run, &mut step)),
        Loop::List { src, dst, len } => (0..*len).for_each(|k| step(src.at(k), dst.at(k))),
    }
}

/// Visits the elements of a run.
fn each(run: &StridedRun, step: &mut impl FnMut(i64, i64)) {
    for turn in 0..run.count {
        let (src, dst) = (run.src + turn * run.src_stride, run.dst + turn * run.dst_stride);
        (0..run.len).for_each(|k| step(src + k * run.src_step, dst + k * run.dst_step));
    }
}

/// Copies along the fastest loop.
///
/// # Safety
/// `src` and `dst` are items of a loop nest's memory, with index 0 along `level`, and positions of
/// the loop nest along all others. For the memory the contract of [`run`] holds.
unsafe fn line(level: &Loop<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: each run is a part of the loop, and each form of the loop has all of it, so this
    // function's contract is that of the functions called; `item` is the size for which `N` stands.
    unsafe {
        match level {
            Loop::Runs(runs) => runs.iter().for_each(|run| along(run, item, src, dst, sink)),
            Loop::Rows(rows) => in_blocks(rows, item, src, dst, sink),
            Loop::List { src: from, dst: to, len } => {
                each_size!(item, N => list::<N>(*from, *to, *len, src, dst), list_any(*from, *to, *len, item, src, dst))
            }
        }
    }
}

/// Blocking factors: `ROWS` rows are copied together, `BLOCK` items at a time.
const ROWS: usize = 64;
const BLOCK: i64 = 64;

/// Copies rows. Where their items are apart, the neighbours of an item belong to other rows, so
/// several rows go together: a line of the cache that one of them has brought is still there for
/// the next.
///
/// # Safety
/// As [`line`], for the loop that is `rows`.
unsafe fn in_blocks(rows: &Rows<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let mut together: SmallVec<[StridedRun; ROWS]> = SmallVec::new();
    // SAFETY: each row is a run of the loop, with positions that were compared with the memory on
    // both sides, as `along` and `blocks` need.
    unsafe {
        rows.for_each(|row| {
            if row.src_step == item as i64 && row.dst_step == item as i64 {
                return along(row, item, src, dst, sink);
            }
            together.push(*row);
            if together.len() == ROWS {
                blocks(&together, item, src, dst, sink);
                together.clear();
            }
        });
        blocks(&together, item, src, dst, sink);
    }
}

/// Copies the same block of each row, then the next block.
///
/// # Safety
/// As [`line`]; each row is a run of the loop.
unsafe fn blocks(rows: &[StridedRun], item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let longest = rows.iter().map(|row| row.len).max().unwrap_or(0);
    for first in (0..longest).step_by(BLOCK as usize) {
        for row in rows.iter().filter(|row| first < row.len) {
            let (from, to) = (row.src + first * row.src_step, row.dst + first * row.dst_step);
            let block = StridedRun::run(from, to, BLOCK.min(row.len - first), row.src_step, row.dst_step);
            // SAFETY: the block is a part of the row: it begins before the row's end and has at
            // most what is left of it.
            unsafe { along(&block, item, src, dst, sink) };
        }
    }
}

/// Copies the runs of a run.
///
/// # Safety
/// As [`line`]; `run` is a run of the loop.
unsafe fn along(run: &StridedRun, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: the offsets of a run, and those of each of its runs, are those of positions along the
    // loop, so they lead to items of the memory.
    unsafe {
        let (src, dst) = (src.offset(run.src as isize), dst.offset(run.dst as isize));
        if run.src_step == item as i64 && run.dst_step == item as i64 {
            return runs(run, item, src, dst, sink);
        }
        for turn in 0..run.count {
            let src = src.offset((turn * run.src_stride) as isize);
            let dst = dst.offset((turn * run.dst_stride) as isize);
            strided(run, item, src, dst, sink);
        }
    }
}

/// Runs that are contiguous on both sides.
///
/// # Safety
/// `src` and `dst` are the first items of the run's first run; for the memory the contract of
/// [`run`] holds.
unsafe fn runs(run: &StridedRun, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let bytes = run.len as usize * item;
    for turn in 0..run.count {
        // SAFETY: repetition `turn` is one of the run's, so its items lie in the memory on both
        // sides, one behind the other: `bytes` of them may be read and written until the sink is
        // dropped. A prefetch may name any address.
        unsafe {
            let src = src.offset((turn * run.src_stride) as isize);
            if turn + 2 < run.count && bytes >= 128 {
                prefetch(src.wrapping_offset((2 * run.src_stride) as isize), bytes.min(1024));
            }
            sink.push(dst.offset((turn * run.dst_stride) as isize), src, bytes);
        }
    }
}

/// One run that is strided on one side or both.
///
/// # Safety
/// `src` and `dst` are the first items of a run of the run; for the memory the contract of [`run`]
/// holds.
unsafe fn strided(run: &StridedRun, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let (len, src_step, dst_step) = (run.len as usize, run.src_step as isize, run.dst_step as isize);
    // SAFETY: items 0 to `len` - 1 of the run lie in the memory on both sides, `src_step` and
    // `dst_step` apart. `now` is at most the length of the run behind `first`, and at most `most`,
    // for which the scratch has room. All items that are pushed were gathered just before, and the
    // target's items lie one behind the other, as `dst_step` is the item's size.
    unsafe {
        if run.dst_step != item as i64 || !sink.is_non_temporal() || item > SCRATCH {
            return each_size!(item, N => items::<N>(len, src_step, dst_step, src, dst), items_any(len, src_step, dst_step, item, src, dst));
        }
        let mut scratch = Scratch([0; SCRATCH]);
        let gathered = scratch.0.as_mut_ptr();
        let most = SCRATCH / item;
        for first in (0..len).step_by(most) {
            let now = most.min(len - first);
            let src = src.offset(first as isize * src_step);
            each_size!(item, N => items::<N>(now, src_step, dst_step, src, gathered), items_any(now, src_step, dst_step, item, src, gathered));
            sink.push(dst.add(first * item), gathered, now * item);
        }
    }
}

/// # Safety
/// `len` items of `N` bytes may be read from `src` on, `src_step` bytes apart, and written from
/// `dst` on, `dst_step` bytes apart; none of the one overlaps one of the other.
#[inline]
pub(super) unsafe fn items<const N: usize>(len: usize, src_step: isize, dst_step: isize, src: *const u8, dst: *mut u8) {
    for k in 0..len as isize {
        // SAFETY: k is below `len`, so this item may be read and written by this function's
        // contract; arrays of bytes need no alignment.
        unsafe { *dst.offset(k * dst_step).cast::<[u8; N]>() = *src.offset(k * src_step).cast::<[u8; N]>() };
    }
}

/// # Safety
/// As [`items`], for items of `item` bytes.
unsafe fn items_any(len: usize, src_step: isize, dst_step: isize, item: usize, src: *const u8, dst: *mut u8) {
    for k in 0..len as isize {
        // SAFETY: k is below `len`, so this item may be read and written by this function's
        // contract.
        unsafe { ptr::copy_nonoverlapping(src.offset(k * src_step), dst.offset(k * dst_step), item) };
    }
}

/// # Safety
/// As [`line`], for the loop of `len` elements that the lists are the positions of, and for items
/// of `N` bytes.
unsafe fn list<const N: usize>(from: Offsets<'_>, to: Offsets<'_>, len: usize, src: *const u8, dst: *mut u8) {
    // How far ahead a scattered side is asked for.
    const AHEAD: usize = 32;
    // The form of either list is looked at once; what lies one behind the other need not be asked
    // for.
    macro_rules! each {
        ($from:expr, $to:expr, $ask:expr) => {
            for k in 0..len {
                $ask((k + AHEAD).min(len - 1));
                // SAFETY: element k is one of the loop, so its positions on both sides are items of
                // the memory, which may be read and written; arrays of bytes need no alignment.
                unsafe {
                    *dst.offset($to(k) as isize).cast::<[u8; N]>() = *src.offset($from(k) as isize).cast::<[u8; N]>();
                }
            }
        };
    }
    // Of a line that is read for one item the others are wanted much later, if at all.
    let ask_src = |offset: i64| prefetch_once(src.wrapping_offset(offset as isize));
    let ask_dst = |offset: i64| prefetch(dst.wrapping_offset(offset as isize), 1);
    match (from, to) {
        (Offsets::Narrow(from, a), Offsets::Narrow(to, b)) => {
            let (from, to) = (|k: usize| i64::from(from[k]) * a, |k: usize| i64::from(to[k]) * b);
            each!(from, to, |k| (ask_src(from(k)), ask_dst(to(k))));
        }
        (Offsets::Narrow(from, a), Offsets::Dense(b)) => {
            let from = |k: usize| i64::from(from[k]) * a;
            each!(from, |k| k as i64 * b, |k| ask_src(from(k)));
        }
        (Offsets::Dense(a), Offsets::Narrow(to, b)) => {
            let to = |k: usize| i64::from(to[k]) * b;
            each!(|k| k as i64 * a, to, |k| ask_dst(to(k)));
        }
        (from, to) => each!(|k| from.at(k), |k| to.at(k), |k| (ask_src(from.at(k)), ask_dst(to.at(k)))),
    }
}

/// # Safety
/// As [`list`], for items of `item` bytes.
unsafe fn list_any(from: Offsets<'_>, to: Offsets<'_>, len: usize, item: usize, src: *const u8, dst: *mut u8) {
    for k in 0..len {
        // SAFETY: element k is one of the loop, so its positions on both sides are items of the
        // memory, which may be read and written.
        unsafe { ptr::copy_nonoverlapping(src.offset(from.at(k) as isize), dst.offset(to.at(k) as isize), item) };
    }
}
