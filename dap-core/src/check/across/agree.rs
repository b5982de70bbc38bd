//! What must be the same on all ranks.

use crate::check::Edition;
use crate::check::vote::Vote;
use crate::dtype::DType;
use crate::export::DistType;
use crate::finding::{Diagnostics, Finding, Place};
use crate::ranks::RankSet;
use crate::rules::RuleId;

/// A value as a message shows it.
pub(super) trait Shown {
    fn shown(&self) -> String;
}

macro_rules! shown_by_display {
    ($($type:ty),*) => {
        $(impl Shown for $type {
            fn shown(&self) -> String {
                self.to_string()
            }
        })*
    };
}

shown_by_display!(i64, usize, bool, Edition);

impl Shown for DistType {
    fn shown(&self) -> String {
        self.letter().to_owned()
    }
}

impl Shown for DType {
    fn shown(&self) -> String {
        self.name()
    }
}

/// A finding for each value that differs from what most ranks say, beside the place of one that
/// says it.
pub(super) fn on<T: PartialEq + Shown>(vote: &Vote<T>, rule: RuleId, place: Place, diagnostics: &mut Diagnostics) {
    on_with(vote, Finding::new(rule, place), |finding, _| finding, diagnostics);
}

/// The same; `more` adds what else there is to say about the ranks that differ.
pub(super) fn on_with<T: PartialEq + Shown>(
    vote: &Vote<T>,
    finding: Finding,
    more: impl Fn(Finding, &RankSet) -> Finding,
    diagnostics: &mut Diagnostics,
) {
    let (Some(common), Some(other)) = (vote.winner(), vote.winning_rank()) else { return };
    let values = vote.others().map(|(value, ranks)| (value.shown(), ranks));
    let rest = vote.rest().map(|ranks| (ANOTHER.to_owned(), ranks));
    for (value, ranks) in values.chain(rest) {
        let place = finding.place.clone();
        let finding = finding.clone().with("value", value).with("common", common.shown());
        // The label stands behind the rank's name: `rank 0: 5`.
        let finding = finding.related(other, place, common.shown());
        diagnostics.add_over(ranks.clone(), more(finding, ranks));
    }
}

/// What stands for the value of ranks that nearly all say something else.
pub(super) const ANOTHER: &str = "yet another value";
