//! Distributed memory over MPI: one communicator, moves between any two distributions, and halos.
//!
//! The array itself is that of the crate `dap-array`, which is built of these parts.
//!
//! | task | here |
//! |---|---|
//! | a communicator of one's own, collective agreement on errors | [`Comm`] |
//! | messages and agreement among some of its ranks | [`RankGroup`] |
//! | memory that the processes of a node can read of each other | [`memory`] |
//! | from one distribution to another, again and again; in another shape, too | [`Redistribution`] |
//! | filling the padding, while the interior is computed | [`HaloExchange`] |
//! | an error instead of a hang, and the environment variables for it | [`watch`] |
//!
//! ```no_run
//! use dap_core::{dim::Block, index::Rank, layout::Layout};
//! use dap_mpi::{Comm, Redistribution, memory};
//! use dap_ndarray::{Item, copy::Order};
//! let universe = mpi::initialize().ok_or("MPI runs already")?;
//! let comm = Comm::new(&universe.world())?;
//! let ranks = comm.size().into();
//! let rows = Layout::new(vec![Block::new(4096, ranks)?.into(), Block::new(4096, 1)?.into()])?;
//! let columns = Layout::new(vec![Block::new(4096, 1)?.into(), Block::new(4096, ranks)?.into()])?;
//! let part = |layout: &Layout| {
//!     let shape = layout.local_shape(Rank(comm.rank().into())).unwrap_or_default();
//!     memory::allocate(&comm, &f64::dtype(), &shape, Order::C)
//! };
//! let (mut by_rows, mut by_columns) = (part(&rows)?, part(&columns)?);
//! by_rows.view_mut::<f64>()?.fill(2.0);
//! let mut transposing = Redistribution::new(&comm, &rows, &columns, &f64::dtype())?;
//! transposing.execute(Some(&by_rows), Some(&mut by_columns))?;
//! by_columns.view_mut::<f64>()?.mapv_inplace(f64::sqrt);
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

mod autotuner;
mod comm;
#[expect(unsafe_code, reason = "calls of MPI")]
mod environment;
mod error;
mod exchange;
mod group;
mod halo;
mod holders;
#[expect(unsafe_code, reason = "mappings, and the addresses in them")]
pub mod memory;
#[expect(unsafe_code, reason = "mappings, and the addresses in them")]
mod node;
#[expect(unsafe_code, reason = "calls of MPI")]
mod one_sided;
mod queue;
#[expect(unsafe_code, reason = "calls of MPI")]
mod raw;
mod redistribute;
mod wait;
pub mod watch;

pub use comm::{Comm, MovableComm, PostedMessages, Traffic};
pub use environment::check_mpi;
pub use error::{Error, ErrorKind, Result, argument};
pub use exchange::Pieces;
pub use group::RankGroup;
pub use halo::HaloExchange;
pub use one_sided::OneSided;
pub use redistribute::{Prepare, Redistribution};
