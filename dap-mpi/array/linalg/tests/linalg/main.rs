//! Linear algebra on the ranks of a running MPI program, beside loops over whole arrays.
//! [`dap_launch`] has the variables that choose launches and cases.

mod decompositions;
mod eigen;
mod einsum;
mod matmul;
mod oracle;
mod products;

use dap_array_testing::{Case, run};
use dap_launch::Test;

const TEST: Test = Test { package: "dap-linalg", name: "linalg" };

const CASES: &[Case] = &[
    ("matmul", matmul::random),
    ("matmul of views", matmul::views),
    ("matmul of types", matmul::types),
    ("matmul in strips", matmul::strips),
    ("matmul of stacks", matmul::stacks),
    ("matmul errors", matmul::mistakes),
    ("products", products::random),
    ("products over shared axes", products::shared),
    ("products of vectors", products::vectors),
    ("diagonals", products::diagonals),
    ("norms", products::norms),
    ("product errors", products::mistakes),
    ("einsum", einsum::random),
    ("einsum errors", einsum::mistakes),
    ("orthogonal factors", decompositions::orthogonal),
    ("equations", decompositions::equations),
    ("positive and Hermitian matrices", decompositions::positive),
    ("singular values", decompositions::singular_values),
    ("dependent columns", decompositions::dependent_columns),
    ("eigenvalues of general matrices", eigen::random),
    ("eigenvalues of special matrices", eigen::special),
    ("eigenvalues that cannot be", eigen::mistakes),
    ("singular values that differ much", decompositions::extremes),
    ("powers of matrices", decompositions::powers),
    ("singular matrices", decompositions::mistakes),
];

fn main() {
    run(TEST, CASES);
}
