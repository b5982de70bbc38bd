//! `gather`: the data of all ranks in one `.npy` file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dap_core::dtype::DType;
use dap_formats::npy;

use super::overwrite;
use super::progress::Bar;
use super::side::ComparedArray;
use super::tuple::tuple;
use crate::cli::{GatherArgs, OrderArg};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::input::{Progress, Unit};
use crate::values::{Beside, Direction, Dump, FileItems, MemoryOrder, Scratch, Tiles, whole_shape};
use dap_report::{plural, printable};

pub(super) fn run(args: &GatherArgs) -> Result<ExitCode, Failure> {
    let refused = |why: &str| Failure::Usage(format!("not writing the array to {}: {why}", shown(&args.output)));
    overwrite::writable("array", &args.output)?;
    if args.output.exists() && !args.force {
        return Err(refused("it exists; pass --force to replace it"));
    }
    let array = ComparedArray::read(&args.path, args.no_progress)?;
    let dtype = item_type(&array)?;
    let failed = |why: String| Failure::Usage(format!("cannot gather {}: {why}", array.name));
    let dump = Dump::of(&array.layout, dtype, &array.texts, args.data.as_deref()).map_err(failed)?;
    let inputs: Vec<PathBuf> = dump.files.iter().map(|items| items.path.clone()).chain([args.path.clone()]).collect();
    overwrite::spare_inputs("array", &args.output, &inputs)?;

    let order = args.order.map(MemoryOrder::from).or_else(|| dump.order()).unwrap_or(MemoryOrder::C);
    let shape = whole_shape(&array.layout);
    let header = dtype
        .descr()
        .filter(|_| !dtype.is_object())
        .and_then(|descr| npy::header(&descr, order == MemoryOrder::Fortran, &shape));
    let header = header.ok_or_else(|| failed(format!("a .npy file cannot hold items of {}", dtype.name())))?;
    let items = FileItems::dense(&args.output, header.len() as u64, shape.clone(), dtype, order);
    let length = items.length().ok_or_else(|| failed("the whole array has more than 2^63 bytes".to_owned()))?;

    let (beside, mut file) = Beside::file(&args.output).map_err(|why| refused(&why))?;
    file.write_all(&header)?;
    file.set_len(length)?;
    let orders = [&items.slow_to_fast()[..], &dump.slow_to_fast()];
    let tiles = Tiles::new(&shape, dtype.itemsize(), orders).map_err(|error| failed(error.to_string()))?;
    let bar = if args.no_progress { None } else { Bar::new(shown(&args.output)) };
    let progress: &dyn Progress = bar.as_ref().map_or(&(), |bar| bar);
    progress.begin(Some(length), Unit::Bytes);
    let (mut memory, mut scratch) = (Vec::new(), Scratch::new());
    for tile in tiles.iter() {
        memory.resize(tile.bytes, 0);
        dump.read(&tiles, &tile, &mut memory, &mut scratch).map_err(failed)?;
        let written = tile.copy(Direction::Write, &items, &file, &mut memory, &mut scratch);
        written.map_err(|why| refused(&why))?;
        progress.advance(tile.bytes as u64);
    }
    // The old output is replaced: the new one must be on the disk before.
    file.sync_all()?;
    drop(file);
    beside.finish().map_err(|why| refused(&why))?;
    drop(bar);
    let mut out = stdout();
    let of = if order == MemoryOrder::Fortran { "Fortran" } else { "C" };
    let name = printable(&dtype.name());
    writeln!(
        out,
        "{}: {} {name} in {of} order, from {}",
        shown(&args.output),
        tuple(&shape),
        plural(dump.files.len(), "rank")
    )?;
    out.flush()?;
    Ok(code(false))
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

/// The item type of an array, which its data need.
pub(super) fn item_type(array: &ComparedArray) -> Result<&DType, Failure> {
    let unknown = || Failure::Usage(format!("the exports of {} state no item type that is known", array.name));
    array.dtype.as_ref().ok_or_else(unknown)
}

impl From<OrderArg> for MemoryOrder {
    fn from(order: OrderArg) -> Self {
        match order {
            OrderArg::C => Self::C,
            OrderArg::F => Self::Fortran,
        }
    }
}
