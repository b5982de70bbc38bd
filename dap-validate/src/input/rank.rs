//! One rank's text, checked by itself.

use std::path::Path;

use dap_core::check::{Checker, Local};
use dap_core::export::Export;
use dap_core::finding::Finding;
use dap_core::json;

use super::data;

/// Judges texts of exports that lie in one directory.
#[derive(Clone, Copy)]
pub(super) struct RankChecker<'a> {
    pub(super) checker: &'a Checker,
    /// What data files are named relative to.
    pub(super) beside: &'a Path,
}

impl<'a> RankChecker<'a> {
    /// A judge of exports in the file `path`.
    pub(super) fn of_file(checker: &'a Checker, path: &'a Path) -> Self {
        Self { checker, beside: path.parent().unwrap_or(Path::new("")) }
    }

    /// Judges a text, and whether the data file that it names holds its buffer.
    pub(super) fn text(self, text: &[u8]) -> Local {
        self.export(json::read(text))
    }

    /// As [`RankChecker::text`], for a text that was read.
    pub(super) fn export(self, mut export: Export) -> Local {
        export.problems.extend(data::check(&export, self.beside));
        self.checker.local(&export)
    }

    /// The judgement of a rank whose text could not be read. It counts as present: that it is
    /// missing, too, would be the same news twice.
    pub(super) fn unreadable(self, finding: impl Into<Box<Finding>>) -> Local {
        self.checker.local(&Export { problems: vec![*finding.into()], ..Export::default() })
    }
}
