//! The loop nest of a transfer: strided runs along each dimension, in bytes.
//!
//! A [`LoopNest`] is a product of [`Loop`], the slowest first. It is simpler than the array
//! where possible: extents of 1 vanish, and runs that are contiguous on both sides are joined.
//!
//! A loop nest is made of a [`CheckedCopy`] only, so its positions lie within the memory on either
//! side.

use dap_core::plan::{OverlapForm, Overlaps, Positions};
use dap_core::runs::Overlap;
use smallvec::SmallVec;

use super::checked::CheckedCopy;
use super::index_map::End;
use super::rows::Rows;
use super::side::{Side, Uniform};
use super::strided_run::StridedRun;

/// One side of a list of single elements.
#[derive(Debug, Clone, Copy)]
pub(super) enum Offsets<'a> {
    /// Contiguous elements, with this distance in bytes.
    Dense(i64),
    /// Listed positions, and the bytes of each.
    Narrow(&'a [u32], i64),
    Wide(&'a [i64], i64),
}

impl Offsets<'_> {
    #[inline]
    pub(super) fn at(self, k: usize) -> i64 {
        match self {
            Offsets::Dense(step) => k as i64 * step,
            Offsets::Narrow(positions, step) => i64::from(positions[k]) * step,
            Offsets::Wide(positions, step) => positions[k] * step,
        }
    }
}

/// The loop along one factor.
#[derive(Debug, Clone)]
pub(super) enum Loop<'a> {
    Runs(SmallVec<[StridedRun; 2]>),
    Rows(Rows<'a>),
    List { src: Offsets<'a>, dst: Offsets<'a>, len: usize },
}

impl Loop<'_> {
    /// The only run, if there is but one.
    pub(super) fn single(&self) -> Option<&StridedRun> {
        match self {
            Loop::Runs(runs) if runs.len() == 1 && runs[0].count == 1 => Some(&runs[0]),
            _ => None,
        }
    }
}

/// A copy. See the [module](self).
#[derive(Debug)]
pub(super) struct LoopNest<'a> {
    pub(super) loops: SmallVec<[Loop<'a>; 4]>,
    /// The offset of the first item on either side, in bytes.
    pub(super) src: i64,
    pub(super) dst: i64,
    /// The bytes of an item.
    pub(super) item: usize,
}

impl<'a> LoopNest<'a> {
    /// `None` when there is nothing to copy.
    pub(super) fn new(copy: &CheckedCopy<'a>) -> Option<LoopNest<'a>> {
        if copy.is_empty() {
            return None;
        }
        let mut loops: SmallVec<[(i64, Loop<'a>); 4]> = SmallVec::new();
        for (overlaps, src, dst) in copy.factors() {
            let level = match (src, dst) {
                (Side::Uniform(src), Side::Uniform(dst)) => loop_of(overlaps, src, dst),
                _ => Loop::Rows(Rows::new(overlaps, src, dst)),
            };
            loops.push((dst.step(), level));
        }
        // In the order of the target's memory, the fastest last. Stable: a message without extent
        // keeps C order.
        loops.sort_by_key(|(step, _)| std::cmp::Reverse(step.unsigned_abs()));
        let mut loop_nest = LoopNest { loops: SmallVec::new(), src: 0, dst: 0, item: copy.item() };
        loops.into_iter().for_each(|(_, level)| loop_nest.push(level));
        Some(loop_nest)
    }

    /// Where the copy begins on either side, if it is a single run of neighbours on both.
    pub(super) fn contiguous(&self) -> Option<(i64, i64)> {
        let item = self.item as i64;
        match &self.loops[..] {
            [] => Some((self.src, self.dst)),
            [level] => {
                let run = level.single().filter(|run| run.src_step == item && run.dst_step == item)?;
                Some((self.src + run.src, self.dst + run.dst))
            }
            _ => None,
        }
    }

    /// Adds a faster loop.
    fn push(&mut self, level: Loop<'a>) {
        if let Some(&run) = level.single() {
            if run.len == 1 {
                self.src += run.src;
                self.dst += run.dst;
                return;
            }
            // The slower loop steps over exactly this one, on both sides.
            if let Some(outer) = self.loops.last_mut()
                && let Some(&slower) = outer.single()
                && slower.src_step == run.src_step * run.len
                && slower.dst_step == run.dst_step * run.len
            {
                let (src, dst) = (slower.src + run.src, slower.dst + run.dst);
                let merged = StridedRun::run(src, dst, slower.len * run.len, run.src_step, run.dst_step);
                *outer = Loop::Runs(SmallVec::from_elem(merged, 1));
                return;
            }
        }
        self.loops.push(level);
    }
}

impl End {
    /// Start and stride of a group's runs in the buffer at this end.
    fn starts(self, group: &Overlap) -> (i64, i64) {
        match self {
            End::Source => (group.a_start().0, group.a_stride()),
            End::Target => (group.b_start().0, group.b_stride()),
        }
    }
}

fn loop_of(overlaps: &Overlaps, src: Uniform, dst: Uniform) -> Loop<'_> {
    let groups = match overlaps.form() {
        OverlapForm::Listed { source, target } => {
            let positions = |side: Uniform| match side {
                Uniform::Buffer(step, End::Source) => offsets(source, step),
                Uniform::Buffer(step, End::Target) => offsets(target, step),
                Uniform::Message(step) => Offsets::Dense(step),
            };
            return Loop::List { src: positions(src), dst: positions(dst), len: source.len() };
        }
        OverlapForm::Groups(groups) => groups,
    };
    let mut before = 0;
    let runs = groups.iter().map(|group| {
        let len = group.run_len();
        let position = |side: Uniform| match side {
            Uniform::Buffer(step, end) => {
                let (start, stride) = end.starts(group);
                (start * step, step, stride * step)
            }
            Uniform::Message(step) => (before * step, step, len * step),
        };
        let ((src, src_step, src_stride), (dst, dst_step, dst_stride)) = (position(src), position(dst));
        before += group.elements();
        StridedRun { src, dst, len, count: group.count(), src_step, dst_step, src_stride, dst_stride }.simplified()
    });
    Loop::Runs(runs.collect())
}

fn offsets(positions: &Positions, step: i64) -> Offsets<'_> {
    match positions {
        Positions::Narrow(positions) => Offsets::Narrow(positions, step),
        Positions::Wide(positions) => Offsets::Wide(positions, step),
    }
}
