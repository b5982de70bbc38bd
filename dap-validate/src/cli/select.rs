//! `--ignore` and `--only`: the rules that are reported.

use std::str::FromStr;

use dap_core::rules::{Rule, RuleId};

/// Rules named on the command line: one rule by id or name, or all rules whose ids have a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(Vec<RuleId>);

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rule) = Rule::all().iter().find(|rule| rule.name.eq_ignore_ascii_case(text)) {
            return Ok(Self(vec![rule.id]));
        }
        // A whole id is a prefix, too. `DAP3` is DAP301 and its neighbours, not rule 3.
        let prefix = text.to_ascii_uppercase();
        let beginning = |rule: &&Rule| prefix.starts_with("DAP") && rule.id.to_string().starts_with(&prefix);
        let ids: Vec<RuleId> = Rule::all().iter().filter(beginning).map(|rule| rule.id).collect();
        if ids.is_empty() { Err(unknown_rule(text)) } else { Ok(Self(ids)) }
    }
}

/// The sentence about an unknown rule, with the rule of the most similar name, or for a number the
/// numbers that rules have.
#[must_use]
pub fn unknown_rule(text: &str) -> String {
    let digits = text.get(3..).filter(|_| text.get(..3).is_some_and(|dap| dap.eq_ignore_ascii_case("dap")));
    let digits = digits.unwrap_or(text);
    // Ids are about equally similar to one another: no rule is suggested for them.
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return unknown_number(digits);
    }
    let similarity = |rule: &Rule| {
        let by_id = strsim::jaro_winkler(&rule.id.to_string(), &text.to_ascii_uppercase());
        let by_name = strsim::jaro_winkler(rule.name, &text.to_ascii_lowercase());
        by_id.max(by_name)
    };
    let nearest = Rule::all().iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    match nearest.filter(|rule| similarity(rule) > 0.75) {
        Some(rule) => format!("there is no such rule; did you mean {} ({})?", rule.id, rule.name),
        None => "there is no such rule; `dap-validate rule --all` lists them".to_owned(),
    }
}

/// The sentence about a number that no rule has. Numbers of four digits are codes of the C library.
fn unknown_number(digits: &str) -> String {
    let [first, .., last] = Rule::all() else { return "there are no rules".to_owned() };
    let list =
        format!("rules are numbered {} to {}, with gaps: `dap-validate rule --all` lists them", first.id, last.id);
    if digits.trim_start_matches('0').len() < 4 {
        return format!("there is no such rule; {list}");
    }
    format!(
        "there is no such rule; {list}. Codes from 1000 on are errors of a call of the C library: `dap_strerror` has the \
         sentence of a code, and daparray.h its name"
    )
}

/// The rules that are reported.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    only: Vec<Selector>,
    ignore: Vec<Selector>,
}

impl Selection {
    /// The rules that `only` names, or all rules if it is empty, without those that `ignore` names.
    #[must_use]
    pub fn new(only: Vec<Selector>, ignore: Vec<Selector>) -> Self {
        Self { only, ignore }
    }

    /// Whether findings of the rule are reported.
    #[must_use]
    pub fn holds(&self, rule: RuleId) -> bool {
        let named_in = |selectors: &[Selector]| selectors.iter().any(|selector| selector.0.contains(&rule));
        (self.only.is_empty() || named_in(&self.only)) && !named_in(&self.ignore)
    }
}
