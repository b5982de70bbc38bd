//! The elements that each process reads from others, as boxes.
//!
//! A process reads a box of the source for its box of the target: along each axis the indices from
//! the lowest to the highest offset around its own. The pieces of all axes multiply: a product of
//! pieces is a box of elements in one section, and lies on one rank. Boxes that no tap reaches (the
//! corners of a star) are left out. All follows from layouts, so that sender and receiver find the
//! same boxes in the same order.

use std::collections::BTreeMap;
use std::ops::Range;

use dap_core::algebra::{CommRank, Cost, Placement};
use dap_core::cost_model::{Machine, Traffic};
use dap_core::dim::Dim;
use dap_core::index::{GridRank, Rank};
use dap_mpi::Result;
use smallvec::SmallVec;

use super::axis::{Origin, Outside, Piece, interval, is_in_intervals, pieces};
use crate::error::{Checked, argument};

/// One number for each axis.
pub(crate) type Offset = SmallVec<[i64; 4]>;

/// The most elements along an axis: sums and products with small factors then fit 64 bits.
pub(crate) const MOST_EXTENT: i64 = i64::MAX / 8;
/// The most boxes of one process.
const MOST_BOXES: usize = 1 << 20;
/// The most sections that are counted.
const MOST_SECTIONS: i64 = 1 << 20;

/// The neighbours that all processes read: element i of the target is computed from the elements
/// i + tap of the source.
#[derive(Debug)]
pub(crate) struct Halo {
    source: Placement,
    target: Placement,
    outside: Outside,
    /// Counted from `low`, so that none is below 0.
    taps: Vec<Offset>,
    low: Offset,
    /// The distance from the lowest to the highest offset.
    width: Offset,
    /// The indices of the target that are computed.
    computed: Vec<Range<i64>>,
}

/// One process's part: the elements that it computes, and those that it reads for them.
#[derive(Debug)]
pub(super) struct Part {
    /// Local indices of the target.
    pub(super) computed: Vec<Range<i64>>,
    /// The elements that are read, in C order of the pieces. Positions count from the first index
    /// that is read along each axis.
    pub(super) boxes: Vec<HaloBox>,
}

/// A box of elements that one rank holds, or of the constant.
#[derive(Debug)]
pub(super) struct HaloBox {
    pub(super) at: Offset,
    pub(super) shape: Offset,
    pub(super) origin: Option<BoxOrigin>,
}

/// The place of a box in its owner's section.
#[derive(Debug)]
pub(super) struct BoxOrigin {
    pub(super) holder: CommRank,
    pub(super) local: Offset,
    pub(super) steps: Offset,
    /// Whether the elements are no images.
    pub(super) is_direct: bool,
}

/// One axis of a part.
struct PartAxis {
    computed: Range<i64>,
    pieces: Vec<Piece>,
}

impl Halo {
    /// The halo of `taps`, at least one. `None` if along an axis that is read at other indices the
    /// processes do not own intervals.
    ///
    /// # Errors
    /// Axes beyond [`MOST_EXTENT`].
    pub(crate) fn new(
        source: &Placement,
        target: &Placement,
        taps: &[Offset],
        outside: Outside,
    ) -> Result<Option<Halo>> {
        if let Some(&extent) = source.shape().iter().find(|&&extent| extent > MOST_EXTENT) {
            return argument(format!("an axis of {extent} elements has no neighbours: at most {MOST_EXTENT}"));
        }
        let end = |axis: usize, pick: fn(i64, i64) -> i64| taps.iter().map(|tap| tap[axis]).reduce(pick).unwrap_or(0);
        let low: Offset = (0..source.ndim()).map(|axis| end(axis, i64::min)).collect();
        let high: Offset = (0..source.ndim()).map(|axis| end(axis, i64::max)).collect();
        let computed = source.shape().iter().zip(target.shape()).enumerate();
        let computed = computed.map(|(axis, (&size, &extent))| match outside {
            Outside::Nothing => {
                let start = (-low[axis]).clamp(0, extent);
                start..(size - high[axis]).clamp(start, extent)
            }
            _ => 0..extent,
        });
        let computed = computed.collect();
        let taps = taps.iter().map(|tap| tap.iter().zip(&low).map(|(at, low)| at - low).collect()).collect();
        let width = high.iter().zip(&low).map(|(high, low)| high - low).collect();
        let halo = Halo { source: source.clone(), target: target.clone(), outside, taps, low, width, computed };
        let fits = |axis: usize| halo.dims(axis).iter().all(|dim| is_in_intervals(dim));
        Ok((0..source.ndim()).all(|axis| halo.is_aligned(axis) || fits(axis)).then_some(halo))
    }

