//! From a transfer to loops: what is copied along each dimension, in bytes.
//!
//! A [`Program`] is a product of [`Axis`], the slowest first. It is made simpler than the array
//! where that is possible: extents of 1 vanish, and what lies one behind the other on both sides
//! becomes one longer run.
//!
//! A program is made of a [`CheckedCopy`] only, so its places lie within the memory on either side.

use dap_core::plan::{OverlapForm, Overlaps, Places};
use dap_core::runs::Overlap;
use smallvec::SmallVec;

use super::checked::CheckedCopy;
use super::pitch::{End, Pitch};
use super::rows::Rows;

/// One side of a copy, along one factor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side<'a> {
    /// Evenly apart.
    Even(Even),
    /// A buffer whose places lie in rows, at this end of the transfer.
    Rows(&'a Pitch, End),
}

/// One side of a copy whose neighbours are everywhere as far apart.
#[derive(Debug, Clone, Copy)]
pub(super) enum Even {
    /// A buffer at this end of the transfer: its places lie so many bytes apart.
    Buffer(i64, End),
    /// A message: its elements follow one another, so many bytes apart.
    Message(i64),
}

impl Side<'_> {
    fn step(self) -> i64 {
        match self {
            Side::Even(Even::Buffer(step, _) | Even::Message(step)) => step,
            Side::Rows(pitch, _) => pitch.step(),
        }
    }
}

/// Elements along one factor: `count` runs of `len`. All distances in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) src: i64,
    pub(super) dst: i64,
    pub(super) len: i64,
    pub(super) count: i64,
    /// From element to element of a run.
    pub(super) src_step: i64,
    pub(super) dst_step: i64,
    /// From run to run.
    pub(super) src_stride: i64,
    pub(super) dst_stride: i64,
}

impl Leg {
    /// A single run.
    pub(super) fn run(src: i64, dst: i64, len: i64, src_step: i64, dst_step: i64) -> Leg {
        Leg { src, dst, len, count: 1, src_step, dst_step, src_stride: 0, dst_stride: 0 }
    }

    /// The same elements as one run, where they are.
    fn simplified(self) -> Leg {
        let follows = |stride: i64, step: i64| stride == step * self.len;
        if self.count == 1 {
            self
        } else if self.len == 1 {
            Leg::run(self.src, self.dst, self.count, self.src_stride, self.dst_stride)
        } else if follows(self.src_stride, self.src_step) && follows(self.dst_stride, self.dst_step) {
            Leg::run(self.src, self.dst, self.len * self.count, self.src_step, self.dst_step)
        } else {
            self
        }
    }
}

/// One side of a list of single elements.
#[derive(Debug, Clone, Copy)]
pub(super) enum Offsets<'a> {
    /// One behind the other, so many bytes apart.
    Dense(i64),
    /// At these places, of so many bytes each.
    Narrow(&'a [u32], i64),
    Wide(&'a [i64], i64),
}

impl Offsets<'_> {
    #[inline]
    pub(super) fn at(self, k: usize) -> i64 {
        match self {
            Offsets::Dense(step) => k as i64 * step,
            Offsets::Narrow(places, step) => i64::from(places[k]) * step,
            Offsets::Wide(places, step) => places[k] * step,
        }
    }
}

/// What is copied along one factor.
#[derive(Debug, Clone)]
pub(super) enum Axis<'a> {
    Legs(SmallVec<[Leg; 2]>),
    Rows(Rows<'a>),
    List { src: Offsets<'a>, dst: Offsets<'a>, len: usize },
}

impl Axis<'_> {
    /// The only run, if there is but one.
    pub(super) fn single(&self) -> Option<&Leg> {
        match self {
            Axis::Legs(legs) if legs.len() == 1 && legs[0].count == 1 => Some(&legs[0]),
            _ => None,
        }
    }
}

