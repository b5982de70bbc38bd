//! In which order the runs of one's own buffer meet all others: worked out once for a plan, factor
//! by factor.
//!
//! A run of one other is a [`Strand`]; strands that come again at one distance are a [`Weave`],
//! however often they do. No address and no item size is in here.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Axis as Meeting, Plan};

/// All others, woven.
#[derive(Debug)]
pub(super) struct Weaving {
    /// Slowest in one's own buffer first.
    pub(super) axes: Vec<Arc<Woven>>,
    /// Which rank a product of peers is, in the order of `axes`.
    pub(super) ranks: Vec<Rank>,
}

/// One factor of the plan.
#[derive(Debug)]
pub(super) struct Woven {
    pub(super) factor: usize,
    pub(super) peers: usize,
    /// How far apart neighbours lie in one's own buffer, in bytes.
    pub(super) step: i64,
    pub(super) weaves: Vec<Weave>,
}

/// Strands that repeat together.
#[derive(Debug, Clone)]
pub(super) struct Weave {
    pub(super) count: i64,
    /// From turn to turn, in elements of one's own buffer.
    pub(super) stride: i64,
    /// Ascending in one's own buffer within a turn.
    pub(super) strands: Vec<Strand>,
}

/// A run of one other, in elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strand {
    pub(super) peer: usize,
    pub(super) buffer: Along,
    pub(super) message: Along,
    /// In one's own buffer.
    pub(super) own: i64,
    pub(super) len: i64,
}

/// Where a strand lies in another's items.
#[derive(Debug, Clone, Copy)]
pub(super) struct Along {
    first: i64,
    /// From turn to turn.
    pub(super) stride: i64,
}

impl Along {
    pub(super) fn at(self, turn: i64) -> i64 {
        self.first + turn * self.stride
    }

    /// As it is so many turns later.
    fn after(self, turns: i64) -> Along {
        Along { first: self.at(turns), ..self }
    }
}

impl Strand {
    pub(super) fn other(&self, is_message: bool) -> Along {
        if is_message { self.message } else { self.buffer }
    }
}

impl Weaving {
    /// So many others at most are woven.
    const MOST_OTHERS: usize = 1 << 16;
    /// So many runs of a line are written out, to be put in order; more stay in groups.
    const MOST_RUNS: i64 = if cfg!(test) { 8 } else { 1024 };

    /// For a buffer whose neighbours along each factor lie so many bytes apart; `known` gives the
    /// axes that are there already.
    pub(super) fn new<'w>(
        plan: &Plan,
        steps: &[i64],
        known: impl Fn(usize) -> Option<&'w Arc<Woven>>,
    ) -> Option<Weaving> {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by_key(|&factor| std::cmp::Reverse(steps[factor].unsigned_abs()));
        let axis = |&factor: &usize| match known(factor) {
            Some(axis) => Some(Arc::clone(axis)),
            None => Some(Arc::new(Woven::new(factor, &plan.incoming()[factor], steps[factor])?)),
        };
        let axes: Vec<Arc<Woven>> = order.iter().map(axis).collect::<Option<_>>()?;
        let products = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.peers))?;
        if products > Self::MOST_OTHERS || axes.is_empty() {
            return None;
        }
        let mut ranks = vec![Rank(0)];
        for axis in &axes {
            let stride = plan.source_grid().stride(axis.factor);
            let peers = plan.incoming()[axis.factor].peers();
            ranks =
                ranks.iter().flat_map(|rank| peers.iter().map(move |(at, _)| Rank(rank.0 + at.0 * stride))).collect();
        }
        Some(Weaving { axes, ranks })
    }
}

impl Woven {
    fn new(factor: usize, meeting: &Meeting, step: i64) -> Option<Woven> {
        let mut groups = Vec::new();
        for (peer, (_, overlaps)) in meeting.peers().iter().enumerate() {
            let mut before = 0;
            for group in overlaps.groups()? {
                let len = group.run_len();
                let buffer = Along { first: group.a_start().0, stride: group.a_stride() };
                let message = Along { first: before, stride: len };
                let strand = Strand { peer, buffer, message, own: group.b_start().0, len };
                groups.push(Turns { count: group.count(), stride: group.b_stride(), strand });
                before += group.elements();
            }
        }
        let runs: i64 = groups.iter().map(|group| group.count).sum();
        let weaves = if runs <= Weaving::MOST_RUNS {
            let mut strands: Vec<Strand> =
                groups.iter().flat_map(|group| (0..group.count).map(|turn| group.strand_after(turn))).collect();
            strands.sort_unstable_by_key(|strand| strand.own);
            vec![Weave { count: 1, stride: 0, strands }]
        } else {
            weave(groups)
        };
        Some(Woven { factor, peers: meeting.peers().len(), step, weaves })
    }
}

/// A strand that is repeated.
struct Turns {
    count: i64,
    /// From turn to turn, in elements of one's own buffer.
    stride: i64,
    strand: Strand,
}

impl Turns {
    fn strand_after(&self, turns: i64) -> Strand {
        let Strand { peer, buffer, message, own, len } = self.strand;
        let own = own + turns * self.stride;
        Strand { peer, buffer: buffer.after(turns), message: message.after(turns), own, len }
    }
}

/// Puts groups together that repeat at the same distance: as many turns as all of them have, then
/// what is left of some.
fn weave(groups: Vec<Turns>) -> Vec<Weave> {
    let mut weaves = Vec::new();
    let mut left = groups;
    left.sort_by_key(|group| (group.stride, group.strand.own));
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
