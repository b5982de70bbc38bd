//! Tests on the ranks of a running MPI program: a test launches itself under `mpirun`, with several
//! numbers of ranks and with one machine split into several nodes.
//!
//! | variable | meaning |
//! |---|---|
//! | `DAP_MPIRUN` | the launcher (`mpirun`) |
//! | `DAP_RANKS` | only these numbers of ranks |
//! | `DAP_CASE` | only this case |
//! | `DAP_NODE_SIZE` | only nodes of this number of ranks |
//! | `DAP_SEED` | the seed of all random values: a number (0), or `random` |
//! | `DAP_SAMPLE` | n: one launch of n is made, chosen by the seed (1) |
//!
//! A failure names the variables that repeat it. A launch has the variable `DAP_TEST_RANKS`, by
//! which the program knows that it is a rank ([`is_rank`]).

mod cases;
mod launch;
mod seed;
mod tally;

pub use cases::Test;
pub use launch::{is_drawn, is_rank, mpirun, start, wait};
pub use seed::{seed, values};
pub use tally::{Skip, Tally};