/// A copy. See the [module](self).
#[derive(Debug)]
pub(super) struct Program<'a> {
    pub(super) axes: SmallVec<[Axis<'a>; 4]>,
    /// Where it begins on either side, in bytes.
    pub(super) src: i64,
    pub(super) dst: i64,
    /// The bytes of an item.
    pub(super) item: usize,
}

impl<'a> Program<'a> {
    /// `None` when there is nothing to copy.
    pub(super) fn new(copy: &CheckedCopy<'a>) -> Option<Program<'a>> {
        if copy.is_empty() {
            return None;
        }
        let mut axes: SmallVec<[(i64, Axis<'a>); 4]> = SmallVec::new();
        for (overlaps, src, dst) in copy.factors() {
            let axis = match (src, dst) {
                (Side::Even(src), Side::Even(dst)) => axis(overlaps, src, dst),
                _ => Axis::Rows(Rows::new(overlaps, src, dst)),
            };
            axes.push((dst.step(), axis));
        }
        // In the order of the target's memory, the fastest last. Stable: a message without extent
        // keeps C order.
        axes.sort_by_key(|(step, _)| std::cmp::Reverse(step.unsigned_abs()));
        let mut program = Program { axes: SmallVec::new(), src: 0, dst: 0, item: copy.item() };
        axes.into_iter().for_each(|(_, axis)| program.push(axis));
        Some(program)
    }

    /// Where the copy begins on either side, if it is a single run of neighbours on both.
    pub(super) fn contiguous(&self) -> Option<(i64, i64)> {
        let item = self.item as i64;
        match &self.axes[..] {
            [] => Some((self.src, self.dst)),
            [axis] => {
                let leg = axis.single().filter(|leg| leg.src_step == item && leg.dst_step == item)?;
                Some((self.src + leg.src, self.dst + leg.dst))
            }
            _ => None,
        }
    }

    /// Adds a faster axis.
    fn push(&mut self, axis: Axis<'a>) {
        if let Some(&leg) = axis.single() {
            if leg.len == 1 {
                self.src += leg.src;
                self.dst += leg.dst;
                return;
            }
            // The slower axis steps over exactly this one, on both sides.
            if let Some(outer) = self.axes.last_mut()
                && let Some(&slower) = outer.single()
                && slower.src_step == leg.src_step * leg.len
                && slower.dst_step == leg.dst_step * leg.len
            {
                let (src, dst) = (slower.src + leg.src, slower.dst + leg.dst);
                let merged = Leg::run(src, dst, slower.len * leg.len, leg.src_step, leg.dst_step);
                *outer = Axis::Legs(SmallVec::from_elem(merged, 1));
                return;
            }
        }
        self.axes.push(axis);
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

fn axis(overlaps: &Overlaps, src: Even, dst: Even) -> Axis<'_> {
    let groups = match overlaps.form() {
        OverlapForm::Listed { source, target } => {
            let places = |side: Even| match side {
                Even::Buffer(step, End::Source) => offsets(source, step),
                Even::Buffer(step, End::Target) => offsets(target, step),
                Even::Message(step) => Offsets::Dense(step),
            };
            return Axis::List { src: places(src), dst: places(dst), len: source.len() };
        }
        OverlapForm::Groups(groups) => groups,
    };
    let mut before = 0;
    let legs = groups.iter().map(|group| {
        let len = group.run_len();
        let place = |side: Even| match side {
            Even::Buffer(step, end) => {
                let (start, stride) = end.starts(group);
                (start * step, step, stride * step)
            }
            Even::Message(step) => (before * step, step, len * step),
        };
        let ((src, src_step, src_stride), (dst, dst_step, dst_stride)) = (place(src), place(dst));
        before += group.elements();
        Leg { src, dst, len, count: group.count(), src_step, dst_step, src_stride, dst_stride }.simplified()
    });
    Axis::Legs(legs.collect())
}

fn offsets(places: &Places, step: i64) -> Offsets<'_> {
    match places {
        Places::Narrow(places) => Offsets::Narrow(places, step),
        Places::Wide(places) => Offsets::Wide(places, step),
    }
}
