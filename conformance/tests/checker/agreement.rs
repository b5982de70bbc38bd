//! The checker's verdict equals the oracle's, on valid sets and on every single mistake in them.

use dap_conformance::generate::sets;
use dap_conformance::mutate::{mutated, mutations};
use dap_conformance::oracle;
use dap_core::rules::Severity;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::{assert_filled, check_set, rules};

proptest! {
    #![proptest_config(Config::with_cases(256))]

    #[test]
    fn valid_sets_are_valid(set in sets()) {
        let verdict = oracle::check_set(&set);
        prop_assert!(verdict.valid, "the generator made an invalid set: {:?}", verdict.reasons);
        let report = check_set(&set);
        assert_filled(&report);
        prop_assert!(report.is_valid(), "{:?}", rules(&report, Severity::Error));
        prop_assert!(report.layout.is_some());
    }

    #[test]
    fn a_single_mistake_is_checked_as_the_oracle_does(case in mutated()) {
        compare(&case.set, &format!("{:?}", case.mutation));
    }
}

/// Checks `set` with both, and demands the same verdict.
fn compare(set: &[dap_conformance::model::RankExport], what: &str) {
    if set.is_empty() {
        return; // nothing to check: the reader of files says so
    }
    let verdict = oracle::check_set(set);
    let report = check_set(set);
    assert_filled(&report);
    if verdict.too_large {
        return;
    }
    let found = rules(&report, Severity::Error);
    assert_eq!(report.is_valid(), verdict.valid, "{what}: found {found:?}, the oracle says {:?}", verdict.reasons);
    assert_eq!(report.layout.is_some(), verdict.valid, "{what}: a layout only for what is valid");
}

/// Every mistake that can be made in a few sets, one after the other.
#[test]
fn all_single_mistakes_in_some_sets() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..8 {
        let set = sets().new_tree(&mut runner).map(|tree| tree.current()).unwrap();
        for mutation in mutations(&set) {
            compare(&mutation.apply(&set), &format!("{mutation:?} of {}", set[0].to_json()));
        }
    }
}
