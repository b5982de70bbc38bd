//! What all ranks should agree on, counted: the odd ones out are those that differ from most.

use smallvec::SmallVec;

use crate::index::Rank;
use crate::ranks::RankSet;

/// The values that ranks gave for one thing.
#[derive(Debug)]
pub(super) struct Vote<T> {
    variants: SmallVec<[(T, RankSet); 1]>,
    /// Ranks with a value that is none of those kept.
    rest: Option<Box<RankSet>>,
}

impl<T> Default for Vote<T> {
    fn default() -> Self {
        Self { variants: SmallVec::new(), rest: None }
    }
}

/// Distinct values kept apart. Ranks with further ones are counted together, so that a million
/// different values cost no more than a few.
const KEPT: usize = 16;

impl<T: PartialEq> Vote<T> {
    /// Counts a rank's value.
    #[inline]
    pub(super) fn cast(&mut self, rank: Rank, value: T) {
        let at = self.variants.iter().position(|(variant, _)| *variant == value);
        match at {
            Some(at) => {
                self.variants[at].1.insert(rank);
            }
            None if self.variants.len() < KEPT => self.variants.push((value, [rank].into_iter().collect())),
            None => {
                self.rest.get_or_insert_default().insert(rank);
            }
        }
    }

    /// Counts a value that several ranks gave.
    pub(super) fn cast_all(&mut self, ranks: &RankSet, value: T) {
        match self.variants.iter().position(|(variant, _)| *variant == value) {
            Some(at) => self.variants[at].1.insert_all(ranks),
            None if self.variants.len() < KEPT => self.variants.push((value, ranks.clone())),
            None => self.rest.get_or_insert_default().insert_all(ranks),
        }
    }

    /// The value that most ranks gave; of equals the one given first.
    pub(super) fn winner(&self) -> Option<&T> {
        self.winning().map(|at| &self.variants[at].0)
    }

    /// The value, if all ranks gave the same.
    pub(super) fn unanimous(&self) -> Option<&T> {
        match self.variants.as_slice() {
            [(value, _)] => Some(value),
            _ => None,
        }
    }

    /// All values and who gave them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(T, RankSet)> {
        self.variants.iter()
    }

    /// The other values and who gave them.
    pub(super) fn others(&self) -> impl Iterator<Item = &(T, RankSet)> {
        let winning = self.winning();
        self.variants.iter().enumerate().filter(move |(at, _)| Some(*at) != winning).map(|(_, variant)| variant)
    }

    /// The ranks that gave a value which was not kept, as too many others came before it.
    pub(super) fn rest(&self) -> Option<&RankSet> {
        self.rest.as_deref()
    }

    /// A rank that gave the winning value.
    pub(super) fn winning_rank(&self) -> Option<Rank> {
        self.winning().and_then(|at| self.variants[at].1.first())
    }

    fn winning(&self) -> Option<usize> {
        let most = self.variants.iter().map(|(_, ranks)| ranks.len()).max()?;
        self.variants.iter().position(|(_, ranks)| ranks.len() == most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(set: Option<&RankSet>) -> String {
        set.map_or_else(String::new, ToString::to_string)
    }

    #[test]
    fn most_win_and_of_equals_the_first() {
        let mut vote = Vote::default();
        assert_eq!((vote.winner(), vote.winning_rank(), vote.unanimous()), (None, None, None));
        for (rank, value) in [(3, 'b'), (4, 'a'), (7, 'a'), (9, 'b')] {
            vote.cast(Rank(rank), value);
        }
        assert_eq!((vote.winner(), vote.winning_rank(), vote.unanimous()), (Some(&'b'), Some(Rank(3)), None));
        vote.cast(Rank(10), 'a');
        assert_eq!((vote.winner(), vote.winning_rank()), (Some(&'a'), Some(Rank(4))));
        let others: Vec<_> = vote.others().map(|(value, ranks)| (*value, ranks.to_string())).collect();
        assert_eq!(others, [('b', "3, 9".to_owned())]);
        let mut one = Vote::default();
        one.cast_all(&[Rank(1), Rank(2)].into_iter().collect(), 'x');
        assert_eq!((one.unanimous(), one.winning_rank()), (Some(&'x'), Some(Rank(1))));
    }

    #[test]
    fn the_first_values_are_kept_apart_and_further_ones_counted_together() {
        let kept = i64::try_from(KEPT).unwrap();
        let (mut one_by_one, mut in_sets) = (Vote::default(), Vote::default());
        for value in 0..kept + 2 {
            one_by_one.cast(Rank(value), value);
            in_sets.cast_all(&[Rank(value)].into_iter().collect(), value);
        }
        for mut vote in [one_by_one, in_sets] {
            assert_eq!(vote.iter().map(|(value, _)| *value).collect::<Vec<_>>(), (0..kept).collect::<Vec<_>>());
            assert_eq!(shown(vote.rest()), format!("{}-{}", kept, kept + 1));
            vote.cast(Rank(100), 3);
            vote.cast_all(&[Rank(101)].into_iter().collect(), 3);
            assert_eq!((vote.winner(), vote.winning_rank()), (Some(&3), Some(Rank(3))));
            assert_eq!(shown(vote.iter().find(|(value, _)| *value == 3).map(|(_, ranks)| ranks)), "3, 100-101");
        }
    }
}
