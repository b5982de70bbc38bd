//! Syntax errors in words, Python's literals recognised.

use jiter::{JiterErrorType, JsonErrorType};

use crate::finding::{Finding, Key, Place};
use crate::json::MAX_DEPTH;
use crate::json::reader::Stop;
use crate::rules::RuleId;

/// The finding for a text that could not be read to its end; `at` is how far the reader came.
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
        let found = match literal {
            "'" => "a single-quoted string".to_owned(),
            "(" => "a tuple".to_owned(),
            word => format!("`{word}`"),
        };
        let finding = Finding::new(RuleId::PYTHON_LITERAL, place(text, start, literal.len())).with("found", found);
        return finding.note("nan", matches!(literal, "NaN" | "Infinity" | "-Infinity"));
    }
    Finding::new(rule, place(text, at, 1)).with("problem", problem)
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

/// What files begin with that are no JSON.
const BEGINNINGS: [(&[u8], &str); 6] = [
    (b"\xef\xbb\xbf", "it begins with a byte-order mark; write plain UTF-8 (in Python \"utf-8\", not \"utf-8-sig\")"),
    (b"\xff\xfe", "it is UTF-16; write UTF-8"),
    (b"\xfe\xff", "it is UTF-16; write UTF-8"),
    (b"\x1f\x8b", "it is compressed by gzip"),
    (b"\x93NUMPY", "it is a .npy file: the buffer alone, without its export"),
    (b"\x80", "it is binary, a pickle perhaps"),
];

/// What `str()` and `repr()` of a Python object leave in a text.
const LITERALS: [&str; 6] = ["-Infinity", "Infinity", "NaN", "None", "True", "False"];

/// The Python literal that begins at `at`, or a byte or two before (a `-`, or the first letter of a word).
fn python_literal(text: &[u8], at: usize) -> Option<(usize, &'static str)> {
    (at.saturating_sub(2)..=at).find_map(|start| {
        let rest = text.get(start..)?;
        let word = LITERALS.into_iter().find(|literal| rest.starts_with(literal.as_bytes()));
        let quote = || match (start == at, rest.first()?) {
            (true, b'\'') => Some("'"),
            (true, b'(') => Some("("),
            _ => None,
        };
        word.or_else(quote).map(|literal| (start, literal))
    })
}
