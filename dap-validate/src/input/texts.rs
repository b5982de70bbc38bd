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
pub struct SetTexts(pub(super) TextSource);

#[derive(Debug, Default)]
pub(super) enum TextSource {
    #[default]
    None,
    Files(FileTexts),
    Lines(LineTexts),
    Bundle(BundleTexts),
}

impl RankTexts for SetTexts {
    fn of(&self, rank: Rank) -> Option<RankText> {
        match &self.0 {
            TextSource::None => None,
            TextSource::Files(files) => files.of(rank),
            TextSource::Lines(lines) => lines.of(rank),
            TextSource::Bundle(bundle) => bundle.of(rank),
        }
    }
}
