//! Ranks that leave: by dropping a communicator, by a panic, by finalising MPI, by ending.
//!
//! A panic by itself is no departure: it may be caught. The hook only keeps its text. The rank has
//! left when the panic drops the last handle of a communicator, or ends the process.

use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, Once, PoisonError, TryLockError};

use super::Watch;
use crate::environment;

/// The communicators of this process that it has not left.
static WATCHES: Mutex<Vec<Arc<Watch>>> = Mutex::new(Vec::new());

thread_local! {
    /// The last panic of this thread.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Adds a communicator; with the first one, asks to be told of panics and of the end.
pub(super) fn register(watch: &Arc<Watch>) {
    static HOOKS: Once = Once::new();
    HOOKS.call_once(|| {
        environment::at_end(|how| leave(&reason(how)));
        // A panicking thread must not change the hook.
        if !std::thread::panicking() {
            let others = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                keep(info);
                others(info);
            }));
        }
    });
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(watch));
}

/// Removes a communicator. Whether it was the last one.
pub(super) fn unregister(watch: &Watch) -> bool {
    let mut watches = WATCHES.lock().unwrap_or_else(PoisonError::into_inner);
    watches.retain(|known| !std::ptr::eq(&**known, watch));
    watches.is_empty()
}

/// The communicators of this process that it has not left.
pub(super) fn watches() -> Vec<Arc<Watch>> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Publishes that this process takes part in no further call on any communicator, with the reason:
/// "raised ValueError at f.py:12". Ranks that wait for it return that as an error. For the hooks of
/// other languages; this crate finds panics, and the end of MPI or of the process, by itself.
pub fn leave(reason: &str) {
    let watches = match WATCHES.try_lock() {
        Ok(watches) => watches,
        Err(TryLockError::Poisoned(watches)) => watches.into_inner(),
        // The process ends while another thread makes a communicator.
        Err(TryLockError::WouldBlock) => return,
    };
    watches.iter().for_each(|watch| watch.publish_departure(reason));
}

/// The reason for which this thread leaves: its panic, or `otherwise`.
pub(crate) fn reason(otherwise: &str) -> String {
    let panic = if std::thread::panicking() { PANIC.try_with(|panic| panic.borrow().clone()).ok() } else { None };
    panic.filter(|panic| !panic.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}

/// Keeps the text of a panic.
fn keep(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = text.unwrap_or("a value without a text");
    let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let _ = PANIC.try_with(|panic| panic.replace(format!("panicked{place}: {message}")));
}
