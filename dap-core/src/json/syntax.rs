//! Messages for syntax errors; Python's literals are recognised.

use std::borrow::Cow;

use jiter::{JiterErrorType, JsonErrorType, Peek};

use crate::finding::{Finding, Key, Place};
use crate::json::MAX_DEPTH;
use crate::json::tokens::{Reader, Stop};
use crate::rules::RuleId;

/// The finding for a text that could not be read to its end; `at` is the reader's last position.
pub(super) fn finding(text: &[u8], at: usize, stop: &Stop) -> Finding {
    let (rule, at, problem) = match stop {
        Stop::TooDeep => {
            return Finding::new(RuleId::NESTED_TOO_DEEP, place(text, at, 1)).with("limit", MAX_DEPTH);
        }
        Stop::Syntax(error) => {
            let at = error.index.min(text.len());
            match &error.error_type {
                JiterErrorType::JsonError(JsonErrorType::TrailingCharacters) => {
                    (RuleId::TRAILING_TEXT, at, String::new())
                }
                JiterErrorType::JsonError(JsonErrorType::RecursionLimitExceeded) => {
                    return Finding::new(RuleId::NESTED_TOO_DEEP, place(text, at, 1)).with("limit", MAX_DEPTH);
                }
                JiterErrorType::JsonError(kind) => (RuleId::INVALID_JSON, at, words(kind, text)),
                JiterErrorType::WrongType { .. } => (RuleId::INVALID_JSON, at, "a value was expected here".to_owned()),
            }
        }
    };
    if rule == RuleId::INVALID_JSON
        && let Some((start, literal)) = python_literal(text, at)
    {
        let found = match &*literal {
            "'" => "a single-quoted string".to_owned(),
            "(" => "a tuple".to_owned(),
            word => format!("`{word}`"),
        };
        let finding = Finding::new(RuleId::PYTHON_LITERAL, place(text, start, literal.len())).with("found", found);
        let finding = finding.note("numpy", literal.ends_with(')') || literal.ends_with('_'));
        return finding.note("nan", matches!(&*literal, "NaN" | "Infinity" | "-Infinity"));
    }
    let documents = rule == RuleId::TRAILING_TEXT && is_document(text.get(at..).unwrap_or_default());
    Finding::new(rule, place(text, at, 1)).with("problem", problem).note("documents", documents)
}

/// Whether the text begins with another dictionary, whole or broken off at the end of the text.
fn is_document(text: &[u8]) -> bool {
    let mut reader = Reader::new(text);
    match reader.jiter.peek() {
        Ok(Peek::Object) => match reader.skip(Peek::Object, 0) {
            Ok(()) => true,
            Err(Stop::Syntax(error)) => error.index >= text.trim_ascii_end().len(),
            Err(Stop::TooDeep) => false,
        },
        _ => false,
    }
}

fn place(text: &[u8], at: usize, len: usize) -> Place {
    let start = at.min(text.len());
    Place { span: Some(start..(start + len).min(text.len())), ..Place::export(Key::Export) }
}

fn words(kind: &JsonErrorType, text: &[u8]) -> String {
    if let Some((_, what)) = BEGINNINGS.iter().find(|(beginning, _)| text.starts_with(beginning)) {
        return (*what).to_owned();
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return "it is empty".to_owned();
    }
    match kind {
        JsonErrorType::EofWhileParsingList => "it ends within a list".to_owned(),
        JsonErrorType::EofWhileParsingObject => "it ends within a dictionary".to_owned(),
        JsonErrorType::EofWhileParsingString => "it ends within a string".to_owned(),
        JsonErrorType::EofWhileParsingValue => "it ends where a value was expected".to_owned(),
        JsonErrorType::ExpectedSomeValue | JsonErrorType::ExpectedSomeIdent => "a value was expected here".to_owned(),
        JsonErrorType::KeyMustBeAString => "a key in double quotes was expected here".to_owned(),
        JsonErrorType::TrailingComma => "there is a comma after the last item".to_owned(),
        JsonErrorType::LoneLeadingSurrogateInHexEscape => {
            "`\\u` with d800 to dfff is half of a character, and the other half is not beside it".to_owned()
        }
        JsonErrorType::InvalidEscape => "a backslash stands before something that JSON does not escape".to_owned(),
        JsonErrorType::UnexpectedEndOfHexEscape => "the text ends within an escape `\\u`".to_owned(),
        JsonErrorType::NumberOutOfRange => "a number has more than 4300 digits".to_owned(),
        JsonErrorType::InvalidUnicodeCodePoint => "the text is not UTF-8, or names no character".to_owned(),
        JsonErrorType::InvalidNumber => "this is not a number as JSON writes one".to_owned(),
        JsonErrorType::ControlCharacterWhileParsingString => "a string holds a raw control character".to_owned(),
        other => other.to_string(),
    }
}

/// The beginnings of files that are no JSON.
const BEGINNINGS: [(&[u8], &str); 6] = [
    (b"\xef\xbb\xbf", "it begins with a byte-order mark; write plain UTF-8 (in Python \"utf-8\", not \"utf-8-sig\")"),
    (b"\xff\xfe", "it is UTF-16; write UTF-8"),
    (b"\xfe\xff", "it is UTF-16; write UTF-8"),
    (b"\x1f\x8b", "it is compressed by gzip"),
    (b"\x93NUMPY", "it is a .npy file: the buffer alone, without its export"),
    (b"\x80", "it is binary, a pickle perhaps"),
];

