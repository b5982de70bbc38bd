//! `diff --values`: the elements of two arrays, whatever their distributions.
//!
//! A side is an array with the data of all ranks, or one `.npy` file of a whole array. Both are
//! read tile by tile, so that memory does not grow with the arrays.

mod side;
mod tally;
mod write;

use std::process::ExitCode;

use super::super::progress::Bar;
use super::super::tuple::tuple;
use crate::cli::{DiffArgs, TextOrJson};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::input::{Progress, Unit};
use crate::values::{Comparer, Scratch, Tile, Tiles, Tolerance};
use dap_report::printable;
use side::ValueSide;
use std::io::Write;
use tally::Tally;
pub(crate) use write::DiffValuesJson;

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    if args.a == args.b && args.a.as_os_str() == "-" {
        return Err(Failure::Usage("standard input can be one of the two only".to_owned()));
    }
    let a = ValueSide::read(&args.a, args.no_progress)?;
    let b = ValueSide::read(&args.b, args.no_progress)?;
    let tolerance = Tolerance { rtol: args.rtol, atol: args.atol };
    let comparer = comparer(&a, &b, tolerance)?;
    let sources = [a.source(args.data_a.as_deref())?, b.source(args.data_b.as_deref())?];

    let orders = sources.each_ref().map(|source| source.slow_to_fast());
    let itemsize = a.dtype.itemsize().max(b.dtype.itemsize());
    let failed =
        |error: dap_core::error::Error| Failure::Usage(format!("cannot compare {} with {}: {error}", a.name, b.name));
    let tiles = Tiles::new(&a.shape, itemsize, [&orders[0], &orders[1]]).map_err(failed)?;
    let sides = [tiles.with_itemsize(a.dtype.itemsize()), tiles.with_itemsize(b.dtype.itemsize())];
    let bar = if args.no_progress { None } else { Bar::new(format!("{} and {}", a.name, b.name)) };
    let progress: &dyn Progress = bar.as_ref().map_or(&(), |bar| bar);
    let bytes = a.shape.iter().try_fold(a.dtype.itemsize(), |product, extent| product.checked_mul(*extent));
    progress.begin(bytes.map(i64::unsigned_abs), Unit::Bytes);
    let mut tally = Tally::new(&a, &b);
    let (mut memory, mut scratch) = ([Vec::new(), Vec::new()], Scratch::new());
    for pair in sides[0].iter().zip(sides[1].iter()) {
        let pair: [Tile; 2] = pair.into();
        for ((source, memory), (tiles, tile)) in sources.iter().zip(&mut memory).zip(sides.iter().zip(&pair)) {
            memory.resize(tile.bytes, 0);
            source
                .read(tiles, tile, memory, &mut scratch)
                .map_err(|why| Failure::Usage(format!("cannot read {why}")))?;
        }
        if !comparer.bytes_decide() || memory[0] != memory[1] {
            tally.add(&comparer, &pair[0], [&memory[0], &memory[1]]);
        }
        progress.advance(pair[0].bytes as u64);
    }
    drop(bar);
    let mut out = stdout();
    match args.output_format {
        TextOrJson::Text => write::text([&a, &b], tolerance, &tally, &mut out)?,
        TextOrJson::Json => write::json([&a, &b], tolerance, &tally, &mut out)?,
    }
    out.flush()?;
    Ok(code(tally.differing > 0))
}

fn comparer<'a>(a: &'a ValueSide, b: &'a ValueSide, tolerance: Tolerance) -> Result<Comparer<'a>, Failure> {
    if a.shape != b.shape {
        return Err(Failure::Usage(format!(
            "{} has the shape {}, {} has {}: values are compared element by element",
            a.name,
            tuple(&a.shape),
            b.name,
            tuple(&b.shape)
        )));
    }
    Comparer::new(&a.dtype, &b.dtype, tolerance).ok_or_else(|| {
        let name = |side: &ValueSide| printable(&side.dtype.name());
        Failure::Usage(format!(
            "items of {} are {}, those of {} are {}: only numbers, or items of one type, can be compared",
            a.name,
            name(a),
            b.name,
            name(b)
        ))
    })
}
