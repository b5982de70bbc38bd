//! Factorizations of dense matrices whose columns are distributed.
//!
//! The columns of a matrix are distributed block-cyclically over the ranks of a [`Team`], each
//! column whole on one rank; column j of the matrix is a row of the rank's local array, so that
//! its elements lie side by side. One rank factorizes a panel of columns and sends it to all, and
//! each rank updates its own columns by a product of matrices. A panel has at most
//! [`PANEL_BYTES`](team::PANEL_BYTES).
//!
//! A team of one rank works alone: stacks of matrices are distributed as a whole, and each matrix
//! is factorized by the same code without a message. A two-dimensional grid was rejected: it moves
//! less by a factor of the root of the number of ranks, but its pivot search is a message for each
//! column.

pub(crate) mod cholesky;
pub(crate) mod field;
pub(crate) mod hessenberg;
pub(crate) mod householder;
pub(crate) mod jacobi;
pub(crate) mod lu;
pub(crate) mod matrices;
pub(crate) mod schur;
pub(crate) mod tall;
pub(crate) mod team;
pub(crate) mod triangle;
