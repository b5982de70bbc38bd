//! Diagnostics: findings that are collected over the ranks that have them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::finding::{Finding, Key, Value};
use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::{RuleId, Severity};

/// A finding with all ranks that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The finding of the first of the ranks.
    pub finding: Finding,
    /// That rank.
    pub rank: Rank,
    /// All ranks that have it.
    pub ranks: RankSet,
    /// The number of times it was found.
    pub count: u64,
}

impl Diagnostic {
    /// A diagnostic of one rank.
    #[must_use]
    pub fn new(rank: Rank, finding: Finding) -> Self {
        Self { finding, rank, ranks: [rank].into_iter().collect(), count: 1 }
    }
}

/// The ranges of ranks that a line names.
const SHOWN_RANGES: usize = 6;

/// One line: `/dim_data/0/start: error DAP612 blocks-do-not-abut: no rank owns index 4: ... (rank
/// 1)`. The alternate form, `{:#}`, adds a line for each related place, each known cause and the
/// remedy.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (finding, rule) = (&self.finding, self.finding.rule());
        let place = finding.place.pointer();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} {} {}: {}", rule.severity.as_str(), rule.id, rule.name, finding.message())?;
        match self.ranks.len() {
            0 => {}
            1 => write!(f, " (rank {})", self.ranks)?,
            _ => write!(f, " (ranks {})", self.ranks.describe(SHOWN_RANGES))?,
        }
        if !f.alternate() {
            return Ok(());
        }
        for related in &finding.related {
            write!(f, "\n  rank {}, {}: {}", related.rank, related.place.pointer(), related.label)?;
        }
        for note in finding.notes() {
            write!(f, "\n  note: {note}")?;
        }
        write!(f, "\n  help: {}", finding.help())
    }
}

/// Diagnostics while they are collected: equal findings of different ranks become one.
///
/// Findings are equal if rule, dimension and key are equal (a missing or unknown key by its name).
/// The values shown are those of the first rank.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    by_subject: HashMap<Subject, usize>,
    names: usize,
}

/// The subject of a finding.
type Subject = (RuleId, Option<usize>, Key, Option<Value>);

/// The number of names that are kept apart. A million ranks, each with a different unknown key, are
/// one finding more.
const NAMES: usize = 256;

/// The name of a key that is missing or unknown.
fn name(finding: &Finding) -> Option<Value> {
    let is_named =
        matches!(finding.place.key, Key::Export | Key::Buffer | Key::Dim | Key::Unknown | Key::UnknownInBuffer);
    let mut values = finding.values.iter().filter(|_| is_named);
    values.find(|(placeholder, _)| matches!(*placeholder, "key" | "name")).map(|(_, value)| value.clone())
}

impl Diagnostics {
    /// Adds a rank's finding. The values shown stay those of the rank added first.
    pub(crate) fn add(&mut self, rank: Rank, finding: Finding) {
        let name = if self.names < NAMES { name(&finding) } else { None };
        let named = name.is_some();
        match self.by_subject.entry((finding.rule, finding.place.dim, finding.place.key, name)) {
            Entry::Occupied(at) => {
                let diagnostic = &mut self.list[*at.get()];
                diagnostic.ranks.insert(rank);
                diagnostic.count += 1;
            }
            Entry::Vacant(at) => {
                at.insert(self.list.len());
                self.names += usize::from(named);
                self.list.push(Diagnostic::new(rank, finding));
            }
        }
    }

    /// Adds a finding that already speaks of several ranks.
    pub(crate) fn add_over(&mut self, ranks: RankSet, finding: Finding) {
        let Some(rank) = ranks.first() else { return };
        let count = u64::try_from(ranks.len()).unwrap_or_default();
        self.list.push(Diagnostic { finding, rank, ranks, count });
    }

    /// Drops the findings of `rule` in dimensions in which `cause` has a finding, too.
    pub(crate) fn drop_beside(&mut self, rule: RuleId, cause: RuleId) {
        let causes = self.list.iter().filter(|diagnostic| diagnostic.finding.rule == cause);
        let dims: HashSet<Option<usize>> = causes.map(|diagnostic| diagnostic.finding.place.dim).collect();
        if !dims.is_empty() {
            self.by_subject.clear();
            self.list.retain(|d| d.finding.rule != rule || !dims.contains(&d.finding.place.dim));
        }
    }

    /// Drops all findings of `rule`.
    pub(crate) fn drop_all(&mut self, rule: RuleId) {
        self.by_subject.clear();
        self.list.retain(|d| d.finding.rule != rule);
    }

    /// The findings of `rule` in dimension `dim`, to add their cause.
    pub(crate) fn found(&mut self, rule: RuleId, dim: usize) -> impl Iterator<Item = &mut Finding> {
        let findings = self.list.iter_mut().map(|diagnostic| &mut diagnostic.finding);
        findings.filter(move |finding| finding.rule == rule && finding.place.dim == Some(dim))
    }

    /// Whether one of them is an error.
    #[must_use]
    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.finding.rule().severity == Severity::Error)
    }

    /// The diagnostics by rank, then place, then rule: the same for the same input.
    #[must_use]
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        list.sort_by_key(|d| {
            (d.rank, d.finding.place.dim.map_or(0, |dim| dim + 1), d.finding.place.key, d.finding.rule)
        });
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;

    #[test]
    fn a_diagnostic_is_one_line_and_more_on_request() {
        let finding = Finding::new(RuleId::BLOCKS_DO_NOT_ABUT, Place::dim(0, Key::Start)).related(
            Rank(0),
            Place::dim(0, Key::Stop),
            "grid rank 0 ends here",
        );
        let message = finding.message();
        let mut diagnostic = Diagnostic::new(Rank(1), finding);
        let line = format!("/dim_data/0/start: error DAP612 blocks-do-not-abut: {message} (rank 1)");
        assert_eq!(diagnostic.to_string(), line);
        let help = diagnostic.finding.help();
        let lines = format!("{line}\n  rank 0, /dim_data/0/stop: grid rank 0 ends here\n  help: {help}");
        assert_eq!(format!("{diagnostic:#}"), lines);
        diagnostic.ranks.insert(Rank(2));
        assert!(diagnostic.to_string().ends_with("(ranks 1-2)"));
        let whole = Diagnostic::new(Rank(0), Finding::new(RuleId::MISSING_RANK, Place::export(Key::Export)));
        assert!(whole.to_string().starts_with("error DAP601 "), "{whole}");
    }
}
