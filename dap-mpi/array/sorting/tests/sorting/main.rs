//! Sorting on the ranks of a running MPI program, beside a slow sort of the whole array on each
//! rank. [`dap_launch`] has the variables that choose launches and cases.

mod elements;
mod oracle;
mod searches;
mod sorts;
mod statistics;

use dap_array_testing::Case;
use dap_launch::Test;

const TEST: Test = Test { package: "dap-sorting", name: "sorting" };

const CASES: &[Case] = &[
    ("sorts", sorts::random),
    ("sorts of types", sorts::types),
    ("shapes of data", sorts::distributions_of_values),
    ("long lines", sorts::long),
    ("sort errors", sorts::mistakes),
    ("first elements", searches::first_elements),
    ("searches", searches::searches),
    ("different elements", searches::unique),
    ("search errors", searches::mistakes),
    ("quantiles", statistics::quantiles),
    ("histograms", statistics::histograms),
    ("bins", statistics::bins),
];

fn main() {
    dap_array_testing::run(TEST, CASES);
}
