//! Reading everything that a process is to receive straight from its owners' memory, in the order of the target.
//!
//! Where sources alternate along the target's fastest axis, as from a cyclic distribution, copying one source after the other
//! would touch every line of the target once for each. So the sources are *woven*: what all of them have for a line of the target is
//! written from its beginning to its end, however often the source changes.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Axis as Meeting, Common, Plan, Transfer};

use super::program::{Program, Side};
use super::run::{self, SCRATCH, Scratch, items};
use super::stream::{Sink, prefetch};

/// A process's buffer, to be read: where its first item lies, and its strides in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The address of the item at index 0.
    pub data: *const u8,
    /// The strides, in bytes.
    pub strides: &'s [i64],
}

/// A prepared pull, of everything that a plan says its process receives and keeps. See the [module](self).
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
    axes: Vec<Woven>,
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
    src: i64,
    /// From turn to turn.
    src_stride: i64,
    dst: i64,
    len: i64,
}

impl Pull {
    /// For items of `item` bytes, and a target with these strides in bytes.
    pub fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Pull {
        let weaving = plan.party().target.and_then(|_| Weaving::new(&plan, strides));
        Pull { plan, strides: strides.to_vec(), item, weaving }
    }

    /// The plan that it was made for.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Copies from the sources that there are: `source` gives each one's buffer, or nothing if it cannot be read from here.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says and may be read meanwhile; `target` is the address of the first item of a
    /// buffer with the extents of the target and the strides that the pull was made for, and may be written; none overlaps it.
    pub unsafe fn run<'s>(&self, source: impl Fn(Rank) -> Option<Source<'s>>, target: *mut u8) {
        let elements: i64 = self.plan.incoming().iter().map(Meeting::elements).product();
        let mut sink = Sink::new(super::streams(elements.saturating_mul(self.item as i64)));
        if let Some(weaving) = &self.weaving {
            let sources: Vec<Option<Source<'s>>> = weaving.ranks.iter().map(|&rank| source(rank)).collect();
            if let Some(mut weaver) = Weaver::new(weaving, &sources, self.item, &mut sink) {
                // SAFETY: the caller's promise.
                return unsafe { weaver.walk(weaver.outer, 0, target) };
            }
        }
        for transfer in self.plan.receives().map(|receive| (receive.peer(), receive)).chain(self.kept()) {
            let (rank, transfer) = transfer;
            let Some(source) = source(rank) else { continue };
            let sides = |dim: usize| (Side::Buffer(source.strides[dim]), Side::Buffer(self.strides[dim]));
            let program = Program::new(&transfer, self.item, sides);
            // SAFETY: the caller's promise; the plan's indices lie within its layouts' extents.
            unsafe { run::run(&program, source.data, target, &mut sink) };
        }
    }

    fn kept(&self) -> Option<(Rank, Transfer<'_>)> {
        Some((self.plan.party().source?, self.plan.kept()?))
    }
}

impl Weaving {
    /// So many sources at most are woven.
    const MOST_SOURCES: usize = 1 << 16;
    /// So many runs of a line are written out, to be put in order; more stay in groups.
    const MOST_RUNS: i64 = if cfg!(test) { 8 } else { 1024 };

    fn new(plan: &Plan, strides: &[i64]) -> Option<Weaving> {
        let mut order: Vec<usize> = (0..strides.len()).collect();
        order.sort_by_key(|&dim| std::cmp::Reverse(strides[dim].unsigned_abs()));
        let axes = order.iter().map(|&dim| Woven::new(dim, &plan.incoming()[dim], strides[dim]));
        let axes: Vec<Woven> = axes.collect::<Option<_>>()?;
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
            groups.extend(overlaps.iter().map(|overlap| (peer, *overlap)));
        }
        let runs: i64 = groups.iter().map(|(_, group)| group.count).sum();
        let strand =
            |peer: usize, src: i64, src_stride: i64, dst: i64, len: i64| Strand { peer, src, src_stride, dst, len };
        let weaves = if runs <= Weaving::MOST_RUNS {
            let runs = groups.iter().flat_map(|&(peer, group)| {
                group.iter().map(move |(_, from, to, len)| strand(peer, from.0, 0, to.0, len))
            });
            let mut strands: Vec<Strand> = runs.collect();
            strands.sort_unstable_by_key(|strand| strand.dst);
            vec![Weave { count: 1, stride: 0, strands }]
        } else {
            weave(groups.iter().map(|&(peer, group)| {
                let strand =
                    strand(peer, group.a_local_start.0, group.a_local_stride, group.b_local_start.0, group.len);
                (group.count, group.b_local_stride, strand)
            }))
        };
        Some(Woven { dim, peers: meeting.peers().len(), step, weaves })
    }
}

