//! Findings: a rule, the place in the export, and the values that fill the rule's sentences.
//!
//! A finding holds no text of its own and no position in a file. Its sentences come from the rule's
//! page. A renderer finds the place again in the rank's text with a
//! [`json::Locator`](crate::json::Locator).

mod diagnostics;
mod place;
mod plural;
mod value;

pub use diagnostics::Diagnostic;
pub(crate) use diagnostics::Diagnostics;
pub use place::{Key, Place};
pub use plural::{irregular, plural};
pub use value::Value;

use std::fmt::Write as _;

use smallvec::SmallVec;

use crate::index::Rank;
use crate::rules::{Rule, RuleId};

/// Another place that belongs to the finding: the neighbour's `start`, the first of two copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The rank whose export it is in.
    pub rank: Rank,
    /// Where in that export.
    pub place: Place,
    /// A short description of the value there.
    pub label: String,
}

/// One thing that a rule found in one rank's export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// The place in the export.
    pub place: Place,
    /// The values for the placeholders of the rule's sentences, by name. `dim` and `key` are filled
    /// from the place. A placeholder `{held:index:indices}` is a count with its noun: `1 index`, `2
    /// indices`.
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

    /// Replaces notes about causes by the note of the cause that other ranks show.
    pub(crate) fn explain(&mut self, instead_of: &[&str], key: &'static str) {
        self.notes.retain(|note| !instead_of.contains(note) && *note != key);
        self.notes.push(key);
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
            let mut parts = rest[open + 1..open + close].split(':');
            let value = self.value(parts.next().unwrap_or_default());
            out += &rest[..open];
            match (value, parts.next(), parts.next()) {
                (Some(value), Some(one), Some(many)) => out += &irregular(value, one, many),
                (Some(value), ..) => {
                    let _ = write!(out, "{value}");
                }
                (None, ..) => out += &rest[open..=open + close],
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

    /// The sentence that states the mistake.
    #[must_use]
    pub fn message(&self) -> String {
        self.fill(self.rule().message)
    }

    /// The sentence that states the remedy.
    #[must_use]
    pub fn help(&self) -> String {
        self.fill(self.rule().help)
    }

    /// The notes that apply, in words.
    pub fn notes(&self) -> impl Iterator<Item = String> + '_ {
        self.notes.iter().map(|key| self.fill(self.rule().note(key)))
    }
}
