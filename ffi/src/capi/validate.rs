//! The protocol's rules for one struct by itself. All structs together are checked when a layout is
//! made of them.

use dap_core::check::{Checker, Profile};

use super::call::call;
use crate::{DapArray, DapError, consume, describe};

/// Checks a struct by itself, by all rules that need no other process. The code and the error are
/// those of the first finding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_validate(array: *const DapArray, error: *mut DapError) -> i32 {
    call(error, || {
        // SAFETY: `describe` refuses null, misaligned and released structs; any other obeys
        // `spec/abi.md` and is not changed during the call.
        let export = unsafe { describe(array) }?;
        consume::errors(&Checker::new(Profile::Auto).local(&export))
    })
}
