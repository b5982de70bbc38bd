//! Carries a program out.
//!
//! # What is relied on
//!
//! [`run`]'s caller has compared every index of the program with the extents of the memory on either side. Everything here computes
//! addresses from the program's numbers and nothing else.

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
/// `src` and `dst` are where the program's places count from; every item that it reaches may be read there, and written here, and no
/// two of them overlap.
pub(super) unsafe fn run(program: &Program<'_>, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    if program.item == 0 {
        return;
    }
    // SAFETY: the caller's promise. Every place on the way is one of the buffer's too: the first along the axes that are still to come.
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
/// As [`run`]; `visit` is called with places of the program only.
unsafe fn walk(axes: &[&Axis<'_>], src: *const u8, dst: *mut u8, visit: &mut impl FnMut(*const u8, *mut u8)) {
    let Some((first, rest)) = axes.split_first() else { return visit(src, dst) };
    let mut step = |src_offset: i64, dst_offset: i64| {
        // SAFETY: the caller's promise.
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
/// As [`run`].
unsafe fn line(axis: &Axis<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: the caller's promise, for each leg and each element.
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

/// Copies rows. Where their items are apart, the neighbours of an item belong to other rows, so several rows go together: a line of
/// the cache that one of them has brought is still there for the next.
///
/// # Safety
/// As [`run`].
unsafe fn in_blocks(rows: &Rows<'_>, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let mut together: SmallVec<[Leg; ROWS]> = SmallVec::new();
    // SAFETY: the caller's promise.
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
/// As [`run`].
unsafe fn blocks(rows: &[Leg], item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let longest = rows.iter().map(|row| row.len).max().unwrap_or(0);
    for first in (0..longest).step_by(BLOCK as usize) {
        for row in rows.iter().filter(|row| first < row.len) {
            let (from, to) = (row.src + first * row.src_step, row.dst + first * row.dst_step);
            let block = Leg::run(from, to, BLOCK.min(row.len - first), row.src_step, row.dst_step);
            // SAFETY: the caller's promise.
            unsafe { along(&block, item, src, dst, sink) };
        }
    }
}

/// Copies the runs of a leg.
///
/// # Safety
/// As [`run`].
unsafe fn along(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    // SAFETY: the caller's promise.
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
/// As [`run`].
unsafe fn runs(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let bytes = leg.len as usize * item;
    for turn in 0..leg.count {
        // SAFETY: the caller's promise.
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
/// As [`run`].
unsafe fn strided(leg: &Leg, item: usize, src: *const u8, dst: *mut u8, sink: &mut Sink) {
    let (len, src_step, dst_step) = (leg.len as usize, leg.src_step as isize, leg.dst_step as isize);
    // SAFETY: the caller's promise; the scratch holds `most` items.
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
/// As [`run`], for items of `N` bytes.
#[inline]
pub(super) unsafe fn items<const N: usize>(len: usize, src_step: isize, dst_step: isize, src: *const u8, dst: *mut u8) {
    for k in 0..len as isize {
        // SAFETY: the caller's promise; arrays of bytes need no alignment.
        unsafe { *dst.offset(k * dst_step).cast::<[u8; N]>() = *src.offset(k * src_step).cast::<[u8; N]>() };
    }
}

/// # Safety
/// As [`run`].
unsafe fn items_any(len: usize, src_step: isize, dst_step: isize, item: usize, src: *const u8, dst: *mut u8) {
    for k in 0..len as isize {
        // SAFETY: the caller's promise.
        unsafe { ptr::copy_nonoverlapping(src.offset(k * src_step), dst.offset(k * dst_step), item) };
    }
}

/// # Safety
/// As [`run`], for items of `N` bytes.
unsafe fn list<const N: usize>(from: Offsets<'_>, to: Offsets<'_>, len: usize, src: *const u8, dst: *mut u8) {
    // How far ahead a scattered side is asked for.
    const AHEAD: usize = 32;
    // The form of either list is looked at once; what lies one behind the other need not be asked for.
    macro_rules! each {
        ($from:expr, $to:expr, $ask:expr) => {
            for k in 0..len {
                $ask((k + AHEAD).min(len - 1));
                // SAFETY: the caller's promise.
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
/// As [`run`].
unsafe fn list_any(from: Offsets<'_>, to: Offsets<'_>, len: usize, item: usize, src: *const u8, dst: *mut u8) {
    for k in 0..len {
        // SAFETY: the caller's promise.
        unsafe { ptr::copy_nonoverlapping(src.offset(from.at(k) as isize), dst.offset(to.at(k) as isize), item) };
    }
}
