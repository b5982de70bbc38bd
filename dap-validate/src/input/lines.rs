//! One export per line: the line number is the rank.
//!
//! A file is cut into chunks of a few MiB that workers read at their places, each once: a line
//! belongs to the chunk in which it begins, and the worker reads on to its end. A stream is cut
//! into blocks that end at line ends, and is kept in memory. What is remembered of a file is where
//! a line begins for every 1024 lines or 64 KiB.

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
use super::rank::RankChecker;
use super::texts::Texts;
use super::{Job, LONGEST, Unit, no_export, of_text, pipeline, whole};
use chunk::Chunks;
use dap_report::RankText;
pub(super) use stream::Stream;

/// Lines that are handed over at a time.
const BATCH: usize = 1024;

/// A batch of so many bytes is handed over as well: to find a line again, no more than a batch is
/// read.
const BATCH_BYTES: u64 = 1 << 16;

/// Where the lines are.
#[derive(Debug)]
pub(super) enum Lines {
    File(PathBuf),
    Stream(Arc<Stream>),
}

/// One line, checked.
enum Line {
    Export(Local),
    /// So many lines with nothing in them.
    Blank(u64),
}

/// Lines in a row.
struct Batch {
    /// Where the first begins in the file or stream.
    offset: u64,
    lines: Vec<Line>,
    bytes: u64,
}

impl Lines {
    pub(super) fn file(path: &Path) -> Self {
        Self::File(path.to_owned())
    }

    pub(super) fn stream(stream: Stream) -> Self {
        Self::Stream(Arc::new(stream))
    }

    pub(super) fn check(&self, job: &mut Job<'_>) -> Texts {
        match self {
            Self::File(path) => check_file(path, job),
            Self::Stream(stream) => check_stream(stream, job),
        }
    }
}

fn check_file(path: &Path, job: &mut Job<'_>) -> Texts {
    let opened = whole::open(path).and_then(|file| match file.metadata() {
        Ok(metadata) => Ok((file, metadata)),
        Err(error) => Err(words(&error)),
    });
    let (file, metadata) = match opened {
        Ok(opened) => opened,
        Err(problem) => {
            job.about_set(whole::cannot_read(problem));
            return Texts::default();
        }
    };
    job.progress.begin(Some(metadata.len()), Unit::Bytes);
    let chunks = Chunks { file: &file, length: metadata.len() };
    let failed = Mutex::new(None);
    let checker = RankChecker::of_file(job.local, path);
    let work = |at: usize, buffer: &mut Vec<u8>, emit: &mut dyn FnMut(Batch)| match chunks.read(at, buffer) {
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
    let marks = fold(job, pipeline::workers(chunks.count()), Vec::new, work, "the file");
    if let Some(problem) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        job.about_set(whole::cannot_read(problem));
    }
    job.checker_findings_of_change(&file, &metadata);
    Texts::lines(LineTexts { path: path.to_owned(), marks, place: TextPlace::File(file, metadata) })
}

fn check_stream(stream: &Arc<Stream>, job: &mut Job<'_>) -> Texts {
    job.progress.begin(None, Unit::Bytes);
    let checker = RankChecker { checker: job.local, beside: Path::new("") };
    let work = |at: usize, (): &mut (), emit: &mut dyn FnMut(Batch)| {
        let Some(block) = stream.block(at) else { return false };
        cut(&block.text, block.offset, block.too_long, checker, emit);
        true
    };
    // One block that is all there is needs no threads.
    let blocks = if stream.block(1).is_some() { usize::MAX } else { 1 };
    let marks = fold(job, pipeline::workers(blocks), || (), work, "standard input");
    if let Some(problem) = stream.problem() {
        job.about_set(whole::cannot_read(problem));
    }
    Texts::lines(LineTexts { path: stream.path.clone(), marks, place: TextPlace::Stream(Arc::clone(stream)) })
}

impl Job<'_> {
    /// A file that another program changes while it is read has no verdict.
    fn checker_findings_of_change(&mut self, file: &File, before: &Metadata) {
        let now = match file.metadata() {
            Ok(now) => now,
            Err(error) => return self.about_set(whole::cannot_read(words(&error))),
        };
        if now.len() != before.len() {
            self.about_set(whole::changed(before.len(), now.len()));
        } else if now.modified().ok() != before.modified().ok() {
            let problem = "it was written to";
            self.about_set(of_text(RuleId::CHANGED_WHILE_READ).with("problem", problem));
        }
    }
}

/// Cuts `text`, whole lines, into batches of checked lines.
fn cut(text: &[u8], offset: u64, too_long: bool, checker: RankChecker<'_>, emit: &mut dyn FnMut(Batch)) {
    let mut batch = Batch { offset, lines: Vec::new(), bytes: 0 };
    let (mut begin, mut ends) = (0, memchr::memchr_iter(b'\n', text));
    while begin < text.len() {
        let end = ends.next().map_or(text.len(), |at| at + 1);
        let line = &text[begin..end];
        if (too_long && end == text.len()) || line.len() as u64 > LONGEST {
            batch.lines.push(Line::Export(checker.unreadable(line_too_long())));
        } else if line.iter().all(u8::is_ascii_whitespace) {
            match batch.lines.last_mut() {
                Some(Line::Blank(count)) => *count += 1,
                _ => batch.lines.push(Line::Blank(1)),
            }
        } else {
            batch.lines.push(Line::Export(checker.text(line)));
        }
        begin = end;
        let bytes = offset + begin as u64 - batch.offset;
        if batch.lines.len() == BATCH || bytes >= BATCH_BYTES || begin == text.len() {
            let next = offset + begin as u64;
            batch.bytes = next - batch.offset;
            emit(std::mem::replace(&mut batch, Batch { offset: next, lines: Vec::new(), bytes: 0 }));
        }
    }
}

fn line_too_long() -> Finding {
    let problem = format!("the line is longer than {LONGEST} bytes");
    of_text(RuleId::INVALID_JSON).with("problem", problem)
}

/// Folds lines together, counting them; gives the marks to find them again by.
fn fold<S>(
    job: &mut Job<'_>,
    workers: usize,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(usize, &mut S, &mut dyn FnMut(Batch)) -> bool + Sync,
    what: &'static str,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut counter = Counter::default();
    pipeline::in_order(workers, scratch, work, |batch: Batch| {
        marks.push(Mark { rank: counter.next, offset: batch.offset });
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
struct Counter {
    next: i64,
    /// Blank lines since the last export. At the end of a file they mean nothing.
    blank: i64,
    any: bool,
}

/// Blank lines in a row that are reported one by one. A file of blank lines alone should not cost a
/// finding each; the ranks beyond count as missing.
const BLANK: i64 = 1024;

impl Counter {
    fn push(&mut self, line: Line, job: &mut Job<'_>) {
        match line {
            Line::Blank(count) => {
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                self.blank += count;
                self.next += count;
            }
            Line::Export(local) => {
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

/// Where a line begins: the marks of a file are few, and between them lines are counted again.
#[derive(Debug, Clone, Copy)]
struct Mark {
    rank: i64,
    offset: u64,
}

/// Where the texts of [`Lines`] are.
#[derive(Debug)]
pub(super) struct LineTexts {
    path: PathBuf,
    marks: Vec<Mark>,
    place: TextPlace,
}

#[derive(Debug)]
enum TextPlace {
    /// The file, and what it was when it was read.
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
