//! Linear algebra of distributed arrays: NumPy's products, equations and factorizations, on any
//! distribution, over MPI.
//!
//! | task | here |
//! |---|---|
//! | products of matrices and stacks of them | [`matmul`] |
//! | sums of products over chosen axes | [`vecdot`], [`dot`], [`tensordot`] |
//! | sums of products of any number of operands | [`einsum()`] |
//! | products of all pairs of elements | [`outer`], [`kron`] |
//! | products of vectors of three elements | [`cross`] |
//! | equations, inverses, determinants, powers | [`solve()`], [`inv`], [`det`], [`slogdet`], [`matrix_power`] |
//! | factorizations | [`qr`], [`cholesky`], [`eigh`], [`eig`], [`svd`] |
//! | least squares, pseudo-inverses, ranks | [`lstsq`], [`pinv`], [`matrix_rank`] |
//! | diagonals and norms | [`diagonal()`], [`trace`], [`vector_norm`], [`matrix_norm`] |
//!
//! ```no_run
//! # fn example(a: &dap_array::DynArray, b: &dap_array::DynArray) -> dap_array::Result<()> {
//! let product = dap_linalg::matmul(a, b)?;
//! println!("{:?}", product.shape());
//! # Ok(())
//! # }
//! ```
//!
//! All functions are collective. Operands have any distribution, on any ranks of one context, and
//! each its own. No matrix is gathered on one rank: the module `contract` says how products move
//! panels of their operands, and the module `dense` how columns of a matrix are factorized. A
//! singular matrix is an error on all ranks.
//!
//! # Cost
//!
//! Local products are those of `ndarray`, that is of the crate `matrixmultiply`, for floats and
//! complex numbers; integers and booleans are multiplied by plain loops. A product needs less than
//! 64 MiB a rank beyond operands and result; a factorization needs copies of its operands, too.
// Not `forbid`: the macro of slices of `ndarray` allows it for itself.
#![deny(unsafe_code)]

mod contract;
mod decompose;
mod dense;
mod diagonal;
mod eigen;
mod einsum;
mod labels;
mod matmul;
mod norms;
mod operands;
mod place;
mod product;
mod products;
mod rank;
mod solve;

pub use decompose::{Columns, cholesky, eigh, eigvalsh, qr, svd, svdvals};
pub use diagonal::{diagonal, trace};
pub use eigen::{eig, eigvals};
pub use einsum::einsum;
pub use matmul::{matmul, matmul_within};
pub use norms::{MatrixNorm, VectorNorm, matrix_norm, vector_norm, vector_norm_along};
pub use products::{cross, dot, kron, outer, tensordot, vecdot};
pub use rank::{LeastSquares, lstsq, matrix_rank, pinv};
pub use solve::{det, inv, matrix_power, slogdet, solve};
