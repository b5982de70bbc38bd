//! Distributed arrays over MPI: one communicator, arrays that speak DAP, and moves between any two
//! distributions.
//!
//! | task | here |
//! |---|---|
//! | a communicator of one's own, collective agreement on errors | [`Comm`] |
//! | messages and agreement among some of its ranks | [`RankGroup`] |
//! | memory that the processes of a node can read of each other | [`memory`] |
//! | an array that comes from DAP and goes to it | [`DistArray`] |
//! | from one distribution to another, again and again; in another shape, too | [`Redistribution`] |
//! | filling the padding, while the interior is computed | [`HaloExchange`] |
//! | an error instead of a hang, and the environment variables for it | [`watch`] |
//!
//! ```no_run
//! use dap_core::{dim::Block, layout::Layout};
//! use dap_mpi::{Comm, DistArray};
//! let universe = mpi::initialize().ok_or("MPI runs already")?;
//! let comm = Comm::new(&universe.world())?;
//! let ranks = comm.size().into();
//! let rows = Layout::new(vec![Block::new(4096, ranks)?.into(), Block::new(4096, 1)?.into()])?;
//! let columns = Layout::new(vec![Block::new(4096, 1)?.into(), Block::new(4096, ranks)?.into()])?;
//! let by_rows = DistArray::<f64>::from_fn(&comm, &rows, |index| (index[0].0 + index[1].0) as f64)?;
//! let mut by_columns = by_rows.redistribute(&columns)?;
//! by_columns.local_mut()?.mapv_inplace(f64::sqrt);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every function that says *collective* is called by all ranks of the communicator, in the same
//! order. It agrees on success before it acts: if one rank's argument is wrong, every rank returns
//! the same error, which names that rank, and nothing has been written.
//!
//! MPI belongs to the host program, which initialises it before and finalises it after. A
//! communicator belongs to one thread: [`Comm`] says which threads can have one. The last clone of
//! a [`Comm`], be it in an array or in a prepared move, frees the communicator when it is dropped,
//! which is collective as well; memory is given back by any thread, at any time.
//!
//! # Unsafe code
//!
//! Only in the modules named here, each with its argument: `raw`, `environment` and `one_sided`
//! (calls of MPI), `node` and `memory` (mappings), and at single places of `comm`, `exchange`,
//! `redistribute` and `halo`, where a handle or an address is passed on, and of `watch` (a list of
//! the C library).
#![deny(unsafe_code)]

mod array;
mod autotuner;
mod comm;
#[expect(unsafe_code, reason = "calls of MPI")]
mod environment;
mod error;
mod exchange;
mod group;
mod halo;
#[expect(unsafe_code, reason = "mappings, and the addresses in them")]
pub mod memory;
#[expect(unsafe_code, reason = "mappings, and the addresses in them")]
mod node;
#[expect(unsafe_code, reason = "calls of MPI")]
mod one_sided;
mod ranks;
#[expect(unsafe_code, reason = "calls of MPI")]
mod raw;
mod redistribute;
mod wait;
pub mod watch;

pub use array::DistArray;
pub use comm::{Comm, MovableComm, PostedMessages, Traffic};
pub use environment::check_mpi;
pub use error::{Error, ErrorKind, Result};
pub use exchange::Pieces;
pub use group::RankGroup;
pub use halo::HaloExchange;
pub use one_sided::OneSided;
pub use ranks::Ranks;
pub use redistribute::{Prepare, Redistribution};
