//! One file for each rank: a directory of files, or files named one by one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dap_core::check::{Local, Report};
use dap_core::export::Export;
use dap_core::finding::Finding;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::rules::RuleId;

use super::job::{CheckJob, Unit};
use super::names::{self, FileFormat, Number};
use super::options::InputOptions;
use super::rank::RankChecker;
use super::{dnpy, misnamed, pipeline, problem, whole};
use dap_report::RankText;

/// Files that one worker reads at a time.
const BATCH: usize = 64;

/// The files of a set.
#[derive(Debug)]
pub(super) struct Files {
    names: Arc<FileNames>,
    /// The number of files whose number is too large for a rank, and the first of them.
    too_large: Option<(usize, OsString)>,
}

/// A rank, and the number of its digits in the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Numbered {
    pub(super) rank: i64,
    pub(super) digits: u16,
}

/// The paths of the files. The names in a directory are not kept: a million of them would take more
/// memory than the ranks.
#[derive(Debug)]
enum FileNames {
    Directory { path: PathBuf, stem: OsString, format: FileFormat, files: Vec<Numbered> },
    Listed { format: FileFormat, files: Vec<(Option<i64>, PathBuf)> },
}

impl FileNames {
    fn len(&self) -> usize {
        match self {
            Self::Directory { files, .. } => files.len(),
            Self::Listed { files, .. } => files.len(),
        }
    }

    fn format(&self) -> FileFormat {
        match self {
            Self::Directory { format, .. } | Self::Listed { format, .. } => *format,
        }
    }

    fn path(&self, at: usize) -> PathBuf {
        match self {
            Self::Directory { path, stem, format, files } => {
                let Numbered { rank, digits } = files[at];
                path.join(names::name(stem, rank, digits, *format))
            }
            Self::Listed { files, .. } => files[at].1.clone(),
        }
    }

    /// The rank in the file's name.
    fn rank(&self, at: usize) -> Option<i64> {
        match self {
            Self::Directory { files, .. } => Some(files[at].rank),
            Self::Listed { files, .. } => files[at].0,
        }
    }

    /// The text of an export, as JSON.
    fn read(&self, path: &Path, text: &mut Vec<u8>) -> Result<(), Box<Finding>> {
        match self.format() {
            FileFormat::Json | FileFormat::JsonGz => whole::read(path, text),
            FileFormat::Dnpy => {
                *text = dnpy::read(path)?.json;
                Ok(())
            }
        }
    }

    /// The result for a file.
    fn check(&self, path: &Path, text: &mut Vec<u8>, checker: RankChecker<'_>) -> Local {
        let export = match self.format() {
            FileFormat::Json | FileFormat::JsonGz => whole::read(path, text).map(|()| json::read(text)),
            FileFormat::Dnpy => dnpy::read(path).map(dnpy::Header::into_export),
        };
        export.map_or_else(|finding| checker.unreadable(finding), |export| checker.export(export))
    }
}

impl Files {
    /// The files `<stem><rank>` of a directory, in order of their ranks.
    pub(super) fn directory(
        path: PathBuf,
        stem: OsString,
        format: FileFormat,
        files: Vec<Numbered>,
        too_large: Option<(usize, OsString)>,
        options: InputOptions,
    ) -> Self {
        if options.renumber {
            let names = FileNames::Directory { path, stem, format, files };
            let files = (0..names.len()).map(|at| (Some(at as i64), names.path(at))).collect();
            return Self { names: Arc::new(FileNames::Listed { format, files }), too_large };
        }
        Self { names: Arc::new(FileNames::Directory { path, stem, format, files }), too_large }
    }

    /// Files named one by one. Their ranks come from their names, if every name has one.
    pub(super) fn listed(paths: Vec<PathBuf>, format: FileFormat, options: InputOptions) -> Self {
        let plain = |path: &PathBuf| match path.extension()?.to_str() {
            Some("gz") => path.file_stem().map(OsString::from),
            _ => path.file_name().map(OsString::from),
        };
        let rank = |path: &PathBuf| match names::parse(&plain(path)?)?.number {
            Number::Rank { rank, .. } => Some(rank),
            Number::TooLarge => None,
        };
        let mut files: Vec<_> = paths.into_iter().map(|path| (rank(&path), path)).collect();
        if files.iter().all(|(rank, _)| rank.is_some()) {
            files.sort_unstable();
            if options.renumber {
                renumber(&mut files);
            }
        } else {
            files.iter_mut().for_each(|(rank, _)| *rank = None);
        }
        Self { names: Arc::new(FileNames::Listed { format, files }), too_large: None }
    }

    /// Files of these ranks, in ascending order.
    pub(super) fn numbered(files: Vec<(i64, PathBuf)>, format: FileFormat, options: InputOptions) -> Self {
        let mut files = files.into_iter().map(|(rank, path)| (Some(rank), path)).collect();
        if options.renumber {
            renumber(&mut files);
        }
        Self { names: Arc::new(FileNames::Listed { format, files }), too_large: None }
    }

