//! The oracle's own tests: against the protocol's examples, real exports, and the generator.

mod cyclic;
mod distarray;
mod document;
mod foreign;
mod generated;
mod refusals;
mod version_0_9;

use dap_conformance::model::{DimDict, RankExport};
use dap_conformance::oracle::{Kind, Maps, check_set};

/// An export of doubles.
fn f8(shape: &[i64], dim_data: Vec<DimDict>) -> RankExport {
    RankExport::new("<f8", shape.to_vec(), dim_data)
}

/// The maps of a set that must be valid.
#[track_caller]
fn maps(set: &[RankExport]) -> Maps {
    let verdict = check_set(set);
    assert!(verdict.valid, "{:?}", verdict.reasons);
    verdict.maps.expect("a valid set has maps")
}

/// Demands that a set is refused for a reason of this rule.
#[track_caller]
fn refused(set: &[RankExport], rule: &str) {
    let verdict = check_set(set);
    assert!(!verdict.valid && verdict.maps.is_none());
    assert!(verdict.reasons.iter().any(|reason| reason.rule == rule), "{rule}: {:?}", verdict.reasons);
}

/// The global indices that a rank holds in a dimension, in local order.
fn held(maps: &Maps, rank: usize, dim: usize) -> Vec<i64> {
    maps.sections[rank][dim].iter().map(|place| place.global).collect()
}

/// A rank's section as letters: `B`oundary, `C`ommunication, `.` for the rest.
fn kinds(maps: &Maps, rank: usize, dim: usize) -> String {
    let letter = |kind| match kind {
        Kind::Boundary => 'B',
        Kind::Communication => 'C',
        Kind::Interior => '.',
    };
    maps.sections[rank][dim].iter().map(|place| letter(place.kind)).collect()
}
