//! A cyclic dimension as the ranks stated it: deals that need not fit together.

/// The stated deals, those of equal block size together.
#[derive(Debug)]
pub(crate) struct Dealt {
    groups: Vec<Group>,
    end: i64,
}

#[derive(Debug)]
struct Group {
    block_size: i64,
    /// After how many indices the same process is dealt to again.
    turn: i64,
    /// The first index of each part's first block, ascending; below `turn`.
    starts: Vec<(i64, u32)>,
}

/// Ranks that contradict one another more often than this are not drawn: the picture says enough by
/// then.
const KEPT: usize = 16;

impl Dealt {
    /// From `start`, `block_size` and number of the parts that own something.
    pub(super) fn new(parts: impl Iterator<Item = (i64, i64, u32)>, grid_size: i64, end: i64) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (start, block_size, part) in parts {
            let group = match groups.iter().position(|group| group.block_size == block_size) {
                Some(at) => &mut groups[at],
                None if groups.len() < KEPT => {
                    let turn = block_size.checked_mul(grid_size).unwrap_or(i64::MAX);
                    groups.push(Group { block_size, turn, starts: Vec::new() });
                    groups.last_mut().expect("pushed just now")
                }
                None => continue,
            };
            group.starts.push((start, part));
        }
        groups.iter_mut().for_each(|group| group.starts.sort_unstable());
        Self { groups, end }
    }

    /// Where the claims at a position change next; adds the parts that claim it.
    pub(super) fn at(&self, position: i64, claims: &mut Vec<u32>) -> i64 {
        let mut end = self.end;
        for Group { block_size, turn, starts } in &self.groups {
            let phase = position % turn;
            let base = position - phase;
            let behind = starts.partition_point(|(start, _)| *start <= phase);
            for (start, part) in starts[..behind].iter().rev().take_while(|(start, _)| phase - start < *block_size) {
                claims.push(*part);
                end = end.min(base.saturating_add(*start).saturating_add(*block_size));
            }
            let next = match (starts.get(behind), starts.first()) {
                (Some((next, _)), _) => base.saturating_add(*next),
                (None, Some((first, _))) => base.saturating_add(*turn).saturating_add(*first),
                (None, None) => self.end,
            };
            end = end.min(next);
        }
        claims.sort_unstable();
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
            let dealt = Dealt::new((0..).zip(&parts).map(|(part, deal)| (deal.0, deal.1, part)), 4, 50);
            for at in 0..50 {
                let owns = |(start, size): (i64, i64)| at >= start && (at - start) % (4 * size) < size;
                let expected: Vec<u32> = (0..).zip(&parts).filter(|(_, deal)| owns(**deal)).map(|(part, _)| part).collect();
                let mut claims = Vec::new();
                let end = dealt.at(at, &mut claims);
                prop_assert_eq!(&claims, &expected);
                let mut before_end = Vec::new();
                dealt.at(end - 1, &mut before_end);
                prop_assert_eq!(&before_end, &expected);
            }
        }
    }
}
