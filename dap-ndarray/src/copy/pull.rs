//! Reading everything that a process is to receive straight from its owners' memory, in the order of the target.
//!
//! Where sources alternate along the target's fastest axis, as from a cyclic distribution, copying one source after the other
//! would touch every line of the target once for each. So the sources are *woven*: what all of them have for a line of the target is
//! written from its beginning to its end, however often the source changes.

use std::ops::Range;
use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Axis as Meeting, Common, Plan, Transfer};
use smallvec::SmallVec;

use super::Order;

use super::program::{Program, Side};
use super::run::{self, SCRATCH, Scratch, items};
use super::stream::{Sink, prefetch};
use super::zip;

/// A process's buffer, to be read: where its first item lies, and its strides in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The address of the item at index 0.
    pub data: *const u8,
    /// The strides, in bytes.
    pub strides: &'s [i64],
}

/// Where the elements that come from a process are to be read.
#[derive(Debug, Clone, Copy)]
pub enum Supply<'s> {
    /// In its buffer.
    Buffer(Source<'s>),
    /// In a message, as [`pack`](super::pack) makes it, in this order.
    Message(*const u8, Order),
}

/// A prepared pull, of everything that a plan says its process receives and keeps.
#[derive(Debug)]
pub struct Pull {
    plan: Arc<Plan>,
    /// The target's strides, in bytes.
    strides: Vec<i64>,
    item: usize,
    /// Nothing where indices are listed, or too many sources meet: then each is copied from by itself.
    weaving: Option<Weaving>,
}

/// All sources, woven.
#[derive(Debug)]
struct Weaving {
    /// Slowest in the target first.
    axes: Vec<Arc<Woven>>,
    /// Which rank a product of peers is, in the order of `axes`.
    ranks: Vec<Rank>,
}

/// One dimension.
#[derive(Debug)]
struct Woven {
    dim: usize,
    peers: usize,
    /// The target's stride.
    step: i64,
    weaves: Vec<Weave>,
}

/// Strands that repeat together.
#[derive(Debug, Clone)]
struct Weave {
    count: i64,
    /// From turn to turn, in elements of the target.
    stride: i64,
    /// Ascending in the target within a turn.
    strands: Vec<Strand>,
}

/// A run of one source, in elements.
#[derive(Debug, Clone, Copy)]
struct Strand {
    peer: usize,
    buffer: Along,
    message: Along,
    dst: i64,
    len: i64,
}

/// Where a strand lies in a source.
#[derive(Debug, Clone, Copy)]
struct Along {
    first: i64,
    /// From turn to turn.
    stride: i64,
}

impl Along {
    fn at(self, turn: i64) -> i64 {
        self.first + turn * self.stride
    }

    /// As it is so many turns later.
    fn after(self, turns: i64) -> Along {
        Along { first: self.at(turns), ..self }
    }
}

impl Strand {
    fn source(&self, is_message: bool) -> Along {
        if is_message { self.message } else { self.buffer }
    }
}

/// A source of this pull: its strides are those of the buffer, or of the message.
#[derive(Debug)]
struct Found {
    rank: Rank,
    data: *const u8,
    steps: SmallVec<[i64; 4]>,
    is_message: bool,
}

impl Pull {
    /// For items of `item` bytes, and a target with these strides in bytes.
    pub fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Pull {
        let weaving = plan.party().target.and_then(|_| Weaving::new(&plan, strides, |_| None));
        Pull { plan, strides: strides.to_vec(), item, weaving }
    }

    /// The plan that it was made for.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The pull of some places of the target only, see [`Plan::within`].
    pub fn within(&self, places: &[Option<Range<i64>>]) -> Pull {
        let plan = self.plan.within(places);
        let weaving = self.weaving.as_ref().and_then(|whole| {
            let same = |dim: usize| whole.axes.iter().find(|axis| axis.dim == dim && places[dim].is_none());
            Weaving::new(&plan, &self.strides, same)
        });
        Pull { plan: Arc::new(plan), strides: self.strides.clone(), item: self.item, weaving }
    }

