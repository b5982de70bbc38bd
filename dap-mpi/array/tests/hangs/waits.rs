//! Long waits, of which the watchdog warns.

use std::thread::sleep;
use std::time::Duration;

use mpi::environment::Universe;

use crate::support::{SUM, array, blocks, context, is_last};

/// The last rank comes late.
pub(crate) fn sleeping(universe: &Universe) {
    let context = context(universe);
    let x = array(&context);
    x.redistribute(blocks(1)).expect("all ranks are there");
    if is_last(&context) {
        sleep(Duration::from_secs(4));
    }
    assert_eq!(x.sum().expect("it comes").to_f64(), SUM);
}

/// The last rank does not come.
pub(crate) fn for_ever(universe: &Universe) {
    let context = context(universe);
    if is_last(&context) {
        sleep(Duration::from_secs(100));
    }
    let _ = array(&context).sum();
}

/// Each rank waits for the other, on another communicator. No rank can find that, so the last one
/// ends the job.
pub(crate) fn another_order(universe: &Universe) {
    let (one, other) = (context(universe), context(universe));
    let (x, y) = (array(&one), array(&other));
    if is_last(&one) {
        std::thread::spawn(|| {
            sleep(Duration::from_secs(7));
            std::process::abort();
        });
        let _ = y.sum();
    }
    let _ = x.sum();
    let _ = y.sum();
}
