//! Carries a program out.
//!
//! # What is relied on
//!
//! A [`Program`] is made of a [`CheckedCopy`](super::checked::CheckedCopy) only: the places along
//! each of its axes lie within the extents of the memory that was compared, and bytes of them fit
//! `isize`. Everything here computes addresses from the program's numbers and nothing else: an
//! item's offset is the sum of one place's along each axis, and the program's own.

use std::ptr;

use smallvec::SmallVec;

use super::program::{Axis, Leg, Offsets, Program};
use super::rows::Rows;
use super::stream::{Sink, prefetch, prefetch_once};
use super::tile;

/// A piece of the first-level cache: gathered here, then pushed as a whole.
pub(super) const SCRATCH: usize = 4096;

#[repr(C, align(64))]
pub(super) struct Scratch(pub(super) [u8; SCRATCH]);

/// Copies every element of the program.
///
/// # Safety
/// - `src` is the address of the item at index 0 of the memory that the program's source side was
///   compared with, or of the message's first byte; `dst` is the same for the target side.
/// - Until the sink is dropped, the items of the source side are initialised and not written by
///   others; those of the target side may be written, and are neither read nor written by others.
/// - No item of one side overlaps one of the other.
pub(super) unsafe fn run(program: &Program<'_>, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    if program.item == 0 {
        return;
    }
    // SAFETY: `src` and `dst` are the items that the program's offsets count from, by this
    // function's contract. The offset of each item on the way leads to a place along each axis
    // visited, and to index 0 along those still to come, which is an item of the memory, too, as
    // there is something to copy. Axes that are left out of the program have one place, which is in
    // its own offset.
    unsafe {
        let (src, dst) = (src.offset(program.src as isize), dst.offset(program.dst as isize));
        if let Some((outer, slow, fast)) = tile::axes(program) {
            walk(&outer, src, dst, &mut |src, dst| tile::transpose(slow, fast, program.item, src, dst, sink));
            return;
        }
        let Some((last, outer)) = program.axes.split_last() else { return sink.push(dst, src, program.item) };
        let outer: Vec<&Axis<'_>> = outer.iter().collect();
        walk(&outer, src, dst, &mut |src, dst| line(last, program.item, src, dst, sink));
    }
}

