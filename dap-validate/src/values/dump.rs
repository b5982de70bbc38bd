//! The data files of all ranks of an array, found by its exports.
//!
//! The data of a `.dnpy` file lie behind its header. An export of text names its data file, or it
//! has one beside it: `rank-3.npy` beside `rank-3.json`, or beside a file with the exports of all
//! ranks.

use std::path::{Path, PathBuf};

use dap_core::dtype::DType;
use dap_core::export::Export;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::Layout;
use dap_core::plan::Transfer;
use dap_report::{RankText, RankTexts, printable};

use super::MemoryOrder;
use super::items::FileItems;
use super::region::{Direction, IndexRun, Scratch};
use super::tiles::{Tile, Tiles};
use crate::input::{SetTexts, data_problem, has_dnpy_header, is_export_name, is_npy_file};

/// The place of the rank in a pattern of names.
pub(crate) const RANK: &str = "{rank}";

/// The data files of a valid array.
pub(crate) struct Dump<'a> {
    layout: &'a Layout,
    /// In order of rank.
    pub(crate) files: Vec<FileItems>,
}

impl<'a> Dump<'a> {
    /// Finds the data files and compares their headers and lengths with the exports. `pattern` has
    /// the names of data files with `{rank}` in place of the rank; without it, the exports lead to
    /// them. An error names the rank and the file.
    pub(crate) fn of(
        layout: &'a Layout,
        dtype: &'a DType,
        texts: &SetTexts,
        pattern: Option<&str>,
    ) -> Result<Self, String> {
        let file = |rank| {
            let text = texts.of(Rank(rank)).ok_or_else(|| format!("rank {rank}: its export cannot be read again"))?;
            let shape = layout.local_shape(Rank(rank)).unwrap_or_default();
            items(&text, rank, shape, dtype, pattern).map_err(|(path, problem)| {
                let path = printable(&path.display().to_string());
                format!("rank {rank}: the data file {path} {problem}")
            })
        };
        Ok(Self { layout, files: (0..layout.processes()).map(file).collect::<Result<_, String>>()? })
    }

    /// The first file that shows an order, or the first one.
    fn example(&self) -> Option<&FileItems> {
        self.files.iter().find(|items| items.order().is_some()).or(self.files.first())
    }

    /// The memory order of the files; `None` if they show none.
    pub(crate) fn order(&self) -> Option<MemoryOrder> {
        self.example().and_then(FileItems::order)
    }

    /// The dimensions of the files from the slowest to the fastest.
    pub(crate) fn slow_to_fast(&self) -> Vec<usize> {
        self.example().map(FileItems::slow_to_fast).unwrap_or_default()
    }

    /// Reads a tile from the ranks that hold its elements.
    pub(crate) fn read(
        &self,
        tiles: &Tiles,
        tile: &Tile,
        memory: &mut [u8],
        scratch: &mut Scratch,
    ) -> Result<(), String> {
        let plan = tiles.from(self.layout, tile).map_err(|error| error.to_string())?;
        for transfer in plan.supplies() {
            let rank = transfer.peer().0;
            let items = usize::try_from(rank).ok().and_then(|rank| self.files.get(rank));
            let Some(items) = items else { return Err(format!("rank {rank} has no data file")) };
            let copied = items.open(Direction::Read).and_then(|file| {
                let runs = ranks_runs(&transfer, true);
                items.copy(Direction::Read, &file, runs, (memory, &tile.strides), scratch)
            });
            copied.map_err(|why| at(rank, &items.path, &why))?;
        }
        Ok(())
    }
}

/// The runs of a transfer, whose source or target is a rank's file and whose other side is a tile.
pub(crate) fn ranks_runs(transfer: &Transfer<'_>, file_is_source: bool) -> Vec<Vec<IndexRun>> {
    transfer.factors().iter().map(|factor| IndexRun::of(factor, file_is_source)).collect()
}

/// A sentence about the file of a rank.
pub(crate) fn at(rank: i64, path: &Path, why: &str) -> String {
    format!("rank {rank}: {}: {why}", printable(&path.display().to_string()))
}

/// The reader of a file with a header.
type ReadItems = fn(&Path) -> Result<(FileItems, DType), String>;

/// The items of one rank; or the file and what is wrong with it, the end of a sentence that begins
/// with its name.
fn items(
    text: &RankText,
    rank: i64,
    shape: Vec<i64>,
    dtype: &DType,
    pattern: Option<&str>,
) -> Result<FileItems, (PathBuf, String)> {
    let own = Path::new(&text.path);
    let (path, read): (PathBuf, ReadItems) = if let Some(pattern) = pattern {
        let path = PathBuf::from(pattern.replace(RANK, &rank.to_string()));
        let is_dnpy = has_dnpy_header(&path);
        (path, if is_dnpy { FileItems::dnpy } else { FileItems::npy })
    } else if has_dnpy_header(own) {
        (own.to_owned(), FileItems::dnpy)
    } else {
        let export = json::read(&text.text);
        let path = beside(own, &export, rank);
        if let Some(buffer) = export.buffer.get() {
            let failed = |why: String| (path.clone(), why);
            if let Some(problem) = data_problem(buffer, &path) {
                let hint = if buffer.data.is_missing() { "; name the files with --data 'NAME.{rank}.npy'" } else { "" };
                return Err(failed(format!("{problem}{hint}")));
            }
            if !is_npy_file(&path) {
                return Ok(FileItems::raw(&path, buffer, shape, dtype));
            }
        }
        (path, FileItems::npy)
    };
    let (items, found) = read(&path).map_err(|why| (path.clone(), format!("cannot be used: {why}")))?;
    if found != *dtype {
        let why = format!("holds items of {}, but the exports state {}", found.name(), dtype.name());
        return Err((path, why));
    }
    if items.shape != shape {
        let why = format!("has the shape {:?}, but the rank's buffer has {shape:?}", items.shape);
        return Err((path, why));
    }
    Ok(items)
}

/// The data file that an export of text leads to.
fn beside(own: &Path, export: &Export, rank: i64) -> PathBuf {
    if let Some(name) = export.buffer.get().and_then(|buffer| buffer.data.get()) {
        return own.with_file_name(&**name);
    }
    let without_gz = if own.extension().is_some_and(|extension| extension == "gz") {
        own.with_extension("")
    } else {
        own.to_owned()
    };
    if without_gz.file_name().is_some_and(is_export_name) {
        return without_gz.with_extension("npy");
    }
    own.with_file_name(format!("rank-{rank}.npy"))
}
