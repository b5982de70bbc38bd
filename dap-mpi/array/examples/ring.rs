//! Each rank exchanges numbers with both neighbours of a ring ten times, and sums them.
//!
//!     cargo build -p dap-array --example ring
//!     mpirun -n 4 target/debug/examples/ring

use dap_array::{Context, Result};
use dap_mpi::Comm;

/// This rank's sum, and that of all ranks.
pub(crate) fn run(context: &Context) -> Result<(i64, i64)> {
    let ring = context.all_ranks()?;
    let (here, ranks) = (ring.member().unwrap_or(0), ring.size());
    let (left, right) = ((here + ranks - 1) % ranks, (here + 1) % ranks);
    let mut sum = here as i64;
    for round in 0..10 {
        let (to_right, to_left) = (2 * round, 2 * round + 1);
        ring.send(right, to_right, &sum)?;
        ring.send(left, to_left, &sum)?;
        sum += ring.recv::<i64>(left, to_right)? + ring.recv::<i64>(right, to_left)?;
    }
    // Each round triples the sum over all ranks.
    Ok((sum, ring.reduce(sum, |left, right| left + right)?))
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let universe = mpi::initialize().ok_or("MPI runs already")?;
    let context = Context::new(&Comm::new(&universe.world())?);
    let (sum, total) = run(&context)?;
    println!("rank {}: {sum} of {total}", context.comm().rank());
    Ok(())
}
