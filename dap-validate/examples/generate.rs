//! Writes an array of a million ranks, one export per line, to measure the checker with.
//!
//! ```console
//! $ cargo run --release -p dap-validate --example generate -- 100x100x100 > million.ndjson
//! $ cargo run --release -p dap-validate --example generate -- 100x100x100 every > wrong.ndjson
//! ```
//!
//! Dimension 0 is in blocks with communication and boundary padding, dimension 1 block-cyclic, dimension 2 in blocks;
//! further ones are cyclic. The second argument breaks it: `every` gives each rank several findings of its own,
//! `order` counts the ranks in Fortran's order, `garbage` breaks off each line.

use std::io::{self, BufWriter, Write};

use dap_core::grid::Grid;
use dap_core::index::Rank;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    Every,
    Order,
    Garbage,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let shape = arguments.next().unwrap_or_else(|| "100x100x100".to_owned());
    let wrong = match arguments.next().as_deref() {
        None => Wrong::Nothing,
        Some("every") => Wrong::Every,
        Some("order") => Wrong::Order,
        Some("garbage") => Wrong::Garbage,
        Some(other) => return Err(format!("{other}: every, order or garbage").into()),
    };
    let mut shape: Vec<i64> = shape.split('x').map(str::parse).collect::<Result<_, _>>()?;
    if wrong == Wrong::Order {
        shape.reverse();
    }
    let grid = Grid::new(shape)?;
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    for rank in 0..grid.processes() {
        let coordinates = grid.coordinates(Rank(rank)).unwrap_or_default();
        let mut places: Vec<(i64, i64)> = coordinates.iter().zip(grid.shape()).map(|(c, size)| (c.0, *size)).collect();
        if wrong == Wrong::Order {
            places.reverse();
        }
        let line = line(&places, wrong);
        let length = if wrong == Wrong::Garbage { line.len() / 2 } else { line.len() };
        writeln!(out, "{}", &line[..length])?;
    }
    out.flush()?;
    Ok(())
}

/// The export at a place of the grid, given as grid rank and grid size in each dimension.
fn line(places: &[(i64, i64)], wrong: Wrong) -> String {
    let (mut shape, mut dims) = (Vec::new(), Vec::new());
    for (dim, &(rank, size)) in places.iter().enumerate() {
        let (extent, kind) = match dim {
            0 => padded_block(rank, size),
            1 => (20, format!(r#""dist_type": "c", "size": {}, "block_size": 4, "start": {}"#, 20 * size, 4 * rank)),
            2 => (
                9,
                format!(r#""dist_type": "b", "size": {}, "start": {}, "stop": {}"#, 9 * size, 9 * rank, 9 * rank + 9),
            ),
            _ => (3, format!(r#""dist_type": "c", "size": {}, "start": {rank}"#, 3 * size)),
        };
        // An extent that does not fit, a place outside of the grid, and a key that does not belong.
        let (extent, size, odd) = match (wrong, dim) {
            (Wrong::Every, 0) => (extent + 1, size, ""),
            (Wrong::Every, 1) => (extent, size, r#", "stop": 7"#),
            (Wrong::Every, 2) => (extent, rank, r#", "colour": "blue""#),
            _ => (extent, size, ""),
        };
        shape.push(extent.to_string());
        dims.push(format!(r#"{{{kind}, "proc_grid_size": {size}, "proc_grid_rank": {rank}{odd}}}"#));
    }
    let (shape, dims) = (shape.join(", "), dims.join(", "));
    format!(r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [{shape}]}}, "dim_data": [{dims}]}}"#)
}

/// Blocks of 10 with one index of padding everywhere: at the ends of the grid it is owned, between neighbours shared.
fn padded_block(rank: i64, size: i64) -> (i64, String) {
    let (start, stop) = (10 * rank, 10 * rank + 12);
    let kind = format!(
        r#""dist_type": "b", "size": {}, "start": {start}, "stop": {stop}, "padding": [1, 1], "periodic": false"#,
        10 * size + 2
    );
    (stop - start, kind)
}
