//! Distributed arrays over MPI: one communicator, arrays that speak DAP, and moves between any two distributions.
//!
//! | task | here |
//! |---|---|
//! | a communicator of one's own, collective agreement on errors | [`Comm`] |
//! | memory that the processes of a node can read of each other | [`memory`] |
//! | an array that comes from DAP and goes to it | [`DistArray`] |
//! | from one distribution to another, again and again | [`Redistribution`] |
//! | filling the padding, while the interior is computed | [`HaloExchange`] |
//!
//! Every function that says *collective* is called by all ranks of the communicator, in the same order. It agrees on success before it
//! acts: if one rank's argument is wrong, every rank returns the same error, which names that rank, and nothing has been written.
//!
//! MPI belongs to the host program: it is initialised by whoever wants to, and never finalised here.
//!
//! # Unsafe code
//!
//! Only in the modules named here, each with its argument: `raw` (calls of MPI), `memory` (mappings), and at single places of `comm`,
//! `exchange`, `redistribute` and `halo`, where a handle or an address is passed on.
#![deny(unsafe_code)]

mod array;
mod choice;
mod comm;
mod error;
mod exchange;
mod halo;
#[expect(unsafe_code, reason = "mappings, and the addresses in them")]
pub mod memory;
#[expect(unsafe_code, reason = "calls of MPI")]
mod raw;
mod redistribute;

pub use array::DistArray;
pub use comm::Comm;
pub use error::{Error, ErrorKind, Result};
pub use halo::HaloExchange;
pub use redistribute::{Ranks, Redistribution};
