//! One export, or a bundle of all ranks' exports.

use std::ops::Range;

use jiter::Peek;

use crate::finding::{Finding, Key, Place};
use crate::json::syntax;
use crate::json::tokens::{Read, Reader};
use crate::rules::RuleId;

/// The content of a JSON document.
#[derive(Debug)]
pub enum Document {
    /// One rank's export: the whole text.
    Export,
    /// A bundle `{"ranks": [...]}`: the bytes of each rank's export, in rank order.
    Bundle {
        /// The range of each export in the text.
        exports: Vec<Range<usize>>,
        /// The findings about the bundle itself.
        problems: Vec<Finding>,
    },
}

/// Looks whether `text` is an export or a bundle, without reading the exports.
///
/// A dictionary with the key `ranks` is a bundle. Everything else, valid or not, is left to
/// [`read`](crate::json::read).
#[must_use]
pub fn split(text: &[u8]) -> Document {
    let mut reader = Reader::new(text);
    let mut found = None;
    let outcome = bundle(&mut reader, &mut found);
    let Some(exports) = found else { return Document::Export };
    if let Err(stop) = outcome.and_then(|()| Ok(reader.jiter.finish()?)) {
        reader.problems.push(syntax::finding(text, reader.jiter.current_index(), &stop));
    }
    Document::Bundle { exports, problems: reader.problems }
}

/// The lines of a text that has an export on each of several lines; `None` for any other text.
/// Lines of white space are left out.
///
/// ```
/// use dap_core::json::lines;
/// assert_eq!(lines(b"{}\n{}\n").map(|lines| lines.len()), Some(2));
/// assert_eq!(lines(b"{\n}"), None);
/// ```
#[must_use]
pub fn lines(text: &[u8]) -> Option<Vec<&[u8]>> {
    let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let lines: Vec<&[u8]> = lines.collect();
    (lines.len() > 1 && lines.iter().all(|line| line.starts_with(b"{") && line.ends_with(b"}"))).then_some(lines)
}

/// Walks the outermost dictionary; `found` is set when it turns out to be a bundle.
fn bundle(reader: &mut Reader<'_>, found: &mut Option<Vec<Range<usize>>>) -> Read<()> {
    if reader.jiter.peek()? != Peek::Object {
        return Ok(());
    }
    let mut key = reader.jiter.known_object()?.map(|key| key == "ranks");
    while let Some(is_ranks) = key {
        let peek = reader.jiter.peek()?;
        if is_ranks && found.is_some() {
            let start = reader.jiter.current_index();
            reader.skip(peek, 1)?;
            let place = Place { span: Some(start..reader.jiter.current_index()), ..Place::export(Key::Export) };
            reader.problems.push(Finding::new(RuleId::DUPLICATE_KEY, place).with("key", "ranks"));
        } else if is_ranks {
            let exports = found.insert(Vec::new());
            if peek == Peek::Array {
                let mut next = reader.jiter.known_array()?;
                while let Some(peek) = next {
                    let (start, known) = (reader.jiter.current_index(), reader.problems.len());
                    reader.skip(peek, 2)?;
                    // Mistakes within an export are found again when it is read.
                    reader.problems.truncate(known);
                    exports.push(start..reader.jiter.current_index());
                    next = reader.jiter.array_step()?;
                }
            } else {
                let start = reader.jiter.current_index();
                reader.skip(peek, 1)?;
                let span = start..reader.jiter.current_index();
                let what = match peek {
                    Peek::Object => "a dictionary",
                    Peek::String => "a string",
                    _ => "something else",
                };
                let place = Place { span: Some(span), ..Place::export(Key::Export) };
                reader.problems.push(Finding::new(RuleId::NOT_A_BUNDLE, place).with("found", what));
            }
        } else {
            reader.skip(peek, 1)?;
        }
        key = reader.jiter.next_key()?.map(|key| key == "ranks");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message, and the text that it is about.
    type Said<'t> = (String, &'t str);

    /// The texts of the exports, and the messages; `None` for no bundle.
    fn parts(text: &str) -> Option<(Vec<&str>, Vec<Said<'_>>)> {
        let Document::Bundle { exports, problems } = split(text.as_bytes()) else { return None };
        let said = |problem: &Finding| {
            let at = problem.place.span.clone().expect("a place in the text");
            (format!("{}: {}", problem.rule, problem.message()), &text[at])
        };
        Some((exports.into_iter().map(|at| &text[at]).collect(), problems.iter().map(said).collect()))
    }

    #[test]
    fn each_line_is_an_export_or_none_is() {
        assert_eq!(lines(b"{}\n \n {\"a\": 1} \n"), Some(vec![&b"{}"[..], b"{\"a\": 1}"]));
        for text in ["{}", "{\n}", "{}\n{", "}\n{}", "{}\n3", "{}\n{},"] {
            assert_eq!(lines(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn exports_are_found_and_not_read() {
        let bundle = r#"{"about": [{"ranks": 1}], "ranks": [ {"a": [1, 2]},3 , "x"], "more": null} "#;
        assert_eq!(parts(bundle), Some((vec![r#"{"a": [1, 2]}"#, "3", r#""x""#], vec![])));
        assert_eq!(parts(r#"{"ranks": []}"#), Some((vec![], vec![])));
        for text in ["", "[]", "3", "{}", r#"{"rank": []}"#, r#"[{"ranks": []}]"#, r#"{"a": {"ranks": []}}"#, "{"] {
            assert_eq!(parts(text), None, "{text}");
        }
        // A repeated key within an export belongs to the export and is reported when it is read.
        assert_eq!(parts(r#"{"ranks": [{"a": 1, "a": 2}]}"#), Some((vec![r#"{"a": 1, "a": 2}"#], vec![])));
    }

    #[test]
    fn what_is_wrong_with_the_bundle_itself() {
        let not_a_list = |found: &str| format!("DAP013: `ranks` is {found}, not a list of exports");
        for (value, found) in [
            (r#"{"0": {}}"#, "a dictionary"),
            (r#""rank-0.json""#, "a string"),
            ("4", "something else"),
            ("null", "something else"),
        ] {
            let text = format!(r#"{{"ranks": {value}, "more": 1}}"#);
            assert_eq!(parts(&text), Some((vec![], vec![(not_a_list(found), value)])));
        }
        let twice = parts(r#"{"ranks": [1], "ranks": [2, 3]}"#).unwrap();
        assert_eq!(twice.0, ["1"]);
        assert_eq!(twice.1, [("DAP003: the key `ranks` appears more than once in this object".to_owned(), "[2, 3]")]);
        let (exports, problems) = parts(r#"{"ranks": [1, 2]} {}"#).unwrap();
        assert_eq!((exports.len(), problems.len(), &problems[0].0[..6]), (2, 1, "DAP006"));
        let (exports, problems) = parts(r#"{"ranks": [1, {"a": "#).unwrap();
        assert_eq!((exports, problems.len(), &problems[0].0[..6]), (vec!["1"], 1, "DAP002"));
    }
}
