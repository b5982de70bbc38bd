//! The game of life on a torus: a function of the nine neighbours, periodic at the ends.
//!
//!     cargo build --release -p dap-array --example life
//!     mpirun -n 4 target/release/examples/life

use dap_array::{Boundary, Context, DistArray, Reduction, Result, Stencil, Value};
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Comm;

const GLIDER: [[i64; 2]; 5] = [[0, 1], [1, 2], [2, 0], [2, 1], [2, 2]];

fn world(context: &Context, shape: [i64; 2], moved: i64) -> Result<DistArray<u8>> {
    let ranks = i64::from(context.comm().size());
    let layout = Layout::builder(shape).dims([DimSpec::Block, DimSpec::Block]).processes(ranks).build()?;
    let cells = GLIDER.map(|[row, column]| [(row + moved).rem_euclid(shape[0]), (column + moved).rem_euclid(shape[1])]);
    DistArray::from_fn(context, layout, |index| u8::from(cells.iter().any(|cell| cell[..] == *index)))
}

/// The number of cells that live after some generations, and whether they are the glider, one row
/// and one column further for four generations.
pub(crate) fn run(context: &Context, shape: [i64; 2], generations: i64) -> Result<(i64, bool)> {
    let rule = Stencil::map(
        [&[-1, -1], &[-1, 0], &[-1, 1], &[0, -1], &[0, 1], &[1, -1], &[1, 0], &[1, 1], &[0, 0]],
        |cells: [u8; 9]| {
            let around: u8 = cells[..8].iter().sum();
            u8::from(around == 3) | (u8::from(around == 2) & cells[8])
        },
    )?;
    let mut alive = world(context, shape, 0)?;
    for _ in 0..generations {
        alive = alive.stencil(&rule, Boundary::Periodic)?;
    }
    let expected = world(context, shape, generations / 4)?;
    let Value::Int(cells) = alive.reduce(Reduction::Sum)?.value else { return Ok((0, false)) };
    let is_glider = alive.expr().equal(&expected).reduce(Reduction::All)?.is_true();
    Ok((cells as i64, is_glider))
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI runs already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let (cells, is_glider) = run(&context, [12, 16], 40)?;
    if context.comm().rank() == 0 {
        println!("{cells} cells; the glider, where it should be: {is_glider}");
    }
    Ok(())
}
