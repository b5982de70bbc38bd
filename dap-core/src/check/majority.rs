//! Majorities: values on which all ranks should agree, counted. The ranks in the minority are
//! reported.

use smallvec::SmallVec;

use crate::index::Rank;
use crate::ranks::RankSet;

/// The values that ranks gave for one property.
#[derive(Debug)]
pub(super) struct Majority<T> {
    variants: SmallVec<[(T, RankSet); 1]>,
    /// Ranks whose value is not kept.
    rest: Option<Box<RankSet>>,
}

impl<T> Default for Majority<T> {
    fn default() -> Self {
        Self { variants: SmallVec::new(), rest: None }
    }
}

/// The number of distinct values that are kept apart. Ranks with further ones are counted together,
/// so a million different values cost no more than a few.
const KEPT: usize = 16;

impl<T: PartialEq> Majority<T> {
    /// Counts a rank's value.
    #[inline]
    pub(super) fn add(&mut self, rank: Rank, value: T) {
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
    pub(super) fn add_all(&mut self, ranks: &RankSet, value: T) {
        match self.variants.iter().position(|(variant, _)| *variant == value) {
            Some(at) => self.variants[at].1.insert_all(ranks),
            None if self.variants.len() < KEPT => self.variants.push((value, ranks.clone())),
            None => self.rest.get_or_insert_default().insert_all(ranks),
        }
    }

    /// The value of most ranks; of equally frequent ones, the first.
    pub(super) fn most_common(&self) -> Option<&T> {
        self.winning().map(|at| &self.variants[at].0)
    }

    /// The value, if all ranks gave the same.
    pub(super) fn unanimous(&self) -> Option<&T> {
        match self.variants.as_slice() {
            [(value, _)] => Some(value),
            _ => None,
        }
    }

    /// All values, each with its ranks.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(T, RankSet)> {
        self.variants.iter()
    }

    /// The other values, each with its ranks.
    pub(super) fn others(&self) -> impl Iterator<Item = &(T, RankSet)> {
        let winning = self.winning();
        self.variants.iter().enumerate().filter(move |(at, _)| Some(*at) != winning).map(|(_, variant)| variant)
    }

    /// The ranks with a value that was not kept, since too many others came before it.
    pub(super) fn rest(&self) -> Option<&RankSet> {
        self.rest.as_deref()
    }

    /// A rank with the majority's value.
    pub(super) fn majority_rank(&self) -> Option<Rank> {
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
        let mut majority = Majority::default();
        assert_eq!((majority.most_common(), majority.majority_rank(), majority.unanimous()), (None, None, None));
        for (rank, value) in [(3, 'b'), (4, 'a'), (7, 'a'), (9, 'b')] {
            majority.add(Rank(rank), value);
        }
        assert_eq!(
            (majority.most_common(), majority.majority_rank(), majority.unanimous()),
            (Some(&'b'), Some(Rank(3)), None)
        );
        majority.add(Rank(10), 'a');
        assert_eq!((majority.most_common(), majority.majority_rank()), (Some(&'a'), Some(Rank(4))));
        let others: Vec<_> = majority.others().map(|(value, ranks)| (*value, ranks.to_string())).collect();
        assert_eq!(others, [('b', "3, 9".to_owned())]);
        let mut one = Majority::default();
        one.add_all(&[Rank(1), Rank(2)].into_iter().collect(), 'x');
        assert_eq!((one.unanimous(), one.majority_rank()), (Some(&'x'), Some(Rank(1))));
    }

    #[test]
    fn the_first_values_are_kept_apart_and_further_ones_counted_together() {
        let kept = i64::try_from(KEPT).unwrap();
        let (mut one_by_one, mut in_sets) = (Majority::default(), Majority::default());
        for value in 0..kept + 2 {
            one_by_one.add(Rank(value), value);
            in_sets.add_all(&[Rank(value)].into_iter().collect(), value);
        }
        for mut majority in [one_by_one, in_sets] {
            assert_eq!(majority.iter().map(|(value, _)| *value).collect::<Vec<_>>(), (0..kept).collect::<Vec<_>>());
            assert_eq!(shown(majority.rest()), format!("{}-{}", kept, kept + 1));
            majority.add(Rank(100), 3);
            majority.add_all(&[Rank(101)].into_iter().collect(), 3);
            assert_eq!((majority.most_common(), majority.majority_rank()), (Some(&3), Some(Rank(3))));
            assert_eq!(shown(majority.iter().find(|(value, _)| *value == 3).map(|(_, ranks)| ranks)), "3, 100-101");
        }
    }
}
