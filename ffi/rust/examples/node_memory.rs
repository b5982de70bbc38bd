//! Memory that the other processes of the node read where it lies, so that a move on a node copies
//! once.

use daparray::copy::Order;
use daparray::mpi::{self, memory};
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let context = Context::new(&comm);
    let ranks = comm.size().into();
    let (rank, rows) = (Rank(comm.rank().into()), Layout::new(vec![Block::new(20, ranks)?.into()])?);

    // A solver's own memory, in Fortran order where that matters.
    let shape = rows.local_shape(rank).ok_or("each rank has a part")?;
    let mut buffer = memory::allocate(&comm, &f64::dtype(), &shape, Order::C)?;
    for (at, item) in buffer.view_mut::<f64>()?.iter_mut().enumerate() {
        let global = rows.global(rank, &[LocalIndex(at as i64)]).ok_or("a global index")?;
        *item = global[0].0 as f64;
    }

    // An array of this memory, and its way to one that is distributed cyclically.
    let section = Section::of(&rows, rank, buffer)?;
    let array = DistArray::<f64>::import(&context, Some(section))?;
    let cyclic = array.redistribute(&Layout::new(vec![Cyclic::new(20, ranks, 1)?.into()])?)?;
    let mine: Vec<f64> = cyclic.local()?.view().iter().copied().collect();
    assert!(mine.iter().enumerate().all(|(at, &item)| item == (at as i64 * ranks + rank.0) as f64));

    // The section goes back to its library.
    let section = array.into_section()?.ok_or("each rank has a part")?;
    assert_eq!(section.buffer().shape(), shape);
    if comm.rank() == 0 {
        println!("rank 0 received {mine:?}");
    }
    Ok(())
}
