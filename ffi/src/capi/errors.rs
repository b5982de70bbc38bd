//! Codes and rules as text.

use std::ffi::c_char;

use dap_core::rules::Rule;

use super::call::{Text, call, set, string};
use crate::{Code, Refusal};

/// The library's version, such as "0.3.0".
#[unsafe(no_mangle)]
pub extern "C" fn dap_library_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// One sentence for a code. The sentence of a rule may have {placeholders}; the sentence with
/// values is in DapError.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_strerror(code: i32, text: *mut c_char, capacity: usize, needed: *mut usize) -> i32 {
    call(std::ptr::null_mut(), || {
        let sentence = match Rule::find(&Code(code).to_string()) {
            Some(rule) => rule.message,
            None => Code(code).template(),
        };
        let sentence = if sentence.is_empty() { "an unknown code" } else { sentence };
        // SAFETY: `text` has `capacity` bytes or is null, and `needed` is null or may be written:
        // the contract of every function that returns text.
        unsafe { Text { text, capacity, needed }.write(sentence) }
    })
}

/// The id of a code's rule, such as "DAP304"; DAP_E_NOT_FOUND for a code that is not a rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_rule_id(code: i32, text: *mut c_char, capacity: usize, needed: *mut usize) -> i32 {
    call(std::ptr::null_mut(), || {
        let rule = rule(code)?;
        // SAFETY: `text` has `capacity` bytes or is null, and `needed` is null or may be written:
        // the caller of `dap_rule_id` gives both.
        unsafe { Text { text, capacity, needed }.write(&rule.id.to_string()) }
    })
}

/// The page of a code's rule, in Markdown: the check, its reason, and the remedy; DAP_E_NOT_FOUND
/// for a code that is not a rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_rule_page(code: i32, text: *mut c_char, capacity: usize, needed: *mut usize) -> i32 {
    call(std::ptr::null_mut(), || {
        let rule = rule(code)?;
        let page = format!("# {} {}\n\n{}\n\n{}\n", rule.id, rule.name, rule.message, rule.page);
        // SAFETY: `text` has `capacity` bytes or is null, and `needed` is null or may be written:
        // the caller of `dap_rule_page` gives both.
        unsafe { Text { text, capacity, needed }.write(&page) }
    })
}

/// The code of a rule, by its id or name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_rule_code(id_or_name: *const c_char, code: *mut i32) -> i32 {
    call(std::ptr::null_mut(), || {
        // SAFETY: `string` refuses null, any other text of a C caller ends with 0; `set` refuses a
        // null or misaligned `code`, any other may be written.
        unsafe {
            let name = string(id_or_name, "id_or_name")?;
            let rule = Rule::find(name).ok_or_else(|| Refusal::new(Code::NOT_FOUND).what("rule").found(0))?;
            set(code, "code", Code::of(rule.id).0)
        }
    })
}

fn rule(code: i32) -> Result<&'static Rule, Refusal> {
    Rule::find(&Code(code).to_string()).ok_or_else(|| Refusal::new(Code::NOT_FOUND).what("rule").found(code))
}
