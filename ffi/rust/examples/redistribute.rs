//! Redistributes an array over MPI: once, and again and again with a prepared move.

use daparray::mpi::{self, Ranks};
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let ranks = comm.size().into();

    let blocks = Layout::new(vec![Block::new(40, ranks)?.into(), Dim::undistributed(30)?])?;
    let cyclic = Layout::new(vec![Dim::undistributed(40)?, Cyclic::new(30, ranks, 4)?.into()])?;
    let value = |at: &[GlobalIndex]| (100 * at[0].0 + at[1].0) as f64;
    let mut source = DistArray::<f64>::from_fn(&comm, &blocks, value)?;

    // Once.
    let target = source.redistribute(&cyclic)?;
    assert_eq!(target.get(&[GlobalIndex(17), GlobalIndex(29)])?, 1729.0);

    // For each time step: the plan, the memory handles and the messages are prepared once.
    let mut target = DistArray::<f64>::zeros(&comm, &cyclic)?;
    let mut steps = Redistribution::new(&comm, (&blocks, Ranks::First), (&cyclic, Ranks::First), &f64::dtype())?;
    for _ in 0..3 {
        source.local_mut()?.mapv_inplace(|item| item + 1.0);
        steps.execute(source.buffer(), target.buffer_mut())?;
    }
    assert_eq!(target.get(&[GlobalIndex(17), GlobalIndex(29)])?, 1732.0);
    if comm.rank() == 0 {
        println!("from {blocks} to {cyclic}");
    }
    Ok(())
}
