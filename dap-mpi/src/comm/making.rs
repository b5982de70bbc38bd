//! Duplicating a communicator: one thread at a time.
//!
//! MPI forbids two concurrent collective calls on one communicator, and `MPI_Comm_dup` is
//! collective. Threads that duplicate the same communicator therefore wait for one another here.
//! All ranks make the same calls while they hold the right, so a rank that is inside waits for
//! ranks that are inside too, or on their way: the wait ends. Duplications of different
//! communicators do not wait for one another.

use std::sync::{Condvar, Mutex, PoisonError};

/// The handles of the communicators that are being duplicated.
static MAKING: Mutex<Vec<usize>> = Mutex::new(Vec::new());
static MADE: Condvar = Condvar::new();

/// The right to duplicate the communicator with this handle, until it is dropped.
#[derive(Debug)]
pub(super) struct Making {
    handle: usize,
}

impl Making {
    /// Waits until no other thread has the right.
    pub(super) fn begin(handle: usize) -> Making {
        let mut making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        while making.contains(&handle) {
            making = MADE.wait(making).unwrap_or_else(PoisonError::into_inner);
        }
        making.push(handle);
        Making { handle }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        MAKING.lock().unwrap_or_else(PoisonError::into_inner).retain(|&handle| handle != self.handle);
        MADE.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_at_a_time_of_one_handle() {
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _making = Making::begin(77);
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
    }

    #[test]
    fn another_handle_does_not_wait() {
        let _one = Making::begin(78);
        let _other = Making::begin(79);
    }
}