    /// Copies from the sources that there are: `supply` says where each one's elements are, or nothing if they cannot be read from here.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says, every message all elements of its transfer, and they may be read
    /// meanwhile; `target` is the address of the first item of a buffer with the extents of the target and the strides that the pull was
    /// made for, and may be written; none overlaps it.
    pub unsafe fn run<'s>(&self, supply: impl Fn(&Transfer<'_>) -> Option<Supply<'s>>, target: *mut u8) {
        let elements: i64 = self.plan.incoming().iter().map(Meeting::elements).product();
        let mut sink = Sink::new(super::streams(elements.saturating_mul(self.item as i64)));
        let found = |transfer: Transfer<'_>| {
            let rank = transfer.peer();
            Some(match supply(&transfer)? {
                Supply::Buffer(Source { data, strides }) => {
                    Found { rank, data, steps: strides.into(), is_message: false }
                }
                Supply::Message(data, order) => {
                    let steps = super::steps(&transfer, self.item, order).into();
                    Found { rank, data, steps, is_message: true }
                }
            })
        };
        // Ascending by rank.
        let sources: Vec<Found> = self.plan.supplies().filter_map(found).collect();
        let source = |rank: Rank| Some(&sources[sources.binary_search_by_key(&rank, |found| found.rank).ok()?]);
        if let Some(weaving) = &self.weaving {
            let sources: Vec<Option<&Found>> = weaving.ranks.iter().map(|&rank| source(rank)).collect();
            if let Some(mut weaver) = Weaver::new(weaving, &sources, self.item, &mut sink) {
                // SAFETY: the caller's promise.
                return unsafe { weaver.walk(weaver.outer, 0, target) };
            }
        }
        for transfer in self.plan.supplies() {
            let Some(source) = source(transfer.peer()) else { continue };
            let sides = |dim: usize| {
                let step = source.steps[dim];
                let from = if source.is_message { Side::Message(step) } else { Side::Buffer(step) };
                (from, Side::Buffer(self.strides[dim]))
            };
            let program = Program::new(&transfer, self.item, sides);
            // SAFETY: the caller's promise; the plan's indices lie within its layouts' extents.
            unsafe { run::run(&program, source.data, target, &mut sink) };
        }
    }
}

impl Weaving {
    /// So many sources at most are woven.
    const MOST_SOURCES: usize = 1 << 16;
    /// So many runs of a line are written out, to be put in order; more stay in groups.
    const MOST_RUNS: i64 = if cfg!(test) { 8 } else { 1024 };

    /// `known` gives the axes that are there already.
    fn new<'w>(plan: &Plan, strides: &[i64], known: impl Fn(usize) -> Option<&'w Arc<Woven>>) -> Option<Weaving> {
        let mut order: Vec<usize> = (0..strides.len()).collect();
        order.sort_by_key(|&dim| std::cmp::Reverse(strides[dim].unsigned_abs()));
        let axis = |&dim: &usize| match known(dim) {
            Some(axis) => Some(Arc::clone(axis)),
            None => Some(Arc::new(Woven::new(dim, &plan.incoming()[dim], strides[dim])?)),
        };
        let axes: Vec<Arc<Woven>> = order.iter().map(axis).collect::<Option<_>>()?;
        let products = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.peers))?;
        if products > Self::MOST_SOURCES || axes.is_empty() {
            return None;
        }
        let mut ranks = vec![Rank(0)];
        for axis in &axes {
            let stride = plan.from().grid().stride(axis.dim);
            let peers = plan.incoming()[axis.dim].peers();
            ranks =
                ranks.iter().flat_map(|rank| peers.iter().map(move |(at, _)| Rank(rank.0 + at.0 * stride))).collect();
        }
        Some(Weaving { axes, ranks })
    }
}

impl Woven {
    fn new(dim: usize, meeting: &Meeting, step: i64) -> Option<Woven> {
        let mut groups = Vec::new();
        for (peer, (_, common)) in meeting.peers().iter().enumerate() {
            let Common::Groups(overlaps) = common else { return None };
            let mut before = 0;
            for group in overlaps {
                let buffer = Along { first: group.a_local_start.0, stride: group.a_local_stride };
                let message = Along { first: before, stride: group.len };
                let strand = Strand { peer, buffer, message, dst: group.b_local_start.0, len: group.len };
                groups.push(Turns { count: group.count, stride: group.b_local_stride, strand });
                before += group.elements();
            }
        }
        let runs: i64 = groups.iter().map(|group| group.count).sum();
        let weaves = if runs <= Weaving::MOST_RUNS {
            let mut strands: Vec<Strand> =
                groups.iter().flat_map(|group| (0..group.count).map(|turn| group.strand_after(turn))).collect();
            strands.sort_unstable_by_key(|strand| strand.dst);
            vec![Weave { count: 1, stride: 0, strands }]
        } else {
            weave(groups)
        };
        Some(Woven { dim, peers: meeting.peers().len(), step, weaves })
    }
}

/// A strand that is repeated.
struct Turns {
    count: i64,
    /// From turn to turn, in elements of the target.
    stride: i64,
    strand: Strand,
}

impl Turns {
    fn strand_after(&self, turns: i64) -> Strand {
        let Strand { peer, buffer, message, dst, len } = self.strand;
        let dst = dst + turns * self.stride;
        Strand { peer, buffer: buffer.after(turns), message: message.after(turns), dst, len }
    }
}