/// Puts groups together that repeat at the same distance: as many turns as all of them have, then what is left of some.
fn weave(groups: impl Iterator<Item = (i64, i64, Strand)>) -> Vec<Weave> {
    let mut weaves = Vec::new();
    let mut left: Vec<(i64, i64, Strand)> = groups.collect();
    left.sort_by_key(|(_, stride, strand)| (*stride, strand.dst));
    while let Some(&(_, stride, _)) = left.first() {
        let (together, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|group| group.1 == stride);
        let count = together.iter().map(|(count, ..)| *count).min().unwrap_or(1);
        weaves.push(Weave { count, stride, strands: together.iter().map(|(_, _, strand)| *strand).collect() });
        left = others;
        left.extend(together.into_iter().filter(|group| group.0 > count).map(|(turns, stride, strand)| {
            let (src, dst) = (strand.src + count * strand.src_stride, strand.dst + count * stride);
            (turns - count, stride, Strand { src, dst, ..strand })
        }));
    }
    weaves
}

/// A pull that is under way.
struct Weaver<'p, 's> {
    outer: &'p [Woven],
    line: &'p Woven,
    sources: &'p [Option<Source<'s>>],
    item: usize,
    /// The source's index along each slower axis.
    indices: Vec<i64>,
    /// For each peer along the line: where its line begins, and how far the next line is; null where there is no source.
    bases: Vec<(*const u8, i64)>,
    sink: &'p mut Sink,
}

impl<'p, 's> Weaver<'p, 's> {
    /// `None` unless the fastest axis of the target is contiguous in every source as well as there.
    fn new(
        weaving: &'p Weaving,
        sources: &'p [Option<Source<'s>>],
        item: usize,
        sink: &'p mut Sink,
    ) -> Option<Weaver<'p, 's>> {
        let (line, outer) = weaving.axes.split_last()?;
        let contiguous = |step: i64| step == item as i64;
        let along = sources.iter().flatten().all(|source| contiguous(source.strides[line.dim]));
        let (indices, bases) = (vec![0; outer.len()], vec![(std::ptr::null(), 0); line.peers]);
        (along && contiguous(line.step)).then_some(Weaver { outer, line, sources, item, indices, bases, sink })
    }

    /// Visits the slower axes; `at` is the product of their peers so far.
    ///
    /// # Safety
    /// As [`Pull::run`].
    unsafe fn walk(&mut self, axes: &'p [Woven], at: usize, target: *mut u8) {
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
                        self.indices[depth] = strand.src + turn * strand.src_stride + k;
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
            *base = (std::ptr::null(), 0);
            let Some(source) = &self.sources[at * peers + peer] else { continue };
            let offset: i64 =
                slower.iter().zip(&self.indices).map(|(axis, index)| index * source.strides[axis.dim]).sum();
            let next = slower.last().map_or(0, |axis| source.strides[axis.dim]);
            // SAFETY: the line is one of the buffer's.
            *base = (unsafe { source.data.offset(offset as isize) }, next);
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
        for turn in 0..weave.count {
            for strand in &weave.strands {
                let (base, next) = self.bases[strand.peer];
                if base.is_null() {
                    continue;
                }
                let bytes = (strand.len * item) as usize;
                // SAFETY: the caller's promise.
                unsafe {
                    let src = base.offset(((strand.src + turn * strand.src_stride) * item) as isize);
                    let dst = target.offset(((strand.dst + turn * weave.stride) * item) as isize);
                    // Runs this short are over before the processor has guessed where the next one is.
                    if bytes <= 4096 {
                        prefetch(src.wrapping_offset(next as isize), bytes);
                    }
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
        let present = weave.strands.iter().all(|strand| !self.bases[strand.peer].0.is_null());
        if !whole || !present || turn_bytes > SCRATCH / 4 {
            // SAFETY: the caller's promise.
            return unsafe { self.strands(weave, target) };
        }
        let mut scratch = Scratch([0; SCRATCH]);
        let most = (SCRATCH / turn_bytes) as i64;
        let mut first = 0;
        while first < weave.count {
            let turns = most.min(weave.count - first);
            for strand in &weave.strands {
                // SAFETY: the caller's promise; the scratch holds as many turns.
                unsafe {
                    let (base, _) = self.bases[strand.peer];
                    for k in 0..strand.len {
                        let src = base.offset(((strand.src + first * strand.src_stride + k) * item as i64) as isize);
                        let dst = scratch.0.as_mut_ptr().add((strand.dst - begin + k) as usize * item);
                        let src_step = strand.src_stride as isize * item as isize;
                        let turns = turns as usize;
                        each_size!(item, N => items::<N>(turns, src_step, turn_bytes as isize, src, dst), {
                            for turn in 0..turns {
                                let src = src.offset(turn as isize * src_step);
                                std::ptr::copy_nonoverlapping(src, dst.add(turn * turn_bytes), item);
                            }
                        });
                    }
                }
            }
            // SAFETY: the caller's promise.
            unsafe {
                let dst = target.offset(((begin + first * weave.stride) * item as i64) as isize);
                self.sink.push(dst, scratch.0.as_ptr(), turns as usize * turn_bytes);
            }
            first += turns;
        }
    }
}
