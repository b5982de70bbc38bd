//! The checker: lines are the exports of all ranks. Only a valid set has a layout, and the layout
//! that is written and read again is the same.
#![no_main]

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::index::Rank;
use dap_core::json;

libfuzzer_sys::fuzz_target!(|lines: &[u8]| {
    let report = dap_fuzz::check(lines, Profile::Auto);
    report.diagnostics.iter().for_each(dap_fuzz::assert_filled);
    let _ = dap_fuzz::check(lines, Profile::Reference010);
    let (Some(layout), Some(dtype)) = (report.layout.as_ref(), report.dtype.as_ref()) else { return };
    assert!(report.is_valid());
    let mut checker = Checker::new(Profile::Auto);
    for rank in (0..layout.processes()).map(Rank) {
        let Ok(export) = layout.export_in(report.edition.expect("of a layout"), rank, dtype) else { return };
        let text = json::write(&export).expect("a text");
        let local = checker.local(&json::read(text.as_bytes()));
        checker.push(Some(rank), local);
    }
    let again = checker.finish(Ranks::All);
    assert_eq!(again.layout.as_ref(), Some(layout), "{:?}", again.diagnostics);
});
