//! Walking over one's own buffer line by line, each from its beginning to its end, whoever the
//! other side is.
//!
//! Runs of some length are copied one after the other ([`Weaver::strands`]). What comes in runs
//! shorter than a cache line is put together in the first-level cache, some turns at a time
//! ([`Weaver::braid`]).
//!
//! # What is relied on
//!
//! [`Loom::run`](super::Loom::run) makes a weaver of others whose transfers it has compared with
//! the extents of both buffers, or with the room of the message. The weaving has the same overlaps
//! as these transfers: each strand of it, in each of its turns, is a run of such places along one
//! factor. So the sum of one place along each factor, in bytes, is the offset of an item of that
//! memory.

use std::sync::Arc;

use super::super::run::{SCRATCH, Scratch, items};
use super::super::stream::{Sink, prefetch};
use super::super::zip;
use super::weave::{Strand, Weave, Weaving, Woven};
use super::{Other, Way};

/// A copy that is under way.
pub(super) struct Weaver<'p, 'o> {
    pub(super) outer: &'p [Arc<Woven>],
    line: &'p Woven,
    others: &'p [Option<&'p Other<'o>>],
    item: usize,
    way: Way,
    /// The index along each slower axis: in buffers, in messages.
    indices: Vec<[i64; 2]>,
    /// For each peer along the line.
    bases: Vec<Base>,
    /// What is written to buffers, and to messages.
    sinks: &'p mut [Sink; 2],
}

/// Where a line of another's begins.
#[derive(Debug, Clone, Copy)]
struct Base {
    /// Null where there is no such other.
    data: *mut u8,
    /// How far the next line is.
    next: i64,
    is_message: bool,
}

impl Base {
    const NONE: Base = Base { data: std::ptr::null_mut(), next: 0, is_message: false };
}

impl<'p, 'o> Weaver<'p, 'o> {
    /// `None` unless the fastest axis of one's own buffer is contiguous for all others as well as
    /// there.
    pub(super) fn new(
        weaving: &'p Weaving,
        others: &'p [Option<&'p Other<'o>>],
        item: usize,
        way: Way,
        sinks: &'p mut [Sink; 2],
    ) -> Option<Weaver<'p, 'o>> {
        let (line, outer) = weaving.axes.split_last()?;
        let contiguous = |step: i64| step == item as i64;
        let along = others.iter().flatten().all(|other| other.is_even && contiguous(other.steps[line.factor]));
        let (indices, bases) = (vec![[0; 2]; outer.len()], vec![Base::NONE; line.peers]);
        (along && contiguous(line.step)).then_some(Weaver { outer, line, others, item, way, indices, bases, sinks })
    }

    /// Visits the slower axes; `at` is the product of their peers so far.
    ///
    /// # Safety
    /// `own` is the item of one's own buffer with index 0 along the factors of `axes`, and with
    /// places of the weaving along the slower ones, for which `at` and the indices stand. For the
    /// memory the contract of [`Loom::run`](super::Loom::run) holds.
    pub(super) unsafe fn walk(&mut self, axes: &'p [Arc<Woven>], at: usize, own: *mut u8) {
        let Some((first, rest)) = axes.split_first() else {
            // SAFETY: `own` has index 0 along the fastest factor, the only one that is left, by
            // this function's contract.
            return unsafe { self.line(at, own) };
        };
        let depth = self.indices.len() - axes.len();
        for weave in &first.weaves {
            for turn in 0..weave.count {
                for strand in &weave.strands {
                    let at = at * first.peers + strand.peer;
                    for k in 0..strand.len {
                        self.indices[depth] = [strand.buffer.at(turn) + k, strand.message.at(turn) + k];
                        let offset = (strand.own + turn * weave.stride + k) * first.step;
                        // SAFETY: the offset leads to a place of the weaving along this factor, and
                        // the item has index 0 along the rest still.
                        unsafe { self.walk(rest, at, own.offset(offset as isize)) };
                    }
                }
            }
        }
    }

