//! Values that must be the same on all ranks.

use crate::check::Edition;
use crate::check::majority::Majority;
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

/// Adds a finding for each value that differs from the majority's, beside the place of one rank of
/// the majority.
pub(super) fn on<T: PartialEq + Shown>(
    majority: &Majority<T>,
    rule: RuleId,
    place: Place,
    diagnostics: &mut Diagnostics,
) {
    on_with(majority, Finding::new(rule, place), |finding, _| finding, diagnostics);
}

/// As [`on`]; `more` adds details about the ranks that differ.
pub(super) fn on_with<T: PartialEq + Shown>(
    majority: &Majority<T>,
    finding: Finding,
    more: impl Fn(Finding, &RankSet) -> Finding,
    diagnostics: &mut Diagnostics,
) {
    let (Some(common), Some(other)) = (majority.most_common(), majority.majority_rank()) else { return };
    let values = majority.others().map(|(value, ranks)| (value.shown(), ranks));
    let rest = majority.rest().map(|ranks| (ANOTHER.to_owned(), ranks));
    for (value, ranks) in values.chain(rest) {
        let place = finding.place.clone();
        let finding = finding.clone().with("value", value).with("common", common.shown());
        // The label stands behind the rank's name: `rank 0: 5`.
        let finding = finding.related(other, place, common.shown());
        diagnostics.add_over(ranks.clone(), more(finding, ranks));
    }
}

/// The text for a value that is not kept, since nearly all ranks have another one.
pub(super) const ANOTHER: &str = "yet another value";
