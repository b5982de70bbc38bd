//! Index ranges as Julia, Chapel and Global Arrays print them, and the texts that hold them.
//!
//! | language | a part |
//! |---|---|
//! | Julia | `(1:5, 1:3)`, one-dimensional `(1:5,)` |
//! | Chapel | `{0..4, 0..9}`, with a stride `{0..9 by 2 align 1}` |
//! | Global Arrays | `Process=1  owns array section: [5:9,0:3]` |

use serde_json::{Map, Value, json};

/// Numbers beyond this are no indices.
const LARGEST: i64 = 1 << 60;

/// Consecutive indices, or every `step`-th of them: first, last (included) and step. They are none
/// if the last is below the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PrintedRange {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) step: i64,
}

impl PrintedRange {
    pub(super) fn is_empty(self) -> bool {
        self.last < self.first
    }
}

/// The kind of brackets and ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Julia,
    Chapel,
    GlobalArrays,
}

/// A part with the number before it in its line.
#[derive(Debug, PartialEq, Eq)]
struct PrintedPart {
    number: Option<i64>,
    ranges: Vec<PrintedRange>,
}

impl Notation {
    fn brackets(self) -> [char; 2] {
        match self {
            Self::Julia => ['(', ')'],
            Self::Chapel => ['{', '}'],
            Self::GlobalArrays => ['[', ']'],
        }
    }

    /// The only part in a text.
    pub(super) fn one(self, text: &str) -> Option<Vec<PrintedRange>> {
        let parts: Vec<PrintedPart> = text.lines().flat_map(|line| self.parts(line)).collect();
        match <[PrintedPart; 1]>::try_from(parts) {
            Ok([part]) => Some(part.ranges),
            Err(_) => None,
        }
    }

    /// The parts in a line.
    fn parts(self, line: &str) -> Vec<PrintedPart> {
        let [open, close] = self.brackets();
        let mut parts = Vec::new();
        let mut rest = line;
        while let Some(begin) = rest.find(open) {
            let inner = &rest[begin + 1..];
            let Some(end) = inner.find([open, close]) else { break };
            if let Some(ranges) = self.ranges(&inner[..end]).filter(|_| inner[end..].starts_with(close)) {
                parts.push(PrintedPart { number: last_number(&rest[..begin]), ranges });
            }
            rest = &inner[end..];
        }
        parts
    }

    fn ranges(self, inner: &str) -> Option<Vec<PrintedRange>> {
        let inner = inner.trim();
        let inner = inner.strip_suffix(',').unwrap_or(inner);
        inner.split(',').map(|range| self.range(range.trim())).collect()
    }

    fn range(self, text: &str) -> Option<PrintedRange> {
        if self != Self::Chapel {
            let (first, last) = text.split_once(':')?;
            return Some(PrintedRange { first: number(first)?, last: number(last)?, step: 1 });
        }
        let mut words = text.split_whitespace();
        let (low, high) = words.next()?.split_once("..")?;
        let (high, is_open) = high.strip_prefix('<').map_or((high, false), |high| (high, true));
        let (mut first, last) = (number(low)?, number(high)? - i64::from(is_open));
        let mut step = 1;
        while let Some(word) = words.next() {
            let value = number(words.next()?)?;
            match word {
                "by" if value > 0 => step = value,
                // The first index that the alignment allows.
                "align" => first += (value - first).rem_euclid(step),
                _ => return None,
            }
        }
        Some(PrintedRange { first, last, step })
    }
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|number: &i64| number.abs() <= LARGEST)
}

/// The last number in a text.
fn last_number(text: &str) -> Option<i64> {
    let digits = |letter: char| letter.is_ascii_digit();
    let end = text.rfind(digits)? + 1;
    let begin = text[..end]
        .rfind(|letter| !digits(letter))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    text[begin..end].parse().ok()
}

