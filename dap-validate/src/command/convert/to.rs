//! `convert --to`: an array's distribution as another library's arguments, in JSON that `convert`
//! reads back.
//!
//! A distribution that the library cannot express is refused with a reason; nothing is rounded.

mod dask;
mod jax;
mod mpi;
mod petsc;
mod regular;
mod scalapack;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use dap_core::dim::{Block, Dim};
use dap_core::dtype::DType;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use serde_json::Value;

use super::super::overwrite;
use super::raw::ConvertResult;
use crate::cli::{ConvertArgs, ForeignLibrary};
use crate::command::outcome::{Failure, code};
use crate::command::side::ComparedArray;
use crate::command::stdout::{self, stdout};
use crate::item_type;
use crate::values::MemoryOrder;
use dap_report::printable;

/// The largest number of ranks of a description that lists them.
const MOST_RANKS: i64 = 1 << 20;

/// The array to be described.
struct ToArray<'a> {
    layout: &'a Layout,
    dtype: Option<&'a DType>,
    /// The memory order of the buffers; `None` if they are strided or have several orders.
    order: Option<MemoryOrder>,
}

pub(super) fn run(args: &ConvertArgs, to: ForeignLibrary) -> Result<ExitCode, Failure> {
    let [path] = &args.paths[..] else {
        return Err(Failure::Usage("--to describes one array: name its directory, bundle or .ndjson file".to_owned()));
    };
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(output) = output {
        overwrite::writable("description", output)?;
        overwrite::spare_inputs("description", output, &args.paths)?;
    }
    let array = ComparedArray::read(path, true)?;
    let described = ToArray {
        layout: &array.layout,
        dtype: array.dtype.as_ref(),
        order: match array.memory.as_deref().map(|words| words.split(" (").next().unwrap_or_default()) {
            None | Some("C order" | "contiguous") => Some(MemoryOrder::C),
            Some("Fortran order") => Some(MemoryOrder::Fortran),
            Some(_) => None,
        },
    };
    let convert = match to {
        ForeignLibrary::Scalapack => scalapack::describe,
        ForeignLibrary::Dask => dask::describe,
        ForeignLibrary::Petsc => petsc::describe,
        ForeignLibrary::Jax => jax::describe,
        ForeignLibrary::Mpi => mpi::describe,
    };
    match convert(&described) {
        Ok(document) => {
            write(&document, output)?;
            if let (ForeignLibrary::Dask, Some(note)) = (to, dask::note(&described)) {
                anstream::eprintln!("note: {note}");
            }
        }
        Err(why) => {
            anstream::eprintln!("refused {}: {}", array.name, printable(&why));
            return Ok(code(true));
        }
    }
    Ok(code(false))
}

fn write(document: &Value, output: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = output else {
        let mut out = stdout();
        stdout::json(document, &mut out)?;
        return Ok(out.flush()?);
    };
    let mut text = Vec::new();
    stdout::json(document, &mut text)?;
    let shown = printable(&path.display().to_string());
    std::fs::write(path, text)
        .map_err(|error| Failure::Usage(format!("cannot write {shown}: {}", dap_formats::file::words(&error))))
}

impl ToArray<'_> {
    /// The number of ranks, unless they are too many to be listed.
    fn count(&self) -> ConvertResult<i64> {
        match self.layout.processes() {
            count if count > MOST_RANKS => Err(format!("{count} ranks are too many to be listed")),
            count => Ok(count),
        }
    }

    /// The ranks with their places in the process grid.
    fn ranks(&self) -> ConvertResult<impl Iterator<Item = (Rank, Vec<GridRank>)>> {
        let count = self.count()?;
        let places = |rank| self.layout.grid().coordinates(rank).unwrap_or_default();
        Ok((0..count).map(Rank).map(move |rank| (rank, places(rank))))
    }

    /// The item type as JSON; null if it is not known.
    fn dtype(&self) -> Value {
        self.dtype.and_then(item_type::to_value).unwrap_or(Value::Null)
    }

    /// The block dimensions; refused if there are others. `parts` is the library's word for parts.
    fn blocks(&self, parts: &str) -> ConvertResult<Vec<&Block>> {
        let dims = self.layout.dims().iter().enumerate();
        dims.map(|(at, dim)| match dim {
            Dim::Block(block) => Ok(block),
            dim => Err(format!("dimension {at} is {}, and {parts} are of consecutive indices", kind(dim))),
        })
        .collect()
    }
}

/// The distribution of a dimension in a word.
fn kind(dim: &Dim) -> &'static str {
    match dim {
        Dim::Block(_) => "a block dimension",
        Dim::Unstructured(_) => "unstructured",
        _ => "cyclic",
    }
}

/// Refuses padding. `library` is the sentence's subject.
fn unpadded(block: &Block, at: usize, library: &str) -> ConvertResult<()> {
    if block.is_unpadded() {
        return Ok(());
    }
    Err(format!("dimension {at} has padding, and {library} has none: copy the owned elements into an array without it"))
}