/// Puts groups together that repeat at the same distance: as many turns as all of them have, then what is left of some.
fn weave(groups: Vec<Turns>) -> Vec<Weave> {
    let mut weaves = Vec::new();
    let mut left = groups;
    left.sort_by_key(|group| (group.stride, group.strand.dst));
    while let Some(&Turns { stride, .. }) = left.first() {
        let (together, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|group| group.stride == stride);
        let count = together.iter().map(|group| group.count).min().unwrap_or(1);
        weaves.push(Weave { count, stride, strands: together.iter().map(|group| group.strand).collect() });
        left = others;
        left.extend(together.into_iter().filter(|group| group.count > count).map(|group| {
            let strand = group.strand_after(count);
            Turns { count: group.count - count, strand, ..group }
        }));
    }
    weaves
}

/// A pull that is under way.
struct Weaver<'p> {
    outer: &'p [Arc<Woven>],
    line: &'p Woven,
    sources: &'p [Option<&'p Found>],
    item: usize,
    /// The index along each slower axis: in buffers, in messages.
    indices: Vec<[i64; 2]>,
    /// For each peer along the line.
    bases: Vec<Base>,
    sink: &'p mut Sink,
}

/// Where a line of a source begins.
#[derive(Debug, Clone, Copy)]
struct Base {
    /// Null where there is no source.
    data: *const u8,
    /// How far the next line is.
    next: i64,
    is_message: bool,
}

impl Base {
    const NONE: Base = Base { data: std::ptr::null(), next: 0, is_message: false };
}

