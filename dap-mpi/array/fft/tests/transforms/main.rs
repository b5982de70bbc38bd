//! Transforms on the ranks of a running MPI program, beside the defining sums in twice the
//! precision. [`dap_launch`] has the variables that choose launches and cases.

mod double;
mod errors;
mod frequencies;
mod large;
mod oracle;
mod small;

use dap_array_testing::Case;
use dap_launch::Test;

const TEST: Test = Test { package: "dap-fft", name: "transforms" };

const CASES: &[Case] = &[
    ("one axis", small::one_axis),
    ("several axes", small::several_axes),
    ("views", small::views),
    ("distributed lines", small::lines),
    ("empty ranks", small::empty_ranks),
    ("distributions of results", small::distributions),
    ("large lines", large::lines),
    ("large fields", large::fields),
    ("frequencies", frequencies::all),
    ("shifts", frequencies::shifts),
    ("errors", errors::mistakes),
    ("arrays without elements", errors::empty),
];

fn main() {
    double::check();
    dap_array_testing::run(TEST, CASES);
}
