//! Reading everything that a process is to receive straight from its owners' memory, in the order of the target.
//!
//! Where sources alternate along the target's fastest axis, as from a cyclic distribution, copying one source after the other
//! would touch every line of the target once for each. So the sources are *woven*: what all of them have for a line of the target is
//! written from its beginning to its end, however often the source changes. In which order is worked out once ([`weave`]), and done
//! for each array ([`weaver`]).

mod weave;
mod weaver;

use std::ops::Range;
use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Axis as Meeting, Plan, Transfer};
use smallvec::SmallVec;

use super::Order;
use super::pitch::{End, Pitches};
use super::program::{Even, Program, Side};
use super::run;
use super::stream::Sink;
use weave::Weaving;
use weaver::Weaver;

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
    /// Where places lie in the target.
    pitches: Pitches,
    item: usize,
    /// Nothing where indices are listed, places lie in rows, or too many sources meet: then each is copied from by itself.
    weaving: Option<Weaving>,
}

/// A source of this pull.
#[derive(Debug)]
struct Found {
    rank: Rank,
    data: *const u8,
    /// How far apart neighbours along each factor lie in the buffer, or in the message.
    steps: SmallVec<[i64; 4]>,
    is_message: bool,
    /// Instead of the steps, for a buffer whose places lie in rows.
    rows: Option<Pitches>,
}

impl Found {
    fn side(&self, factor: usize) -> Side<'_> {
        match &self.rows {
            Some(pitches) => pitches.side(factor),
            None if self.is_message => Side::Even(Even::Message(self.steps[factor])),
            None => Side::Even(Even::Buffer(self.steps[factor])),
        }
    }
}

impl Pull {
    /// For items of `item` bytes, and a target with these strides in bytes, one for each dimension.
    ///
    /// # Panics
    /// Fewer strides than the target has dimensions.
    pub fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Pull {
        let shape = plan.party().target.and_then(|rank| plan.to().local_shape(rank));
        // A process that is no target pulls nothing.
        let pitches = shape.map(|shape| Pitches::new(&shape, strides, plan.groups(), End::Target));
        let even = pitches.as_ref().and_then(Pitches::even);
        let pitches = pitches.unwrap_or_default();
        let weaving = even.and_then(|steps| Weaving::new(&plan, &steps, |_| None));
        Pull { plan, pitches, item, weaving }
    }

    /// The plan that it was made for.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The pull of some places of the target only, see [`Plan::within`].
    pub fn within(&self, places: &[Option<Range<i64>>]) -> Pull {
        let plan = self.plan.within(places);
        let weaving = self.weaving.as_ref().and_then(|whole| {
            let same = |at: usize| {
                whole.axes.iter().find(|axis| axis.factor == at && places.get(at).is_none_or(Option::is_none))
            };
            Weaving::new(&plan, &self.pitches.even()?, same)
        });
        Pull { plan: Arc::new(plan), pitches: self.pitches.clone(), item: self.item, weaving }
    }

    /// Copies from the sources that there are: `supply` says where each one's elements are, or nothing if they cannot be read from here.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says, every message all elements of its transfer, and they may be read
    /// meanwhile; `target` is the address of the first item of a buffer with the extents of the target and the strides that the pull was
    /// made for, and may be written; none overlaps it.
    pub unsafe fn run<'s>(&self, supply: impl Fn(&Transfer<'_>) -> Option<Supply<'s>>, target: *mut u8) {
        if self.item == 0 {
            return;
        }
        // An extent of 0 may come behind others whose product is beyond 64 bits.
        let elements = self.plan.incoming().iter().map(Meeting::elements).fold(1, i64::saturating_mul);
        let mut sink = Sink::new(super::streams(elements.saturating_mul(self.item as i64)));
        let found = |transfer: Transfer<'_>| {
            let rank = transfer.peer();
            Some(match supply(&transfer)? {
                Supply::Buffer(Source { data, strides }) => {
                    let (steps, rows) = self.source(rank, strides);
                    Found { rank, data, steps, is_message: false, rows }
                }
                Supply::Message(data, order) => {
                    let steps = super::steps(&transfer, self.item, order).into();
                    Found { rank, data, steps, is_message: true, rows: None }
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
            let program = Program::new(&transfer, self.item, |at| (source.side(at), self.pitches.side(at)));
            // SAFETY: the caller's promise; the plan's indices lie within its layouts' extents.
            unsafe { run::run(&program, source.data, target, &mut sink) };
        }
    }

    /// Where places lie in the buffer of a source with these strides: how far apart, or in which rows.
    fn source(&self, rank: Rank, strides: &[i64]) -> (SmallVec<[i64; 4]>, Option<Pitches>) {
        let Some(groups) = self.plan.groups() else { return (strides.into(), None) };
        let shape = self.plan.from().local_shape(rank).unwrap_or_default();
        let pitches = Pitches::new(&shape, strides, Some(groups), End::Source);
        pitches.even().map_or((SmallVec::new(), Some(pitches)), |steps| (steps, None))
    }
}
