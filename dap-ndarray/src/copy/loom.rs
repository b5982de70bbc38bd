//! One's own buffer and all those that it exchanges items with at once, in the order of one's own.
//!
//! Where the others alternate along the fastest axis, as from a cyclic distribution, copying one after the other would touch every line of
//! one's own buffer once for each. So they are *woven*: a line is gone through from its beginning to its end, however often the other
//! side changes. In which order is worked out once ([`weave`]), and done for each array ([`weaver`]).

mod weave;
mod weaver;

use std::ops::Range;
use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Common, Plan, Transfer};
use smallvec::SmallVec;

use super::Order;
use super::pitch::{End, Pitches};
use super::program::{Even, Program, Side};
use super::run;
use super::stream::Sink;
use weave::Weaving;
use weaver::Weaver;

/// Which way items go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the others to one's own buffer.
    In,
    /// From one's own buffer to the others.
    Out,
}

/// Where another's items are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'s> {
    /// In a buffer: the address of the item at index 0, and the strides in bytes.
    Buffer(*mut u8, &'s [i64]),
    /// In a message, as [`pack`](super::pack) makes it, in this order.
    Message(*mut u8, Order),
}

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Loom {
    /// By which items come to one's own buffer: of the way back, where they leave it.
    plan: Arc<Plan>,
    /// Where places lie in one's own buffer.
    own: Pitches,
    item: usize,
    /// Whether what is written to buffers goes past the cache: together it is large.
    streams: bool,
    /// Nothing where indices are listed, places lie in rows, or too many others meet: then each is copied by itself.
    weaving: Option<Weaving>,
}

/// Another's items.
#[derive(Debug)]
struct Other {
    rank: Rank,
    data: *mut u8,
    /// How far apart neighbours along each factor lie in the buffer, or in the message.
    steps: SmallVec<[i64; 4]>,
    is_message: bool,
    /// Instead of the steps, for a buffer whose places lie in rows.
    rows: Option<Pitches>,
}

impl Other {
    fn side(&self, factor: usize) -> Side<'_> {
        match &self.rows {
            Some(pitches) => pitches.side(factor),
            None if self.is_message => Side::Even(Even::Message(self.steps[factor])),
            None => Side::Even(Even::Buffer(self.steps[factor])),
        }
    }
}

impl Loom {
    /// For items of `item` bytes, and one's own buffer with these strides in bytes, one for each dimension.
    ///
    /// # Panics
    /// Fewer strides than the plan's target has dimensions.
    pub(super) fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Loom {
        let shape = plan.party().target.and_then(|rank| plan.to().local_shape(rank));
        // Who has no such buffer exchanges nothing.
        let own = shape.map(|shape| Pitches::new(&shape, strides, plan.groups(), End::Target));
        let even = own.as_ref().and_then(Pitches::even);
        let own = own.unwrap_or_default();
        let weaving = even.and_then(|steps| Weaving::new(&plan, &steps, |_| None));
        let streams = super::streams(plan.incoming_elements().saturating_mul(item as i64));
        Loom { plan, own, item, streams, weaving }
    }

    pub(super) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Some places of one's own buffer only, see [`Plan::within`].
    pub(super) fn within(&self, places: &[Option<Range<i64>>]) -> Loom {
        let plan = self.plan.within(places);
        let weaving = self.weaving.as_ref().and_then(|whole| {
            let same = |at: usize| {
                whole.axes.iter().find(|axis| axis.factor == at && places.get(at).is_none_or(Option::is_none))
            };
            Weaving::new(&plan, &self.own.even()?, same)
        });
        Loom { plan: Arc::new(plan), own: self.own.clone(), weaving, ..*self }
    }

    /// Copies from or to those that `place` finds. What is written to messages goes past the cache if `streams` says so.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says, every message all elements of its transfer; `own` is the address of the
    /// first item of a buffer with the extents of the plan's target and the strides that this was made for. The side that items come from
    /// may be read, the other one may be written, and no two of all overlap.
    pub(super) unsafe fn run<'s>(
        &self,
        way: Way,
        place: impl Fn(&Transfer<'_>) -> Option<Place<'s>>,
        own: *mut u8,
        streams: bool,
    ) {
        if self.item == 0 {
            return;
        }
        let mut sinks = [Sink::new(self.streams), Sink::new(streams)];
        // Ascending by rank.
        let others: Vec<Other> =
            self.plan.supplies().filter_map(|transfer| Some(self.other(&transfer, place(&transfer)?))).collect();
        let other = |rank: Rank| Some(&others[others.binary_search_by_key(&rank, |other| other.rank).ok()?]);
        if let Some(weaving) = &self.weaving {
            let others: Vec<Option<&Other>> = weaving.ranks.iter().map(|&rank| other(rank)).collect();
            if let Some(mut weaver) = Weaver::new(weaving, &others, self.item, way, &mut sinks) {
                // SAFETY: the caller's promise.
                return unsafe { weaver.walk(weaver.outer, 0, own) };
            }
        }
        for transfer in self.plan.supplies() {
            let Some(other) = other(transfer.peer()) else { continue };
            let sides = |at| (other.side(at), self.own.side(at));
            // SAFETY: the caller's promise; the plan's indices lie within its layouts' extents.
            unsafe {
                match way {
                    Way::In => {
                        let program = Program::new(&transfer, self.item, sides);
                        run::run(&program, other.data, own, &mut sinks[0]);
                    }
                    Way::Out => {
                        let factors: Vec<Common> =
                            transfer.factors().iter().map(|&common| common.clone().swapped()).collect();
                        let back = |at| {
                            let (other, own) = sides(at);
                            (own, other)
                        };
                        let program = Program::new(&transfer.part(&factors), self.item, back);
                        run::run(&program, own, other.data, &mut sinks[usize::from(other.is_message)]);
                    }
                }
            }
        }
    }

    fn other(&self, transfer: &Transfer<'_>, place: Place<'_>) -> Other {
        let rank = transfer.peer();
        match place {
            Place::Buffer(data, strides) => {
                let (steps, rows) = self.pitches(rank, strides);
                Other { rank, data, steps, is_message: false, rows }
            }
            Place::Message(data, order) => {
                let steps = super::steps(transfer, self.item, order).into();
                Other { rank, data, steps, is_message: true, rows: None }
            }
        }
    }

    /// Where places lie in another's buffer with these strides: how far apart, or in which rows.
    fn pitches(&self, rank: Rank, strides: &[i64]) -> (SmallVec<[i64; 4]>, Option<Pitches>) {
        let Some(groups) = self.plan.groups() else { return (strides.into(), None) };
        let shape = self.plan.from().local_shape(rank).unwrap_or_default();
        let pitches = Pitches::new(&shape, strides, Some(groups), End::Source);
        pitches.even().map_or((SmallVec::new(), Some(pitches)), |steps| (steps, None))
    }
}
