//! Where a finding is: its place looked up again in the rank's text.

use std::ops::Range;

use dap_core::finding::{Finding, Key, Place};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::rules::{RuleId, Scope};

use super::{Excerpt, Spot};
use crate::input::{Judged, RankText};

/// Looks up places in the texts of one set.
pub(super) struct Places<'a> {
    judged: &'a Judged,
    /// The last texts read: findings come in order of rank, each beside one other rank's place.
    last: Vec<(Rank, Option<RankText>)>,
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
            Some(text) => spot(text, place, pointer),
            None => self.whole_set(pointer),
        }
    }

    fn whole_set(&self, pointer: String) -> Spot {
        Spot { path: self.judged.name.clone(), position: None, excerpt: None, pointer }
    }

    fn text(&mut self, rank: Rank) -> Option<&RankText> {
        let at = self.last.iter().position(|(last, _)| *last == rank).unwrap_or_else(|| {
            if self.last.len() > 1 {
                self.last.pop();
            }
            self.last.push((rank, self.judged.texts.of(rank)));
            self.last.len() - 1
        });
        // The one used last is the last to go.
        self.last.swap(0, at);
        self.last.first().and_then(|(_, text)| text.as_ref())
    }
}

fn spot(rank: &RankText, place: &Place, pointer: String) -> Spot {
    let path = rank.path.display().to_string();
    // What cannot be found is somewhere in the text, so the text's beginning is said.
    let span = on_text(&rank.text, json::locate(&rank.text, place).unwrap_or(0..0));
    let before = &rank.text[..span.start];
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let characters = String::from_utf8_lossy(&before[line_start..]).chars().count();
    let column = if line == 0 { rank.first_column + characters } else { 1 + characters };
    let excerpt = Some(Excerpt::new(&rank.text, span)).filter(|excerpt| !excerpt.text.trim().is_empty());
    Spot { path, position: Some((rank.first_line + line, column)), excerpt, pointer }
}

/// A place in the blanks at the end, where a broken text ends, moved to where the last word ends.
fn on_text(text: &[u8], span: Range<usize>) -> Range<usize> {
    let end = text.trim_ascii_end().len();
    if span.start < end { span } else { end..end }
}
