//! The rules by which exports are checked: a table, generated from the pages in `spec/rules`.
//!
//! A rule has an identity that is never reused, a severity, a level (where it comes from), the
//! sentence shown to the user and what to do about it. The checks themselves are in
//! [`check`](crate::check).
//!
//! ```
//! use dap_core::rules::{Rule, RuleId};
//! let rule = Rule::find("DAP304").unwrap();
//! assert_eq!(rule.id, RuleId::STOP_BEYOND_SIZE);
//! assert_eq!(rule.name, "stop-beyond-size");
//! ```

mod table;

use std::fmt;

/// The number of a rule, shown as `DAPnnn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The number, from 1 to 999.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The rule's entry in the table.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        // Ids are only made by the table, so the search always succeeds; the first rule stands in
        // rather than a panic.
        table::RULES.binary_search_by_key(&self, |rule| rule.id).map_or(&table::RULES[0], |at| &table::RULES[at])
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DAP{:03}", self.0)
    }
}

/// How much a finding weighs. The order is from the lightest to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Valid, and seldom meant.
    Hint,
    /// Valid, and worth knowing.
    Info,
    /// Valid, and likely to go wrong with some consumer.
    Warning,
    /// Not valid.
    Error,
}

impl Severity {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The protocol's text demands it.
    Must,
    /// Recommended; checked by the profile `strict` only.
    Should,
    /// A call made where the protocol's text is silent or contradicts itself.
    Interpretation,
    /// Advice.
    Lint,
    /// A comparison with the 2014 validator.
    Reference,
}

impl Level {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Interpretation => "interpretation",
            Self::Lint => "lint",
            Self::Reference => "reference",
        }
    }
}

/// The part of an array that a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A file, before it is an export.
    File,
    /// One rank's export.
    Export,
    /// One dimension dictionary of one rank.
    Dimension,
    /// All ranks together.
    Array,
    /// A struct of the C ABI: `spec/abi.md`.
    Struct,
}

/// The answer of the 2014 validator to an export that breaks the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// It notices nothing.
    Accepts,
    /// It rejects it, too.
    Rejects,
    /// It raises an exception.
    Crashes,
    /// It never sees it.
    NotApplicable,
}

impl Reference {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Rejects => "rejects",
            Self::Crashes => "crashes",
            Self::NotApplicable => "n/a",
        }
    }
}

/// One rule. Texts may hold `{placeholders}`, filled by the finding.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The identity, never reused.
    pub id: RuleId,
    /// A short name in kebab case.
    pub name: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Where the rule comes from.
    pub level: Level,
    /// The part of an array that the rule looks at.
    pub scope: Scope,
    /// The section of `spec/protocol.md` that states it; for [`Scope::Struct`] of `spec/abi.md`.
    pub section: &'static str,
    /// The 2014 document's own words, or nothing.
    pub quote: &'static str,
    /// The sentence shown to the user.
    pub message: &'static str,
    /// The sentence that says what to do.
    pub help: &'static str,
    /// The answer of the 2014 validator.
    pub reference: Reference,
    /// Sentences added when a known pattern is recognised: `(key, text)`, sorted by key.
    pub notes: &'static [(&'static str, &'static str)],
    /// The rule's page, in Markdown, without its front matter.
    pub page: &'static str,
}

impl Rule {
    /// All rules, in order of their ids.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &table::RULES
    }

    /// The rule with this id (`DAP304`, in any case) or this name (`stop-beyond-size`).
    #[must_use]
    pub fn find(id_or_name: &str) -> Option<&'static Self> {
        let number = id_or_name
            .get(..3)
            .filter(|prefix| prefix.eq_ignore_ascii_case("dap") && id_or_name.len() == 6)
            .and_then(|_| id_or_name[3..].parse::<u16>().ok());
        Self::all().iter().find(|rule| Some(rule.id.0) == number || rule.name == id_or_name)
    }

    /// The text of a note, or nothing where the rule has no such note.
    #[must_use]
    pub fn note(&self, key: &str) -> &'static str {
        self.notes.iter().find(|(k, _)| *k == key).map_or("", |(_, text)| text)
    }
}
