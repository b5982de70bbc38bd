//! What a check found: a rule, the place in the export, and the values that fill the rule's sentences.
//!
//! A finding holds no text of its own and no position in a file. Its sentences come from the rule's page;
//! whoever shows it finds the place again in the rank's text with [`json::locate`](crate::json::locate).

use std::fmt::{self, Write as _};
use std::ops::Range;

use smallvec::SmallVec;

use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::{Rule, RuleId, Severity};

/// A part of an export that a finding can point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are the protocol's keys, and the export file's")]
pub enum Key {
    Export,
    Version,
    Buffer,
    Dtype,
    Shape,
    Strides,
    Data,
    Offset,
    DimData,
    /// A whole dimension dictionary.
    Dim,
    DistType,
    Size,
    ProcGridSize,
    ProcGridRank,
    Start,
    Stop,
    Padding,
    Periodic,
    BlockSize,
    Indices,
    OneToOne,
    /// A key that the protocol does not have.
    Unknown,
    /// A key that a buffer's description does not have.
    UnknownInBuffer,
}

impl Key {
    /// Whether the key lies in the buffer's description.
    #[must_use]
    pub fn is_in_buffer(self) -> bool {
        matches!(self, Self::Dtype | Self::Shape | Self::Strides | Self::Data | Self::Offset | Self::UnknownInBuffer)
    }

    /// The key as it is written in an export; nothing for a whole export or dictionary.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Export | Self::Dim | Self::Unknown | Self::UnknownInBuffer => "",
            Self::Version => "__version__",
            Self::Buffer => "buffer",
            Self::Dtype => "dtype",
            Self::Shape => "shape",
            Self::Strides => "strides",
            Self::Data => "data",
            Self::Offset => "offset",
            Self::DimData => "dim_data",
            Self::DistType => "dist_type",
            Self::Size => "size",
            Self::ProcGridSize => "proc_grid_size",
            Self::ProcGridRank => "proc_grid_rank",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Padding => "padding",
            Self::Periodic => "periodic",
            Self::BlockSize => "block_size",
            Self::Indices => "indices",
            Self::OneToOne => "one_to_one",
        }
    }
}

/// Where in one rank's export a finding lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The dimension, for what lies in a dimension dictionary.
    pub dim: Option<usize>,
    /// The key, or the whole.
    pub key: Key,
    /// An item of the key's list.
    pub item: Option<usize>,
    /// The bytes of the rank's text, where the reader saw something that no key names: a syntax error, an unknown key.
    pub span: Option<Range<usize>>,
    /// The name of an unknown key.
    pub name: Option<Box<str>>,
}

impl Place {
    /// A key of the export, or the whole of it.
    #[must_use]
    pub fn export(key: Key) -> Self {
        Self { dim: None, key, item: None, span: None, name: None }
    }

    /// A key of dimension `dim`'s dictionary.
    #[must_use]
    pub fn dim(dim: usize, key: Key) -> Self {
        Self { dim: Some(dim), ..Self::export(key) }
    }

    /// Item `item` of this place's list.
    #[must_use]
    pub fn item(self, item: usize) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The place as a JSON pointer (RFC 6901), such as `/dim_data/0/start`.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = match (self.dim, self.key) {
            (Some(dim), _) => format!("/dim_data/{dim}"),
            (None, key) if key.is_in_buffer() => "/buffer".to_owned(),
            (None, _) => String::new(),
        };
        let key = self.name.as_deref().unwrap_or(self.key.as_str());
        if !key.is_empty() {
            let _ = write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1"));
        }
        if let Some(item) = self.item {
            let _ = write!(pointer, "/{item}");
        }
        pointer
    }
}

