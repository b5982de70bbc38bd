//! Draws a distribution as SVG: the whole array coloured by owner, and the buffers of the first
//! ranks.

use daparray::plot::{self, PlotOptions};
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let layout = Layout::new(vec![Block::new(16, 2)?.with_halo(1)?.into(), Cyclic::new(16, 2, 2)?.into()])?;
    let svg = plot::svg(&(&layout).into(), &PlotOptions::default())?;
    let path = std::env::temp_dir().join(format!("daparray-{}.svg", std::process::id()));
    std::fs::write(&path, &svg)?;
    println!("{layout}: {} bytes in {}", svg.len(), path.display());
    assert!(svg.starts_with("<svg ") && svg.contains("data-rank=\"3\""));
    std::fs::remove_file(path)?;
    Ok(())
}
