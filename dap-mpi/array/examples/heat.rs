//! Heat in a plate whose upper edge is kept warm: a stencil, step by step, until nothing changes.
//!
//!     cargo build --release -p dap-array --example heat
//!     mpirun -n 4 target/release/examples/heat

use dap_array::{Boundary, Context, DistArray, Reduction, Result, Stencil, Value};
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Comm;

/// The number of steps, and the temperature in the middle of a plate of `size` x `size` points.
pub(crate) fn run(context: &Context, size: i64) -> Result<(u32, f64)> {
    let ranks = i64::from(context.comm().size());
    let layout = Layout::builder([size, size]).dims([DimSpec::Block, DimSpec::Block]).processes(ranks).build()?;
    let warm = |index: &[i64]| if index[0] == 0 { 100.0 } else { 0.0 };
    let mut plate = DistArray::<f64>::from_fn(context, &layout, warm)?;
    let mut next = DistArray::<f64>::from_fn(context, &layout, warm)?;
    let neighbours = [(&[-1, 0][..], 0.25), (&[1, 0], 0.25), (&[0, -1], 0.25), (&[0, 1], 0.25)];
    let mean = Stencil::weighted(&neighbours)?;
    for step in 1.. {
        // Points at the edges have no four neighbours, and keep their temperature.
        plate.stencil_into(&mean, Boundary::None, &next)?;
        if step % 50 == 0 {
            // One pass over both arrays, and one message.
            let Value::Float(change) = (&next - &plate).abs().reduce(Reduction::Max)?.value else { continue };
            if change < 1e-3 {
                let Value::Float(middle) = next.get(&[size / 2; 2])?.value else { continue };
                return Ok((step, middle));
            }
        }
        std::mem::swap(&mut plate, &mut next);
    }
    Ok((0, f64::NAN))
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI runs already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let (steps, middle) = run(&context, 33)?;
    if context.comm().rank() == 0 {
        println!("{steps} steps, {middle:.3} degrees in the middle");
    }
    Ok(())
}
