//! Fills the halo of a periodic array's section over MPI in two halves, and computes between them.
//! For a program whose kernels read padded memory; `DistArray::stencil` needs none.

use daparray::mpi;
use daparray::prelude::*;
use ndarray::{Ix1, s};

/// Elements of the ring, without the images at its ends.
const CELLS: i64 = 16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let context = Context::new(&comm);

    // The image of the other end at either end counts in the size.
    let ring = Block::balanced(CELLS + 2, comm.size().into())?;
    let ring = ring.with_halo(1)?.with_boundary(1, 1)?.with_periodic(true)?;
    let layout = Layout::new(vec![ring.into()])?;
    let field = DistArray::<f64>::from_fn(&context, &layout, |at| (at[0] - 1) as f64)?;
    let mut field = field.into_section()?.ok_or("each rank has a part")?;

    let mut halo = HaloExchange::new(&comm, &layout, &f64::dtype(), Stencil::Star)?;
    halo.start(Some(field.buffer()))?;
    // The interior needs no padding, so it is computed while messages are under way.
    let old = field.view::<f64>()?.to_owned().into_dimensionality::<Ix1>()?;
    let len = old.len();
    let interior = (&old.slice(s![1..len - 3]) + &old.slice(s![3..len - 1])) / 2.0;
    halo.finish(Some(field.buffer_mut()))?;

    // Every cell is now surrounded by its neighbours, also round the ends.
    let new = field.view::<f64>()?.into_dimensionality::<Ix1>()?;
    for (step, pair) in new.as_slice().ok_or("a contiguous buffer")?.windows(2).enumerate() {
        assert_eq!((pair[1] - pair[0]).rem_euclid(CELLS as f64), 1.0, "rank {}, place {step}", comm.rank());
    }
    assert_eq!(interior, old.slice(s![2..len - 2]));
    if comm.rank() == 0 {
        println!("a ring of {CELLS} cells as {layout}");
    }
    Ok(())
}
