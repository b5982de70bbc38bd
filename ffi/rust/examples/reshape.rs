//! Gives an array another shape over MPI: the same items in row-major order, on other ranks.

use daparray::mpi;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let ranks = comm.size().into();

    // 24 particles with 3 coordinates, by particles; then one line of 72 numbers in blocks.
    let particles = Layout::new(vec![Block::new(24, ranks)?.into(), Dim::undistributed(3)?])?;
    let line = Layout::new(vec![Cyclic::new(72, ranks, 5)?.into()])?;
    let array = DistArray::<f64>::from_fn(&comm, &particles, |at| (3 * at[0].0 + at[1].0) as f64)?;
    let flat = array.reshape(&line)?;
    for index in [0, 35, 71] {
        assert_eq!(flat.get(&[GlobalIndex(index)])?, index as f64);
    }
    let back = flat.reshape(&particles)?;
    assert_eq!(back.local()?, array.local()?);
    if comm.rank() == 0 {
        println!("{particles} as {line}, and back");
    }
    Ok(())
}
