//! Groups on the ranks of a running MPI program, beside the same groups of the whole array.
//! [`dap_launch`] has the variables that choose launches and cases.

mod groups;

use dap_array_testing::{Case, run};
use dap_launch::Test;

const CASES: &[Case] = &[
    ("groups", groups::random),
    ("arithmetic", groups::arithmetic),
    ("kinds of labels", groups::kinds),
    ("mistakes", groups::mistakes),
];

fn main() {
    run(Test { package: "dap-grouping", name: "groups" }, CASES);
}
