//! Segments that wait for their next use.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::segment::Segment;
use crate::error::Result;

/// The memory of one communicator's arrays. A segment that an array releases is kept for the next
/// array of about its size.
#[derive(Debug)]
pub(crate) struct Pool {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In the order in which they were released.
    free: Vec<Segment>,
    /// The bytes of all segments that are on loan.
    leased: usize,
}

impl Pool {
    /// The greatest number of segments that are kept; the oldest is released first.
    const KEPT: usize = 4;
    /// The bytes of several segments that are kept although the arrays have less.
    const SMALL: usize = 64 << 20;

    pub(crate) fn new() -> Arc<Pool> {
        Arc::new(Pool { state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lease of at least `bytes` bytes.
    pub(crate) fn lease(self: &Arc<Pool>, bytes: usize) -> Result<Lease> {
        let mut state = self.state();
        let free = &mut state.free;
        // A segment that would waste more than it holds does not fit.
        let fits = |segment: &Segment| bytes <= segment.len() && segment.len() / 2 <= bytes.max(1 << 16);
        let best = (0..free.len()).filter(|&at| fits(&free[at])).min_by_key(|&at| free[at].len());
        let segment = best.map(|at| free.remove(at));
        drop(state);
        let segment = segment.map_or_else(|| self.fresh(bytes), Ok)?;
        self.state().leased += segment.len();
        Ok(Lease { segment: Some(segment), pool: Arc::downgrade(self) })
    }

    /// A new segment. If memory is missing, the kept segments are released first.
    fn fresh(&self, bytes: usize) -> Result<Segment> {
        Segment::new(bytes).or_else(|error| {
            let idle = std::mem::take(&mut self.state().free);
            if idle.is_empty() {
                return Err(error);
            }
            idle.into_iter().for_each(Segment::discard);
            Segment::new(bytes)
        })
    }
}

impl State {
    /// Keeps a segment, and returns those that are kept no longer: what waits for its next use is
    /// no more than what is in use, the newest segment and a few small ones aside.
    fn keep(&mut self, segment: Segment) -> Vec<Segment> {
        self.free.push(segment);
        let most = self.leased.max(Pool::SMALL);
        let mut bytes: usize = self.free.iter().map(Segment::len).sum();
        let mut surplus = 0;
        while self.free.len() - surplus > 1 && (bytes > most || self.free.len() - surplus > Pool::KEPT) {
            bytes -= self.free[surplus].len();
            surplus += 1;
        }
        self.free.drain(..surplus).collect()
    }
}

/// A segment on loan. Dropping it gives the segment back, if the communicator still exists.
#[derive(Debug)]
pub(crate) struct Lease {
    segment: Option<Segment>,
    pool: Weak<Pool>,
}

impl Lease {
    pub(crate) fn data(&self) -> *mut u8 {
        self.segment.as_ref().map_or(std::ptr::null_mut(), Segment::data)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(segment) = self.segment.take() else { return };
        // No process reads an array while no operation is in progress, so its memory can be
        // discarded while others have it mapped.
        let Some(pool) = self.pool.upgrade() else { return segment.discard() };
        let mut state = pool.state();
        state.leased = state.leased.saturating_sub(segment.len());
        let surplus = state.keep(segment);
        drop(state);
        surplus.into_iter().for_each(Segment::discard);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let free = std::mem::take(&mut self.state.get_mut().unwrap_or_else(PoisonError::into_inner).free);
        free.into_iter().for_each(Segment::discard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again() {
        let pool = Pool::new();
        let first = pool.lease(1 << 20).unwrap();
        let data = first.data();
        let second = pool.lease(1 << 20).unwrap();
        assert_ne!(second.data(), data);
        drop(first);
        assert_eq!(pool.lease(1 << 20).unwrap().data(), data);
        drop(second);
        // A segment of twice the size is not used for this.
        assert_eq!(pool.lease(100).unwrap().segment.as_ref().unwrap().len(), 4096);
        let last = pool.lease(5).unwrap();
        drop(pool);
        drop(last);
    }

    #[test]
    fn idle_memory_is_no_more_than_that_in_use() {
        let pool = Pool::new();
        let free = || pool.state().free.iter().map(|segment| segment.len() >> 20).collect::<Vec<_>>();
        let large = |mebibytes: usize| pool.lease(mebibytes << 20).unwrap();
        let [a, b, c] = [40, 90, 30].map(large);
        drop(a);
        assert_eq!(free(), [40]);
        // 30 MiB are in use: 64 may wait, or the newest segment.
        drop(b);
        assert_eq!(free(), [90]);
        let d = large(100);
        // 100 MiB are in use.
        drop(c);
        assert_eq!(free(), [30]);
        drop(d);
        assert_eq!(free(), [100]);
        (0..6).map(|_| large(1)).collect::<Vec<_>>().clear();
        assert_eq!(free(), [1; Pool::KEPT]);
        assert_eq!(pool.state().leased, 0);
    }
}
