//! The check of one export by itself, as the checks of other ranks need it.

use crate::check::Edition;
use crate::check::section::LocalDim;
use crate::dtype::DType;
use crate::finding::Finding;

/// The check of one export by itself, and the values that other ranks must agree with.
#[derive(Debug, Default)]
pub struct Local {
    pub(super) findings: Vec<Finding>,
    /// The version by which it was checked.
    pub(super) edition: Option<Edition>,
    /// Whether the export names no version.
    pub(super) edition_is_guess: bool,
    pub(super) dtype: Option<DType>,
    pub(super) ndim: Option<usize>,
    pub(super) dims: Vec<LocalDim>,
}

impl Local {
    /// The findings about the export by itself.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Clears the values and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.findings.clear();
        self.edition = None;
        self.edition_is_guess = false;
        self.dtype = None;
        self.ndim = None;
    }
}
