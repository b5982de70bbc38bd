//! A line: the ranks that hold the same part of the other axes, and the groups that each owns.

use std::ops::Range;

use dap_array::{DynArray, Pass, Result};
use dap_core::algebra::{CommRank, Placement};
use dap_core::index::GridRank;
use dap_mpi::Comm;

/// The ranks that hold the same part of the other axes, in the order of their coordinates along the
/// axis of the groups.
pub(crate) struct Line<'c> {
    comm: &'c Comm,
    ranks: Vec<i32>,
    /// The groups of each rank of the line.
    owned: Vec<Range<usize>>,
    /// This rank's place in the line.
    here: usize,
}

impl Line<'_> {
    /// This rank's line; `None` if it holds no section. `results` is the distribution of the
    /// results.
    pub(crate) fn of<'c>(array: &'c DynArray, axis: usize, results: &Placement) -> Result<Option<Line<'c>>> {
        let comm = array.context().comm();
        let replicas = array.placement().reduce(Some(&[axis as i64]), true)?;
        let Some(section) = replicas.section(CommRank(comm.rank().into())) else { return Ok(None) };
        // Ranks of the communicator: the array's placement was checked against it.
        let ranks: Vec<i32> = replicas.holders(section).filter_map(|rank| i32::try_from(rank.0).ok()).collect();
        let Some(here) = ranks.iter().position(|&rank| rank == comm.rank()) else { return Ok(None) };
        let dim = &results.layout().dims()[axis];
        let mut next = 0;
        let owned = (0..ranks.len() as i64).map(|rank| {
            let from = next;
            next += dim.owned_len(GridRank(rank)) as usize;
            from..next
        });
        let owned = owned.collect();
        Ok(Some(Line { comm, ranks, owned, here }))
    }

    /// The first group that this rank owns.
    pub(crate) fn first(&self) -> usize {
        self.owned[self.here].start
    }

    /// Those of some ascending groups that a rank of the line owns, as a range of their places.
    fn places(&self, groups: &[usize], rank: usize) -> Range<usize> {
        let owned = &self.owned[rank];
        groups.partition_point(|group| *group < owned.start)..groups.partition_point(|group| *group < owned.end)
    }

    /// Those of some ascending groups that this rank owns.
    pub(crate) fn own<'g>(&self, groups: &'g [usize]) -> &'g [usize] {
        &groups[self.places(groups, self.here)]
    }

    fn others(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.ranks.len()).filter(|rank| *rank != self.here)
    }

    /// The words of the groups that this rank owns, merged in the order of the line's ranks.
    pub(crate) fn merged(&self, pass: &dyn Pass, groups: &[usize], lines: usize, words: &[u64]) -> Result<Vec<u64>> {
        let of_group = pass.words() * lines;
        let part = |rank: usize| {
            let places = self.places(groups, rank);
            &words[places.start * of_group..places.end * of_group]
        };
        let mine = part(self.here);
        let sends = self.others().map(|rank| (self.ranks[rank], part(rank))).filter(|(_, words)| !words.is_empty());
        let sends: Vec<(i32, &[u64])> = sends.collect();
        let receives = self.others().filter(|_| !mine.is_empty()).map(|rank| (self.ranks[rank], mine.len()));
        let mut received = self.comm.exchange_words(&sends, &receives.collect::<Vec<_>>())?.into_iter();
        let mut merged = pass.neutral().repeat(mine.len() / pass.words());
        for rank in 0..self.ranks.len() {
            let other = if rank == self.here { Some(mine.to_vec()) } else { received.next() };
            let others = other.iter().flat_map(|words| words.chunks(pass.words()));
            merged.chunks_mut(pass.words()).zip(others).for_each(|(words, other)| pass.merge(words, other));
        }
        Ok(merged)
    }

    /// The groups of all ranks' lists, ascending, on each rank of the line.
    pub(crate) fn all_of(&self, groups: &[usize]) -> Result<Vec<usize>> {
        let mine: Vec<u64> = groups.iter().map(|&group| group as u64).collect();
        let count = [mine.len() as u64];
        let counts: Vec<(i32, &[u64])> = self.others().map(|rank| (self.ranks[rank], &count[..])).collect();
        let ones: Vec<(i32, usize)> = self.others().map(|rank| (self.ranks[rank], 1)).collect();
        let counts = self.comm.exchange_words(&counts, &ones)?;
        let lists = self.others().filter(|_| !mine.is_empty()).map(|rank| (self.ranks[rank], &mine[..]));
        let lists: Vec<(i32, &[u64])> = lists.collect();
        let receives = self.others().zip(&counts).map(|(rank, count)| (self.ranks[rank], count[0] as usize));
        let receives: Vec<(i32, usize)> = receives.filter(|(_, count)| *count > 0).collect();
        let others = self.comm.exchange_words(&lists, &receives)?;
        let others = others.into_iter().flatten().map(|group| group as usize);
        let mut all: Vec<usize> = others.chain(groups.iter().copied()).collect();
        all.sort_unstable();
        Ok(all)
    }
}
