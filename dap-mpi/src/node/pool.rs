//! Segments that wait for their next use.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::segment::Segment;
use crate::error::Result;

/// The memory of one communicator's arrays. A segment that an array releases is kept for the next
/// array of about its size.
#[derive(Debug)]
pub(crate) struct Pool {
    free: Mutex<Vec<Segment>>,
}

impl Pool {
    /// The greatest number of segments that are kept; the oldest is released first.
    const KEPT: usize = 4;

    pub(crate) fn new() -> Arc<Pool> {
        Arc::new(Pool { free: Mutex::default() })
    }

    /// A lease of at least `bytes` bytes.
    pub(crate) fn lease(self: &Arc<Pool>, bytes: usize) -> Result<Lease> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // A segment that would waste more than it holds does not fit.
        let fits = |segment: &Segment| bytes <= segment.len() && segment.len() / 2 <= bytes.max(1 << 16);
        let best = (0..free.len()).filter(|&at| fits(&free[at])).min_by_key(|&at| free[at].len());
        let segment = best.map(|at| free.remove(at));
        drop(free);
        let segment = segment.map_or_else(|| self.fresh(bytes), Ok)?;
        Ok(Lease { segment: Some(segment), pool: Arc::downgrade(self) })
    }

    /// A new segment. If memory is missing, the kept segments are released first.
    fn fresh(&self, bytes: usize) -> Result<Segment> {
        Segment::new(bytes).or_else(|error| {
            let idle = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
            if idle.is_empty() {
                return Err(error);
            }
            idle.into_iter().for_each(Segment::discard);
            Segment::new(bytes)
        })
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
        let mut free = pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(segment);
        let oldest = (free.len() > Pool::KEPT).then(|| free.remove(0));
        drop(free);
        oldest.into_iter().for_each(Segment::discard);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let free = std::mem::take(self.free.get_mut().unwrap_or_else(PoisonError::into_inner));
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
}
