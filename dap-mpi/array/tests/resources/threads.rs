//! The default number of threads of a rank.

use std::collections::BTreeSet;
use std::thread::available_parallelism;

use dap_array::Context;
use dap_kernels::threads::{set_threads, threads};

use crate::status;

/// The numbers in a list such as `0-3,8`.
fn numbers(list: &str) -> BTreeSet<usize> {
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let range = |part: &str| match part.split_once('-') {
        Some((first, last)) => number(first)..=number(last),
        None => number(part)..=number(part),
    };
    list.split(',').flat_map(range).collect()
}

/// The processors that the ranks of this machine may use, divided by the number of these ranks, and
/// no more than this rank may use.
pub(crate) fn shared(context: &Context) {
    let mine = status::line("Cpus_allowed_list");
    let lists = context.comm().gather_all(mine.as_bytes()).expect("gathered");
    let all: BTreeSet<usize> =
        lists.iter().flat_map(|list| numbers(std::str::from_utf8(list).expect("text"))).collect();
    let own = numbers(&mine).len();
    // Fewer than the processors only where a quota limits them.
    let at_a_time = available_parallelism().expect("Linux tells").get();
    let all = if at_a_time < own { all.len().min(at_a_time) } else { all.len() };
    let expected = (all / lists.len()).min(own).max(1);
    assert_eq!(threads(), expected, "{} ranks, {all} processors, {own} of them for this rank", lists.len());
    // A communicator of fewer ranks does not take the processors of the others.
    let alone = mpi::topology::SimpleCommunicator::self_comm();
    let _alone = Context::new(&dap_mpi::Comm::new(&alone).expect("a communicator"));
    assert_eq!(threads(), expected);
    set_threads(5);
    assert_eq!(threads(), 5);
    set_threads(0);
    assert_eq!(threads(), expected);
}

/// `DAP_NUM_THREADS` is stronger.
pub(crate) fn named(_: &Context) {
    assert_eq!(threads(), 3);
}
