//! Findings about files and sets as a whole.

use dap_core::finding::{Finding, Key, Place, plural};
use dap_core::rules::RuleId;

/// The finding for a directory, a bundle or a file without exports; `what` names it.
pub(super) fn no_export(what: &'static str) -> Box<Finding> {
    Box::new(of_text(RuleId::NO_EXPORT).with("what", what))
}

/// Adds to a finding that a NumPy file is present, and which file is missing beside it.
pub(super) fn numpy(finding: Finding, name: String) -> Finding {
    finding.with("found", name).note("npy", true)
}

/// A finding about a text as a whole.
pub(super) fn of_text(rule: RuleId) -> Finding {
    Finding::new(rule, Place::export(Key::Export))
}

/// The finding for a file that cannot be read.
pub(super) fn cannot_read(problem: String) -> Box<Finding> {
    Box::new(of_text(RuleId::CANNOT_READ).with("problem", problem))
}

/// The finding for a file whose length changed.
pub(super) fn changed(before: u64, now: u64) -> Box<Finding> {
    let problem = format!(
        "it was {} long and is now {now}{}",
        plural(before, "byte"),
        if now > before { " or more" } else { "" }
    );
    Box::new(of_text(RuleId::CHANGED_WHILE_READ).with("problem", problem))
}

/// The reason why a text of `length` bytes is refused.
pub(super) fn too_long(length: u64, most: u64) -> String {
    format!("it is {length} bytes long, and one export may have {most}")
}
