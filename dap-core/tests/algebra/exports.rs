//! The exports of results: valid by every rule, all ranks together.

use dap_core::algebra::{Placement, View};
use dap_core::check::{Checker, Profile, Ranks};
use dap_core::dtype::DType;
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, Rank};
use dap_core::rules::Severity;
use proptest::prelude::*;

use crate::dense::{Choices, Dense, indices, placements, shapes, step};

/// Judges the exports of all ranks, and asks the layout that they make for each element.
pub(crate) fn judged(placement: &Placement) {
    let layout = placement.layout();
    let dtype = DType::parse("<f8").unwrap();
    let mut checker = Checker::new(Profile::Auto);
    for rank in (0..layout.processes()).map(Rank) {
        let export = match layout.export_in(layout.export_edition(), rank, &dtype) {
            // One dimension needs the one version, another the other.
            Err(error) if error.kind() == ErrorKind::BoundaryNotInVersion => return,
            export => export.unwrap(),
        };
        let local = checker.local(&export);
        checker.push(Some(rank), local);
    }
    let report = checker.finish(Ranks::All);
    let errors = report.diagnostics.iter().map(|found| &found.finding);
    let errors: Vec<_> = errors.filter(|finding| finding.rule().severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{placement}: {errors:?}");
    let found = report.layout.unwrap();
    for index in indices(layout.shape()) {
        let index: Vec<GlobalIndex> = index.into_iter().map(GlobalIndex).collect();
        assert_eq!(found.owner(&index), layout.owner(&index), "{index:?} of {placement}, read as {found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn of_views(
        base in shapes().prop_flat_map(placements), steps in 1..4_usize, choices in prop::collection::vec(any::<u16>(), 0..60),
    ) {
        let mut choices = Choices::new(choices);
        let mut state = (View::of(&base), Dense::of(base.shape()));
        for _ in 0..steps {
            state = step(&state.0, &state.1, &mut choices);
        }
        judged(&state.0.placement().unwrap());
    }
}
