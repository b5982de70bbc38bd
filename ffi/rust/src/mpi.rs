//! Moves between all ranks of a running MPI program: redistribution, reshape and halo exchange of
//! buffers. Arrays that do all of it are in `array`, by the feature of that name.
//!
//! The program initialises MPI, by [`initialize`] or in another language, and finalises it after
//! all communicators are dropped. Functions that are documented as *collective* are called by all
//! ranks of the communicator in the same order; an error of one rank is returned on all.
//!
//! ```
//! use daparray::{copy::Order, mpi, prelude::*};
//! let universe = mpi::initialize().ok_or("MPI is initialised already")?;
//! let comm = Comm::new(&universe.world())?;
//! let ring = Layout::new(vec![Block::new(8, comm.size().into())?.with_halo(1)?.into()])?;
//! let shape = ring.local_shape(Rank(comm.rank().into())).ok_or("each rank has a part")?;
//! let mut field = mpi::memory::allocate(&comm, &f64::dtype(), &shape, Order::C)?;
//! field.view_mut::<f64>()?.fill(comm.rank().into());
//! let mut halo = HaloExchange::new(&comm, &ring, &f64::dtype(), Stencil::Star)?;
//! halo.exchange(Some(&mut field))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The version of the crate `mpi` (rsmpi) whose communicators [`Comm::new`] takes.
pub use ::mpi as rsmpi;
pub use ::mpi::{Threading, initialize, initialize_with_threading};
pub use dap_mpi::{
    Comm, Error, ErrorKind, HaloExchange, MovableComm, Prepare, Redistribution, Result, check_mpi, memory,
};
