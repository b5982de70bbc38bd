//! Exports the descriptions of an array: one JSON file for each rank, as `dap-validate check` reads
//! them.
//!
//! In a parallel program each rank writes its own file; here one process writes all of them.

use daparray::json;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("daparray-export-json-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let layout = Layout::new(vec![Block::new(10, 3)?.with_halo(1)?.into(), Cyclic::new(6, 2, 1)?.into()])?;

    for rank in (0..layout.processes()).map(Rank) {
        let shape = layout.local_shape(rank).ok_or("every rank of the layout has a shape")?;
        let section = Section::of(&layout, rank, Buffer::zeros(f64::dtype(), &shape)?)?;
        let text = json::write(&section.export()).ok_or("the description of a section can be written")?;
        std::fs::write(folder.join(format!("rank-{}.json", rank.0)), text)?;
    }

    // The files describe the layout again.
    let mut checker = Checker::new(Profile::Auto);
    for rank in 0..layout.processes() {
        let text = std::fs::read(folder.join(format!("rank-{rank}.json")))?;
        let local = checker.local(&json::read(&text));
        checker.push(Some(Rank(rank)), local);
    }
    let report = checker.finish(daparray::check::Ranks::All);
    assert_eq!(report.layout.as_ref(), Some(&layout));
    println!("{} descriptions of {layout}", layout.processes());
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
