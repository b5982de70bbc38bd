//! Traces: which rank reads and writes which bytes of which file, as a table and as a picture.
//!
//! ```no_run
//! # fn traced(x: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! use dap_io::{npy, trace};
//! trace::start();
//! npy::save(x, "x.npy")?;
//! trace::stop();
//! let trace = trace::collect(x.context())?;
//! if x.context().comm().rank() == 0 {
//!     println!("{trace}");
//!     std::fs::write("x.svg", trace.svg())?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Requests for elements and for the metadata of Zarr are recorded, with the name that the file has
//! in the end; those of the HDF5 library are not. The variable `DAP_IO_TRACE=1` records from the
//! beginning. Without a trace a request costs one more comparison.
//!
//! # Limits
//!
//! The record is that of the process: a thousand files, and for each up to 256 runs of bytes; more
//! runs are joined across the gaps between them. Further files are counted together, without a
//! name.

mod record;
mod svg;

use std::ffi::OsString;
use std::fmt;
use std::ops::Range;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use dap_array::Context;
use dap_mpi::Result;

use record::Requests;
pub(crate) use record::{Direction, timed};
pub use record::{start, stop};

/// The requests of one rank to one file, in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRow {
    /// The rank in the communicator.
    pub rank: i32,
    /// The file; no name for the files beyond the first thousand.
    pub path: PathBuf,
    /// Whether the rank wrote.
    pub is_write: bool,
    /// The first byte, and the one behind the last byte.
    pub range: Range<u64>,
    /// The bytes of all requests.
    pub bytes: u64,
    /// The number of requests.
    pub requests: u64,
    /// The time of all requests.
    pub seconds: f64,
    /// The runs of bytes in rising order, joined where there are many.
    pub runs: Vec<Range<u64>>,
}

/// The requests of all ranks.
#[derive(Debug, Clone, PartialEq)]
pub struct FileTrace {
    rows: Vec<TraceRow>,
    ranks: i32,
}

/// The requests of all ranks since the last call, on all ranks. Collective.
///
/// # Errors
/// MPI refuses.
#[track_caller]
pub fn collect(context: &Context) -> Result<FileTrace> {
    let _call = context.enter("trace::collect", ())?;
    let own: Vec<u8> = record::take().iter().flat_map(|(key, requests)| encoded(key, requests)).collect();
    let all = context.comm().gather_all(&own)?;
    let mut rows: Vec<TraceRow> = (0..).zip(&all).flat_map(|(rank, rows)| decoded(rank, rows)).collect();
    rows.sort_by(|left, right| (&left.path, left.is_write, left.rank).cmp(&(&right.path, right.is_write, right.rank)));
    Ok(FileTrace { rows, ranks: context.comm().size() })
}

impl FileTrace {
    /// The rows: by files, reads before writes, by ranks.
    pub fn rows(&self) -> &[TraceRow] {
        &self.rows
    }

    /// A picture: for each file the bytes of each rank.
    pub fn svg(&self) -> String {
        svg::picture(&self.rows, self.ranks)
    }
}

impl fmt::Display for FileTrace {
    /// A table with a line for each row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["rank", "", "first byte", "end", "bytes", "requests", "seconds"];
        let line = |row: &TraceRow| {
            let direction = if row.is_write { "writes" } else { "reads" };
            [
                row.rank.to_string(),
                direction.to_owned(),
                row.range.start.to_string(),
                row.range.end.to_string(),
                row.bytes.to_string(),
                row.requests.to_string(),
                format!("{:.4}", row.seconds),
            ]
        };
        let lines: Vec<[String; 7]> = self.rows.iter().map(line).collect();
        let width = |column: usize| {
            lines.iter().map(|line| line[column].len()).chain([head[column].len()]).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let mut write = |cells: [&str; 7], file: &str| {
            for (cell, width) in cells.iter().zip(&widths) {
                write!(f, "{cell:>width$}  ")?;
            }
            writeln!(f, "{file}")
        };
        write(head, "file")?;
        for (cells, row) in lines.iter().zip(&self.rows) {
            let name = row.path.display().to_string();
            let name: String = name.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
            write(cells.each_ref().map(String::as_str), if name.is_empty() { "(other files)" } else { &name })?;
        }
        Ok(())
    }
}

/// A row as bytes: words, and a path behind its length.
fn encoded((path, direction): &(PathBuf, Direction), requests: &Requests) -> Vec<u8> {
    let path = path.as_os_str().as_bytes();
    let runs = requests.runs();
    let head = [
        u64::from(*direction == Direction::Write),
        requests.bytes,
        requests.count,
        requests.seconds.to_bits(),
        runs.len() as u64,
        path.len() as u64,
    ];
    let words = head.into_iter().chain(runs.iter().flat_map(|run| [run.start, run.end]));
    words.flat_map(u64::to_le_bytes).chain(path.iter().copied()).collect()
}

/// The rows of a rank, which [`encoded`] made.
fn decoded(rank: i32, mut bytes: &[u8]) -> Vec<TraceRow> {
    let mut rows = Vec::new();
    while let Some(row) = next_row(rank, &mut bytes) {
        rows.push(row);
    }
    rows
}

fn next_row(rank: i32, bytes: &mut &[u8]) -> Option<TraceRow> {
    let mut word = || {
        let (word, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(u64::from_le_bytes(*word))
    };
    let (direction, total, requests, seconds) = (word()?, word()?, word()?, word()?);
    let (count, length) = (word()?, word()?);
    let runs = (0..count).map(|_| Some(word()?..word()?)).collect::<Option<Vec<Range<u64>>>>()?;
    let (path, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    Some(TraceRow {
        rank,
        path: PathBuf::from(OsString::from_vec(path.to_vec())),
        is_write: direction == 1,
        range: runs.first().map_or(0, |run| run.start)..runs.last().map_or(0, |run| run.end),
        bytes: total,
        requests,
        seconds: f64::from_bits(seconds),
        runs,
    })
}
