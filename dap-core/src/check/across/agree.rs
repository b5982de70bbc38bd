//! What must be the same on all ranks.

use crate::check::Edition;
use crate::check::vote::Vote;
use crate::dtype::DType;
use crate::export::DistType;
use crate::finding::{Diagnostics, Finding, Place};
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

/// A finding for each value that differs from what most ranks say, beside the place of one that says it.
pub(super) fn on<T: PartialEq + Shown>(vote: &Vote<T>, rule: RuleId, place: Place, diagnostics: &mut Diagnostics) {
    let (Some(common), Some(other)) = (vote.winner(), vote.winning_rank()) else { return };
    let values = vote.others().map(|(value, ranks)| (value.shown(), ranks));
    let rest = vote.rest().map(|ranks| (ANOTHER.to_owned(), ranks));
    for (value, ranks) in values.chain(rest) {
        let finding = Finding::new(rule, place.clone()).with("value", value).with("common", common.shown()).related(
            other,
            place.clone(),
            format!("{} here", common.shown()),
        );
        diagnostics.add_over(ranks.clone(), finding);
    }
}

/// What stands for the value of ranks that nearly all say something else.
pub(super) const ANOTHER: &str = "yet another value";
