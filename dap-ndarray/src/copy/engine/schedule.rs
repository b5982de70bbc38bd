//! The interleave schedule: the order in which segments of the local buffer meet the peers, worked
//! out once for a plan, factor by factor.
//!
//! A contiguous run of one peer is a [`Segment`]. Segments that repeat together at one distance are
//! an [`Interleave`], whatever the number of repetitions. A schedule holds no address and no item
//! size.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{PeerOverlaps, Plan};

/// The schedule of all factors.
#[derive(Debug)]
pub(super) struct Schedule {
    /// One level for each factor, the slowest in the local buffer first.
    pub(super) levels: Vec<Arc<Level>>,
    /// The rank of each product of peers, in the order of `levels`.
    pub(super) ranks: Vec<Rank>,
}

/// One factor of the plan.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) factor: usize,
    /// The number of peers along the factor.
    pub(super) peers: usize,
    /// The distance of neighbours in the local buffer, in bytes.
    pub(super) step: i64,
    pub(super) interleaves: Vec<Interleave>,
}

/// Segments that repeat together.
#[derive(Debug, Clone)]
pub(super) struct Interleave {
    /// The number of cycles.
    pub(super) count: i64,
    /// The distance from cycle to cycle, in elements of the local buffer.
    pub(super) stride: i64,
    /// Ascending in the local buffer within a cycle.
    pub(super) segments: Vec<Segment>,
}

/// A contiguous run of one peer, in elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) peer: usize,
    pub(super) in_buffer: PeerOffset,
    pub(super) in_message: PeerOffset,
    /// The offset in the local buffer.
    pub(super) local: i64,
    pub(super) len: i64,
}

/// The offset of a segment in a peer's items, in each cycle.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeerOffset {
    first: i64,
    /// The distance from cycle to cycle.
    pub(super) stride: i64,
}

impl PeerOffset {
    pub(super) fn at(self, cycle: i64) -> i64 {
        self.first + cycle * self.stride
    }

    /// Returns this offset advanced by `cycles` repetitions.
    fn advanced(self, cycles: i64) -> PeerOffset {
        PeerOffset { first: self.at(cycles), ..self }
    }
}

impl Segment {
    pub(super) fn peer_offset(&self, is_message: bool) -> PeerOffset {
        if is_message { self.in_message } else { self.in_buffer }
    }
}

impl Schedule {
    /// The greatest number of products of peers that a schedule holds.
    const MAX_PEERS: usize = 1 << 16;
    /// The greatest number of runs along one factor that are listed and sorted. More runs stay in
    /// groups.
    const MAX_RUNS: i64 = if cfg!(test) { 8 } else { 1024 };

    /// A schedule for a local buffer whose neighbours along each factor are `steps` bytes apart.
    /// `known` gives the levels that exist already.
    pub(super) fn new<'l>(
        plan: &Plan,
        steps: &[i64],
        known: impl Fn(usize) -> Option<&'l Arc<Level>>,
    ) -> Option<Schedule> {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by_key(|&factor| std::cmp::Reverse(steps[factor].unsigned_abs()));
        let level = |&factor: &usize| match known(factor) {
            Some(level) => Some(Arc::clone(level)),
            None => Some(Arc::new(Level::new(factor, &plan.incoming()[factor], steps[factor])?)),
        };
        let levels: Vec<Arc<Level>> = order.iter().map(level).collect::<Option<_>>()?;
        let products = levels.iter().try_fold(1_usize, |product, level| product.checked_mul(level.peers))?;
        if products > Self::MAX_PEERS || levels.is_empty() {
            return None;
        }
        let mut ranks = vec![Rank(0)];
        for level in &levels {
            let stride = plan.source_grid().stride(level.factor);
            let peers = plan.incoming()[level.factor].peers();
            ranks =
                ranks.iter().flat_map(|rank| peers.iter().map(move |(at, _)| Rank(rank.0 + at.0 * stride))).collect();
        }
        Some(Schedule { levels, ranks })
    }
}

impl Level {
    fn new(factor: usize, overlaps: &PeerOverlaps, step: i64) -> Option<Level> {
        let mut groups = Vec::new();
        for (peer, (_, overlaps)) in overlaps.peers().iter().enumerate() {
            let mut before = 0;
            for group in overlaps.groups()? {
                let len = group.run_len();
                let in_buffer = PeerOffset { first: group.a_start().0, stride: group.a_stride() };
                let in_message = PeerOffset { first: before, stride: len };
                let segment = Segment { peer, in_buffer, in_message, local: group.b_start().0, len };
                groups.push(RepeatedSegment { count: group.count(), stride: group.b_stride(), segment });
                before += group.elements();
            }
        }
        let runs: i64 = groups.iter().map(|group| group.count).sum();
        let interleaves = if runs <= Schedule::MAX_RUNS {
            let mut segments: Vec<Segment> =
                groups.iter().flat_map(|group| (0..group.count).map(|cycle| group.advanced(cycle))).collect();
            segments.sort_unstable_by_key(|segment| segment.local);
            vec![Interleave { count: 1, stride: 0, segments }]
        } else {
            interleave(groups)
        };
        Some(Level { factor, peers: overlaps.peers().len(), step, interleaves })
    }
}

/// A segment and its repetitions.
struct RepeatedSegment {
    count: i64,
    /// The distance from cycle to cycle, in elements of the local buffer.
    stride: i64,
    segment: Segment,
}

impl RepeatedSegment {
    /// The segment of the cycle with the number `cycles`.
    fn advanced(&self, cycles: i64) -> Segment {
        let Segment { peer, in_buffer, in_message, local, len } = self.segment;
        let local = local + cycles * self.stride;
        let (in_buffer, in_message) = (in_buffer.advanced(cycles), in_message.advanced(cycles));
        Segment { peer, in_buffer, in_message, local, len }
    }
}

/// Joins segments that repeat at the same distance: first the cycles that all of them have, then
/// the remaining cycles of some.
fn interleave(groups: Vec<RepeatedSegment>) -> Vec<Interleave> {
    let mut interleaves = Vec::new();
    let mut left = groups;
    left.sort_by_key(|group| (group.stride, group.segment.local));
    while let Some(&RepeatedSegment { stride, .. }) = left.first() {
        let (together, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|group| group.stride == stride);
        let count = together.iter().map(|group| group.count).min().unwrap_or(1);
        let segments = together.iter().map(|group| group.segment).collect();
        interleaves.push(Interleave { count, stride, segments });
        left = others;
        left.extend(together.into_iter().filter(|group| group.count > count).map(|group| {
            let segment = group.advanced(count);
            RepeatedSegment { count: group.count - count, segment, ..group }
        }));
    }
    interleaves
}
