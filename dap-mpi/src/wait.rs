//! The slow part of every wait: whether the ranks that are waited for can still come.
//!
//! The fast part of a wait is its owner's: the mailbox's spinning, MPI's tests. Both look here
//! after [`TURNS`] turns, again and again. The [watch](crate::watch) of the call that the thread is
//! in answers.

use std::cell::RefCell;
use std::sync::Arc;

use crate::error::Result;

/// The turns of a wait between two looks: about a third of a millisecond. A multiple of 64.
pub(crate) const TURNS: u64 = 256;

/// A call in which a thread can wait.
pub(crate) trait Waiter {
    /// Looks whether the call can still end.
    ///
    /// # Errors
    /// A rank has left that the call needs.
    fn look(&self) -> Result<()>;
}

thread_local! {
    /// The call that this thread is in. It stays after the call: the next one mostly has the same
    /// waiter, and a waiter outside of its call sees nothing.
    static CURRENT: RefCell<Option<Arc<dyn Waiter>>> = const { RefCell::new(None) };
}

/// Makes a waiter the thread's current one, and returns the one before; `None` if it was current
/// already.
pub(crate) fn enter<W: Waiter + 'static>(waiter: &Arc<W>) -> Option<Option<Arc<dyn Waiter>>> {
    // A thread that ends is in no call.
    let entered = CURRENT.try_with(|current| {
        let mut current = current.borrow_mut();
        let is_same = current.as_ref().is_some_and(|known| std::ptr::addr_eq(Arc::as_ptr(known), Arc::as_ptr(waiter)));
        (!is_same).then(|| current.replace(Arc::clone(waiter) as Arc<dyn Waiter>))
    });
    entered.ok().flatten()
}

/// Makes the waiter current again that was before.
pub(crate) fn leave(before: Option<Arc<dyn Waiter>>) {
    // The borrow ends before the old waiter is dropped.
    let _old = CURRENT.try_with(|current| std::mem::replace(&mut *current.borrow_mut(), before));
}

/// Forgets a waiter, which takes part in no further call.
pub(crate) fn forget(waiter: *const ()) {
    let _old = CURRENT.try_with(|current| {
        let mut current = current.borrow_mut();
        let is_same = current.as_ref().is_some_and(|known| std::ptr::addr_eq(Arc::as_ptr(known), waiter));
        if is_same { current.take() } else { None }
    });
}

/// Looks whether the thread's current call can still end.
///
/// # Errors
/// A rank has left that the call needs.
pub(crate) fn look() -> Result<()> {
    let current = CURRENT.try_with(|current| current.borrow().clone()).ok().flatten();
    current.map_or(Ok(()), |waiter| waiter.look())
}
