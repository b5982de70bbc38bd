//! A bundle `{"ranks": [...]}`: all ranks in one document. Also a single document that came through
//! a stream.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dap_core::check::Local;
use dap_core::finding::Finding;
use dap_core::index::Rank;

use super::job::{CheckJob, Unit};
use super::problem::no_export;
use super::rank::RankChecker;
use super::whole::LONGEST;
use super::{pipeline, problem, whole};
use dap_report::LineIndex;
use dap_report::RankText;
use dap_report::WHOLE_SET;

/// Exports that one worker checks at a time.
const BATCH: usize = 256;

/// A bundle, cut into exports.
#[derive(Debug)]
pub(super) struct InputBundle {
    path: PathBuf,
    /// The text, if it cannot be read again.
    text: Option<Arc<Vec<u8>>>,
    length: usize,
    exports: Arc<Vec<Range<usize>>>,
    problems: Vec<Finding>,
}

impl InputBundle {
    /// A bundle in a file, which is read again when it is checked, so that many bundles named
    /// together need not fit into memory.
    pub(super) fn file(path: &Path, length: usize, exports: Vec<Range<usize>>, problems: Vec<Finding>) -> Self {
        Self { path: path.to_owned(), text: None, length, exports: Arc::new(exports), problems }
    }

    /// A document that came through a stream.
    pub(super) fn memory(path: PathBuf, text: Vec<u8>, exports: Vec<Range<usize>>, problems: Vec<Finding>) -> Self {
        Self { path, length: text.len(), text: Some(Arc::new(text)), exports: Arc::new(exports), problems }
    }

    fn text(&self) -> Result<Arc<Vec<u8>>, Box<Finding>> {
        if let Some(text) = &self.text {
            return Ok(Arc::clone(text));
        }
        let file = whole::open(&self.path).map_err(problem::cannot_read)?;
        let mut text = Vec::new();
        let read = file.take(self.length as u64 + 1).read_to_end(&mut text);
        read.map_err(|error| problem::cannot_read(super::error::words(&error)))?;
        if text.len() == self.length {
            return Ok(Arc::new(text));
        }
        Err(problem::changed(self.length as u64, text.len() as u64))
    }

    pub(super) fn check(&self, job: &mut CheckJob<'_>) -> Option<BundleTexts> {
        job.progress.begin(Some(self.length as u64), Unit::Bytes);
        let text = match self.text() {
            Ok(text) => text,
            Err(finding) => {
                job.about_set(finding);
                return None;
            }
        };
        self.problems.iter().for_each(|problem| job.about_set(problem.clone()));
        if self.exports.is_empty() && self.problems.is_empty() {
            job.about_set(no_export("the bundle"));
        }
        let checker = RankChecker::of_file(job.local, &self.path);
        let progress = job.progress;
        let batch = |batch: usize, (): &mut (), emit: &mut dyn FnMut(Vec<Local>)| {
            let mut batches = self.exports.chunks(BATCH);
            let Some(exports) = batches.nth(batch) else { return false };
            let export = |range: &Range<usize>| match text.get(range.clone()) {
                Some(export) if export.len() as u64 > LONGEST => {
                    checker.unreadable(problem::cannot_read(problem::too_long(export.len() as u64, LONGEST)))
                }
                export => checker.text(export.unwrap_or_default()),
            };
            emit(exports.iter().map(export).collect());
            if let [first, ..] = exports {
                let end = exports.last().map_or(first.end, |last| last.end);
                progress.advance((end - first.start) as u64);
            }
            true
        };
        let mut rank = 0;
        let workers = pipeline::workers(self.exports.len().div_ceil(BATCH));
        pipeline::in_order(
            workers,
            || (),
            batch,
            |locals: Vec<Local>| {
                for local in locals {
                    job.checker.push(Some(Rank(rank)), local);
                    rank += 1;
                }
            },
        );
        Some(BundleTexts { path: self.path.clone(), text, exports: Arc::clone(&self.exports), lines: OnceLock::new() })
    }
}

/// The places of the texts of an [`InputBundle`].
#[derive(Debug)]
pub(super) struct BundleTexts {
    path: PathBuf,
    text: Arc<Vec<u8>>,
    exports: Arc<Vec<Range<usize>>>,
    /// Made when the first place is shown; one pass over the text serves all places.
    lines: OnceLock<LineIndex>,
}

impl BundleTexts {
    pub(super) fn of(&self, rank: Rank) -> Option<RankText> {
        let range = match rank {
            WHOLE_SET => 0..self.text.len(),
            Rank(rank) => self.exports.get(usize::try_from(rank).ok()?)?.clone(),
        };
        let export = self.text.get(range.clone())?;
        let lines = self.lines.get_or_init(|| LineIndex::new(&self.text));
        let (line, column) = lines.line_column(&self.text, range.start);
        Some(RankText {
            path: self.path.display().to_string(),
            first_line: 1 + line,
            first_column: 1 + column,
            text: export.to_vec(),
        })
    }
}