    fn dims(&self, axis: usize) -> [&Dim; 2] {
        [&self.source.layout().dims()[axis], &self.target.layout().dims()[axis]]
    }

    /// Whether each process reads the very indices that it computes along an axis.
    fn is_aligned(&self, axis: usize) -> bool {
        let [source, target] = self.dims(axis);
        self.low[axis] == 0 && self.width[axis] == 0 && source == target
    }

    /// The taps, counted from the lowest offset along each axis.
    pub(crate) fn taps(&self) -> &[Offset] {
        &self.taps
    }

    /// The distance from the lowest to the highest offset along each axis.
    pub(crate) fn width(&self) -> &[i64] {
        &self.width
    }

    /// The indices of the target that are computed.
    pub(crate) fn computed(&self) -> &[Range<i64>] {
        &self.computed
    }

    pub(super) fn source(&self) -> &Placement {
        &self.source
    }

    pub(super) fn target(&self) -> &Placement {
        &self.target
    }

    /// One axis of the processes at a coordinate of the target's grid.
    fn along(&self, axis: usize, at: GridRank) -> PartAxis {
        let [source, target] = self.dims(axis);
        if self.is_aligned(axis) {
            let len = source.owned_len(at);
            let origin = Origin { rank: at, local: 0, step: 1, is_direct: true };
            let pieces = vec![Piece { at: 0, len, origin: Some(origin) }];
            return PartAxis { computed: 0..len, pieces };
        }
        let (first, len) = interval(target, at).unwrap_or((0, 0));
        let computed = &self.computed[axis];
        let start = computed.start.clamp(first, first + len);
        let end = computed.end.clamp(start, first + len);
        let wanted = start + self.low[axis]..end + self.low[axis] + self.width[axis];
        let pieces = if start < end { pieces(source, wanted, self.outside) } else { Vec::new() };
        PartAxis { computed: start - first..end - first, pieces }
    }

    /// The part of one section of the target.
    ///
    /// # Errors
    /// More than [`MOST_BOXES`] boxes.
    pub(super) fn part(&self, section: Rank) -> Result<Option<Part>> {
        let Some(at) = self.target.layout().grid().coordinates(section) else { return Ok(None) };
        let axes: Vec<PartAxis> = at.into_iter().enumerate().map(|(axis, at)| self.along(axis, at)).collect();
        let mut boxes = Vec::new();
        if let Some(reader) = self.target.ranks().holder(section)
            && axes.iter().all(|axis| !axis.computed.is_empty())
        {
            let all: Vec<usize> = (0..self.taps.len()).collect();
            self.products(&axes, reader, &mut Vec::with_capacity(axes.len()), &all, &mut boxes)?;
        }
        Ok(Some(Part { computed: axes.into_iter().map(|axis| axis.computed).collect(), boxes }))
    }

