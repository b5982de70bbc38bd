//! One rank's elements between its memory and a file: large requests, in the order of the file.
//!
//! Elements that lie in memory as in the file go without a copy; others are packed and unpacked
//! piece by piece. Writes are joined where they are consecutive. Reads are also joined across short
//! gaps: the bytes between are read and dropped, which costs less than another request.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use dap_core::dim::Dim;
use dap_core::dtype::Kind;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan, Transfer};
use dap_mpi::{Pieces, Result};
use dap_ndarray::{Buffer, copy};

use crate::error::io_error;
use crate::place::{FilePlace, FileSide};
use crate::trace::{self, Direction};

/// Bytes of elements that are packed at once. They stay in a processor's cache.
const STAGING: i64 = 2 << 20;
/// Elements of a piece: its runs are listed.
const MOST: i64 = 1 << 18;
/// Bytes of the longest request.
const REQUEST: usize = 8 << 20;
/// Bytes of the longest read that covers several runs.
const COVER: u64 = 1 << 20;
/// Bytes of the longest gap between runs that one read covers.
const GAP: u64 = 4 << 10;
/// Bytes of the longest run that is read together with others.
const SHORT: usize = 16 << 10;

/// A file and its name, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedFile<'f> {
    pub(crate) file: &'f File,
    pub(crate) path: &'f Path,
}

impl NamedFile<'_> {
    /// Reads all of `bytes` from byte `at` on; a trace records it.
    ///
    /// # Errors
    /// The system's, a file that ends before.
    pub(crate) fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        let range = (at, bytes.len());
        trace::timed(self.path, Direction::Read, range, || self.file.read_exact_at(bytes, at))
    }

    /// Writes all of `bytes` to byte `at` and those behind it; a trace records it.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn write_all_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        let range = (at, bytes.len());
        trace::timed(self.path, Direction::Write, range, || self.file.write_all_at(bytes, at))
    }
}

/// All of an array on one process.
pub(crate) fn whole(shape: &[i64]) -> Result<Layout> {
    let dims = shape.iter().map(|&extent| Dim::undistributed(extent)).collect::<dap_core::error::Result<Vec<_>>>()?;
    Ok(Layout::new(dims)?)
}

/// Writes the elements of a section, which `items` holds without padding. An element that several
/// sections hold is written by the first of them. Local.
///
/// # Errors
/// A layout that no plan takes; failed writing.
pub(crate) fn write(
    to: NamedFile<'_>,
    place: &FilePlace,
    (layout, section): (&Layout, Rank),
    items: &Buffer,
) -> Result<()> {
    let plan = Plan::new(layout, &whole(layout.shape())?, Endpoints { source: Some(section), target: None })?;
    let failed = |error: io::Error| io_error(to.path, &error);
    for transfer in plan.sends() {
        let pieces = pieces(&transfer, place);
        let order = place.order();
        let ready = copy::contiguous_source(&transfer, items, order).and_then(|at| message_in(items.bytes().ok()?, at));
        let mut writing = Writing::new(to);
        if let Some(message) = ready {
            for piece in 0..pieces.count() {
                let part = transfer.slice(&pieces.get(piece));
                place.for_each_run(&part.transfer(), FileSide::Target, |at, len| {
                    writing.add(message, at, len).map_err(failed)
                })?;
            }
            writing.flush(message).map_err(failed)?;
            continue;
        }
        let mut message = Vec::new();
        for piece in 0..pieces.count() {
            let part = transfer.slice(&pieces.get(piece));
            let part = part.transfer();
            message.resize(copy::message_bytes(&part, items.itemsize()).unwrap_or(0), 0);
            copy::pack(&part, items, order, &mut message)?;
            writing.message = 0;
            place.for_each_run(&part, FileSide::Target, |at, len| writing.add(&message, at, len).map_err(failed))?;
            writing.flush(&message).map_err(failed)?;
        }
    }
    Ok(())
}

/// Reads the elements of a section into its memory, padding left as it is. Local.
///
/// # Errors
/// A layout that no plan takes; failed reading.
pub(crate) fn read(
    from: NamedFile<'_>,
    place: &FilePlace,
    (layout, section): (&Layout, Rank),
    items: &mut Buffer,
) -> Result<()> {
    let plan = Plan::new(&whole(layout.shape())?, layout, Endpoints { source: None, target: Some(section) })?;
    plan.receives().try_for_each(|transfer| read_transfer(from, place, &transfer, items))
}

/// Reads the elements of a transfer, whose source lies in the file, into a section's memory. Local.
///
/// # Errors
/// Failed reading; a transfer that does not fit the memory.
pub(crate) fn read_transfer(
    from: NamedFile<'_>,
    place: &FilePlace,
    transfer: &Transfer<'_>,
    items: &mut Buffer,
) -> Result<()> {
    let failed = |error: io::Error| io_error(from.path, &error);
    let is_bool = items.dtype().kind() == Some(Kind::Bool);
    let pieces = pieces(transfer, place);
    let order = place.order();
    let mut reading = Reading::new(from);
    let ready = copy::contiguous_target(transfer, items, order);
    if let Some(message) = ready.and_then(|at| message_in_mut(items.bytes_mut().ok()?, at)) {
        for piece in 0..pieces.count() {
            let part = transfer.slice(&pieces.get(piece));
            place.for_each_run(&part.transfer(), FileSide::Source, |at, len| {
                reading.add(message, at, len).map_err(failed)
            })?;
        }
        reading.flush(message).map_err(failed)?;
        if is_bool {
            make_bools(&mut message[..reading.message]);
        }
        return Ok(());
    }
    let mut message = Vec::new();
    for piece in 0..pieces.count() {
        let part = transfer.slice(&pieces.get(piece));
        let part = part.transfer();
        message.resize(copy::message_bytes(&part, items.itemsize()).unwrap_or(0), 0);
        reading.message = 0;
        place.for_each_run(&part, FileSide::Source, |at, len| reading.add(&mut message, at, len).map_err(failed))?;
        reading.flush(&mut message).map_err(failed)?;
        if is_bool {
            make_bools(&mut message);
        }
        copy::unpack(&part, &message, order, items)?;
    }
    Ok(())
}

