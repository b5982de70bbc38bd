//! Arrays of all ranks of a running MPI program: redistribution, reshape and halo exchange.
//!
//! The program initialises MPI, by [`initialize`] or in another language, and finalises it after
//! all communicators are dropped. Functions that are documented as *collective* are called by all
//! ranks of the communicator in the same order; an error of one rank is returned on all.
//!
//! ```
//! use daparray::{mpi, prelude::*};
//! let universe = mpi::initialize().ok_or("MPI is initialised already")?;
//! let comm = Comm::new(&universe.world())?;
//! let ring = Layout::new(vec![Block::new(8, comm.size().into())?.with_halo(1)?.into()])?;
//! let mut field = DistArray::<f64>::from_fn(&comm, &ring, |at| at[0].0 as f64)?;
//! let mut halo = HaloExchange::new(&comm, &ring, &f64::dtype(), Stencil::Star)?;
//! halo.exchange(field.buffer_mut())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The version of the crate `mpi` (rsmpi) whose communicators [`Comm::new`] takes.
pub use ::mpi as rsmpi;
pub use ::mpi::{Threading, initialize, initialize_with_threading};
pub use dap_mpi::{
    Comm, DistArray, Error, ErrorKind, HaloExchange, MovableComm, Prepare, Ranks, Redistribution, Result, check_mpi,
    memory,
};
