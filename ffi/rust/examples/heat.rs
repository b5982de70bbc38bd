//! A field with halos, one time step, and the field in another distribution.

use daparray::{mpi, prelude::*};
use ndarray::{Ix2, s};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let comm = Comm::new(&universe.world())?;
    let ranks = comm.size().into();

    // Rows in blocks, with one row of each neighbour. Element (i, j) begins as 100 i + j.
    let rows = Layout::new(vec![Block::new(8, ranks)?.with_halo(1)?.into(), Dim::undistributed(6)?])?;
    let mut field = DistArray::<f64>::from_fn(&comm, &rows, |at| (100 * at[0].0 + at[1].0) as f64)?;

    // The neighbours' rows. `start` and `finish` are the two halves, with time between them to
    // compute the interior.
    let mut halo = HaloExchange::new(&comm, &rows, &f64::dtype(), Stencil::Star)?;
    halo.exchange(field.buffer_mut())?;
    if field.rank().is_some() {
        let old = field.local()?.to_owned().into_dimensionality::<Ix2>()?;
        let (height, mut new) = (old.nrows(), field.local_mut()?);
        // Each row between two local rows becomes the mean of the row above and the row below.
        let mean = (&old.slice(s![..height - 2, ..]) + &old.slice(s![2.., ..])) / 2.0;
        new.slice_mut(s![1..height - 1, ..]).assign(&mean);
    }

    // Columns in blocks: every rank holds whole columns.
    let columns = Layout::new(vec![Dim::undistributed(8)?, Block::new(6, ranks)?.into()])?;
    let by_columns = field.redistribute(&columns)?;
    if let Some(section) = by_columns.section() {
        println!("rank {} holds {:?} of {columns}", comm.rank(), section.buffer().shape());
    }
    assert_eq!(by_columns.get(&[GlobalIndex(3), GlobalIndex(5)])?, 305.0);
    Ok(())
}
