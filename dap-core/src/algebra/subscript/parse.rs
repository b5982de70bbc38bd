//! An index from text, such as `3:, ::-1, None, ..., 5`.

use std::fmt;

use super::{Slice, Subscript};

/// A text that is no index: the part that was found, and what was expected.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseError {
    found: String,
    expected: String,
}

impl ParseError {
    /// The part of the text that is wrong, at most 40 characters of it.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.found, self.expected)
    }
}

crate::debug_as_display!(ParseError);

impl std::error::Error for ParseError {}

fn unexpected(found: &str, expected: impl Into<String>) -> ParseError {
    const SHOWN: usize = 40;
    let mut shown: String = found.chars().take(SHOWN).collect();
    if found.chars().nth(SHOWN).is_some() {
        shown += "...";
    }
    ParseError { found: shown, expected: expected.into() }
}

impl Subscript {
    /// The subscripts of an index in Python's notation: integers, slices, `...`, `None` or
    /// `newaxis`, separated by commas. One pair of brackets or parentheses round all of it is
    /// ignored, and so is a comma at the end. An empty text is an index without subscripts.
    ///
    /// # Errors
    /// A part that is none of these. Whether the array has such indices is not known here.
    pub fn parse(text: &str) -> Result<Vec<Subscript>, ParseError> {
        let inner = bare(text.trim());
        let inner = inner.strip_suffix(',').filter(|rest| !rest.trim().is_empty()).unwrap_or(inner);
        if inner.trim().is_empty() {
            return Ok(Vec::new());
        }
        inner.split(',').map(|part| one(part.trim(), text)).collect()
    }
}

/// The text without a pair of brackets round it.
fn bare(text: &str) -> &str {
    let within = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    within('[', ']').or_else(|| within('(', ')')).map_or(text, str::trim)
}

fn one(part: &str, text: &str) -> Result<Subscript, ParseError> {
    match part {
        "" => Err(unexpected(text.trim(), "has nothing between two commas; write : for a whole dimension")),
        "..." => Ok(Subscript::Ellipsis),
        "None" | "newaxis" => Ok(Subscript::NewAxis),
        _ if part.contains(':') => slice(part).map(Subscript::Slice),
        _ => number(part, part).map(Subscript::Index),
    }
}

fn slice(part: &str) -> Result<Slice, ParseError> {
    let bounds: Vec<&str> = part.split(':').map(str::trim).collect();
    let bound = |at: usize| match bounds.get(at).copied().unwrap_or("") {
        "" => Ok(None),
        digits => number(digits, part).map(Some),
    };
    if bounds.len() > 3 {
        let colons = bounds.len() - 1;
        return Err(unexpected(part, format!("has {colons} colons; a slice is start:stop:step, with 1 or 2")));
    }
    let slice = Slice { start: bound(0)?, stop: bound(1)?, step: bound(2)? };
    if slice.step == Some(0) {
        return Err(unexpected(part, "has step 0; a step is positive, or negative to go backwards"));
    }
    Ok(slice)
}

fn number(digits: &str, part: &str) -> Result<i64, ParseError> {
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let expected = "is no subscript; expected an integer, a slice such as 1:-1:2, None, or ...";
        return Err(unexpected(if digits == part { digits } else { part }, expected));
    }
    digits.parse().map_err(|_| unexpected(digits, "does not fit a signed 64-bit integer, as every index does"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slice(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Subscript {
        Subscript::Slice(Slice { start, stop, step })
    }

    #[test]
    fn notations() {
        let parsed = |text: &str| Subscript::parse(text).unwrap();
        assert_eq!(parsed(""), []);
        assert_eq!(parsed("()"), []);
        assert_eq!(parsed(" [ 3 ] "), [Subscript::Index(3)]);
        assert_eq!(parsed("-1,"), [Subscript::Index(-1)]);
        assert_eq!(parsed("(1:2, :)"), [slice(Some(1), Some(2), None), slice(None, None, None)]);
        assert_eq!(
            parsed("3:, ::-1, None, ..., newaxis"),
            [
                slice(Some(3), None, None),
                slice(None, None, Some(-1)),
                Subscript::NewAxis,
                Subscript::Ellipsis,
                Subscript::NewAxis,
            ]
        );
        assert_eq!(parsed("9223372036854775807:-9223372036854775808"), [slice(Some(i64::MAX), Some(i64::MIN), None)]);
    }

    #[test]
    fn refusals() {
        let message = |text: &str| Subscript::parse(text).unwrap_err().to_string();
        assert_eq!(message("1,,2"), "`1,,2` has nothing between two commas; write : for a whole dimension");
        assert_eq!(message(","), "`,` has nothing between two commas; write : for a whole dimension");
        assert_eq!(message("::0"), "`::0` has step 0; a step is positive, or negative to go backwards");
        let expected = "is no subscript; expected an integer, a slice such as 1:-1:2, None, or ...";
        assert_eq!(message("a"), format!("`a` {expected}"));
        assert_eq!(message("1:b"), format!("`1:b` {expected}"));
        assert_eq!(message("[1"), format!("`[1` {expected}"));
        assert_eq!(message("-"), format!("`-` {expected}"));
        assert_eq!(
            message("9223372036854775808"),
            "`9223372036854775808` does not fit a signed 64-bit integer, as every index does"
        );
        assert_eq!(message(&"x".repeat(100)).chars().filter(|&c| c == 'x').count(), 41); // one in "expected"
    }

    proptest! {
        /// Any text is an index or refused.
        #[test]
        fn any_text(text in ".{0,40}", index in r"[-0-9:., \[\]()Noe]{0,24}") {
            for text in [text, index] {
                if let Err(error) = Subscript::parse(&text) {
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}
