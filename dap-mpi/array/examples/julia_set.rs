//! The Julia set of z^2 + c on five distributions: the same sum on each, and how even the work is.
//!
//!     cargo build --release -p dap-array --example julia_set
//!     mpirun -n 4 target/release/examples/julia_set
//!
//! After the benchmark of the DistArray project, which counts 32 763 832 iterations.

use dap_array::{Context, DistArray, DynArray, Reduction, Result, Value};
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Comm;

const C: (f64, f64) = (-0.045, 0.45);
const MOST: i64 = 100;

/// The steps z -> z^2 + c that the point stays within a circle of radius 2, `MOST` at the most.
fn steps((mut re, mut im): (f64, f64)) -> i64 {
    let mut count = 0;
    while count < MOST && re * re + im * im <= 4.0 {
        (re, im) = (re * re - im * im + C.0, 2.0 * re * im + C.1);
        count += 1;
    }
    count
}

/// For each distribution its name, the iterations of all points, and those of each rank.
pub(crate) fn run(context: &Context, resolution: i64) -> Result<Vec<(&'static str, i64, Vec<i64>)>> {
    let ranks = i64::from(context.comm().size());
    let kinds = [
        ("rows in blocks", [DimSpec::Block, DimSpec::Undistributed]),
        ("cyclic rows", [DimSpec::Cyclic, DimSpec::Undistributed]),
        ("cyclic rows, 16 by 16", [DimSpec::BlockCyclic(16), DimSpec::Undistributed]),
        ("blocks along both axes", [DimSpec::Block, DimSpec::Block]),
        ("cyclic along both axes", [DimSpec::Cyclic, DimSpec::Cyclic]),
    ];
    let group = context.all_ranks()?;
    let mut found = Vec::new();
    for (name, dims) in kinds {
        let layout = Layout::builder([resolution, resolution]).dims(dims).processes(ranks).build()?;
        let plane = DistArray::<i64>::zeros(context, layout)?;
        let step = 3.0 / resolution as f64;
        let coordinate = |at: i64| -1.5 + step * at as f64;
        let counts = DynArray::map_with_index(&plane, |[row, column]: [i64; 2], _: i64| {
            steps((coordinate(row), coordinate(column)))
        })?;
        let Value::Int(total) = counts.reduce(Reduction::Sum)?.value else { unreachable!("a sum of integers") };
        // A rank without a part has no work.
        let mine = counts.local::<i64>().map_or(0, |local| local.view().sum());
        found.push((name, total as i64, group.gather_all(&mine)?));
    }
    Ok(found)
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI runs already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let resolution = std::env::args().nth(1).map_or(Ok(1024), |text| text.parse())?;
    for (name, total, work) in run(&context, resolution)? {
        if context.comm().rank() == 0 {
            println!("{name}: {total} iterations, of the ranks {work:?}");
        }
    }
    Ok(())
}