    /// # Safety
    /// As [`Weaver::walk`], with all slower axes visited: `own` is the first item of a line.
    unsafe fn line(&mut self, at: usize, own: *mut u8) {
        let peers = self.line.peers;
        let slower = self.outer;
        for (peer, base) in self.bases.iter_mut().enumerate() {
            *base = Base::NONE;
            let Some(other) = self.others[at * peers + peer] else { continue };
            let is_message = other.is_message();
            let index = |indices: &[i64; 2]| indices[usize::from(is_message)];
            let offset: i64 =
                slower.iter().zip(&self.indices).map(|(axis, at)| index(at) * other.steps[axis.factor]).sum();
            let next = slower.last().map_or(0, |axis| other.steps[axis.factor]);
            // SAFETY: the indices are places of the other along the slower factors, in its buffer
            // or its message, so this is the item with index 0 of one of its lines.
            *base = Base { data: unsafe { other.data.offset(offset as isize) }, next, is_message };
        }
        let line = self.line;
        for weave in &line.weaves {
            // SAFETY: `own` is the first item of a line, and so is each base that is not null; both
            // are contiguous along the line, or there would be no weaver (`Weaver::new`).
            unsafe {
                let is_short = |strand: &Strand| strand.len * (self.item as i64) < 64;
                if self.way == Way::Out {
                    self.scatter(weave, own);
                } else if weave.count > 1 && weave.strands.iter().all(is_short) {
                    self.braid(weave, own);
                } else {
                    self.strands(weave, own);
                }
            }
        }
    }

    /// Runs that leave one's own buffer, one after the other: it is read without a gap, so nothing
    /// need be asked for.
    ///
    /// # Safety
    /// `own` is the first item of a line, and so are the bases that are not null. The weave is one
    /// of that line's. For the memory the contract of [`Loom::run`](super::Loom::run) holds.
    unsafe fn scatter(&mut self, weave: &Weave, own: *const u8) {
        let item = self.item as i64;
        for turn in 0..weave.count {
            for strand in &weave.strands {
                let Base { data, is_message, .. } = self.bases[strand.peer];
                if data.is_null() {
                    continue;
                }
                // SAFETY: the strand of this turn is a run of places along the line in both,
                // contiguous there. The source is one's own buffer, which may be read, and the
                // other may be written, by the contract of `Loom::run` for items that go out.
                unsafe {
                    let src = own.offset(((strand.own + turn * weave.stride) * item) as isize);
                    let dst = data.offset((strand.other(is_message).at(turn) * item) as isize);
                    self.sinks[usize::from(is_message)].push(dst, src, (strand.len * item) as usize);
                }
            }
        }
    }

    /// Runs of some length that come in, one after the other.
    ///
    /// # Safety
    /// As [`Weaver::scatter`].
    unsafe fn strands(&mut self, weave: &Weave, own: *mut u8) {
        let item = self.item as i64;
        let elements: i64 = weave.strands.iter().map(|strand| strand.len).sum();
        let mean = (elements * item / weave.strands.len().max(1) as i64).max(1);
        // Some runs ahead, and beyond the end at the beginning of the next line: such short runs
        // are over before the processor has guessed where the next one is.
        let mut ahead = Cursor { turn: 0, strand: 0, lines: 0 };
        (0..(AHEAD / mean).clamp(1, 16)).for_each(|_| ahead.advance(weave));
        for turn in 0..weave.count {
            for strand in &weave.strands {
                let later = &weave.strands[ahead.strand];
                let Base { data, next, is_message } = self.bases[later.peer];
                if !data.is_null() {
                    let offset = later.other(is_message).at(ahead.turn) * item + ahead.lines * next;
                    prefetch(
                        data.wrapping_offset(offset as isize),
                        ((later.len * item) as usize).min(AHEAD as usize / 2),
                    );
                }
                ahead.advance(weave);
                let Base { data, is_message, .. } = self.bases[strand.peer];
                if data.is_null() {
                    continue;
                }
                let bytes = (strand.len * item) as usize;
                // SAFETY: the strand of this turn is a run of places along the line in both,
                // contiguous there. The other may be read, and one's own buffer may be written, by
                // the contract of `Loom::run` for items that come in.
                unsafe {
                    let src = data.offset((strand.other(is_message).at(turn) * item) as isize);
                    let dst = own.offset(((strand.own + turn * weave.stride) * item) as isize);
                    self.sinks[0].push(dst, src, bytes);
                }
            }
        }
    }