/// Literals that `str()` and `repr()` of a Python object leave in a text.
const LITERALS: [&str; 6] = ["-Infinity", "Infinity", "NaN", "None", "True", "False"];

/// The Python literal that begins at `at`, or a byte or two before (a `-`, or the first letters of
/// a word).
fn python_literal(text: &[u8], at: usize) -> Option<(usize, Cow<'_, str>)> {
    (at.saturating_sub(2)..=at).find_map(|start| {
        let rest = text.get(start..)?;
        if let Some(value) = numpy_value(text, start) {
            return Some((start, value.into()));
        }
        let word = LITERALS.into_iter().find(|literal| rest.starts_with(literal.as_bytes()));
        let quote = || match (start == at, rest.first()?) {
            (true, b'\'') => Some("'"),
            (true, b'(') => Some("("),
            _ => None,
        };
        word.or_else(quote).map(|literal| (start, literal.into()))
    })
}

/// The result of `repr` for a NumPy value that begins there: `np.int64(3)`, `numpy.True_`,
/// `array([0, 2])`. A long one is cut, and keeps its last bracket.
fn numpy_value(text: &[u8], start: usize) -> Option<String> {
    const LONGEST: usize = 40;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    if start.checked_sub(1).and_then(|before| text.get(before)).is_some_and(is_name) {
        return None;
    }
    let rest = &text[start..text.len().min(start + 64)];
    let name = std::str::from_utf8(&rest[..rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len())]).ok()?;
    let of_numpy = ["np.", "numpy."].into_iter().find_map(|module| name.strip_prefix(module));
    if of_numpy.is_some_and(|name| matches!(name, "True_" | "False_")) {
        return Some(name.to_owned());
    }
    const TYPES: [&str; 8] = ["int", "uint", "float", "bool", "complex", "str_", "bytes_", "longlong"];
    let is_type = of_numpy.unwrap_or(name).trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let is_value = match of_numpy {
        Some(_) => true,
        None => name == "array" || (name != is_type && TYPES.contains(&is_type)),
    };
    let arguments = rest.get(name.len()..)?;
    if !is_value || !arguments.starts_with(b"(") {
        return None;
    }
    let close = arguments.iter().position(|byte| *byte == b')');
    let shown = match close.map(|at| name.len() + at + 1).filter(|end| *end <= LONGEST) {
        Some(end) => String::from_utf8_lossy(&rest[..end]).into_owned(),
        None => format!("{name}(...)"),
    };
    Some(shown)
}

#[cfg(test)]
mod tests {
    /// The message about an export with this `size`.
    fn said(value: &str) -> String {
        let text = format!(r#"{{"dim_data": [{{"size": {value}, "start": 0}}]}}"#);
        let export = crate::json::read(text.as_bytes());
        let finding = export.problems.first().expect("a problem");
        let notes: Vec<&str> = finding.notes.iter().copied().collect();
        format!("{} {}: {}", finding.rule, notes.join(" "), finding.message())
    }

    #[test]
    fn values_of_numpy() {
        for (value, shown) in [
            ("np.int64(3)", "np.int64(3)"),
            ("numpy.int64(3)", "numpy.int64(3)"),
            ("np.float64(nan)", "np.float64(nan)"),
            ("np.True_", "np.True_"),
            ("np.bool(False)", "np.bool(False)"),
            ("int64(3)", "int64(3)"),
            ("array([0, 2])", "array([0, 2])"),
            ("array([0, 2], dtype=int32)", "array([0, 2], dtype=int32)"),
            ("np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])", "np.array(...)"),
            ("uint8(0)", "uint8(0)"),
        ] {
            assert_eq!(said(value), format!("DAP005 numpy: `{shown}` is Python, not JSON"), "{value}");
            let in_list = said(&format!("[1, {value}]"));
            assert_eq!(in_list, format!("DAP005 numpy: `{shown}` is Python, not JSON"), "{value}");
        }
        for (value, rule) in [("nope", "DAP002"), ("np", "DAP002"), ("int(3)", "DAP002"), ("None", "DAP005 :")] {
            assert!(said(value).starts_with(rule), "{}", said(value));
        }
    }

    #[test]
    fn one_document_after_another() {
        let notes = |text: &str| {
            let export = crate::json::read(text.as_bytes());
            let finding = export.problems.first().expect("a problem");
            format!("{} {}", finding.rule, finding.notes.join(" "))
        };
        for more in ["{\n}", "{}", "{\n \"a\": 1\n}\n{\n}", "{\n \"a\": [1,\n"] {
            assert_eq!(notes(&format!("{{\n}}\n{more}")), "DAP006 documents", "{more}");
        }
        for more in ["]}", "[1]", "3", "\"start\": 3}", "{x"] {
            assert_eq!(notes(&format!("{{\n}}\n{more} ")), "DAP006 ", "{more}");
        }
    }
}