/// A value for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "a value is its own description")]
pub enum Value {
    Int(i64),
    Word(&'static str),
    Text(Box<str>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<&'static str> for Value {
    fn from(value: &'static str) -> Self {
        Self::Word(value)
    }
}

impl From<&Box<str>> for Value {
    fn from(value: &Box<str>) -> Self {
        Self::Text(value.clone())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Word(word) => f.write_str(word),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Another place that belongs to the finding: the neighbour's `start`, the first of two copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The rank whose export it is in.
    pub rank: Rank,
    /// Where in that export.
    pub place: Place,
    /// What stands there, in a few words.
    pub label: String,
}

/// One thing that a rule found in one rank's export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// Where it lies.
    pub place: Place,
    /// What fills the placeholders of the rule's sentences, by name. `dim` and `key` are filled from the place.
    pub values: Vec<(&'static str, Value)>,
    /// The keys of the rule's notes that apply.
    pub notes: SmallVec<[&'static str; 2]>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

impl Finding {
    /// A finding of `rule` at `place`.
    #[must_use]
    pub fn new(rule: RuleId, place: Place) -> Self {
        Self { rule, place, values: Vec::with_capacity(6), notes: SmallVec::new(), related: Vec::new() }
    }

    /// Fills a placeholder.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Adds a note of the rule when `applies`.
    #[must_use]
    pub fn note(mut self, key: &'static str, applies: bool) -> Self {
        if applies {
            self.notes.push(key);
        }
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, rank: Rank, place: Place, label: impl Into<String>) -> Self {
        self.related.push(Related { rank, place, label: label.into() });
        self
    }

    /// The rule's entry in the table.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        self.rule.rule()
    }

    /// `template` with every `{placeholder}` filled that has a value.
    fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            out += &rest[..open];
            match self.value(name) {
                Some(value) => {
                    let _ = write!(out, "{value}");
                }
                None => out += &rest[open..=open + close],
            }
            rest = &rest[open + close + 1..];
        }
        out + rest
    }

    fn value(&self, name: &str) -> Option<Value> {
        let given = self.values.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        given.or_else(|| match name {
            "dim" => self.place.dim.map(Value::from),
            "key" => Some(Value::Word(self.place.key.as_str())),
            _ => None,
        })
    }

    /// The sentence that says what is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        self.fill(self.rule().message)
    }

    /// The sentence that says what to do.
    #[must_use]
    pub fn help(&self) -> String {
        self.fill(self.rule().help)
    }

    /// The notes that apply, in words.
    pub fn notes(&self) -> impl Iterator<Item = String> + '_ {
        self.notes.iter().map(|key| self.fill(self.rule().note(key)))
    }
}

/// A finding folded over the ranks that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The finding as the first of the ranks has it.
    pub finding: Finding,
    /// That rank.
    pub rank: Rank,
    /// All ranks that have it.
    pub ranks: RankSet,
    /// How often it was found.
    pub count: u64,
}

impl Diagnostic {
    /// A diagnostic of one rank.
    #[must_use]
    pub fn new(rank: Rank, finding: Finding) -> Self {
        Self { finding, rank, ranks: [rank].into_iter().collect(), count: 1 }
    }
}

/// Diagnostics while they are gathered: equal findings of different ranks become one.
///
/// Findings are equal when rule, dimension and key are; the values shown are those of the first rank.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    by_subject: std::collections::HashMap<(RuleId, Option<usize>, Key), usize>,
}

impl Diagnostics {
    /// Adds a rank's finding. The values shown stay those of the rank added first.
    pub fn add(&mut self, rank: Rank, finding: Finding) {
        match self.by_subject.entry((finding.rule, finding.place.dim, finding.place.key)) {
            std::collections::hash_map::Entry::Occupied(at) => {
                let diagnostic = &mut self.list[*at.get()];
                diagnostic.ranks.insert(rank);
                diagnostic.count += 1;
            }
            std::collections::hash_map::Entry::Vacant(at) => {
                at.insert(self.list.len());
                self.list.push(Diagnostic::new(rank, finding));
            }
        }
    }

    /// Adds a finding that already speaks of several ranks.
    pub fn add_over(&mut self, ranks: RankSet, finding: Finding) {
        let Some(rank) = ranks.first() else { return };
        let count = u64::try_from(ranks.len()).unwrap_or_default();
        self.list.push(Diagnostic { finding, rank, ranks, count });
    }

    /// Drops what `rule` found in a dimension in which `cause` found something, too.
    pub(crate) fn drop_beside(&mut self, rule: RuleId, cause: RuleId) {
        let causes = self.list.iter().filter(|diagnostic| diagnostic.finding.rule == cause);
        let dims: Vec<Option<usize>> = causes.map(|diagnostic| diagnostic.finding.place.dim).collect();
        if !dims.is_empty() {
            self.by_subject.clear();
            self.list.retain(|d| d.finding.rule != rule || !dims.contains(&d.finding.place.dim));
        }
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.finding.rule().severity == Severity::Error)
    }

    /// The diagnostics by rank, then place, then rule: the same for the same input.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        list.sort_by_key(|d| {
            (d.rank, d.finding.place.dim.map_or(0, |dim| dim + 1), d.finding.place.key, d.finding.rule)
        });
        list
    }
}
