//! The watchdog: a thread of each process that sleeps, and warns of a call that does not end.
//!
//! It starts in the first wait that is long enough for a look, and ends with the last communicator.
//! It makes no call of MPI. It knows of a wait from the looks of the waiting thread, whose position
//! then stays the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::position::Position;
use super::{Watch, departure};
use crate::node::TextPlace;

/// The most ranks that a warning lists.
const LISTED: usize = 10;
/// The time of a wait, halved, before it is published where no warnings are wanted.
const PUBLISHED: Duration = Duration::from_secs(60);

/// The running thread, and the way to end it.
struct Running {
    thread: JoinHandle<()>,
    end: Arc<End>,
}

/// Whether the thread has to end.
#[derive(Default)]
struct End {
    is_due: Mutex<bool>,
    changed: Condvar,
}

static IS_RUNNING: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

/// Starts the thread, if warnings are wanted, or other nodes must be asked, and it does not run.
pub(super) fn start(timeout: Option<Duration>, asks: bool) {
    if IS_RUNNING.load(Ordering::Relaxed) || timeout.is_none() && !asks {
        return;
    }
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if running.is_some() {
        return;
    }
    let end = Arc::new(End::default());
    let its_end = Arc::clone(&end);
    let tick = (timeout.unwrap_or(Duration::MAX) / 4).clamp(Duration::from_millis(10), Duration::from_millis(500));
    let thread = std::thread::Builder::new().name("dap-watchdog".to_owned()).spawn(move || run(tick, &its_end));
    // Without a thread there are no warnings; all else works.
    *running = thread.ok().map(|thread| Running { thread, end });
    IS_RUNNING.store(true, Ordering::Relaxed);
}

/// Ends the thread, if it runs.
pub(super) fn stop() {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).take();
    IS_RUNNING.store(false, Ordering::Relaxed);
    if let Some(Running { thread, end }) = running {
        *end.is_due.lock().unwrap_or_else(PoisonError::into_inner) = true;
        end.changed.notify_all();
        let _ = thread.join();
    }
}

fn run(tick: Duration, end: &End) {
    let mut waits = HashMap::new();
    let mut is_due = end.is_due.lock().unwrap_or_else(PoisonError::into_inner);
    while !*is_due {
        is_due = end.changed.wait_timeout(is_due, tick).unwrap_or_else(PoisonError::into_inner).0;
        if !*is_due {
            drop(is_due);
            inspect(&departure::watches(), &mut waits);
            is_due = end.is_due.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A wait that the watchdog has seen.
struct Wait {
    position: Position,
    since: Instant,
    /// The time of the next warning; `None` for no warnings.
    warns_after: Option<Duration>,
    /// The time of the next questions to other nodes.
    asks_after: Duration,
    /// Whether the other communicators' boards say so.
    is_published: bool,
}

impl Wait {
    fn new(watch: &Watch, position: Position) -> Wait {
        // Many nodes are asked later.
        let asks_after = Duration::from_secs(1 + watch.peers.nodes() as u64 / 16);
        Wait { position, since: Instant::now(), warns_after: watch.settings.timeout, asks_after, is_published: false }
    }
}

/// Looks at all communicators of this process, by their addresses.
fn inspect(watches: &[Arc<Watch>], waits: &mut HashMap<usize, Wait>) {
    let key = |watch: &Arc<Watch>| Arc::as_ptr(watch).addr();
    waits.retain(|known, _| watches.iter().any(|watch| key(watch) == *known));
    for watch in watches {
        let Some(position) = watch.waits_at() else {
            if waits.remove(&key(watch)).is_some_and(|wait| wait.is_published) {
                publish(watches, watch, "");
            }
            continue;
        };
        let wait = waits.entry(key(watch)).or_insert_with(|| Wait::new(watch, position));
        if wait.position != position {
            *wait = Wait { is_published: wait.is_published, ..Wait::new(watch, position) };
        }
        let waited = wait.since.elapsed();
        if waited >= watch.settings.timeout.unwrap_or(PUBLISHED) / 2 && !wait.is_published {
            wait.is_published = true;
            publish(watches, watch, &format!("{} of another communicator", watch.describe(watch.node_rank)));
        }
        let warns = wait.warns_after.is_some_and(|after| waited >= after);
        if !watch.peers.is_empty() && (warns || waited >= wait.asks_after) {
            wait.asks_after = wait.asks_after.max(waited) * 2;
            let reports = watch.peers.ask();
            *watch.reports.lock().unwrap_or_else(PoisonError::into_inner) = reports;
        }
        // The questions took time, in which the wait may have ended.
        if warns && watch.waits_at() == Some(position) {
            wait.warns_after = wait.warns_after.map(|after| after * 2);
            watch.warn(waited);
        }
    }
}

/// Says on the boards of the other communicators where this process waits.
fn publish(watches: &[Arc<Watch>], waiting: &Arc<Watch>, text: &str) {
    let others = watches.iter().filter(|watch| !Arc::ptr_eq(watch, waiting));
    others.filter_map(|watch| watch.board.as_ref()).for_each(|board| board.write(TextPlace::Elsewhere, text));
}

impl Watch {
    /// The position of a wait in a call in which this rank still is.
    fn waits_at(&self) -> Option<Position> {
        let position = self.position();
        let waited = Position::from_word(self.waited_at.load(Ordering::Relaxed));
        (position.is_inside && position == waited).then_some(position)
    }

    /// Warns that this rank waits, and ends the job if that is wanted.
    fn warn(&self, waited: Duration) {
        let (rank, size, here) = (self.rank, self.size, self.describe(self.node_rank));
        let mut lines = vec![format!("dap-mpi: rank {rank} of {size} waits {here}, for {:.1} s", waited.as_secs_f64())];
        let far = self.reports.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let unknown = self.peers.ranks().filter(|rank| !far.iter().any(|report| report.rank == *rank));
        let unknown: Vec<String> = unknown.map(|rank| format!("rank {rank} does not answer")).collect();
        let number = self.position().number;
        let others = self.reports().into_iter().chain(far).filter(|report| report.rank != rank);
        let stated: Vec<String> = others.filter_map(|report| report.beside(number, &here)).chain(unknown).collect();
        lines.extend(stated.iter().take(LISTED).cloned());
        if stated.len() > LISTED {
            lines.push(format!("and {} more ranks", stated.len() - LISTED));
        }
        lines.push("DAP_CHECK=1 compares the calls of all ranks; DAP_TIMEOUT sets the time of this warning".to_owned());
        if self.settings.aborts {
            lines.push("DAP_ON_TIMEOUT=abort ends the job".to_owned());
        }
        eprintln!("{}", lines.join("\n    "));
        if self.settings.aborts {
            std::process::abort();
        }
    }
}
