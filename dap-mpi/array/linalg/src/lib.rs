//! Linear algebra of distributed arrays: NumPy's products, on any distribution, over MPI.
//!
//! | task | here |
//! |---|---|
//! | products of matrices and stacks of them | [`matmul`] |
//! | sums of products over chosen axes | [`vecdot`], [`dot`], [`tensordot`] |
//! | sums of products of any number of operands | [`einsum()`] |
//! | products of all pairs of elements | [`outer`], [`kron`] |
//! | products of vectors of three elements | [`cross`] |
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
//! panels of their operands.
//!
//! # Cost
//!
//! Local products are those of `ndarray`, that is of the crate `matrixmultiply`, for floats and
//! complex numbers; integers and booleans are multiplied by plain loops. Memory beyond operands and
//! result stays below 64 MiB a rank.
// Not `forbid`: the macro of slices of `ndarray` allows it for itself.
#![deny(unsafe_code)]

mod contract;
mod diagonal;
mod einsum;
mod labels;
mod matmul;
mod norms;
mod operands;
mod place;
mod product;
mod products;

pub use diagonal::{diagonal, trace};
pub use einsum::einsum;
pub use matmul::{matmul, matmul_within};
pub use norms::{MatrixNorm, VectorNorm, matrix_norm, vector_norm, vector_norm_along};
pub use products::{cross, dot, kron, outer, tensordot, vecdot};
