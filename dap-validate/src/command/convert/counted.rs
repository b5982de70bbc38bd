//! Numbers counted from 1, as in Julia and Fortran, where the library counts from 0. They are found
//! by trial.
//!
//! A description that is refused is converted again with 1 subtracted from the numbers of some of
//! its fields. If the whole description then fits, the refusal mentions it. The changed description
//! is never written: the user must change the numbers.

use serde_json::Value;

use super::library::{ConvertOptions, CountedField, LibraryCase};
use super::raw::RawValue;

/// The largest number of ranks of a description that is tried again.
const MOST_RANKS: usize = 1 << 12;

/// A sentence about the fields that seem to be counted from 1.
pub(super) fn hint(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> Option<String> {
    if case.ranks.len() > MOST_RANKS {
        return None;
    }
    let fields = case.library.counted;
    let mut subsets: Vec<usize> = (1..1_usize << fields.len()).collect();
    subsets.sort_by_key(|subset| subset.count_ones());
    let chosen =
        |subset: usize| fields.iter().enumerate().filter(move |(at, _)| subset >> at & 1 == 1).map(|(_, one)| one);
    let subset = subsets.into_iter().find(|&subset| {
        let shifted: Option<Vec<Value>> = case.ranks.iter().map(|raw| shifted(raw.value(), chosen(subset))).collect();
        shifted.is_some_and(|values| fits(case, &values, options))
    })?;
    let mut subtracted = Vec::new();
    let mut added = Vec::new();
    for (path, by) in chosen(subset) {
        let name = name(path);
        let list = if *by < 0 { &mut subtracted } else { &mut added };
        if !list.contains(&name) {
            list.push(name);
        }
    }
    let what = [("subtracted from", subtracted), ("added to", added)];
    let changes: Vec<String> = what
        .iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(verb, names)| format!("1 {verb} {}", names.join(" and ")))
        .collect();
    let question = if what[0].1.is_empty() { "is the last index included" } else { "counted from 1" };
    Some(format!(
        "{question}? The protocol counts from 0, and its ranges end before their stop; with {} all fits",
        changes.join(" and ")
    ))
}

/// The name of a field, `range` for `range/*`, and the end that the path names.
fn name(path: &str) -> String {
    let is_key = |part: &&str| part.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let key = path.split('/').rfind(is_key).unwrap_or(path);
    match path.rsplit('/').next() {
        Some("0") => format!("the starts in `{key}`"),
        Some("1") => format!("the second numbers in `{key}`"),
        _ => format!("`{key}`"),
    }
}

fn fits(case: &LibraryCase<'_>, values: &[Value], options: &ConvertOptions<'_>) -> bool {
    let ranks = values.iter().zip(&case.ranks).map(|(value, raw)| RawValue::new(value, raw.to_string())).collect();
    let case = LibraryCase { name: case.name.clone(), library: case.library, ranks, outside: case.outside.clone() };
    (case.library.convert)(&case, options).and_then(|converted| converted.checked()).is_ok()
}

/// The description with changed numbers; `None` if one of the fields is missing.
fn shifted<'a>(value: &Value, fields: impl Iterator<Item = &'a CountedField>) -> Option<Value> {
    let mut changed = value.clone();
    for (path, by) in fields {
        let path: Vec<&str> = path.split('/').collect();
        if shift(&mut changed, &path, *by) == 0 {
            return None;
        }
    }
    Some(changed)
}

