//! Every output format, with any bytes on standard input.
#![no_main]

use dap_core::check::Profile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dap_fuzz::render(&dap_fuzz::sets(bytes), Profile::Strict));
