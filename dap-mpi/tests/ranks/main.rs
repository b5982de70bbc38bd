//! Moves, reshapes, halos and errors on the ranks of a running MPI program. [`dap_launch`] has the
//! variables that choose launches and cases; with `DAP_REQUIRE_MEMORY`, a case fails that is
//! skipped for lack of memory.

#[path = "../../src/node/available.rs"]
mod available;
mod errors;
mod extremes;
mod halos;
mod launch;
mod moves;
mod reshapes;
mod support;
mod threads;

use dap_launch::{Tally, Test, is_rank};
use dap_mpi::Comm;
use mpi::Threading;

const TEST: Test = Test { package: "dap-mpi", name: "ranks" };

/// A case: its name, and the function that every rank runs.
type Case = (&'static str, fn(&Comm));

const CASES: &[Case] = &[
    ("moves", moves::random_pairs),
    ("whole lines", moves::whole_lines),
    ("strangers", moves::rank_subsets),
    ("limits", moves::short_messages),
    ("no descriptors", moves::no_descriptors),
    ("halos", halos::random_layouts),
    ("overlapped", halos::in_two_halves),
    ("reshapes", reshapes::random_pairs),
    ("reshapes with limits", reshapes::short_messages),
    ("reshape errors", reshapes::one_rank_is_wrong),
    ("errors", errors::one_rank_is_wrong),
    ("ranks that are not there", errors::ranks_that_are_not_there),
];

/// Cases that are launched by themselves.
const EXTREMES: &[Case] =
    &[("large", extremes::three_gibibytes), ("killed", extremes::killed), ("threads", threads::on_this_level)];

/// Initialises MPI on the level that `DAP_THREAD_LEVEL` names, on its lowest level without it.
fn initialize() -> mpi::environment::Universe {
    let level = match std::env::var("DAP_THREAD_LEVEL").as_deref() {
        Ok("multiple") => Threading::Multiple,
        Ok("serialized") => Threading::Serialized,
        Ok("funneled") => Threading::Funneled,
        _ => Threading::Single,
    };
    let (universe, given) = mpi::initialize_with_threading(level).expect("MPI starts");
    assert!(given >= level, "MPI gives the thread level {given:?}, the test needs {level:?}");
    universe
}

fn main() {
    if is_rank() {
        let universe = initialize();
        let comm = Comm::new(&universe.world()).expect("a communicator");
        let is_extreme = std::env::var("DAP_CASE").is_ok_and(|only| EXTREMES.iter().any(|(name, _)| *name == only));
        TEST.run_cases(comm.size(), if is_extreme { EXTREMES } else { CASES }, |run| {
            run(&comm);
            comm.barrier().expect("all ranks are there");
        });
        return;
    }
    let mut tally = Tally::default();
    tally.launch_all(TEST);
    let is_unset = |name: &str| std::env::var_os(name).is_none();
    // A choice of launches leaves out the others.
    if ["DAP_CASE", "DAP_RANKS", "DAP_NODE_SIZE"].into_iter().all(is_unset) {
        threads::every_collective_function_is_an_entry();
        launch::threads(&mut tally);
        launch::extremes(&mut tally);
    }
    tally.end();
}
