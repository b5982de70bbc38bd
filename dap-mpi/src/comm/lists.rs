//! Lists of numbers between ranks that do not know of each other.

use crate::comm::Comm;
use crate::error::Result;

impl Comm {
    /// Sends a list of numbers to each rank, `lists[rank]`; most may be empty. Returns the lists
    /// that came from each rank, and the sum over all ranks of their `more`. Collective: one
    /// gathering of the lengths, and a message for each list that is not empty.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn exchange_lists(&self, lists: &[Vec<u64>], more: u64) -> Result<(Vec<Vec<u64>>, u64)> {
        let _call = self.enter("exchange_lists", ())?;
        let (ranks, here) = (self.size() as usize, self.rank() as usize);
        let mut lengths: Vec<u64> =
            (0..ranks).map(|rank| lists.get(rank).map_or(0, |list| list.len() as u64)).collect();
        lengths.push(more);
        let all = self.gather_words(&lengths)?;
        let from = |rank: usize| all[rank * (ranks + 1) + here] as usize;
        let sends: Vec<(i32, &[u64])> =
            (0..ranks).filter(|&rank| lengths[rank] > 0).map(|rank| (rank as i32, &lists[rank][..])).collect();
        let receives: Vec<(i32, usize)> =
            (0..ranks).filter(|&rank| from(rank) > 0).map(|rank| (rank as i32, from(rank))).collect();
        let mut received = self.exchange_words(&sends, &receives)?.into_iter();
        let lists =
            (0..ranks).map(|rank| if from(rank) > 0 { received.next().unwrap_or_default() } else { Vec::new() });
        let lists = lists.collect();
        let more = (0..ranks).map(|rank| all[rank * (ranks + 1) + ranks]).fold(0_u64, u64::saturating_add);
        Ok((lists, more))
    }
}
