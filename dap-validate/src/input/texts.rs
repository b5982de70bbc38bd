//! Where the ranks' texts are. They are read again when a finding is shown, not kept.

use std::path::PathBuf;

use dap_core::index::Rank;

use super::bundle::BundleTexts;
use super::files::FileTexts;
use super::lines::LineTexts;

/// Where the ranks' texts are. They are read again when a finding is shown, not kept.
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

/// One rank's text.
#[derive(Debug)]
pub struct RankText {
    /// The file, or `<stdin>`.
    pub path: PathBuf,
    /// The line of the file that the text begins in, from 1.
    pub first_line: usize,
    /// The column of that line at which it begins, in characters from 1.
    pub first_column: usize,
    /// The rank's export (for `.dnpy`: its header, as JSON). Empty where it cannot be read, or has
    /// changed since.
    pub text: Vec<u8>,
}

impl Texts {
    /// The text of a rank; `None` for a rank that is not there. [`WHOLE_SET`](super::WHOLE_SET) is
    /// the whole text of a bundle. A finding's place may lie beyond the text's end, if the file has
    /// changed.
    #[must_use]
    pub fn of(&self, rank: Rank) -> Option<RankText> {
        match &self.0 {
            Inner::None => None,
            Inner::Files(files) => files.of(rank),
            Inner::Lines(lines) => lines.of(rank),
            Inner::Bundle(bundle) => bundle.of(rank),
        }
    }

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
