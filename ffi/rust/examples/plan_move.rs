//! Plans a redistribution: totals, the messages of one rank, and the message matrix. No buffer and
//! no MPI are needed, and a million ranks cost no more than four.

use daparray::plan::{Endpoints, Matrix, Row, Totals};
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = |ranks| Layout::new(vec![Block::new(4096, ranks)?.into(), Dim::undistributed(4096)?]);
    let columns = |ranks| Layout::new(vec![Dim::undistributed(4096)?, Block::new(4096, ranks)?.into()]);

    let (from, to) = (rows(4)?, columns(4)?);
    let totals = Totals::new(&from, &to)?;
    assert_eq!((totals.messages(), totals.kept()), (12, 4096 * 4096 / 4));
    let row = Row::sends(&from, &to, Endpoints::both(Rank(1)))?;
    assert_eq!(row.iter().collect::<Vec<_>>(), [0, 2, 3].map(|peer| (Rank(peer), 1024 * 1024)));

    // The plan has the transfers themselves, as products of runs: here 1024 rows by 1024 columns.
    let plan = Plan::new(&from, &to, Endpoints::both(Rank(1)))?;
    let last = plan.sends().last().ok_or("rank 1 sends")?;
    let factors: Vec<_> = last.factors().iter().map(|factor| factor.len()).collect();
    assert_eq!((last.peer(), factors), (Rank(3), vec![1024, 1024]));

    // 2^20 processes: counted without listing pairs, and drawn in 64 groups.
    let many = 1 << 20;
    let from = Layout::new(vec![Block::new(1 << 30, many)?.into()])?;
    let to = Layout::new(vec![Cyclic::new(1 << 30, many, 1 << 8)?.into()])?;
    let totals = Totals::new(&from, &to)?;
    let matrix = Matrix::new(&from, &to, 64)?;
    assert_eq!((matrix.sources().len(), totals.elements()), (64, 1 << 30));
    println!("{} messages between {many} ranks, {} elements kept", totals.messages(), totals.kept());
    Ok(())
}
