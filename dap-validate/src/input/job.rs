//! The work on one set: the checkers, and the progress.

use dap_core::check::Checker;
use dap_core::finding::Finding;
use dap_report::WHOLE_SET;

/// An observer of the reading of a set, called from several threads.
pub trait Progress: Sync {
    /// Reading begins; `total` is the amount to read, if it is known.
    fn begin(&self, total: Option<u64>, unit: Unit);
    /// `amount` more has been checked.
    fn advance(&self, amount: u64);
}

/// The unit of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of text.
    Bytes,
    /// Files.
    Files,
}

/// Progress that is not shown.
impl Progress for () {
    fn begin(&self, _total: Option<u64>, _unit: Unit) {}
    fn advance(&self, _amount: u64) {}
}

/// The checkers and the progress of one set, for all layouts of files.
pub(super) struct CheckJob<'a> {
    /// Checks exports by themselves, on any thread.
    pub(super) local: &'a Checker,
    /// Reduces the results of all ranks, in rank order.
    pub(super) checker: &'a mut Checker,
    pub(super) progress: &'a dyn Progress,
}

impl CheckJob<'_> {
    /// Adds a finding about the set as a whole.
    pub(super) fn about_set(&mut self, finding: impl Into<Box<Finding>>) {
        self.checker.add(WHOLE_SET, *finding.into());
    }
}
