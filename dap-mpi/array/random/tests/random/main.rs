//! Random arrays on the ranks of a running MPI program, beside the same numbers made one after the
//! other. [`dap_launch`] has the variables that choose launches and cases.

mod choices;
mod mistakes;
mod numbers;
mod permutations;

use dap_array_testing::{Case, run};
use dap_launch::Test;

const CASES: &[Case] = &[
    ("numbers", numbers::random),
    ("numbers of NumPy", numbers::numpy),
    ("positions", numbers::positions),
    ("permutations", permutations::random),
    ("large permutations", permutations::large),
    ("permuted arrays", permutations::arrays),
    ("choices", choices::random),
    ("weighted choices", choices::weighted),
    ("mistakes", mistakes::mistakes),
];

fn main() {
    run(Test { package: "dap-random", name: "random" }, CASES);
}
