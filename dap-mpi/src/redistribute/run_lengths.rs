//! The lengths of the runs that a move consists of: they decide between source order and target
//! order.
//!
//! The processor prefetches memory to the end of a page, and non-temporal stores may go anywhere as
//! long as whole lines are written. So short runs are better read one behind the other and
//! scattered ([`Push`](dap_ndarray::copy::Push)) than gathered and written one behind the other
//! ([`Pull`](dap_ndarray::copy::Pull)), which wastes half of the prefetched lines. Runs shorter
//! than a line are gathered all the same, since each of them would fetch the line that it is
//! written to.

use dap_core::plan::{PeerOverlaps, Plan};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

/// The bytes of a cache line.
const LINE: i64 = 64;
/// The least number of bytes of a run whose first and last line matter little.
const FEW_ENDS: i64 = 8 * LINE;
/// The greatest number of bytes of a run for which wasted prefetches matter.
const SHORT: i64 = 8192;

/// The copy that the lengths of a process's runs favour. The least of all ranks is the one that no
/// rank is slow with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FavouredCopy {
    /// A pull: runs are shorter than a line, or not aligned to lines.
    ReadByTarget,
    /// None: runs are long, and both copies are equally fast.
    Either,
    /// A push: runs are short, or this process receives nothing.
    WriteBySource,
}

impl FavouredCopy {
    /// The copy that is favoured by the runs that a plan's process receives, along the fastest
    /// factor of its buffer in this order.
    pub(super) fn of(plan: &Plan, order: Order, item: i64) -> FavouredCopy {
        let follows_no_rule =
            |axis: &PeerOverlaps| axis.peers().iter().any(|(_, overlaps)| overlaps.groups().is_none());
        if plan.incoming().iter().any(follows_no_rule) {
            return FavouredCopy::ReadByTarget;
        }
        // A process that receives nothing accepts any copy: the greatest value leaves the choice to
        // the others.
        let Some(axis) = fastest(plan.incoming(), order).filter(|axis| !axis.peers().is_empty()) else {
            return FavouredCopy::WriteBySource;
        };
        let mut count = 0;
        let mut is_aligned = true;
        for (_, overlaps) in axis.peers() {
            for group in overlaps.groups().unwrap_or(&[]) {
                count += group.count();
                let begins = |at: i64| at.wrapping_mul(item) % LINE == 0;
                is_aligned &= begins(group.b_start().0) && begins(group.b_stride());
            }
        }
        match axis.elements().saturating_mul(item) / count.max(1) {
            ..LINE => FavouredCopy::ReadByTarget,
            LINE..FEW_ENDS if !is_aligned => FavouredCopy::ReadByTarget,
            LINE..=SHORT => FavouredCopy::WriteBySource,
            _ => FavouredCopy::Either,
        }
    }

    /// A number, since ranks agree on minima.
    pub(super) fn number(self) -> i64 {
        match self {
            FavouredCopy::ReadByTarget => 0,
            FavouredCopy::Either => 1,
            FavouredCopy::WriteBySource => 2,
        }
    }

    pub(super) fn from_number(number: i64) -> FavouredCopy {
        match number {
            ..1 => FavouredCopy::ReadByTarget,
            1 => FavouredCopy::Either,
            _ => FavouredCopy::WriteBySource,
        }
    }
}

/// Whether neighbours along the fastest dimension in this order are contiguous in the buffer.
pub(super) fn is_contiguous(buffer: &Buffer, order: Order) -> bool {
    fastest(buffer.strides(), order).is_some_and(|&step| i64::try_from(buffer.itemsize()) == Ok(step))
}

/// The entry of the fastest dimension in this order.
fn fastest<T>(of_each: &[T], order: Order) -> Option<&T> {
    of_each.get(order.dims(of_each.len()).next_back()?)
}

#[cfg(test)]
mod tests {
    use dap_core::dim::{Block, Cyclic, Dim};
    use dap_core::index::Rank;
    use dap_core::layout::Layout;
    use dap_core::plan::Endpoints;

    use super::*;

    #[test]
    fn by_length_and_place() {
        let cyclic = |width| Dim::from(Cyclic::new(4096, 2, width).unwrap());
        let blocks = Dim::from(Block::new(4096, 2).unwrap());
        let of = |from: &Dim, to: &Dim, item| {
            let line = |dim: &Dim| Layout::new(vec![dim.clone()]).unwrap();
            FavouredCopy::of(&Plan::new(&line(from), &line(to), Endpoints::both(Rank(0))).unwrap(), Order::C, item)
        };
        assert_eq!(of(&cyclic(64), &cyclic(256), 8), FavouredCopy::WriteBySource);
        assert_eq!(of(&cyclic(4), &cyclic(256), 8), FavouredCopy::ReadByTarget);
        assert_eq!(of(&cyclic(60), &cyclic(240), 8), FavouredCopy::ReadByTarget);
        assert_eq!(of(&cyclic(60), &cyclic(240), 16), FavouredCopy::WriteBySource);
        assert_eq!(of(&blocks, &blocks, 8), FavouredCopy::Either);
        assert_eq!(of(&cyclic(1), &blocks, 8), FavouredCopy::ReadByTarget);
    }
}