    pub(super) fn check(&self, job: &mut CheckJob<'_>) -> FileTexts {
        if let Some((count, first)) = &self.too_large {
            let others = if *count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
            let first = first.display();
            let problem = format!("the number in the name `{first}`{others} is too large for a rank");
            job.about_set(problem::cannot_read(problem));
        }
        let names = &self.names;
        job.progress.begin(Some(names.len() as u64), Unit::Files);
        let in_order = self.are_in_rank_order();
        let mut ranks = Vec::new();
        let mut at = 0;
        let (local, progress) = (job.local, job.progress);
        let batch = |batch: usize, text: &mut Vec<u8>, emit: &mut dyn FnMut(Vec<Local>)| {
            let first = batch.saturating_mul(BATCH);
            let check = |at| {
                let path = names.path(at);
                names.check(&path, text, RankChecker::of_file(local, &path))
            };
            let locals: Vec<Local> = (first..names.len().min(first.saturating_add(BATCH))).map(check).collect();
            progress.advance(locals.len() as u64);
            let there_are = !locals.is_empty();
            emit(locals);
            there_are
        };
        pipeline::in_order(pipeline::workers(names.len().div_ceil(BATCH)), Vec::new, batch, |locals| {
            for local in locals {
                let rank = names.rank(at).or(in_order.then_some(at as i64)).map(Rank);
                let given = job.checker.push(rank, local);
                if names.rank(at).is_none() {
                    ranks.push((given, at));
                }
                at += 1;
            }
        });
        ranks.sort_unstable();
        FileTexts { names: Arc::clone(names), ranks }
    }

    /// If ranks are missing, adds the file of the directory that looks like the export of one.
    pub(super) fn note_misnamed(&self, report: &mut Report) {
        let FileNames::Directory { path, stem, format, .. } = &*self.names else { return };
        let mut found = report.diagnostics.iter_mut().map(|diagnostic| &mut diagnostic.finding);
        let Some(finding) = found.find(|finding| finding.rule == RuleId::MISSING_RANK) else { return };
        let processes = report.processes.unwrap_or(0);
        let is_missing = |rank| rank < processes && !report.ranks.contains(Rank(rank));
        if let Some(stray) = misnamed::of_rank(path, stem, *format, is_missing) {
            *finding = misnamed::note(finding.clone(), &stray);
        }
    }

    /// If a rank occurs more than once, adds the two files that are read as its exports.
    pub(super) fn note_repeated(&self, report: &mut Report, texts: &FileTexts) {
        let found = report.diagnostics.iter_mut().filter(|found| found.finding.rule == RuleId::REPEATED_RANK);
        for diagnostic in found {
            let Some([first, second]) = texts.repeated(diagnostic.rank) else { continue };
            let name = |at: usize| self.names.path(at).display().to_string();
            let finding = diagnostic.finding.clone().with("first", name(first)).with("second", name(second));
            diagnostic.finding = finding.note("files", true);
        }
    }

    /// Whether the number of files without a rank in their names is the number of processes in the
    /// grid, by the first export that states it. Then the files are read in rank order.
    fn are_in_rank_order(&self) -> bool {
        let names = &self.names;
        let mut text = Vec::new();
        let unnamed = (0..names.len()).filter(|at| names.rank(*at).is_none());
        let processes = unnamed.map(|at| {
            names.read(&names.path(at), &mut text).ok()?;
            processes(&json::read(&text))
        });
        processes.flatten().next() == Some(names.len() as i64)
    }
}

/// Counts files, which are in order of their numbers, from rank 0.
fn renumber(files: &mut Vec<(Option<i64>, PathBuf)>) {
    for (rank, (number, _)) in (0..).zip(files) {
        *number = Some(rank);
    }
}

/// The number of processes in the grid of an export.
fn processes(export: &Export) -> Option<i64> {
    let dims = export.dim_data.get()?;
    dims.iter().try_fold(1_i64, |product, dim| {
        let dim = dim.get()?;
        let size = if dim.is_alias() { 1 } else { *dim.proc_grid_size.get()? };
        product.checked_mul(size)
    })
}

/// The places of the texts of [`Files`].
#[derive(Debug)]
pub(super) struct FileTexts {
    names: Arc<FileNames>,
    /// For files without a rank in their names: the rank that each was given, ascending.
    ranks: Vec<(Rank, usize)>,
}

impl FileTexts {
    /// The first two files of a rank, if it has two.
    pub(super) fn repeated(&self, rank: Rank) -> Option<[usize; 2]> {
        let [first, second] = if self.ranks.is_empty() {
            let first = match &*self.names {
                FileNames::Directory { files, .. } => files.partition_point(|file| file.rank < rank.0),
                FileNames::Listed { files, .. } => files.partition_point(|file| file.0 < Some(rank.0)),
            };
            let is_of_rank = |at: &usize| *at < self.names.len() && self.names.rank(*at) == Some(rank.0);
            [Some(first).filter(is_of_rank), Some(first + 1).filter(is_of_rank)]
        } else {
            let first = self.ranks.partition_point(|(other, _)| *other < rank);
            [first, first + 1].map(|at| self.ranks.get(at).filter(|(other, _)| *other == rank).map(|(_, at)| *at))
        };
        Some([first?, second?])
    }

    pub(super) fn of(&self, rank: Rank) -> Option<RankText> {
        let at = match &*self.names {
            FileNames::Directory { files, .. } => Some(files.partition_point(|file| file.rank < rank.0)),
            FileNames::Listed { files, .. } if self.ranks.is_empty() => {
                Some(files.partition_point(|file| file.0 < Some(rank.0)))
            }
            FileNames::Listed { .. } => None,
        };
        let at = match at {
            Some(at) => Some(at).filter(|at| *at < self.names.len() && self.names.rank(*at) == Some(rank.0)),
            None => {
                let at = self.ranks.partition_point(|(other, _)| *other < rank);
                self.ranks.get(at).filter(|(other, _)| *other == rank).map(|(_, at)| *at)
            }
        }?;
        let path = self.names.path(at);
        let mut text = Vec::new();
        if self.names.read(&path, &mut text).is_err() {
            text.clear();
        }
        Some(RankText { path: path.display().to_string(), first_line: 1, first_column: 1, text })
    }
}
