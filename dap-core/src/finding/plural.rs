//! Counts with their nouns: `1 error`, `2 errors`.
//!
//! ```
//! use dap_core::finding::{irregular, plural};
//! assert_eq!([plural(1, "error"), plural(0, "error")], ["1 error", "0 errors"]);
//! assert_eq!([irregular(1, "index", "indices"), irregular(4, "index", "indices")], ["1 index", "4 indices"]);
//! ```

use std::fmt;

/// A count and a noun whose plural ends in `s`.
pub fn plural(count: impl fmt::Display, noun: &str) -> String {
    irregular(count, noun, &format!("{noun}s"))
}

/// A count and the form of the noun that belongs to it.
pub fn irregular(count: impl fmt::Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let noun = if count == "1" { one } else { many };
    format!("{count} {noun}")
}
