//! The JSON reader: it reads any bytes, places are found again, and a value that can be written is
//! read back equal.
#![no_main]

use dap_core::check::{Checker, Profile};
use dap_core::json;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let _ = json::split(text);
    let export = json::read(text);
    for finding in Checker::new(Profile::Strict).local(&export).findings() {
        let at = json::locate(text, &finding.place);
        assert!(at.is_none_or(|at| at.start <= at.end && at.end <= text.len()));
    }
    if let Some(written) = json::write(&export) {
        assert_eq!(json::read(written.as_bytes()), export, "{written}");
    }
});
