//! The dictionary on the ranks of a running MPI program, beside a map of the standard library on
//! each rank. [`dap_launch`] has the variables that choose launches and cases.

mod batches;
mod maps;
mod mistakes;
mod sessions;

use dap_launch::{Tally, Test, is_rank};
use dap_mpi::Comm;

const TEST: Test = Test { package: "dap-dict", name: "dict" };

/// A case: its name, and the function that every rank runs.
type Case = (&'static str, fn(&Comm));

const CASES: &[Case] = &[
    ("batches", batches::random),
    ("keys of any type", batches::keys),
    ("words", batches::words),
    ("large values", batches::large),
    ("sessions", sessions::random),
    ("a client", sessions::client),
    ("maps", maps::random),
    ("idle ranks", maps::idle),
    ("sessions between calls", sessions::between_calls),
    ("mistakes", mistakes::mistakes),
    ("functions that fail", mistakes::functions),
];

fn main() {
    if is_rank() {
        let universe = mpi::initialize().expect("MPI starts");
        let comm = Comm::new(&universe.world()).expect("a communicator");
        TEST.run_cases(comm.size(), CASES, |run| {
            run(&comm);
            comm.barrier().expect("all ranks are there");
        });
        return;
    }
    let mut tally = Tally::default();
    tally.launch_all(TEST);
    tally.end();
}
