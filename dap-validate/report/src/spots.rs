//! Places of findings, looked up in the texts of the ranks' exports.

use dap_core::finding::{Finding, Key, Place};
use dap_core::index::Rank;
use dap_core::rules::{RuleId, Scope};

use crate::{PlaceInText, Spot, TextIndex};

/// The "rank" of findings that concern a set as a whole: a directory without exports, a file that
/// changed.
pub const WHOLE_SET: Rank = Rank(-1);

/// The texts of the exports of a set, for the places of findings.
///
/// A text is asked for again when a finding in it is shown, so that an implementation need not keep
/// the texts of all ranks.
pub trait RankTexts {
    /// The text of a rank's export; `None` if there is no text of that rank. The text of
    /// [`WHOLE_SET`] is that of all ranks, if one text holds them.
    fn of(&self, rank: Rank) -> Option<RankText>;
}

/// The text of one rank's export.
#[derive(Debug)]
pub struct RankText {
    /// The file, or another name of the text. It may hold any character.
    pub path: String,
    /// The line of the file at which the text begins, from 1.
    pub first_line: usize,
    /// The column of that line at which the text begins, in characters from 1.
    pub first_column: usize,
    /// The export (for `.dnpy`: its header, as JSON). Empty if it can no longer be read.
    pub text: Vec<u8>,
}

/// Finds the places of one set's findings.
pub(crate) struct SpotFinder<'a> {
    name: &'a str,
    texts: &'a dyn RankTexts,
    /// The last two texts: findings come in the order of their ranks, each with a place in at most
    /// one other rank's export. The text used last comes first.
    recent: Vec<(Rank, Option<IndexedText>)>,
}

type IndexedText = (RankText, TextIndex);

impl<'a> SpotFinder<'a> {
    /// Finds places in `texts`; the set's `name` stands for places that are in none.
    pub(crate) fn new(name: &'a str, texts: &'a dyn RankTexts) -> Self {
        Self { name, texts, recent: Vec::new() }
    }

    /// The place of a finding in the export of `rank`.
    pub(crate) fn of_finding(&mut self, rank: Rank, finding: &Finding) -> Spot {
        // A missing rank has no text.
        if [RuleId::MISSING_RANK, RuleId::NOT_CHECKED].contains(&finding.rule) {
            return self.whole_set(String::new());
        }
        let mut spot = self.of_place(rank, &finding.place);
        let place = &finding.place;
        if finding.rule().scope == Scope::Array && place.key == Key::Export && place.span.is_none() {
            // The finding concerns the export as a whole, whose first brace shows nothing.
            spot.excerpt = None;
        }
        if [RuleId::CANNOT_READ, RuleId::CHANGED_WHILE_READ].contains(&finding.rule) {
            (spot.position, spot.excerpt) = (None, None);
        }
        spot
    }

    /// A place in the export of `rank`.
    pub(crate) fn of_place(&mut self, rank: Rank, place: &Place) -> Spot {
        let pointer = place.pointer();
        match self.indexed(rank) {
            Some((text, index)) => spot_in(text, index, place, pointer),
            None => self.whole_set(pointer),
        }
    }

    fn whole_set(&self, pointer: String) -> Spot {
        Spot { path: self.name.to_owned(), position: None, excerpt: None, pointer }
    }

    fn indexed(&mut self, rank: Rank) -> Option<&IndexedText> {
        let at = self.recent.iter().position(|(recent, _)| *recent == rank).unwrap_or_else(|| {
            self.recent.truncate(1);
            let text = self.texts.of(rank).map(|text| {
                let index = TextIndex::new(&text.text);
                (text, index)
            });
            self.recent.push((rank, text));
            self.recent.len() - 1
        });
        self.recent.swap(0, at);
        self.recent.first().and_then(|(_, text)| text.as_ref())
    }
}

fn spot_in(rank: &RankText, index: &TextIndex, place: &Place, pointer: String) -> Spot {
    let PlaceInText { line, column, excerpt } = index.find(&rank.text, place);
    let first_column = if line == 0 { rank.first_column } else { 1 };
    let position = Some((rank.first_line + line, first_column + column));
    Spot { path: rank.path.clone(), position, excerpt, pointer }
}
