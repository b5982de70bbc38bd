//! What every output format is written from: findings in words, with their places in the files.
//!
//! A [`SetReport`] is made while the set's texts can still be read: each finding's place is looked
//! up once, and only an excerpt of the text is kept. Renderers see no file, no byte offset and no
//! rule that was filtered out.

mod excerpt;
mod facts;
mod figures;
mod owned;
mod place;
mod safe;
mod shown;

use dap_core::check::{Profile, Ranks};
use dap_core::finding::Diagnostic;
use dap_core::index::Rank;
use dap_core::ranks::RankSet;
use dap_core::rules::{Rule, Severity};
use dap_plot::Figure;

pub use excerpt::Excerpt;
pub use facts::{ArrayFacts, DimensionFacts};
pub use figures::Figures;
pub use owned::Owned;
pub(crate) use safe::is_unsafe;
pub use safe::printable;
pub use shown::{ShownPlace, ShownText};

use crate::cli::Selection;
use crate::input::{Judged, WHOLE_SET};
use place::Places;

/// The outcome of a whole run.
#[derive(Debug)]
pub struct Report {
    /// By which rules was judged.
    pub profile: Profile,
    /// The lightest finding that fails the run.
    pub fail_on: Severity,
    /// One report for each array, in the order of the command line.
    pub sets: Vec<SetReport>,
}

/// What was found out about one array.
#[derive(Debug)]
pub struct SetReport {
    /// What to call it: its path. May hold any character: print it through [`printable`].
    pub name: String,
    /// What its exports claimed to be.
    pub claim: Ranks,
    /// The ranks that were there.
    pub ranks: RankSet,
    /// The number of processes of the grid, where known.
    pub processes: Option<i64>,
    /// The protocol's version, as `0.10`.
    pub protocol: Option<String>,
    /// The item type in words, as `float64`.
    pub dtype: Option<String>,
    /// The array, where nothing is wrong with it and all ranks are there.
    pub array: Option<ArrayFacts>,
    /// Pictures of it, where they were asked for and there was room.
    pub figure: Option<Figure>,
    /// What was found, filtered.
    pub entries: Vec<Entry>,
    /// The severities of what was found and filtered out.
    pub left_out: Vec<Severity>,
}

/// One diagnostic, ready to be written.
#[derive(Debug)]
pub struct Entry {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Known causes.
    pub notes: Vec<String>,
    /// Where it is, as the first of the ranks has it.
    pub spot: Spot,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The rank whose export is shown.
    pub rank: Rank,
    /// All ranks that have it; none where it is about the whole set.
    pub ranks: RankSet,
    /// How often it was found.
    pub count: u64,
}

/// A place that belongs to a finding, in some rank's export.
#[derive(Debug)]
pub struct Related {
    /// The rank.
    pub rank: Rank,
    /// What stands there.
    pub label: String,
    /// Where.
    pub spot: Spot,
}

/// A place in a file, or a whole file or set.
#[derive(Debug)]
pub struct Spot {
    /// The file, or the set's name. May hold any character: print it through [`printable`].
    pub path: String,
    /// Line and column, both from 1, the column in characters; `None` where a whole file or set is
    /// meant.
    pub position: Option<(usize, usize)>,
    /// What stands there, where that helps.
    pub excerpt: Option<Excerpt>,
    /// The place as a JSON pointer into the rank's export.
    pub pointer: String,
}

impl SetReport {
    /// The report of a judged set: the findings that `selection` holds.
    #[must_use]
    pub fn new(judged: &Judged, selection: &Selection) -> Self {
        let report = &judged.report;
        let mut places = Places::new(judged);
        let (held, left_out): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            report.diagnostics.iter().partition(|diagnostic| selection.holds(diagnostic.finding.rule));
        Self {
            name: judged.name.clone(),
            claim: judged.claim,
            ranks: report.ranks.clone(),
            processes: report.processes,
            protocol: report.edition.map(|edition| edition.to_string()),
            dtype: report.dtype.as_ref().map(dap_core::dtype::DType::name),
            array: report.layout.as_ref().map(|layout| ArrayFacts::new(layout, report.dtype.as_ref())),
            figure: None,
            entries: held.into_iter().map(|diagnostic| Entry::new(diagnostic, &mut places)).collect(),
            left_out: left_out.iter().map(|diagnostic| diagnostic.finding.rule().severity).collect(),
        }
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.entries.iter().filter(|entry| entry.rule.severity == severity).count()
    }

    /// Whether it is only valid because an error was left out.
    #[must_use]
    pub fn hides_errors(&self) -> bool {
        self.is_valid() && self.left_out.contains(&Severity::Error)
    }

    /// Whether no error remains.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }
}

impl Entry {
    fn new(diagnostic: &Diagnostic, places: &mut Places<'_>) -> Self {
        let finding = &diagnostic.finding;
        let related = finding.related.iter().map(|related| Related {
            rank: related.rank,
            label: printable(&related.label),
            spot: places.spot(related.rank, &related.place),
        });
        Self {
            rule: finding.rule(),
            message: printable(&finding.message()),
            help: printable(&finding.help()),
            notes: finding.notes().map(|note| printable(&note)).collect(),
            related: related.collect(),
            spot: places.spot_of(diagnostic.rank, finding),
            rank: diagnostic.rank,
            ranks: of_ranks(&diagnostic.ranks),
            count: diagnostic.count,
        }
    }
}

/// The ranks without the one that stands for a whole set.
fn of_ranks(ranks: &RankSet) -> RankSet {
    if !ranks.contains(WHOLE_SET) {
        return ranks.clone();
    }
    ranks.beyond(0)
}

impl Report {
    /// How many findings of all sets have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.sets.iter().map(|set| set.count(severity)).sum()
    }

    /// Whether a finding is grave enough to fail the run.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.sets.iter().flat_map(|set| &set.entries).any(|entry| self.is_failure(entry))
    }

    /// Whether this finding is.
    #[must_use]
    pub fn is_failure(&self, entry: &Entry) -> bool {
        entry.rule.severity >= self.fail_on
    }
}
