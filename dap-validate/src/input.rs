//! What is checked: export files in all their layouts, gathered into sets, one set an array.
//!
//! [`gather`] turns the paths of a command line into [`InputSet`]s and [`InputSet::check`] reads
//! and checks one. Texts are parsed and checked rank by rank on all cores and folded together in
//! rank order as they arrive; no more of a file is in memory than the cores are busy with, and what
//! a finding shows is read again ([`Texts::of`]).
//!
//! | layout | module |
//! |---|---|
//! | a directory, or files named one by one | `files`, `directory` |
//! | one export per line, in a file or a stream | `lines` |
//! | a bundle `{"ranks": [...]}` | `bundle` |
//! | `.dnpy` of DistArray | `dnpy` |
//! | the data file beside an export | `data` |
//! | each of them compressed by gzip | `gzip` |
//!
//! ```
//! use dap_core::check::Profile;
//! use dap_validate::input::{Options, gather};
//!
//! let line = r#"{"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [4]}, "dim_data": [{}]}"#;
//! let sets = gather(&["-".into()], line.as_bytes(), Options::default())?;
//! let checked = sets[0].check(Profile::Auto, &());
//! assert!(checked.report.is_valid());
//! # Ok::<(), dap_validate::input::InputError>(())
//! ```
//!
//! # Limits
//!
//! One rank's text has at most [`LONGEST`] bytes. Only regular files are read inside of
//! directories: a named pipe there could block for ever. Large files are read with positioned
//! reads, for which the standard library has a portable name on Unix only.

mod bundle;
mod data;
mod directory;
mod dnpy;
mod error;
mod files;
mod gather;
pub(crate) mod gzip;
mod lines;
mod misnamed;
mod names;
mod pipeline;
mod rank;
mod sniff;
mod texts;
mod whole;

use std::ffi::OsStr;

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::finding::{Finding, Key, Place};
use dap_core::rules::RuleId;
use dap_report::{SetReport, WHOLE_SET};

pub use error::{InputError, InputErrorKind};
pub use gather::gather;
pub use texts::Texts;

/// One rank's export has at most so many bytes. An unstructured section with fifty million indices
/// fits.
pub const LONGEST: u64 = 1 << 30;

/// How to read what the command line names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// A directory, a bundle or lines need not hold all ranks.
    pub partial: bool,
}

impl Options {
    /// What a layout that holds all ranks claims.
    fn all(self) -> Ranks {
        if self.partial { Ranks::Some } else { Ranks::All }
    }
}

/// Who wants to know how far a set has been read. Called from several threads.
pub trait Progress: Sync {
    /// Reading begins; `total` is how much there is to read, where that is known.
    fn begin(&self, total: Option<u64>, unit: Unit);
    /// So much more has been checked.
    fn advance(&self, amount: u64);
}

/// What progress is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of text.
    Bytes,
    /// Files.
    Files,
}

/// Progress that is not shown.
impl Progress for () {
    fn begin(&self, _total: Option<u64>, _unit: Unit) {}
    fn advance(&self, _amount: u64) {}
}

/// One array's exports, as the command line named them.
#[derive(Debug)]
pub struct InputSet {
    /// What to call it: the path as given, or `<stdin>`.
    pub name: String,
    /// What its exports claim to be.
    pub claim: Ranks,
    source: Source,
}

/// Where a set's exports are.
#[derive(Debug)]
enum Source {
    /// Nowhere, for this reason.
    Nothing(Box<Finding>),
    Files(files::Files),
    Lines(lines::Lines),
    Bundle(bundle::Bundle),
}

/// A checked set.
#[derive(Debug)]
pub struct CheckedSet {
    /// What to call the set.
    pub name: String,
    /// What its exports claimed to be.
    pub claim: Ranks,
    /// The judgement.
    pub report: Report,
    /// Where the ranks' texts are, to show findings in them.
    pub texts: Texts,
}

impl CheckedSet {
    /// The report of the set, with the findings whose rules `is_reported` holds for.
    #[must_use]
    pub fn set_report(&self, is_reported: impl Fn(RuleId) -> bool) -> SetReport {
        SetReport::new(&self.name, self.claim, &self.report, &self.texts, is_reported)
    }
}

impl InputSet {
    /// Reads and checks the set. What cannot be read is a finding.
    #[must_use]
    pub fn check(&self, profile: Profile, progress: &dyn Progress) -> CheckedSet {
        let mut checker = Checker::new(profile);
        let mut job = Job { local: &Checker::new(profile), checker: &mut checker, progress };
        let texts = match &self.source {
            Source::Nothing(finding) => {
                job.about_set(finding.clone());
                Texts::default()
            }
            Source::Files(files) => files.check(&mut job),
            Source::Lines(lines) => lines.check(&mut job),
            Source::Bundle(bundle) => bundle.check(&mut job),
        };
        let mut report = checker.finish(self.claim);
        if let Source::Files(files) = &self.source {
            files.tell_misnamed(&mut report);
            files.tell_repeated(&mut report, &texts);
        }
        CheckedSet { name: self.name.clone(), claim: self.claim, report, texts }
    }
}

/// What the checks of the layouts work with.
struct Job<'a> {
    /// Judges exports by themselves, on any thread.
    local: &'a Checker,
    /// Folds them together.
    checker: &'a mut Checker,
    progress: &'a dyn Progress,
}

impl Job<'_> {
    /// Adds a finding about the set as a whole.
    fn about_set(&mut self, finding: impl Into<Box<Finding>>) {
        self.checker.add(WHOLE_SET, *finding.into());
    }
}

/// Whether a file of this name in a directory is taken for an export: `rank-<r>.json`,
/// `<name>_<r>.dnpy`.
#[must_use]
pub fn is_export_name(name: &OsStr) -> bool {
    names::parse(name).is_some()
}

/// The finding for something without exports.
fn no_export(what: &'static str) -> Box<Finding> {
    Box::new(of_text(RuleId::NO_EXPORT).with("what", what))
}

/// Says that a NumPy file is here, and what is missing beside it.
fn numpy(finding: Finding, name: String) -> Finding {
    finding.with("found", name).note("npy", true)
}

/// A finding about a text as a whole.
fn of_text(rule: RuleId) -> Finding {
    Finding::new(rule, Place::export(Key::Export))
}
