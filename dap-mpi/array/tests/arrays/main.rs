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
#[path = "../../examples/heat.rs"]
#[expect(dead_code, reason = "the example's own `main`")]
mod heat;
#[path = "../../examples/julia_set.rs"]
#[expect(dead_code, reason = "the example's own `main`")]
mod julia_set;
#[path = "../../examples/life.rs"]
#[expect(dead_code, reason = "the example's own `main`")]
mod life;
mod maps;
mod masks;
mod messages;
mod one_sided;
mod programs;
mod reductions;
mod regions;
#[path = "../../examples/ring.rs"]
#[expect(dead_code, reason = "the example's own `main`")]
mod ring;
mod selections;
mod shared;
mod shifts;
mod stencils;
mod views;

use dap_array_testing::Case;
use dap_launch::Test;

const TEST: Test = Test { package: "dap-array", name: "arrays" };

const CASES: &[Case] = &[
    ("creation", views::creation),
    ("views", views::random_views),
    ("redistribution", views::redistribution),
    ("expressions", expressions::random),
    ("assignment", expressions::assignment),
    ("fused reductions", expressions::fused),
    ("strict expressions", expressions::strict),
    ("operands and values", expressions::operands_and_values),
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
    ("exposed memory", exports::exposed),
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
    ("shared expressions", shared::steps_are_kept),
    ("kept elements", shared::kept_elements),
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
    ("examples", programs::examples),
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
    ("predicted times of moves", shifts::predicted_moves),
];

fn main() {
    dap_array_testing::run(TEST, CASES);
}
