//! The indices that blocks own, in words: of two neighbours with a gap or an overlap, and of all
//! blocks together.

use crate::check::across::part::DimPart;
use crate::check::section::BlockSection;

/// The indices that some block owns, as sorted, disjoint ranges that do not touch.
pub(super) struct Owned {
    ranges: Vec<(i64, i64)>,
}

impl Owned {
    /// The union of the indices of these blocks.
    pub(super) fn of(parts: &[DimPart<'_, BlockSection>]) -> Self {
        let mut all: Vec<(i64, i64)> = parts.iter().map(|part| (part.section.start, part.section.stop)).collect();
        all.retain(|(start, stop)| start < stop);
        all.sort_unstable();
        let mut ranges: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (start, stop) in all {
            match ranges.last_mut() {
                Some(last) if last.1 >= start => last.1 = last.1.max(stop),
                _ => ranges.push((start, stop)),
            }
        }
        Self { ranges }
    }

    /// The first `most` ranges of `start..stop` that no block owns, and whether there are more.
    fn missing(&self, start: i64, stop: i64, most: usize) -> (Vec<(i64, i64)>, bool) {
        let (mut missing, mut next) = (Vec::new(), start);
        let first = self.ranges.partition_point(|range| range.1 <= start);
        for &(from, to) in self.ranges[first..].iter().chain([&(stop, stop)]) {
            let from = from.min(stop);
            if next < from {
                if missing.len() == most {
                    return (missing, true);
                }
                missing.push((next, from));
            }
            next = next.max(to);
            if next >= stop {
                break;
            }
        }
        (missing, false)
    }
}

/// The number of ranges that a message names.
const NAMED: usize = 3;

/// The indices of a block: `4 to 7`, `only 4`, `none`.
pub(super) fn range(block: &BlockSection) -> String {
    match block.owned() {
        0 => format!("none (it is empty at {})", block.start),
        1 => format!("only {}", block.start),
        _ => format!("{} to {}", block.start, block.stop - 1),
    }
}

/// `index 4`, `indices 4 to 7`.
fn indices(start: i64, stop: i64) -> String {
    if stop - start == 1 { format!("index {start}") } else { format!("indices {start} to {}", stop - 1) }
}

/// The mistake between two neighbours with a gap or an overlap. `all` are the indices of all ranks,
/// if all are present; only indices missing from it are called unowned.
pub(super) fn gap(left: &DimPart<'_, BlockSection>, right: &DimPart<'_, BlockSection>, all: Option<&Owned>) -> String {
    let (a, b) = (left.section, right.section);
    let (from, to) = (a.start.max(b.start), a.stop.min(b.stop));
    if from < to {
        return format!("both own {}", indices(from, to));
    }
    let (missing, more) = match all {
        Some(all) if a.stop < b.start => all.missing(a.stop, b.start, NAMED),
        _ => (Vec::new(), false),
    };
    if !missing.is_empty() {
        let named: Vec<String> = missing.iter().map(|(start, stop)| indices(*start, *stop)).collect();
        return format!("no rank owns {}{}", named.join(", "), if more { " and others" } else { "" });
    }
    if b.owned() == 0 {
        return format!("the empty block of grid rank {} lies at {}, not at {}", right.grid_rank, b.start, a.stop);
    }
    if a.owned() == 0 {
        return format!("the empty block of grid rank {} lies at {}, not at {}", left.grid_rank, a.stop, b.start);
    }
    match all {
        None if a.stop < b.start => format!("neither owns {}", indices(a.stop, b.start)),
        _ => "the blocks are not in the order of their grid ranks".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_empty_block_within_another_owns_nothing_with_it() {
        let section = |start, stop| BlockSection { start, stop, communication: [0, 0] };
        let said = |a: BlockSection, b: BlockSection| gap(&DimPart::alone(0, &a), &DimPart::alone(1, &b), None);
        assert_eq!(said(section(0, 5), section(3, 3)), "the empty block of grid rank 1 lies at 3, not at 5");
        assert_eq!(said(section(7, 7), section(5, 9)), "the empty block of grid rank 0 lies at 7, not at 5");
        assert_eq!(said(section(0, 5), section(4, 9)), "both own index 4");
    }

    proptest! {
        #[test]
        fn missing_is_what_no_block_owns(blocks in prop::collection::vec((0_i64..20, 0_i64..6), 0..6), start in 0_i64..24, len in 0_i64..12) {
            let sections: Vec<BlockSection> = blocks
                .iter()
                .map(|(start, len)| BlockSection { start: *start, stop: start + len, communication: [0, 0] })
                .collect();
            let parts: Vec<DimPart<'_, BlockSection>> = (0..)
                .zip(&sections)
                .map(|(grid_rank, section)| DimPart::alone(grid_rank, section))
                .collect();
            let (missing, more) = Owned::of(&parts).missing(start, start + len, 100);
            let listed: Vec<i64> = missing.into_iter().flat_map(|(start, stop)| start..stop).collect();
            let is_owned = |index: &i64| sections.iter().any(|block| (block.start..block.stop).contains(index));
            let slow: Vec<i64> = (start..start + len).filter(|index| !is_owned(index)).collect();
            prop_assert!(!more);
            prop_assert_eq!(listed, slow);
        }
    }
}
