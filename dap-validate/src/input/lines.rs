//! Files and streams with one export per line: the line number is the rank.
//!
//! A file is cut into chunks of a few MiB, which workers read with positioned reads, each chunk
//! once. A line belongs to the chunk in which it begins, and the worker reads on to its end. A
//! stream is cut into blocks that end at line ends, and is kept in memory. Of a file, only the
//! offset of one line in every 1024 lines or 64 KiB is kept.

mod chunk;
mod stream;

use std::fs::{File, Metadata};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use dap_core::check::Local;
use dap_core::finding::Finding;
use dap_core::index::Rank;
use dap_core::rules::RuleId;

use super::error::words;
use super::job::{CheckJob, Unit};
use super::problem::{no_export, of_text};
use super::rank::RankChecker;
use super::whole::LONGEST;
use super::{pipeline, problem, whole};
use chunk::LineChunks;
use dap_report::RankText;
pub(super) use stream::Stream;

/// The largest number of lines that a worker passes on at a time.
const BATCH: usize = 1024;

/// The number of bytes at which a batch is passed on, too: to find a line again, no more than a
/// batch is read.
const BATCH_BYTES: u64 = 1 << 16;

/// The source of the lines.
#[derive(Debug)]
pub(super) enum InputLines {
    File(PathBuf),
    Stream(Arc<Stream>),
}

/// One line and its result.
enum InputLine {
    Export(Local),
    /// The number of consecutive blank lines.
    Blank(u64),
}

/// Consecutive lines.
struct LineBatch {
    /// The offset of the first line in the file or stream.
    offset: u64,
    lines: Vec<InputLine>,
    bytes: u64,
}

impl InputLines {
    pub(super) fn file(path: &Path) -> Self {
        Self::File(path.to_owned())
    }

    pub(super) fn stream(stream: Stream) -> Self {
        Self::Stream(Arc::new(stream))
    }

    pub(super) fn check(&self, job: &mut CheckJob<'_>) -> Option<LineTexts> {
        match self {
            Self::File(path) => check_file(path, job),
            Self::Stream(stream) => check_stream(stream, job),
        }
    }
}

fn check_file(path: &Path, job: &mut CheckJob<'_>) -> Option<LineTexts> {
    let opened = whole::open(path).and_then(|file| match file.metadata() {
        Ok(metadata) => Ok((file, metadata)),
        Err(error) => Err(words(&error)),
    });
    let (file, metadata) = match opened {
        Ok(opened) => opened,
        Err(problem) => {
            job.about_set(problem::cannot_read(problem));
            return None;
        }
    };
    job.progress.begin(Some(metadata.len()), Unit::Bytes);
    let chunks = LineChunks { file: &file, length: metadata.len() };
    let failed = Mutex::new(None);
    let checker = RankChecker::of_file(job.local, path);
    let work = |at: usize, buffer: &mut Vec<u8>, emit: &mut dyn FnMut(LineBatch)| match chunks.read(at, buffer) {
        Ok(Some(chunk)) => {
            cut(&buffer[chunk.lines], chunk.offset, chunk.too_long, checker, emit);
            true
        }
        Ok(None) => false,
        Err(error) => {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(words(&error));
            false
        }
    };
    let marks = reduce(job, pipeline::workers(chunks.count()), Vec::new, work, "the file");
    if let Some(problem) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        job.about_set(problem::cannot_read(problem));
    }
    job.note_change(&file, &metadata);
    Some(LineTexts { path: path.to_owned(), marks, place: TextPlace::File(file, metadata) })
}

fn check_stream(stream: &Arc<Stream>, job: &mut CheckJob<'_>) -> Option<LineTexts> {
    job.progress.begin(None, Unit::Bytes);
    let checker = RankChecker { checker: job.local, beside: Path::new("") };
    let work = |at: usize, (): &mut (), emit: &mut dyn FnMut(LineBatch)| {
        let Some(block) = stream.block(at) else { return false };
        cut(&block.text, block.offset, block.too_long, checker, emit);
        true
    };
    // A stream of one block needs no threads.
    let blocks = if stream.block(1).is_some() { usize::MAX } else { 1 };
    let marks = reduce(job, pipeline::workers(blocks), || (), work, "standard input");
    if let Some(problem) = stream.problem() {
        job.about_set(problem::cannot_read(problem));
    }
    Some(LineTexts { path: stream.path.clone(), marks, place: TextPlace::Stream(Arc::clone(stream)) })
}

impl CheckJob<'_> {
    /// Adds a finding if the file was changed while it was read: such a file has no verdict.
    fn note_change(&mut self, file: &File, before: &Metadata) {
        let now = match file.metadata() {
            Ok(now) => now,
            Err(error) => return self.about_set(problem::cannot_read(words(&error))),
        };
        if now.len() != before.len() {
            self.about_set(problem::changed(before.len(), now.len()));
        } else if now.modified().ok() != before.modified().ok() {
            let problem = "it was written to";
            self.about_set(of_text(RuleId::CHANGED_WHILE_READ).with("problem", problem));
        }
    }
}