/// The descriptions in a text that is neither JSON nor Python; `None` if it has no such parts.
pub(super) fn documents(text: &str) -> Option<Vec<Value>> {
    if text.contains("owns array section") {
        return global_arrays(text);
    }
    for (notation, key) in [(Notation::Chapel, "localSubdomain"), (Notation::Julia, "localindices")] {
        let mut parts: Vec<PrintedPart> = text.lines().flat_map(|line| notation.parts(line)).collect();
        if parts.is_empty() {
            continue;
        }
        // With a number each, they are in the order of these numbers.
        let mut numbers: Vec<Option<i64>> = parts.iter().map(|part| part.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let is_numbered = numbers.len() == parts.len() && numbers.first().is_some_and(Option::is_some);
        if is_numbered {
            parts.sort_by_key(|part| part.number);
        }
        let described = |part: &PrintedPart| {
            let ranges: Vec<[i64; 3]> = part.ranges.iter().map(|range| [range.first, range.last, range.step]).collect();
            let mut members = Map::from_iter([(key.to_owned(), json!(ranges))]);
            if is_numbered && parts.len() > 1 {
                members.insert("process".to_owned(), json!(part.number));
            }
            Value::Object(members)
        };
        return Some(vec![Value::Array(parts.iter().map(described).collect())]);
    }
    None
}

/// The output of `GA_Print_distribution`, of one array or several.
fn global_arrays(text: &str) -> Option<Vec<Value>> {
    let mut arrays: Vec<(String, Map<String, Value>, Vec<Value>)> = Vec::new();
    for line in text.lines() {
        let lower = line.to_ascii_lowercase();
        // Lower case may move no byte: both are ASCII there.
        let behind = |key: &str| lower.find(key).map(|at| line[at + key.len()..].trim());
        if let Some(name) = behind("name:'") {
            let name = name.split('\'').next().unwrap_or_default();
            arrays.push((name.to_owned(), Map::new(), Vec::new()));
        }
        if arrays.is_empty() {
            arrays.push((String::new(), Map::new(), Vec::new()));
        }
        let (_, members, sections) = arrays.last_mut()?;
        if let Some(dtype) = behind("data type:") {
            let dtype = dtype.split(" dimensions:").next().unwrap_or_default().trim();
            members.insert("data_type".to_owned(), json!(dtype));
        }
        if let Some(dims) = behind("dimensions:") {
            let dims: Option<Vec<i64>> = dims.split('x').map(number).collect();
            members.insert("dimensions".to_owned(), json!(dims?));
        }
        if lower.contains("owns array section") {
            let parts = Notation::GlobalArrays.parts(line);
            let ranges: Vec<[i64; 2]> = parts.last()?.ranges.iter().map(|range| [range.first, range.last]).collect();
            let process = lower.find("=").and_then(|at| {
                let digits = lower[at + 1..].trim_start();
                digits.split(|letter: char| !letter.is_ascii_digit()).next()?.parse::<i64>().ok()
            });
            sections.push(json!({"process": process, "section": ranges}));
        }
    }
    let mut cases = Map::new();
    let count = arrays.len();
    for (name, mut members, sections) in arrays {
        members.insert("sections".to_owned(), Value::Array(sections));
        if count == 1 {
            return Some(vec![Value::Object(members)]);
        }
        let name = if cases.contains_key(&name) { format!("{name}-{}", cases.len()) } else { name };
        cases.insert(name, Value::Object(members));
    }
    Some(vec![json!({ "cases": cases })])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(notation: Notation, text: &str) -> Option<Vec<[i64; 3]>> {
        let ranges = notation.one(text)?;
        Some(ranges.iter().map(|range| [range.first, range.last, range.step]).collect())
    }

    #[test]
    fn parts_as_they_are_printed() {
        for (notation, text, expected) in [
            (Notation::Julia, "(1:5, 1:3)", Some(vec![[1, 5, 1], [1, 3, 1]])),
            (Notation::Julia, "(1:5,)", Some(vec![[1, 5, 1]])),
            (Notation::Julia, "      From worker 2:\t(6:10, 1:0)", Some(vec![[6, 10, 1], [1, 0, 1]])),
            (Notation::Julia, "Tuple{UnitRange{Int64}}[(1:5,)]", Some(vec![[1, 5, 1]])),
            (Notation::Julia, "f(x) (1:5", None),
            (Notation::Julia, "(1:2:5,)", None),
            (Notation::Chapel, "{0..4, -3..9}", Some(vec![[0, 4, 1], [-3, 9, 1]])),
            (Notation::Chapel, "LOCALE1: {0..<4}", Some(vec![[0, 3, 1]])),
            (Notation::Chapel, "{1..9 by 2}", Some(vec![[1, 9, 2]])),
            (Notation::Chapel, "{1..9 by 2 align 0}", Some(vec![[2, 9, 2]])),
            (Notation::Chapel, "{1..9 by 0}", None),
            (Notation::Chapel, "{1..9} {1..9}", None),
            (Notation::GlobalArrays, "Process=0\t owns array section: [1:5,1:5] ", Some(vec![[1, 5, 1], [1, 5, 1]])),
            (Notation::Julia, "(99999999999999999999:5,)", None),
        ] {
            assert_eq!(one(notation, text), expected, "{text}");
        }
    }

    #[test]
    fn numbered_lines_are_sorted() {
        let found = documents("LOCALE1: {4..7}\nLOCALE0: {0..3}\n").unwrap();
        let part = |process: i64, first: i64| json!({"process": process, "localSubdomain": [[first, first + 3, 1]]});
        assert_eq!(found, [json!([part(0, 0), part(1, 4)])]);
        assert_eq!(documents("hello {world}"), None);
        // In a list they keep their order.
        let found = documents("[(1:4,), (5:8,)]").unwrap();
        assert_eq!(found, [json!([{"localindices": [[1, 4, 1]]}, {"localindices": [[5, 8, 1]]}])]);
    }
}
