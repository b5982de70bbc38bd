//! `scatter`: one `.npy` file as the data and exports of all ranks.
//!
//! The elements that ranks own are written first, tile by tile. Communication padding is copied
//! afterwards, from the owners' files.

mod padding;
mod rank_files;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::generate::sink;
use super::progress::Bar;
use super::side::ComparedArray;
use super::tuple::tuple;
use crate::cli::ScatterArgs;
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::input::{Progress, Unit};
use crate::values::{Beside, Direction, FileItems, MemoryOrder, Scratch, Tiles, at, ranks_runs, whole_shape};
use dap_report::{plural, printable};
use rank_files::RankFiles;

pub(super) fn run(args: &ScatterArgs) -> Result<ExitCode, Failure> {
    let output = shown(&args.output);
    if args.output.exists() {
        sink::refuse_files_in(&args.output)?;
    }
    let read = |why: String| Failure::Usage(format!("cannot read {}: {why}", shown(&args.path)));
    let (whole, dtype) = FileItems::npy(&args.path).map_err(read)?;
    let file = whole.open(Direction::Read).map_err(read)?;
    let array = ComparedArray::read(&args.like, args.no_progress)?;
    let shape = whole_shape(&array.layout);
    if shape != whole.shape {
        return Err(Failure::Usage(format!(
            "{} has the shape {}, and {} has {}: they are to be equal",
            shown(&args.path),
            tuple(&whole.shape),
            array.name,
            tuple(&shape)
        )));
    }
    let refused = |why: String| Failure::Usage(format!("cannot write {output}: {why}"));
    if let Some(parent) = args.output.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|error| refused(dap_formats::file::words(&error)))?;
    }
    let order = args.order.map(MemoryOrder::from).or_else(|| whole.order()).unwrap_or(MemoryOrder::C);
    let folder = Beside::folder(&args.output).map_err(refused)?;
    let stem = args.path.file_stem().unwrap_or_default();
    let ranks = RankFiles::create(folder.path(), &array.layout, &dtype, order, args.format, stem).map_err(refused)?;

    let orders = [&whole.slow_to_fast()[..], &ranks.slow_to_fast(&shape, &dtype)];
    let tiles = Tiles::new(&shape, dtype.itemsize(), orders).map_err(|error| refused(error.to_string()))?;
    let bar = if args.no_progress { None } else { Bar::new(output.clone()) };
    let progress: &dyn Progress = bar.as_ref().map_or(&(), |bar| bar);
    progress.begin(whole.length(), Unit::Bytes);
    let (mut memory, mut scratch) = (Vec::new(), Scratch::new());
    for tile in tiles.iter() {
        memory.resize(tile.bytes, 0);
        tile.copy(Direction::Read, &whole, &file, &mut memory, &mut scratch).map_err(read)?;
        let plan = tiles.to(&array.layout, &tile).map_err(|error| refused(error.to_string()))?;
        for transfer in plan.sends() {
            let items = ranks.of(transfer.peer());
            let copied = items.open(Direction::Write).and_then(|file| {
                let runs = ranks_runs(&transfer, false);
                items.copy(Direction::Write, &file, runs, (&mut memory, &tile.strides), &mut scratch)
            });
            copied.map_err(|why| refused(at(transfer.peer().0, &items.path, &why)))?;
        }
        progress.advance(tile.bytes as u64);
    }
    padding::fill(&ranks, &array.layout, &dtype, &mut scratch).map_err(refused)?;
    folder.finish().map_err(refused)?;
    drop(bar);
    let mut out = stdout();
    let of = if order == MemoryOrder::Fortran { "Fortran" } else { "C" };
    let count = plural(array.layout.processes(), "rank");
    writeln!(out, "{output}: {} {} in {of} order, to {count}", tuple(&shape), printable(&dtype.name()))?;
    out.flush()?;
    Ok(code(false))
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}
