//! A test program of the array: launches, or the cases of one rank.

use dap_array::Context;
use dap_launch::{Tally, Test, is_rank};
use dap_mpi::Comm;

/// A case: its name, and the function that every rank runs.
pub type Case = (&'static str, fn(&Context));

/// The `main` of a test: launches the program under `mpirun`, or runs the cases on this rank.
///
/// # Panics
/// A case fails; MPI does not start.
pub fn run(test: Test, cases: &[Case]) {
    if is_rank() {
        let universe = mpi::initialize().expect("MPI starts");
        let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
        test.run_cases(context.comm().size(), cases, |run| {
            run(&context);
            context.comm().barrier().expect("all ranks are there");
        });
        return;
    }
    let mut tally = Tally::default();
    tally.launch_all(test);
    tally.end();
}
