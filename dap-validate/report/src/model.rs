//! The model: a report of a run, of one array, of one finding.
//!
//! A [`SetReport`] is made while the texts of the ranks can still be read: each finding's place is
//! looked up once, and the report keeps an excerpt of the text. Renderers see no file, no byte
//! offset and no finding that was filtered out.

use dap_core::check::{Profile, Ranks, Report};
use dap_core::finding::Diagnostic;
use dap_core::index::Rank;
use dap_core::ranks::RankSet;
use dap_core::rules::{Rule, RuleId, Severity};

use crate::spots::{RankTexts, SpotFinder, WHOLE_SET};
use crate::{ArrayFacts, Excerpt, printable};

/// The outcome of a whole run.
#[derive(Debug)]
pub struct RunReport {
    /// The rules that were applied.
    pub profile: Profile,
    /// The least severe finding that fails the run.
    pub fail_on: Severity,
    /// One report for each array, in the order in which the arrays were named.
    pub sets: Vec<SetReport>,
}

/// The outcome for one array.
#[derive(Debug)]
pub struct SetReport {
    /// The array's name: its path. It may hold any character: print it through [`printable`].
    pub name: String,
    /// The ranks that its exports claim to be: all of them, or some.
    pub claim: Ranks,
    /// The ranks that were present.
    pub ranks: RankSet,
    /// The number of processes of the grid, if known.
    pub processes: Option<i64>,
    /// The protocol's version, as `0.10`.
    pub protocol: Option<String>,
    /// The item type in words, as `float64`.
    pub dtype: Option<String>,
    /// The facts about the array, if it is valid and all its ranks are present.
    pub array: Option<ArrayFacts>,
    /// The findings that are reported.
    pub entries: Vec<ReportEntry>,
    /// The severities of the findings that were filtered out.
    pub left_out: Vec<Severity>,
}

/// One diagnostic, ready to be written.
#[derive(Debug)]
pub struct ReportEntry {
    /// The rule.
    pub rule: &'static Rule,
    /// The sentence that says what is wrong.
    pub message: String,
    /// The sentence that says what to do.
    pub help: String,
    /// Known causes.
    pub notes: Vec<String>,
    /// The finding's place in the export of `rank`.
    pub spot: Spot,
    /// Other places that belong to the finding.
    pub related: Vec<RelatedSpot>,
    /// The rank whose export is shown.
    pub rank: Rank,
    /// All ranks that have the finding; none if it concerns the set as a whole.
    pub ranks: RankSet,
    /// The number of times that it was found.
    pub count: u64,
}

/// A place that belongs to a finding, in some rank's export.
#[derive(Debug)]
pub struct RelatedSpot {
    /// The rank.
    pub rank: Rank,
    /// The value at the place, in words.
    pub label: String,
    /// The place.
    pub spot: Spot,
}

/// A place in a file, or a whole file or set.
#[derive(Debug)]
pub struct Spot {
    /// The file, or the set's name. It may hold any character: print it through [`printable`].
    pub path: String,
    /// Line and column, both from 1, the column in characters; `None` if the spot is a whole file
    /// or set.
    pub position: Option<(usize, usize)>,
    /// The line of text at the position, if it helps the reader.
    pub excerpt: Option<Excerpt>,
    /// The place as a JSON pointer into the rank's export.
    pub pointer: String,
}

impl SetReport {
    /// The report of a checked set, with the findings whose rules `is_reported` holds for. `texts`
    /// are those of the exports that were checked.
    #[must_use]
    pub fn new(
        name: &str,
        claim: Ranks,
        checked: &Report,
        texts: &dyn RankTexts,
        is_reported: impl Fn(RuleId) -> bool,
    ) -> Self {
        let mut spots = SpotFinder::new(name, texts);
        let (reported, left_out): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            checked.diagnostics.iter().partition(|diagnostic| is_reported(diagnostic.finding.rule));
        Self {
            name: name.to_owned(),
            claim,
            ranks: checked.ranks.clone(),
            processes: checked.processes,
            protocol: checked.edition.map(|edition| edition.to_string()),
            dtype: checked.dtype.as_ref().map(dap_core::dtype::DType::name),
            array: checked.layout.as_ref().map(|layout| ArrayFacts::new(layout, checked.dtype.as_ref())),
            entries: reported.into_iter().map(|diagnostic| ReportEntry::new(diagnostic, &mut spots)).collect(),
            left_out: left_out.iter().map(|diagnostic| diagnostic.finding.rule().severity).collect(),
        }
    }

    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.entries.iter().filter(|entry| entry.rule.severity == severity).count()
    }

    /// Whether no error is reported.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Whether the set is valid only because an error was filtered out.
    #[must_use]
    pub fn hides_errors(&self) -> bool {
        self.is_valid() && self.left_out.contains(&Severity::Error)
    }
}

impl ReportEntry {
    fn new(diagnostic: &Diagnostic, spots: &mut SpotFinder<'_>) -> Self {
        let finding = &diagnostic.finding;
        let related = finding.related.iter().map(|related| RelatedSpot {
            rank: related.rank,
            label: printable(&related.label),
            spot: spots.of_place(related.rank, &related.place),
        });
        Self {
            rule: finding.rule(),
            message: printable(&finding.message()),
            help: printable(&finding.help()),
            notes: finding.notes().map(|note| printable(&note)).collect(),
            related: related.collect(),
            spot: spots.of_finding(diagnostic.rank, finding),
            rank: diagnostic.rank,
            ranks: without_whole_set(&diagnostic.ranks),
            count: diagnostic.count,
        }
    }
}

/// The ranks without [`WHOLE_SET`].
fn without_whole_set(ranks: &RankSet) -> RankSet {
    if ranks.contains(WHOLE_SET) { ranks.beyond(0) } else { ranks.clone() }
}

impl RunReport {
    /// The number of findings of this severity in all sets.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.sets.iter().map(|set| set.count(severity)).sum()
    }

    /// All findings, in the order of the sets.
    pub fn entries(&self) -> impl Iterator<Item = &ReportEntry> + Clone {
        self.sets.iter().flat_map(|set| &set.entries)
    }

    /// The number of sets that are invalid.
    #[must_use]
    pub fn invalid_sets(&self) -> usize {
        self.sets.iter().filter(|set| !set.is_valid()).count()
    }

    /// Whether a finding is severe enough to fail the run.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.entries().any(|entry| self.is_failure(entry))
    }

    /// Whether `entry` is severe enough to fail the run.
    #[must_use]
    pub fn is_failure(&self, entry: &ReportEntry) -> bool {
        entry.rule.severity >= self.fail_on
    }
}