    /// The boxes that begin with `chosen` pieces, which `reaching` taps reach.
    fn products(
        &self,
        axes: &[PartAxis],
        reader: CommRank,
        chosen: &mut Vec<Piece>,
        reaching: &[usize],
        boxes: &mut Vec<HaloBox>,
    ) -> Result<()> {
        let axis = chosen.len();
        let Some(PartAxis { computed, pieces }) = axes.get(axis) else {
            if boxes.len() == MOST_BOXES {
                return argument(format!("a process reads its neighbours in more than {MOST_BOXES} boxes: use blocks"));
            }
            let mut product = self.product(chosen);
            if product.origin.as_ref().is_some_and(|origin| origin.holder != reader) {
                self.trim(&mut product, axes, reaching);
            }
            boxes.push(product);
            return Ok(());
        };
        let len = computed.end - computed.start;
        for piece in pieces {
            let reaches = |&&tap: &&usize| {
                let first = self.taps[tap][axis];
                first < piece.at + piece.len && piece.at < first + len
            };
            let reaching: Vec<usize> = reaching.iter().filter(reaches).copied().collect();
            if !reaching.is_empty() {
                chosen.push(*piece);
                self.products(axes, reader, chosen, &reaching, boxes)?;
                chosen.pop();
            }
        }
        Ok(())
    }

    fn product(&self, pieces: &[Piece]) -> HaloBox {
        let origins: Option<SmallVec<[Origin; 4]>> = pieces.iter().map(|piece| piece.origin).collect();
        let origin = origins.and_then(|origins| {
            let coordinates: SmallVec<[GridRank; 4]> = origins.iter().map(|origin| origin.rank).collect();
            let section = self.source.layout().grid().rank(&coordinates)?;
            Some(BoxOrigin {
                holder: self.source.ranks().holder(section)?,
                local: origins.iter().map(|origin| origin.local).collect(),
                steps: origins.iter().map(|origin| origin.step).collect(),
                is_direct: origins.iter().all(|origin| origin.is_direct),
            })
        });
        let (at, shape) = pieces.iter().map(|piece| (piece.at, piece.len)).unzip();
        HaloBox { at, shape, origin }
    }

    /// Leaves out the elements of a box beyond those that its taps reach along each axis.
    fn trim(&self, product: &mut HaloBox, axes: &[PartAxis], reaching: &[usize]) {
        let Some(origin) = &mut product.origin else { return };
        for (axis, it) in axes.iter().enumerate() {
            let firsts = || reaching.iter().map(|&tap| self.taps[tap][axis]);
            let len = it.computed.end - it.computed.start;
            let (at, end) = (product.at[axis], product.at[axis] + product.shape[axis]);
            let start = firsts().min().map_or(at, |first| first.max(at));
            let end = firsts().max().map_or(end, |last| (last + len).min(end));
            origin.local[axis] += origin.steps[axis] * (start - at);
            (product.at[axis], product.shape[axis]) = (start, end - start);
        }
    }

    /// The other sections of the target that read elements of the source's section `mine`, with the
    /// ranks that hold them.
    pub(super) fn readers(&self, mine: Rank) -> Vec<(Rank, CommRank)> {
        let Some(mine) = self.source.layout().grid().coordinates(mine) else { return Vec::new() };
        let mut sections: Vec<i64> = vec![0];
        for (axis, (mine, &extent)) in mine.into_iter().zip(self.target.layout().grid().shape()).enumerate() {
            let reads = |at: &i64| {
                let pieces = self.along(axis, GridRank(*at)).pieces;
                pieces.iter().any(|piece| piece.origin.is_some_and(|origin| origin.rank == mine))
            };
            let reading: Vec<i64> = (0..extent).filter(reads).collect();
            let longer = sections.iter().flat_map(|section| reading.iter().map(move |at| section * extent + at));
            sections = longer.collect();
        }
        let holder = |section: i64| Some((Rank(section), self.target.ranks().holder(Rank(section))?));
        sections.into_iter().filter_map(holder).collect()
    }

