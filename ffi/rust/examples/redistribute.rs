//! Redistributes an array over MPI; and buffers, again and again, with a prepared move.

use daparray::mpi;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI is initialised already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let ranks = context.comm().size().into();

    let blocks = Layout::new(vec![Block::new(40, ranks)?.into(), Dim::undistributed(30)?])?;
    let cyclic = Layout::new(vec![Dim::undistributed(40)?, Cyclic::new(30, ranks, 4)?.into()])?;
    let value = |at: &[i64]| (100 * at[0] + at[1]) as f64;
    let source = DistArray::<f64>::from_fn(&context, &blocks, value)?;

    // The context keeps the plan of a move for the next one like it.
    let target = source.redistribute(&cyclic)?;
    assert_eq!(target.get(&[17, 29])?.to_f64(), 1729.0);

    // A program with buffers of its own: the plan, the memory handles and the messages are prepared
    // once, for all time steps.
    let (mut old, mut new) = (source.into_section()?, target.into_section()?);
    let mut steps = Redistribution::new(context.comm(), &blocks, &cyclic, &f64::dtype())?;
    for _ in 0..3 {
        if let Some(old) = &mut old {
            old.view_mut::<f64>()?.mapv_inplace(|item| item + 1.0);
        }
        steps.execute(old.as_ref().map(Section::buffer), new.as_mut().map(Section::buffer_mut))?;
    }
    let target = DistArray::<f64>::import(&context, new)?;
    assert_eq!(target.get(&[17, 29])?.to_f64(), 1732.0);
    if context.comm().rank() == 0 {
        println!("from {blocks} to {cyclic}");
    }
    Ok(())
}
