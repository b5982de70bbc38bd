//! An error of one rank is returned on all ranks, so that no rank waits for a message that is not
//! sent.

use daparray::mpi::{self, Error, ErrorKind};
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let last = comm.size() - 1;

    // Work of one rank that can fail, such as opening a file.
    let mine = if comm.rank() == last { Err(Error::new(ErrorKind::State, "no such file")) } else { Ok(()) };
    let error = comm.agree(mine).expect_err("the last rank failed");
    assert_eq!((error.kind(), error.rank()), (ErrorKind::State, Some(last)));

    // Collective functions agree by themselves: here the last rank wants another distribution.
    let blocks = Layout::new(vec![Block::new(8, comm.size().into())?.into()])?;
    let cyclic = Layout::new(vec![Cyclic::new(8, comm.size().into(), 1)?.into()])?;
    let wanted = if comm.rank() == last { &cyclic } else { &blocks };
    assert_eq!(Redistribution::new(&comm, &blocks, wanted, &f64::dtype()).is_err(), last > 0);
    if comm.rank() == 0 {
        println!("all {} ranks: {error}", comm.size());
    }
    Ok(())
}
