//! The places of the ranks' texts, which are read again when a finding is shown, not kept.

use dap_core::index::Rank;
use dap_report::{RankText, RankTexts};

use super::bundle::BundleTexts;
use super::files::FileTexts;
use super::lines::LineTexts;

/// The places of the ranks' texts, which are read again when a finding is shown, not kept.
///
/// The text of [`WHOLE_SET`](dap_report::WHOLE_SET) is that of a bundle; other layouts have none. A
/// finding's place may lie beyond the end of a text, if the file has changed.
#[derive(Debug, Default)]
pub struct Texts(Inner);

#[derive(Debug, Default)]
enum Inner {
    #[default]
    None,
    Files(FileTexts),
    Lines(LineTexts),
    Bundle(BundleTexts),
}

impl Texts {
    /// The first two files of a rank, if there are two.
    pub(super) fn repeated(&self, rank: Rank) -> Option<[usize; 2]> {
        match &self.0 {
            Inner::Files(files) => files.repeated(rank),
            _ => None,
        }
    }

    pub(super) fn files(files: FileTexts) -> Self {
        Self(Inner::Files(files))
    }

    pub(super) fn lines(lines: LineTexts) -> Self {
        Self(Inner::Lines(lines))
    }

    pub(super) fn bundle(bundle: BundleTexts) -> Self {
        Self(Inner::Bundle(bundle))
    }
}

impl RankTexts for Texts {
    fn of(&self, rank: Rank) -> Option<RankText> {
        match &self.0 {
            Inner::None => None,
            Inner::Files(files) => files.of(rank),
            Inner::Lines(lines) => lines.of(rank),
            Inner::Bundle(bundle) => bundle.of(rank),
        }
    }
}