/// Adds `by` to all numbers at a path. Returns their number.
pub(super) fn shift(value: &mut Value, path: &[&str], by: i64) -> usize {
    match (path, value) {
        ([], value) => {
            let Some(sum) = value.as_i64().and_then(|number| number.checked_add(by)) else { return 0 };
            *value = sum.into();
            1
        }
        (["**", ..], Value::Array(items)) => items.iter_mut().map(|item| shift(item, path, by)).sum(),
        (["**"], value) => shift(value, &[], by),
        (["*", rest @ ..], Value::Array(items)) => items.iter_mut().map(|item| shift(item, rest, by)).sum(),
        (["*", rest @ ..], Value::Object(members)) => members.values_mut().map(|member| shift(member, rest, by)).sum(),
        ([key, rest @ ..], value) => {
            let inner = match key.parse::<usize>() {
                Ok(at) => value.get_mut(at),
                Err(_) => value.get_mut(*key),
            };
            inner.map_or(0, |inner| shift(inner, rest, by))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases;
    use super::super::libraries::LIBRARIES;
    use super::super::libraries::LibraryChoice;
    use super::*;

    fn documents() -> Vec<Value> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert");
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
            crate::printed::values(&text).unwrap().into_iter().map(cases::normalised)
        };
        let part = |start: i64, extent: i64, rank: i64| serde_json::json!({"start": [start], "shape": [extent], "location": [rank]});
        let shard = |start: i64| serde_json::json!({"index": [[start, start + 4], null]});
        let mut documents: Vec<Value> =
            ["heat", "mpi4py-fft", "petsc4py", "scalapack"].into_iter().flat_map(read).collect();
        documents.push(serde_json::json!({"chunks": [[2, 2], [4]], "owners": [[0], [1]]}));
        documents.push(serde_json::json!({"shape": [8, 3], "shards": [shard(0), shard(4)]}));
        documents.push(serde_json::json!({"shape": [9], "partition_tiling": [2], "partitions": {"(0,)": part(0, 5, 0), "(1,)": part(5, 4, 1)}}));
        documents.push(serde_json::json!({"dims": ["x"], "chunksizes": {"x": [2, 2]}, "owners": [0, 1]}));
        documents
            .push(serde_json::json!({"zarr_format": 2, "shape": [5], "chunks": [3], "dtype": "<f8", "owners": [0, 1]}));
        let part = |start: i64| serde_json::json!({"global_shape": [8], "start": [start], "shape": [4]});
        documents.push(serde_json::json!([part(0), part(4)]));
        documents
    }

    /// Each field of each library that can be counted from 1, alone and with all others: refused,
    /// with the hint, never converted.
    #[test]
    fn numbers_counted_from_1_are_never_converted() {
        let options = ConvertOptions { dtype: None, renumber: false };
        let mut seen = std::collections::HashSet::new();
        for document in documents() {
            let values = [document];
            let cases = cases::split(&values, "array", LibraryChoice(None));
            for case in &cases.found {
                if !fits(case, &case.ranks.iter().map(|raw| raw.value().clone()).collect::<Vec<_>>(), &options) {
                    continue;
                }
                let fields = case.library.counted;
                let alone = fields.iter().map(|field| vec![*field]);
                for counted in alone.chain([fields.to_vec()]) {
                    // The shift is the one that the hint would undo; a range is not shifted twice.
                    let mut keys: Vec<&str> = Vec::new();
                    let undone = counted.iter().filter(|(path, _)| {
                        let key = path.split('/').next().unwrap_or(path);
                        let is_new = !keys.contains(&key);
                        keys.push(key);
                        is_new
                    });
                    let undone: Vec<CountedField> = undone.map(|(path, by)| (*path, -by)).collect();
                    let values: Vec<Value> = case
                        .ranks
                        .iter()
                        .map(|raw| {
                            let mut value = raw.value().clone();
                            for (path, by) in &undone {
                                shift(&mut value, &path.split('/').collect::<Vec<_>>(), *by);
                            }
                            value
                        })
                        .collect();
                    if values.iter().zip(&case.ranks).all(|(value, raw)| value == raw.value()) {
                        continue;
                    }
                    assert!(!fits(case, &values, &options), "{}: {undone:?} is converted", case.name);
                    let ranks = values.iter().map(|value| RawValue::new(value, "")).collect();
                    let shifted =
                        LibraryCase { name: case.name.clone(), library: case.library, ranks, outside: Vec::new() };
                    let said =
                        hint(&shifted, &options).unwrap_or_else(|| panic!("{}: no hint for {undone:?}", case.name));
                    assert!(said.starts_with("counted from 1? ") || said.starts_with("is the last"), "{said}");
                    seen.extend(counted.iter().map(|(path, _)| (case.library.name, *path)));
                }
            }
        }
        for library in LIBRARIES.iter().filter(|library| library.name != "numpy" && !library.counted.is_empty()) {
            assert!(seen.iter().any(|(name, _)| *name == library.name), "{}", library.name);
        }
    }
}
