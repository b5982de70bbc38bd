//! What the ranks of a running MPI program do: this test launches itself under `mpirun`, with several numbers of ranks and with one
//! machine split into pretended nodes.
//!
//! `DAP_MPIRUN` names the launcher (`mpirun`); `DAP_RANKS` runs only these numbers of ranks, `DAP_CASE` only this case.

#[path = "../../src/memory/available.rs"]
mod available;
mod errors;
mod extremes;
mod halos;
mod launch;
mod moves;
mod reshapes;
mod support;

use dap_mpi::Comm;

/// A case: what it is called, and what every rank runs.
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
const EXTREMES: &[Case] = &[("large", extremes::three_gibibytes), ("killed", extremes::killed)];

fn main() {
    if std::env::var_os("DAP_TEST_RANKS").is_some() {
        support::abort_on_panic();
        let universe = mpi::initialize().expect("MPI starts");
        let comm = Comm::new(&universe.world()).expect("a communicator");
        let only = std::env::var("DAP_CASE").ok();
        let chosen = |(name, _): &&Case| only.as_deref().is_none_or(|only| only == *name);
        let extremes = EXTREMES.iter().filter(|(name, _)| only.as_deref() == Some(*name));
        for (name, run) in CASES.iter().filter(chosen).chain(extremes) {
            support::begin(name);
            run(&comm);
            comm.barrier().expect("everybody is there");
        }
        return;
    }
    launch::all();
    // Who asks for some wants no others.
    if std::env::var_os("DAP_CASE").is_none() && std::env::var_os("DAP_RANKS").is_none() {
        launch::extremes();
        launch::readme();
    }
}