impl<'p> Weaver<'p> {
    /// `None` unless the fastest axis of the target is contiguous in every source as well as there.
    fn new(
        weaving: &'p Weaving,
        sources: &'p [Option<&'p Found>],
        item: usize,
        sink: &'p mut Sink,
    ) -> Option<Weaver<'p>> {
        let (line, outer) = weaving.axes.split_last()?;
        let contiguous = |step: i64| step == item as i64;
        let along = sources.iter().flatten().all(|source| contiguous(source.steps[line.dim]));
        let (indices, bases) = (vec![[0; 2]; outer.len()], vec![Base::NONE; line.peers]);
        (along && contiguous(line.step)).then_some(Weaver { outer, line, sources, item, indices, bases, sink })
    }

    /// Visits the slower axes; `at` is the product of their peers so far.
    ///
    /// # Safety
    /// As [`Pull::run`].
    unsafe fn walk(&mut self, axes: &'p [Arc<Woven>], at: usize, target: *mut u8) {
        let Some((first, rest)) = axes.split_first() else {
            // SAFETY: the caller's promise.
            return unsafe { self.line(at, target) };
        };
        let depth = self.indices.len() - axes.len();
        for weave in &first.weaves {
            for turn in 0..weave.count {
                for strand in &weave.strands {
                    let at = at * first.peers + strand.peer;
                    for k in 0..strand.len {
                        self.indices[depth] = [strand.buffer.at(turn) + k, strand.message.at(turn) + k];
                        let offset = (strand.dst + turn * weave.stride + k) * first.step;
                        // SAFETY: the caller's promise.
                        unsafe { self.walk(rest, at, target.offset(offset as isize)) };
                    }
                }
            }
        }
    }

    /// # Safety
    /// As [`Pull::run`].
    unsafe fn line(&mut self, at: usize, target: *mut u8) {
        let peers = self.line.peers;
        let slower = self.outer;
        for (peer, base) in self.bases.iter_mut().enumerate() {
            *base = Base::NONE;
            let Some(source) = self.sources[at * peers + peer] else { continue };
            let is_message = source.is_message;
            let index = |indices: &[i64; 2]| indices[usize::from(is_message)];
            let offset: i64 =
                slower.iter().zip(&self.indices).map(|(axis, at)| index(at) * source.steps[axis.dim]).sum();
            let next = slower.last().map_or(0, |axis| source.steps[axis.dim]);
            // SAFETY: the line is one of the buffer's.
            *base = Base { data: unsafe { source.data.offset(offset as isize) }, next, is_message };
        }
        let line = self.line;
        for weave in &line.weaves {
            // SAFETY: the caller's promise.
            unsafe {
                if weave.count > 1 && weave.strands.iter().all(|strand| strand.len * (self.item as i64) < 64) {
                    self.braid(weave, target);
                } else {
                    self.strands(weave, target);
                }
            }
        }
    }

    /// Runs of some length, one after the other.
    ///
    /// # Safety
    /// As [`Pull::run`]; the line is contiguous on both sides.
    unsafe fn strands(&mut self, weave: &Weave, target: *mut u8) {
        let item = self.item as i64;
        let elements: i64 = weave.strands.iter().map(|strand| strand.len).sum();
        let mean = (elements * item / weave.strands.len().max(1) as i64).max(1);
        // Some runs ahead, and beyond the end at the beginning of the next line: such short runs are over before the processor has
        // guessed where the next one is.
        let mut ahead = Cursor { turn: 0, strand: 0, lines: 0 };
        (0..(AHEAD / mean).clamp(1, 16)).for_each(|_| ahead.advance(weave));
        for turn in 0..weave.count {
            for strand in &weave.strands {
                let later = &weave.strands[ahead.strand];
                let Base { data, next, is_message } = self.bases[later.peer];
                if !data.is_null() {
                    let offset = later.source(is_message).at(ahead.turn) * item + ahead.lines * next;
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
                // SAFETY: the caller's promise.
                unsafe {
                    let src = data.offset((strand.source(is_message).at(turn) * item) as isize);
                    let dst = target.offset(((strand.dst + turn * weave.stride) * item) as isize);
                    self.sink.push(dst, src, bytes);
                }
            }
        }
    }

    /// Runs shorter than a cache line: some turns at a time are put together in the cache first.
    ///
    /// # Safety
    /// As [`Weaver::strands`].
    unsafe fn braid(&mut self, weave: &Weave, target: *mut u8) {
        let item = self.item;
        // Groups of an unstructured dimension may run backwards in the target.
        let turn_bytes = usize::try_from(weave.stride).unwrap_or(usize::MAX).saturating_mul(item);
        let begin = weave.strands.iter().map(|strand| strand.dst).min().unwrap_or(0);
        let end = weave.strands.iter().map(|strand| strand.dst + strand.len).max().unwrap_or(0);
        let covered: i64 = weave.strands.iter().map(|strand| strand.len).sum();
        let whole = end - begin == weave.stride && covered == weave.stride;
        let present = weave.strands.iter().all(|strand| !self.bases[strand.peer].data.is_null());
        if !whole || !present || turn_bytes > SCRATCH / 4 {
            // SAFETY: the caller's promise.
            return unsafe { self.strands(weave, target) };
        }
        let mut scratch = Scratch([0; SCRATCH]);
        let most = (BLOCK / turn_bytes).max(1) as i64;
        // The first turns end where a line of the cache does, so that all blocks behind are whole lines.
        let behind = (64 - target.addr().wrapping_add_signed(begin as isize * item as isize) % 64) % 64;
        let mut turns =
            if behind > 0 && behind.is_multiple_of(turn_bytes) { (behind / turn_bytes) as i64 } else { most };
        let mut first = 0;
        while first < weave.count {
            turns = turns.min(weave.count - first);
            // SAFETY: the caller's promise; the scratch holds as many turns.
            unsafe {
                if !self.zip(weave, first, turns as usize, scratch.0.as_mut_ptr()) {
                    self.gather(weave, begin, first, turns as usize, scratch.0.as_mut_ptr());
                }
                let dst = target.offset(((begin + first * weave.stride) * item as i64) as isize);
                self.sink.push(dst, scratch.0.as_ptr(), turns as usize * turn_bytes);
            }
            first += turns;
            turns = most;
        }
    }

    /// Puts turns together where each is one item of each source in order, and they are neighbours there. Otherwise nothing
    /// is done.
    ///
    /// # Safety
    /// As [`Weaver::strands`], for turns that the weave has; there is room for them.
    unsafe fn zip(&self, weave: &Weave, first: i64, turns: usize, room: *mut u8) -> bool {
        let mut from = [std::ptr::null::<u8>(); 4];
        let count = weave.strands.len();
        if count != 2 && count != 4 {
            return false;
        }
        for (from, strand) in from.iter_mut().zip(&weave.strands) {
            let Base { data, is_message, .. } = self.bases[strand.peer];
            let along = strand.source(is_message);
            if strand.len != 1 || along.stride != 1 {
                return false;
            }
            // SAFETY: the caller's promise.
            *from = unsafe { data.offset((along.at(first) * self.item as i64) as isize) };
        }
        let [a, b, c, d] = from;
        // SAFETY: the caller's promise.
        unsafe {
            each_size!(self.item, N => match count {
                2 => zip::two::<N>([a, b], turns, room),
                _ => zip::four::<N>([a, b, c, d], turns, room),
            }, return false);
        }
        true
    }

    /// Puts turns together, one source after the other.
    ///
    /// # Safety
    /// As [`Weaver::zip`].
    unsafe fn gather(&self, weave: &Weave, begin: i64, first: i64, turns: usize, room: *mut u8) {
        let item = self.item;
        let turn_bytes = weave.stride as usize * item;
        for strand in &weave.strands {
            let Base { data, is_message, .. } = self.bases[strand.peer];
            let along = strand.source(is_message);
            for k in 0..strand.len {
                // SAFETY: the caller's promise.
                unsafe {
                    let src = data.offset(((along.at(first) + k) * item as i64) as isize);
                    let dst = room.add((strand.dst - begin + k) as usize * item);
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
const AHEAD: i64 = 2048;

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