/// NumPy takes every byte but 0 for true; Rust's booleans, and the kernels, are 0 or 1.
fn make_bools(bytes: &mut [u8]) {
    bytes.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
}

fn pieces(transfer: &Transfer<'_>, place: &FilePlace) -> Pieces {
    let shape: Vec<i64> = transfer.factors().iter().map(|factor| factor.len()).collect();
    Pieces::new(&shape, place.order(), (STAGING / place.item().max(1)).clamp(1, MOST))
}

/// The elements of a transfer that lie in memory as in the file.
fn message_in(bytes: &[u8], at: i64) -> Option<&[u8]> {
    bytes.get(usize::try_from(at).ok()?..)
}

fn message_in_mut(bytes: &mut [u8], at: i64) -> Option<&mut [u8]> {
    bytes.get_mut(usize::try_from(at).ok()?..)
}

/// Writes that are joined as long as they are consecutive.
struct Writing<'f> {
    to: NamedFile<'f>,
    /// Bytes of the message that were added.
    message: usize,
    /// The place in the file of those of them that are not yet written, and their number.
    at: u64,
    len: usize,
}

impl Writing<'_> {
    fn new(to: NamedFile<'_>) -> Writing<'_> {
        Writing { to, message: 0, at: 0, len: 0 }
    }

    /// Adds the next `len` bytes of the message, which go to byte `at` of the file.
    fn add(&mut self, message: &[u8], at: u64, len: usize) -> io::Result<()> {
        if self.at + self.len as u64 != at || self.len + len > REQUEST {
            self.flush(message)?;
            self.at = at;
        }
        self.message += len;
        self.len += len;
        Ok(())
    }

    fn flush(&mut self, message: &[u8]) -> io::Result<()> {
        let bytes = &message[self.message - self.len..self.message];
        for (number, request) in bytes.chunks(REQUEST).enumerate() {
            self.to.write_all_at(request, self.at + (number * REQUEST) as u64)?;
        }
        self.len = 0;
        Ok(())
    }
}

/// Reads that are joined as long as one request for all of them costs less.
struct Reading<'f> {
    from: NamedFile<'f>,
    /// Bytes of the message that were added.
    message: usize,
    /// The runs that are not yet read: place in the file, bytes, place in the message.
    runs: Vec<(u64, usize, usize)>,
    /// The bytes of the file that cover them.
    cover: std::ops::Range<u64>,
    /// Memory for the covering bytes.
    covering: Vec<u8>,
}

impl Reading<'_> {
    fn new(from: NamedFile<'_>) -> Reading<'_> {
        Reading { from, message: 0, runs: Vec::new(), cover: 0..0, covering: Vec::new() }
    }

    /// Adds the next `len` bytes of the message, which come from byte `at` of the file.
    fn add(&mut self, message: &mut [u8], at: u64, len: usize) -> io::Result<()> {
        let end = at + len as u64;
        let cover = self.cover.start.min(at)..self.cover.end.max(end);
        let covered = cover.end - cover.start;
        // Bytes between the runs so far and this one, before or behind them.
        let gap = at.saturating_sub(self.cover.end).max(self.cover.start.saturating_sub(end));
        let count = self.runs.len();
        match self.runs.last_mut() {
            Some(last) if last.0 + last.1 as u64 == at && covered <= if count > 1 { COVER } else { REQUEST as u64 } => {
                last.1 += len;
                self.cover = cover;
            }
            Some(last) if last.1.max(len) <= SHORT && covered <= COVER && gap <= GAP => {
                self.runs.push((at, len, self.message));
                self.cover = cover;
            }
            _ => {
                self.flush(message)?;
                self.runs.push((at, len, self.message));
                self.cover = at..end;
            }
        }
        self.message += len;
        Ok(())
    }

    fn flush(&mut self, message: &mut [u8]) -> io::Result<()> {
        match self.runs[..] {
            [] => {}
            [(at, len, to)] => {
                for (number, request) in message[to..to + len].chunks_mut(REQUEST).enumerate() {
                    self.from.read_exact_at(request, at + (number * REQUEST) as u64)?;
                }
            }
            _ => {
                self.covering.resize((self.cover.end - self.cover.start) as usize, 0);
                self.from.read_exact_at(&mut self.covering, self.cover.start)?;
                for &(at, len, to) in &self.runs {
                    let from = (at - self.cover.start) as usize;
                    message[to..to + len].copy_from_slice(&self.covering[from..from + len]);
                }
            }
        }
        self.runs.clear();
        Ok(())
    }
}
