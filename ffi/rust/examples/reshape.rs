//! Gives an array another shape over MPI: the same items in row-major order, on other ranks.

use daparray::mpi;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let ranks = context.comm().size().into();

    // 24 particles with 3 coordinates, by particles; then one line of 72 numbers in blocks.
    let particles = Layout::new(vec![Block::new(24, ranks)?.into(), Dim::undistributed(3)?])?;
    let line = Layout::new(vec![Cyclic::new(72, ranks, 5)?.into()])?;
    let array = DistArray::<f64>::from_fn(&context, &particles, |at| (3 * at[0] + at[1]) as f64)?;
    let flat = array.reshape_to(&line)?;
    for index in [0, 35, 71] {
        assert_eq!(flat.get(&[index])?.to_f64(), index as f64);
    }
    let back = flat.reshape_to(&particles)?;
    assert_eq!(back.local()?.view(), array.local()?.view());
    if context.comm().rank() == 0 {
        println!("{particles} as {line}, and back");
    }
    Ok(())
}
