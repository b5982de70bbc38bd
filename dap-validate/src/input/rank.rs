//! The check of one rank's text by itself.

use std::path::Path;

use dap_core::check::{Checker, Local};
use dap_core::export::Export;
use dap_core::finding::Finding;
use dap_core::json;

use super::data;

/// Checks texts of exports that lie in one directory.
#[derive(Clone, Copy)]
pub(super) struct RankChecker<'a> {
    pub(super) checker: &'a Checker,
    /// The directory to which the names of data files are relative.
    pub(super) beside: &'a Path,
}

impl<'a> RankChecker<'a> {
    /// A checker of exports in the file `path`.
    pub(super) fn of_file(checker: &'a Checker, path: &'a Path) -> Self {
        Self { checker, beside: path.parent().unwrap_or(Path::new("")) }
    }

    /// Checks a text, and whether the data file that it names holds its buffer.
    pub(super) fn text(self, text: &[u8]) -> Local {
        self.export(json::read(text))
    }

    /// As [`RankChecker::text`], for a text that was parsed.
    pub(super) fn export(self, mut export: Export) -> Local {
        export.problems.extend(data::check(&export, self.beside));
        self.checker.local(&export)
    }

    /// The result for a rank whose text could not be read. The rank counts as present, because a
    /// second finding about a missing rank would repeat the first.
    pub(super) fn unreadable(self, finding: impl Into<Box<Finding>>) -> Local {
        self.checker.local(&Export { problems: vec![*finding.into()], ..Export::default() })
    }
}