    /// Runs that come in and are shorter than a cache line: some turns at a time are put together
    /// in the cache first.
    ///
    /// # Safety
    /// As [`Weaver::scatter`].
    unsafe fn braid(&mut self, weave: &Weave, own: *mut u8) {
        let item = self.item;
        // Groups of an unstructured dimension may run backwards in one's own buffer.
        let turn_bytes = usize::try_from(weave.stride).unwrap_or(usize::MAX).saturating_mul(item);
        let begin = weave.strands.iter().map(|strand| strand.own).min().unwrap_or(0);
        let end = weave.strands.iter().map(|strand| strand.own + strand.len).max().unwrap_or(0);
        let covered: i64 = weave.strands.iter().map(|strand| strand.len).sum();
        let whole = end - begin == weave.stride && covered == weave.stride;
        let present = weave.strands.iter().all(|strand| !self.bases[strand.peer].data.is_null());
        if !whole || !present || turn_bytes > SCRATCH / 4 {
            // SAFETY: this function's contract is that of `strands`.
            return unsafe { self.strands(weave, own) };
        }
        let mut scratch = Scratch([0; SCRATCH]);
        let most = (BLOCK / turn_bytes).max(1) as i64;
        // The first turns end where a line of the cache does, so that all blocks behind are whole
        // lines.
        let behind = (64 - own.addr().wrapping_add_signed(begin as isize * item as isize) % 64) % 64;
        let mut turns =
            if behind > 0 && behind.is_multiple_of(turn_bytes) { (behind / turn_bytes) as i64 } else { most };
        let mut first = 0;
        while first < weave.count {
            turns = turns.min(weave.count - first);
            // SAFETY: turns `first..first + turns` are the weave's, and the scratch has room for
            // them: a turn is at most a quarter of it, and more than one only within `BLOCK` bytes
            // or one line. The strands of a turn cover `stride` places from `begin` on without a
            // gap (`whole`), so what is pushed was put together before, and belongs to one's own
            // line.
            unsafe {
                if !self.zip(weave, first, turns as usize, scratch.0.as_mut_ptr()) {
                    self.gather(weave, begin, first, turns as usize, scratch.0.as_mut_ptr());
                }
                let dst = own.offset(((begin + first * weave.stride) * item as i64) as isize);
                self.sinks[0].push(dst, scratch.0.as_ptr(), turns as usize * turn_bytes);
            }
            first += turns;
            turns = most;
        }
    }

    /// Puts turns together where each is one item of each other in order, and they are neighbours
    /// there. Otherwise nothing is done.
    ///
    /// # Safety
    /// As [`Weaver::scatter`], for turns that the weave has; there is room for them.
    unsafe fn zip(&self, weave: &Weave, first: i64, turns: usize, room: *mut u8) -> bool {
        let mut from = [std::ptr::null::<u8>(); 4];
        let count = weave.strands.len();
        if count != 2 && count != 4 {
            return false;
        }
        for (from, strand) in from.iter_mut().zip(&weave.strands) {
            let Base { data, is_message, .. } = self.bases[strand.peer];
            let along = strand.other(is_message);
            if strand.len != 1 || along.stride != 1 {
                return false;
            }
            // SAFETY: the base is not null (`present` in `braid`), and turn `first` of the strand
            // is a place of its line.
            *from = unsafe { data.offset((along.at(first) * self.item as i64) as isize) };
        }
        let [a, b, c, d] = from;
        // SAFETY: each strand is one item, at the next place in each turn, so that so many items
        // lie one behind the other there. The room is for as many items of each, by this function's
        // contract.
        unsafe {
            each_size!(self.item, N => match count {
                2 => zip::two::<N>([a, b], turns, room),
                _ => zip::four::<N>([a, b, c, d], turns, room),
            }, return false);
        }
        true
    }

    /// Puts turns together, one after the other.
    ///
    /// # Safety
    /// As [`Weaver::zip`].
    unsafe fn gather(&self, weave: &Weave, begin: i64, first: i64, turns: usize, room: *mut u8) {
        let item = self.item;
        let turn_bytes = weave.stride as usize * item;
        for strand in &weave.strands {
            let Base { data, is_message, .. } = self.bases[strand.peer];
            let along = strand.other(is_message);
            for k in 0..strand.len {
                // SAFETY: element k of the strand, in each of these turns, is a place of the
                // other's line, and its place within the turn lies in `0..stride`, so that it has
                // room there by this function's contract.
                unsafe {
                    let src = data.offset(((along.at(first) + k) * item as i64) as isize);
                    let dst = room.add((strand.own - begin + k) as usize * item);
                    let src_step = along.stride as isize * item as isize;
                    each_size!(item, N => items::<N>(turns, src_step, turn_bytes as isize, src, dst), {
                        for turn in 0..turns {
                            let src = src.offset(turn as isize * src_step);
                            std::ptr::copy_nonoverlapping(src, dst.add(turn * turn_bytes), item);
                        }
                    });
                }
            }
        }
    }
}

/// So many bytes at a time are put together in the first-level cache.
const BLOCK: usize = 2048;

/// So many bytes ahead of what is being copied memory is asked for.
const AHEAD: i64 = 4096;

/// A place in the runs of a line and the lines behind it.
struct Cursor {
    turn: i64,
    strand: usize,
    lines: i64,
}

impl Cursor {
    #[inline]
    fn advance(&mut self, weave: &Weave) {
        self.strand += 1;
        if self.strand == weave.strands.len() {
            (self.strand, self.turn) = (0, self.turn + 1);
            if self.turn == weave.count {
                (self.turn, self.lines) = (0, self.lines + 1);
            }
        }
    }
}
