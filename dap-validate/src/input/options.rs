//! The options of reading sets of exports.

use dap_core::check::Ranks;

/// The options of reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct InputOptions {
    /// Whether a directory, a bundle or lines may hold some of the ranks only.
    pub partial: bool,
    /// Whether the files of a set are ranks 0, 1, ... in the order of their numbers, whatever these
    /// are.
    pub renumber: bool,
}

impl InputOptions {
    /// The claim of a set in a layout that holds all ranks.
    pub(super) fn all(self) -> Ranks {
        if self.partial { Ranks::Some } else { Ranks::All }
    }
}