/// Visits the product of some axes.
///
/// # Safety
/// `axes` are some of a program's. `src` and `dst` are items of its memory, with index 0 along
/// these axes. `visit` is called with items of the memory that have places of the program along
/// them, too.
unsafe fn walk(axes: &[&Axis<'_>], src: *const u8, dst: *mut u8, visit: &mut impl FnMut(*const u8, *mut u8)) {
    let Some((first, rest)) = axes.split_first() else { return visit(src, dst) };
    let mut step = |src_offset: i64, dst_offset: i64| {
        // SAFETY: the offsets are those of one place along the first of these axes, so both lead to
        // items of the memory with index 0 along the rest.
        unsafe { walk(rest, src.offset(src_offset as isize), dst.offset(dst_offset as isize), visit) };
    };
    match first {
        Axis::Legs(legs) => legs.iter().for_each(|leg| each(leg, &mut step)),
        Axis::Rows(rows) => rows.for_each(|leg| each(leg, &mut step)),
        Axis::List { src, dst, len } => (0..*len).for_each(|k| step(src.at(k), dst.at(k))),
    }
}

/// Visits the elements of a leg.
fn each(leg: &Leg, step: &mut impl FnMut(i64, i64)) {
    for turn in 0..leg.count {
        let (src, dst) = (leg.src + turn * leg.src_stride, leg.dst + turn * leg.dst_stride);
        (0..leg.len).for_each(|k| step(src + k * leg.src_step, dst + k * leg.dst_step));
    }
}

/// Copies along the fastest axis.
///
/// # Safety
/// `src` and `dst` are items of a program's memory, with index 0 along `axis`, and places of the
/// program along all others. For the memory the contract of [`run`] holds.
unsafe fn line(axis: &Axis<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: each leg is a part of the axis, and each form of the axis has all of it, so this
    // function's contract is that of the functions called; `item` is the size for which `N` stands.
    unsafe {
        match axis {
            Axis::Legs(legs) => legs.iter().for_each(|leg| along(leg, item, src, dst, sink)),
            Axis::Rows(rows) => in_blocks(rows, item, src, dst, sink),
            Axis::List { src: from, dst: to, len } => {
                each_size!(item, N => list::<N>(*from, *to, *len, src, dst), list_any(*from, *to, *len, item, src, dst))
            }
        }
    }
}

/// So many rows at a time are copied in blocks of so many items.
const ROWS: usize = 64;
const BLOCK: i64 = 64;

/// Copies rows. Where their items are apart, the neighbours of an item belong to other rows, so
/// several rows go together: a line of the cache that one of them has brought is still there for
/// the next.
///
/// # Safety
/// As [`line`], for the axis that is `rows`.
unsafe fn in_blocks(rows: &Rows<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let mut together: SmallVec<[Leg; ROWS]> = SmallVec::new();
    // SAFETY: each row is a leg of the axis, with places that were compared with the memory on both
    // sides, as `along` and `blocks` need.
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
/// As [`line`]; each row is a leg of the axis.
unsafe fn blocks(rows: &[Leg], item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let longest = rows.iter().map(|row| row.len).max().unwrap_or(0);
    for first in (0..longest).step_by(BLOCK as usize) {
        for row in rows.iter().filter(|row| first < row.len) {
            let (from, to) = (row.src + first * row.src_step, row.dst + first * row.dst_step);
            let block = Leg::run(from, to, BLOCK.min(row.len - first), row.src_step, row.dst_step);
            // SAFETY: the block is a part of the row: it begins before the row's end and has at
            // most what is left of it.
            unsafe { along(&block, item, src, dst, sink) };
        }
    }
}

/// Copies the runs of a leg.
///
/// # Safety
/// As [`line`]; `leg` is a leg of the axis.
unsafe fn along(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: the offsets of a leg, and those of each of its runs, are those of places along the
    // axis, so they lead to items of the memory.
    unsafe {
        let (src, dst) = (src.offset(leg.src as isize), dst.offset(leg.dst as isize));
        if leg.src_step == item as i64 && leg.dst_step == item as i64 {
            return runs(leg, item, src, dst, sink);
        }
        for turn in 0..leg.count {
            let src = src.offset((turn * leg.src_stride) as isize);
            let dst = dst.offset((turn * leg.dst_stride) as isize);
            strided(leg, item, src, dst, sink);
        }
    }
}

/// Runs that are contiguous on both sides.
///
/// # Safety
/// `src` and `dst` are the first items of the leg's first run; for the memory the contract of
/// [`run`] holds.
unsafe fn runs(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let bytes = leg.len as usize * item;
    for turn in 0..leg.count {
        // SAFETY: run `turn` is one of the leg's, so its items lie in the memory on both sides, one
        // behind the other: `bytes` of them may be read and written until the sink is dropped. What
        // is only prefetched may lie anywhere.
        unsafe {
            let src = src.offset((turn * leg.src_stride) as isize);
            if turn + 2 < leg.count && bytes >= 128 {
                prefetch(src.wrapping_offset((2 * leg.src_stride) as isize), bytes.min(1024));
            }
            sink.push(dst.offset((turn * leg.dst_stride) as isize), src, bytes);
        }
    }
}

/// One run that is strided on one side or both.
///
/// # Safety
/// `src` and `dst` are the first items of a run of the leg; for the memory the contract of [`run`]
/// holds.
unsafe fn strided(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let (len, src_step, dst_step) = (leg.len as usize, leg.src_step as isize, leg.dst_step as isize);
    // SAFETY: items 0 to `len` - 1 of the run lie in the memory on both sides, `src_step` and
    // `dst_step` apart. `now` is at most what is left of the run behind `first`, and at most
    // `most`, for which the scratch has room; what is pushed of it was gathered just before, and
    // the target's items lie one behind the other, as `dst_step` is the item's size.
    unsafe {
        if leg.dst_step != item as i64 || !sink.is_streaming() || item > SCRATCH {
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
/// As [`line`], for the axis of `len` elements that the lists are the places of, and for items of
/// `N` bytes.
unsafe fn list<const N: usize>(from: Offsets<'_>, to: Offsets<'_>, len: usize, src: *const u8, dst: *mut u8) {
    // How far ahead a scattered side is asked for.
    const AHEAD: usize = 32;
    // The form of either list is looked at once; what lies one behind the other need not be asked
    // for.
    macro_rules! each {
        ($from:expr, $to:expr, $ask:expr) => {
            for k in 0..len {
                $ask((k + AHEAD).min(len - 1));
                // SAFETY: element k is one of the axis, so its places on both sides are items of
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
        // SAFETY: element k is one of the axis, so its places on both sides are items of the
        // memory, which may be read and written.
        unsafe { ptr::copy_nonoverlapping(src.offset(from.at(k) as isize), dst.offset(to.at(k) as isize), item) };
    }
}
