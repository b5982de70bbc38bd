//! Where a finding is: its place looked up again in the rank's text.

use dap_core::finding::{Finding, Key, Place};
use dap_core::index::Rank;
use dap_core::rules::{RuleId, Scope};

use super::{ShownPlace, ShownText, Spot};
use crate::input::{Judged, RankText};

/// Looks up places in the texts of one set.
pub(super) struct Places<'a> {
    judged: &'a Judged,
    /// The last texts read: findings come in order of rank, each beside one other rank's place.
    last: Vec<(Rank, Option<(RankText, ShownText)>)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(judged: &'a Judged) -> Self {
        Self { judged, last: Vec::new() }
    }

    /// Where a finding of a rank is.
    pub(super) fn spot_of(&mut self, rank: Rank, finding: &Finding) -> Spot {
        // What all ranks together lack is in no file.
        if [RuleId::MISSING_RANK, RuleId::NOT_CHECKED].contains(&finding.rule) {
            return self.whole_set(String::new());
        }
        let mut spot = self.spot(rank, &finding.place);
        let place = &finding.place;
        if finding.rule().scope == Scope::Array && place.key == Key::Export && place.span.is_none() {
            // The export as a whole is one too many: its first brace shows nothing.
            spot.excerpt = None;
        }
        if [RuleId::CANNOT_READ, RuleId::CHANGED_WHILE_READ].contains(&finding.rule) {
            (spot.position, spot.excerpt) = (None, None);
        }
        spot
    }

    /// A place in a rank's export.
    pub(super) fn spot(&mut self, rank: Rank, place: &Place) -> Spot {
        let pointer = place.pointer();
        match self.text(rank) {
            Some((text, shown)) => spot(text, shown, place, pointer),
            None => self.whole_set(pointer),
        }
    }

    fn whole_set(&self, pointer: String) -> Spot {
        Spot { path: self.judged.name.clone(), position: None, excerpt: None, pointer }
    }

    fn text(&mut self, rank: Rank) -> Option<&(RankText, ShownText)> {
        let at = self.last.iter().position(|(last, _)| *last == rank).unwrap_or_else(|| {
            if self.last.len() > 1 {
                self.last.pop();
            }
            let text = self.judged.texts.of(rank).map(|text| {
                let shown = ShownText::new(&text.text);
                (text, shown)
            });
            self.last.push((rank, text));
            self.last.len() - 1
        });
        // The one used last is the last to go.
        self.last.swap(0, at);
        self.last.first().and_then(|(_, text)| text.as_ref())
    }
}

fn spot(rank: &RankText, shown: &ShownText, place: &Place, pointer: String) -> Spot {
    let path = rank.path.display().to_string();
    let ShownPlace { line, column, excerpt } = shown.find(&rank.text, place);
    let column = if line == 0 { rank.first_column } else { 1 } + column;
    Spot { path, position: Some((rank.first_line + line, column)), excerpt, pointer }
}
