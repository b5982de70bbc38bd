//! Ranks that leave, panic, sleep, make other calls or die: an error or a warning, never a hang.
//!
//! Each case is launched by itself, on two and three ranks, and the launcher looks at the end of
//! the job and at its messages. [`dap_launch`] has the variables that choose launches; `DAP_CASE`
//! and `DAP_NODE_SIZE` are the launcher's own here.

mod departures;
mod launch;
mod mismatches;
mod support;
mod waits;

use dap_launch::is_rank;
use launch::{End, Launch, launch_all};

/// The actions of one rank in a case.
type Case = fn(&mpi::environment::Universe);

/// A case, what the ranks do, and how its launches end.
const CASES: &[(Launch, Case)] = &[
    (Launch::new("a communicator is dropped").on_nodes(), departures::dropped),
    (Launch::new("a rank leaves").on_nodes(), departures::early),
    (Launch::new("a rank panics in a call").on_nodes(), departures::panics),
    (
        Launch::new("a panic ends a rank").ends(End::Badly).says(&[
            "the others say: rank ",
            ": panicked at ",
            "; all ranks are needed in call 1, `sum` at ",
        ]),
        departures::panics_to_the_end,
    ),
    (Launch::new("a panic is caught").on_nodes(), departures::caught),
    (Launch::new("a rank ends without MPI_Finalize").ends(End::Any), departures::exits),
    (Launch::new("a rank is killed").ends(End::Badly).on_nodes(), departures::killed),
    (Launch::new("handles are dropped in any order").on_nodes(), departures::any_order),
    (Launch::new("other calls").on_nodes().with(&[("DAP_CHECK", "1")]), mismatches::calls),
    (Launch::new("other arguments").on_nodes().with(&[("DAP_CHECK", "1")]), mismatches::arguments),
    (Launch::new("the same calls").on_nodes().with(&[("DAP_CHECK", "1")]), mismatches::none),
    (
        Launch::new("a rank sleeps")
            .with(&[("DAP_TIMEOUT", "0.3")])
            .says(&[
                "dap-mpi: rank 0 of ",
                " waits in call 2, `sum` at ",
                " has not arrived: it is after call 1, `redistribute` at ",
                "waits.rs:",
            ])
            .on_nodes(),
        waits::sleeping,
    ),
    (
        Launch::new("a rank sleeps for ever")
            .with(&[("DAP_TIMEOUT", "0.3"), ("DAP_ON_TIMEOUT", "abort")])
            .ends(End::Badly)
            .says(&[" waits in call 1, `sum` at ", "DAP_ON_TIMEOUT=abort ends the job"])
            .on_nodes(),
        waits::for_ever,
    ),
    (
        Launch::new("two communicators in another order").with(&[("DAP_TIMEOUT", "0.5")]).ends(End::Badly).says(&[
            " waits in call 1, `sum` at ",
            " has not arrived: it is before its first call; it waits in call 1, `sum` at ",
            " of another communicator",
        ]),
        waits::another_order,
    ),
    (Launch::new("no warnings").with(&[("DAP_TIMEOUT", "0")]).silent(), waits::sleeping),
];

fn main() {
    if is_rank() {
        let name = std::env::var("DAP_CASE").expect("the launcher names a case");
        let (_, case) = CASES.iter().find(|(launch, _)| launch.name == name).expect("a case of this name");
        case(&mpi::initialize().expect("MPI starts"));
        return;
    }
    launch_all(CASES.iter().map(|(launch, _)| launch));
}
