//! A collective call: from its beginning to the end of the guard.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::position::Position;
use super::{Watch, place};
use crate::comm::Comm;
use crate::error::Result;
use crate::node::{SITES, TextPlace};
use crate::wait::{self, Waiter};

/// A collective call in progress. It ends when this is dropped.
#[must_use = "the call ends when this is dropped"]
pub struct Call {
    watch: Arc<Watch>,
    is_outermost: bool,
    /// The waiter of the call around this one, on another communicator.
    outer: Option<Option<Arc<dyn Waiter>>>,
    /// Calls end on the thread on which they began.
    thread: PhantomData<*const ()>,
}

impl Comm {
    /// Begins a collective call of this name, which lasts until the [`Call`] is dropped. Within
    /// another call on this communicator it counts as that one. `arguments` are those that must be
    /// the same on all ranks, and are hashed only with `DAP_CHECK=1`. Collective then, and local
    /// without it: a function of the crates above, whose ranks all make the call, begins with
    ///
    /// ```no_run
    /// # fn example(comm: &dap_mpi::Comm, axis: i64) -> dap_mpi::Result<()> {
    /// let _call = comm.enter("sum", axis)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A rank has left that an earlier call needed; with `DAP_CHECK=1` another call, or other
    /// arguments, on some rank.
    #[track_caller]
    pub fn enter(&self, name: &'static str, arguments: impl Hash) -> Result<Call> {
        let call = Call::begin(self.watch(), name, Location::caller())?;
        if call.watch.settings.checks && call.is_outermost {
            // This hasher has no seed: the same program has the same hash on every rank.
            let mut hasher = DefaultHasher::new();
            arguments.hash(&mut hasher);
            self.check_call(name, Location::caller(), hasher.finish())?;
        }
        Ok(call)
    }
}

impl Call {
    fn begin(watch: &Arc<Watch>, name: &'static str, caller: &'static Location<'static>) -> Result<Call> {
        let depth = watch.depth.load(Ordering::Relaxed);
        let is_outermost = depth == 0;
        let mut outer = None;
        if is_outermost {
            watch.check_lost()?;
            let site = watch.site(name, caller);
            let number = watch.position().number + 1;
            watch.set_position(Position { number, site, is_inside: true });
            outer = wait::enter(watch);
        }
        watch.depth.store(depth + 1, Ordering::Relaxed);
        Ok(Call { watch: Arc::clone(watch), is_outermost, outer, thread: PhantomData })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.watch.depth.store(self.watch.depth.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed);
        if !self.is_outermost {
            return;
        }
        // A panic leaves the call without ending it: if the communicator is dropped as well, the
        // other ranks wait in vain.
        if !std::thread::panicking() {
            self.watch.set_position(Position { is_inside: false, ..self.watch.position() });
        }
        self.outer.take().into_iter().for_each(wait::leave);
    }
}

impl Watch {
    /// The place of the text of a call, which is written if another call's is there.
    fn site(&self, name: &'static str, caller: &'static Location<'static>) -> usize {
        // Multipliers of Fibonacci hashing: the upper bits depend on all of both.
        let mixed = (name.as_ptr().addr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ place::key(caller);
        let key = mixed.wrapping_mul(0xD1B5_4A32_D192_ED03);
        let site = (key >> 32) as usize % SITES;
        if self.sites[site].load(Ordering::Relaxed) != key
            && let Some(board) = &self.board
        {
            self.sites[site].store(key, Ordering::Relaxed);
            board.write(TextPlace::Site(site), &describe(name, caller));
        }
        site
    }
}

/// A call in words.
pub(super) fn describe(name: &str, caller: &Location<'_>) -> String {
    format!("`{name}` at {}", place::describe(caller))
}