/// Cuts `text`, whole lines, into batches of checked lines.
fn cut(text: &[u8], offset: u64, too_long: bool, checker: RankChecker<'_>, emit: &mut dyn FnMut(LineBatch)) {
    let mut batch = LineBatch { offset, lines: Vec::new(), bytes: 0 };
    let (mut begin, mut ends) = (0, memchr::memchr_iter(b'\n', text));
    while begin < text.len() {
        let end = ends.next().map_or(text.len(), |at| at + 1);
        let line = &text[begin..end];
        if (too_long && end == text.len()) || line.len() as u64 > LONGEST {
            batch.lines.push(InputLine::Export(checker.unreadable(line_too_long())));
        } else if line.iter().all(u8::is_ascii_whitespace) {
            match batch.lines.last_mut() {
                Some(InputLine::Blank(count)) => *count += 1,
                _ => batch.lines.push(InputLine::Blank(1)),
            }
        } else {
            batch.lines.push(InputLine::Export(checker.text(line)));
        }
        begin = end;
        let bytes = offset + begin as u64 - batch.offset;
        if batch.lines.len() == BATCH || bytes >= BATCH_BYTES || begin == text.len() {
            let next = offset + begin as u64;
            batch.bytes = next - batch.offset;
            emit(std::mem::replace(&mut batch, LineBatch { offset: next, lines: Vec::new(), bytes: 0 }));
        }
    }
}

fn line_too_long() -> Finding {
    let problem = format!("the line is longer than {LONGEST} bytes");
    of_text(RuleId::INVALID_JSON).with("problem", problem)
}

/// Reduces the lines in order and counts them. Returns the offsets by which lines are found again.
fn reduce<S>(
    job: &mut CheckJob<'_>,
    workers: usize,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(usize, &mut S, &mut dyn FnMut(LineBatch)) -> bool + Sync,
    what: &'static str,
) -> Vec<LineStart> {
    let mut marks = Vec::new();
    let mut counter = LineCounter::default();
    pipeline::in_order(workers, scratch, work, |batch: LineBatch| {
        marks.push(LineStart { rank: counter.next, offset: batch.offset });
        for line in batch.lines {
            counter.push(line, job);
        }
        job.progress.advance(batch.bytes);
    });
    if !counter.any {
        job.about_set(no_export(what));
    }
    marks
}

/// Numbers the lines.
#[derive(Default)]
struct LineCounter {
    next: i64,
    /// The number of blank lines since the last export. At the end of a file they have no meaning.
    blank: i64,
    any: bool,
}

/// The largest number of consecutive blank lines that are reported one by one. Otherwise a file of
/// blank lines would cost a finding for each line; the ranks beyond count as missing.
const BLANK: i64 = 1024;

impl LineCounter {
    fn push(&mut self, line: InputLine, job: &mut CheckJob<'_>) {
        match line {
            InputLine::Blank(count) => {
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                self.blank += count;
                self.next += count;
            }
            InputLine::Export(local) => {
                let first = self.next - self.blank;
                for rank in first..first + self.blank.min(BLANK) {
                    let finding = of_text(RuleId::BLANK_LINE).with("rank", rank);
                    let checker = RankChecker { checker: job.local, beside: Path::new("") };
                    job.checker.push(Some(Rank(rank)), checker.unreadable(finding));
                }
                job.checker.push(Some(Rank(self.next)), local);
                *self = Self { next: self.next + 1, blank: 0, any: true };
            }
        }
    }
}

/// The offset of a line. A file has few of them; between two of them lines are counted again.
#[derive(Debug, Clone, Copy)]
struct LineStart {
    rank: i64,
    offset: u64,
}

/// The places of the texts of [`InputLines`].
#[derive(Debug)]
pub(super) struct LineTexts {
    path: PathBuf,
    marks: Vec<LineStart>,
    place: TextPlace,
}

#[derive(Debug)]
enum TextPlace {
    /// The file, and its metadata at the time of reading.
    File(File, Metadata),
    Stream(Arc<Stream>),
}

impl LineTexts {
    pub(super) fn of(&self, rank: Rank) -> Option<RankText> {
        let at = self.marks.partition_point(|mark| mark.rank <= rank.0).checked_sub(1)?;
        let mark = self.marks[at];
        let skip = usize::try_from(rank.0 - mark.rank).ok()?;
        let text = match &self.place {
            TextPlace::Stream(stream) => stream.line(mark.offset, skip)?,
            TextPlace::File(file, then) if is_as_before(file, then) => line_at(file, mark.offset, skip)?,
            TextPlace::File(..) => Vec::new(),
        };
        let first_line = usize::try_from(rank.0).ok()? + 1;
        Some(RankText { path: self.path.display().to_string(), first_line, first_column: 1, text })
    }
}

fn is_as_before(file: &File, then: &Metadata) -> bool {
    let same = |now: Metadata| now.len() == then.len() && now.modified().ok() == then.modified().ok();
    file.metadata().is_ok_and(same)
}

/// The line that is `skip` lines after the one at `offset`, without its line end; `None` beyond the
/// last line.
fn line_at(file: &File, mut offset: u64, mut skip: usize) -> Option<Vec<u8>> {
    let mut buffer = vec![0; 1 << 16];
    let mut line = Vec::new();
    let mut there = false;
    loop {
        let read = file.read_at(&mut buffer, offset).ok()?;
        let mut rest = &buffer[..read];
        offset += read as u64;
        while skip > 0 {
            let Some(end) = memchr::memchr(b'\n', rest) else { break };
            rest = &rest[end + 1..];
            skip -= 1;
        }
        if skip == 0 {
            there |= !rest.is_empty();
            let end = memchr::memchr(b'\n', rest);
            line.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
            if line.len() as u64 > LONGEST {
                line.truncate(stream::SHOWN);
                return Some(line);
            }
            if end.is_some() || read == 0 {
                return there.then_some(line);
            }
        } else if read == 0 {
            return None;
        }
    }
}
