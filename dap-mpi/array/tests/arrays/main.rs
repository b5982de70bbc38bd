//! Arrays on the ranks of a running MPI program, beside `ndarray` on the whole array.
//! [`dap_launch`] has the variables that choose launches and cases.

mod assemblies;
mod collectives;
mod cumulative;
mod elements;
mod exports;
mod expressions;
mod failures;
mod folds;
mod maps;
mod masks;
mod messages;
mod one_sided;
mod programs;
mod python;
mod reductions;
mod regions;
#[path = "../../examples/ring.rs"]
#[expect(dead_code, reason = "the example's own `main`")]
mod ring;
mod selections;
mod shifts;
mod stencils;
mod twin;
mod views;

use dap_array::Context;
use dap_launch::{Tally, Test, is_rank};
use dap_mpi::Comm;

const TEST: Test = Test { package: "dap-array", name: "arrays" };

/// A case: its name, and the function that every rank runs.
type Case = (&'static str, fn(&Context));

const CASES: &[Case] = &[
    ("creation", views::creation),
    ("views", views::random_views),
    ("redistribution", views::redistribution),
    ("expressions", expressions::random),
    ("assignment", expressions::assignment),
    ("fused reductions", expressions::fused),
    ("strict expressions", expressions::strict),
    ("expression errors", expressions::mistakes),
    ("reductions", reductions::random),
    ("reductions of types", reductions::types),
    ("cumulative functions", cumulative::random),
    ("cumulative rounding", cumulative::rounding),
    ("single elements", elements::single),
    ("places of extremes", elements::extremes),
    ("arrays of one rank", elements::roots),
    ("creation on one rank", failures::creation),
    ("memory of one rank", failures::memory),
    ("assemblies", assemblies::random),
    ("reshapes", assemblies::reshapes),
    ("exports", exports::random),
    ("import errors", exports::mistakes),
    ("typed arrays", exports::typed),
    ("parts", exports::parts),
    ("closing", exports::closing),
    ("regions", regions::random),
    ("region errors", regions::mistakes),
    ("regions in pieces", regions::large),
    ("one-sided access", one_sided::random),
    ("one-sided additions", one_sided::additions),
    ("masks", masks::random),
    ("mask errors", masks::mistakes),
    ("selections", selections::random),
    ("additions", selections::additions),
    ("selection errors", selections::mistakes),
    ("folds", folds::random),
    ("folds of other types", folds::types),
    ("fold errors", folds::mistakes),
    ("messages", messages::random),
    ("large messages", messages::large),
    ("dropped groups", messages::dropped_groups),
    ("message errors", messages::mistakes),
    ("strangers", messages::strangers),
    ("collectives", collectives::random),
    ("groups at once", collectives::at_once),
    ("failing members", collectives::failures),
    ("different calls", collectives::mismatches),
    ("ring", programs::ring),
    ("ddata", programs::ddata),
    ("storage and functions", programs::storage),
    ("stencils", stencils::random),
    ("game of life", stencils::life),
    ("stencils of booleans", stencils::booleans),
    ("stencil errors", stencils::mistakes),
    ("closures", maps::zips),
    ("closures with indices", maps::indices),
    ("closure errors", maps::mistakes),
    ("shifted views", shifts::random),
    ("shifted views in blocks", shifts::blocks),
];

fn main() {
    if is_rank() {
        let universe = mpi::initialize().expect("MPI starts");
        let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
        TEST.run_cases(context.comm().size(), CASES, |run| {
            run(&context);
            context.comm().barrier().expect("all ranks are there");
        });
        return;
    }
    let mut tally = Tally::default();
    tally.launch_all(TEST);
    tally.end();
}
