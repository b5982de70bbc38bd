//! A cyclic dimension as the ranks stated it: the parts need not fit together.

/// The stated parts, grouped by their block size.
#[derive(Debug)]
pub(crate) struct CyclicParts {
    groups: Vec<CyclicGroup>,
    end: i64,
}

#[derive(Debug)]
struct CyclicGroup {
    block_size: i64,
    /// The length of a cycle: the number of indices between the beginnings of two blocks of one
    /// process.
    cycle: i64,
    /// The first index of each part's first block, ascending; below `cycle`.
    starts: Vec<(i64, u32)>,
}

/// The largest number of block sizes that are drawn; more would not make the contradiction clearer.
const KEPT: usize = 16;

impl CyclicParts {
    /// From the `start`, the `block_size` and the number of each part that owns something.
    pub(super) fn new(parts: impl Iterator<Item = (i64, i64, u32)>, grid_size: i64, end: i64) -> Self {
        let mut groups: Vec<CyclicGroup> = Vec::new();
        for (start, block_size, part) in parts {
            let group = match groups.iter().position(|group| group.block_size == block_size) {
                Some(at) => &mut groups[at],
                None if groups.len() < KEPT => {
                    let cycle = block_size.checked_mul(grid_size).unwrap_or(i64::MAX);
                    groups.push(CyclicGroup { block_size, cycle, starts: Vec::new() });
                    groups.last_mut().expect("pushed just now")
                }
                None => continue,
            };
            group.starts.push((start, part));
        }
        groups.iter_mut().for_each(|group| group.starts.sort_unstable());
        Self { groups, end }
    }

    /// The next position at which the owners change. Adds the parts that own `position` to
    /// `owners`.
    pub(super) fn at(&self, position: i64, owners: &mut Vec<u32>) -> i64 {
        let mut end = self.end;
        for CyclicGroup { block_size, cycle, starts } in &self.groups {
            let phase = position % cycle;
            let base = position - phase;
            let behind = starts.partition_point(|(start, _)| *start <= phase);
            for (start, part) in starts[..behind].iter().rev().take_while(|(start, _)| phase - start < *block_size) {
                owners.push(*part);
                end = end.min(base.saturating_add(*start).saturating_add(*block_size));
            }
            let next = match (starts.get(behind), starts.first()) {
                (Some((next, _)), _) => base.saturating_add(*next),
                (None, Some((first, _))) => base.saturating_add(*cycle).saturating_add(*first),
                (None, None) => self.end,
            };
            end = end.min(next);
        }
        owners.sort_unstable();
        end.max(position + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_counting(parts in prop::collection::vec((0_i64..4, 1_i64..4), 0..6)) {
            let parts: Vec<(i64, i64)> = parts.into_iter().map(|(block, size)| (block * size, size)).collect();
            let cyclic = CyclicParts::new((0..).zip(&parts).map(|(part, deal)| (deal.0, deal.1, part)), 4, 50);
            for at in 0..50 {
                let owns = |(start, size): (i64, i64)| at >= start && (at - start) % (4 * size) < size;
                let expected: Vec<u32> = (0..).zip(&parts).filter(|(_, deal)| owns(**deal)).map(|(part, _)| part).collect();
                let mut owners = Vec::new();
                let end = cyclic.at(at, &mut owners);
                prop_assert_eq!(&owners, &expected);
                let mut before_end = Vec::new();
                cyclic.at(end - 1, &mut before_end);
                prop_assert_eq!(&before_end, &expected);
            }
        }
    }
}
