//! What is judged: export files in all their layouts, gathered into sets, one set an array.

use std::path::PathBuf;

use dap_core::check::{Profile, Ranks, Report};
use dap_core::index::Rank;

/// One array's exports, as the command line named them.
#[derive(Debug)]
pub struct InputSet {
    /// What to call it: the path as given, or `<stdin>`.
    pub name: String,
    /// What its exports claim to be.
    pub claim: Ranks,
}

/// A judged set.
#[derive(Debug)]
pub struct Judged {
    /// What to call the set.
    pub name: String,
    /// What its exports claimed to be.
    pub claim: Ranks,
    /// The judgement.
    pub report: Report,
    /// Where the ranks' texts are, to show findings in them.
    pub texts: Texts,
}

/// Where the ranks' texts are. They are read again when a finding is shown, not kept.
#[derive(Debug, Default)]
pub struct Texts {}

/// One rank's text.
#[derive(Debug)]
pub struct RankText {
    /// The file, or `<stdin>`.
    pub path: PathBuf,
    /// The line of the file that the text begins in, from 1.
    pub first_line: usize,
    /// The column of that line at which it begins, from 1.
    pub first_column: usize,
    /// The rank's export (for `.dnpy`: its header, as JSON).
    pub text: Vec<u8>,
}

impl Texts {
    /// The text of a rank; `None` where there is none, or where it is gone.
    #[must_use]
    pub fn of(&self, _rank: Rank) -> Option<RankText> {
        None
    }
}

impl InputSet {
    /// Reads and judges the set.
    #[must_use]
    pub fn judge(&self, profile: Profile) -> Judged {
        let report = dap_core::check::Checker::new(profile).finish(self.claim);
        Judged { name: self.name.clone(), claim: self.claim, report, texts: Texts::default() }
    }
}