    /// The sentence of `explain`, with the predicted time if a machine is described.
    ///
    /// # Errors
    /// As [`cost`](Halo::cost); a rank beyond [`Traffic::MOST_RANKS`], if a machine is described.
    pub(crate) fn text(&self, itemsize: i64, machine: Option<&Machine>) -> Result<String> {
        let mut messages = Vec::new();
        let (cost, radius) = self.count(|source, target, elements| messages.push((source.0, target.0, elements)))?;
        let bytes = cost.elements.saturating_mul(itemsize);
        let unit = if radius == 1 { "element" } else { "elements" };
        let mut text = format!("halo of {radius} {unit}: {bytes} bytes in {} messages", cost.messages);
        if let Some(machine) = machine {
            let ranks = messages.iter().map(|it| it.0.max(it.1) + 1).max().unwrap_or(0);
            let mut traffic = Traffic::new(machine, ranks).checked()?;
            for (source, target, elements) in messages {
                traffic.message(source, target, elements as f64 * itemsize as f64);
            }
            text += &format!(", {}", traffic.time());
        }
        Ok(text)
    }

    /// The elements and messages between ranks.
    ///
    /// # Errors
    /// As [`part`](Halo::part); more than 2^20 sections.
    pub(crate) fn cost(&self) -> Result<Cost> {
        self.count(|_, _, _| {}).map(|(cost, _)| cost)
    }

    /// The cost, and the greatest number of elements that are read beyond a process's own along an
    /// axis. Calls `visit` with the sender, the receiver and the elements of each message.
    fn count(&self, mut visit: impl FnMut(CommRank, CommRank, i64)) -> Result<(Cost, i64)> {
        let sections = self.target.layout().processes();
        if sections > MOST_SECTIONS {
            return argument(format!("{sections} sections are too many to be counted: at most {MOST_SECTIONS}"));
        }
        let (mut cost, mut radius) = (Cost::default(), 0);
        for section in (0..sections).map(Rank) {
            let (Some(part), Some(reader)) = (self.part(section)?, self.target.ranks().holder(section)) else {
                continue;
            };
            let mut holders: BTreeMap<CommRank, i64> = BTreeMap::new();
            for it in &part.boxes {
                if let Some(origin) = it.origin.as_ref().filter(|origin| origin.holder != reader) {
                    *holders.entry(origin.holder).or_default() += it.message_len();
                }
            }
            cost.messages += holders.len() as i64;
            cost.elements = holders.values().fold(cost.elements, |sum, &more| sum.saturating_add(more));
            holders.iter().for_each(|(&holder, &elements)| visit(holder, reader, elements));
            radius = radius.max(self.radius(&part, reader));
        }
        Ok((cost, radius))
    }

    fn radius(&self, part: &Part, reader: CommRank) -> i64 {
        let core = part.core(reader);
        let beyond = |(axis, computed): (usize, &Range<i64>)| {
            let end = computed.end - computed.start + self.width[axis];
            core.map_or(end, |it| it.at[axis].max(end - it.at[axis] - it.shape[axis]))
        };
        if part.boxes.is_empty() { 0 } else { part.computed.iter().enumerate().map(beyond).max().unwrap_or(0) }
    }
}

impl Part {
    /// The box of the reader's own elements.
    pub(super) fn core(&self, reader: CommRank) -> Option<&HaloBox> {
        let is_own = |origin: &BoxOrigin| origin.is_direct && origin.holder == reader;
        self.boxes.iter().find(|it| it.origin.as_ref().is_some_and(is_own))
    }
}

impl HaloBox {
    /// The extents of the elements that travel: of those that are repeated, one.
    pub(super) fn message_shape(&self) -> Offset {
        let steps = self.origin.iter().flat_map(|origin| &origin.steps);
        self.shape.iter().zip(steps).map(|(&extent, &step)| if step == 0 { 1 } else { extent }).collect()
    }

    /// The number of elements that travel.
    pub(super) fn message_len(&self) -> i64 {
        self.message_shape().iter().fold(1, |product: i64, &extent| product.saturating_mul(extent))
    }
}
