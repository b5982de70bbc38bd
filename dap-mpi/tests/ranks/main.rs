//! The ranks of a running MPI program: this test launches itself under `mpirun`, with several
//! numbers of ranks and with one machine split into several nodes.
//!
//! | variable | meaning |
//! |---|---|
//! | `DAP_MPIRUN` | the launcher (`mpirun`) |
//! | `DAP_RANKS` | only these numbers of ranks |
//! | `DAP_CASE` | only this case |
//! | `DAP_NODE_SIZE` | only nodes of this number of ranks |
//! | `DAP_SEED` | the seed of all random values: a number (0), or `random` |
//! | `DAP_SAMPLE` | n: one launch of n is made, chosen by the seed (1) |
//! | `DAP_REQUIRE_MEMORY` | a case that is skipped for lack of memory fails |
//!
//! A failure names the variables that repeat it.

#[path = "../../src/node/available.rs"]
mod available;
mod errors;
mod extremes;
mod halos;
mod launch;
mod moves;
mod reshapes;
mod support;
mod tally;
mod threads;

use dap_mpi::Comm;
use mpi::Threading;

/// A case: its name, and the function that every rank runs.
type Case = (&'static str, fn(&Comm));

const CASES: &[Case] = &[
    ("moves", moves::random_pairs),
    ("whole lines", moves::whole_lines),
    ("strangers", moves::rank_subsets),
    ("limits", moves::short_messages),
    ("arrays", moves::arrays),
    ("no descriptors", moves::no_descriptors),
    ("halos", halos::random_layouts),
    ("overlapped", halos::in_two_halves),
    ("reshapes", reshapes::random_pairs),
    ("reshapes with limits", reshapes::short_messages),
    ("reshaped arrays", reshapes::arrays),
    ("reshape errors", reshapes::one_rank_is_wrong),
    ("errors", errors::one_rank_is_wrong),
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
    if std::env::var_os("DAP_TEST_RANKS").is_some() {
        let universe = initialize();
        let comm = Comm::new(&universe.world()).expect("a communicator");
        support::abort_on_panic(comm.size());
        let only = std::env::var("DAP_CASE").ok();
        let chosen = |(name, _): &&Case| only.as_deref().is_none_or(|only| only == *name);
        let extremes = EXTREMES.iter().filter(|(name, _)| only.as_deref() == Some(*name));
        for (name, run) in CASES.iter().filter(chosen).chain(extremes) {
            support::begin(name);
            run(&comm);
            comm.barrier().expect("all ranks are there");
        }
        return;
    }
    let mut tally = tally::Tally::default();
    launch::all(&mut tally);
    let is_unset = |name: &str| std::env::var_os(name).is_none();
    // A choice of launches leaves out the others.
    if ["DAP_CASE", "DAP_RANKS", "DAP_NODE_SIZE"].into_iter().all(is_unset) {
        threads::every_collective_function_is_an_entry();
        launch::threads(&mut tally);
        launch::extremes(&mut tally);
    }
    tally.end();
}
