//! From documents to cases: a case is an array of a known library, with every rank's description.

mod descriptors;

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::libraries::LibraryChoice;
use super::library::{Library, LibraryCase};
use super::raw::RawValue;
use super::{dask, order, scalapack};

/// All arrays of some documents, the refused descriptions, and the names of values that are no
/// array's metadata.
#[derive(Default)]
pub(super) struct LibraryCases<'a> {
    pub(super) found: Vec<LibraryCase<'a>>,
    pub(super) refused: Vec<(String, String)>,
    pub(super) left_out: Vec<String>,
}

/// Brings Dask's tuples under `cases`, which are no objects of their own, into the common form.
pub(super) fn normalised(document: Value) -> Value {
    let Value::Object(mut document) = document else { return document };
    if let Some(Value::Object(cases)) = document.get_mut("cases") {
        let numblocks = cases.get("numblocks").cloned();
        let mut all = Map::new();
        let mut used = false;
        for (name, value) in std::mem::take(cases) {
            if !dask::looks_like_chunks(&value) {
                all.insert(name, value);
                continue;
            }
            let mut case = Map::new();
            if let (true, Some(blocks)) = (name == "chunks", &numblocks) {
                case.insert("numblocks".to_owned(), blocks.clone());
                used = true;
            }
            case.insert("chunks".to_owned(), value);
            all.insert(name, Value::Object(case));
        }
        if used {
            all.remove("numblocks");
        }
        *cases = all;
    }
    Value::Object(document)
}

/// The arrays of one document, or of one document for each rank.
pub(super) fn split<'a>(documents: &'a [Value], stem: &str, from: LibraryChoice<'_>) -> LibraryCases<'a> {
    let mut cases = LibraryCases::default();
    let [document] = documents else {
        let ranks =
            documents.iter().enumerate().map(|(rank, value)| RawValue::new(value, format!("ranks[{rank}]"))).collect();
        by_rank(ranks, stem, from, &mut cases);
        return cases;
    };
    let whole = RawValue::new(document, "");
    let listed = |raw: &RawValue<'a>, key: &str| raw.maybe(key).and_then(|list| list.list().ok());
    if let Ok(list) = whole.list() {
        by_rank(list, stem, from, &mut cases);
    } else if from.of(&whole).is_some() {
        by_rank(vec![whole], stem, from, &mut cases);
    } else if let Some(ranks) = listed(&whole, "ranks").or_else(|| listed(&whole, "rows")) {
        by_rank(ranks, stem, from, &mut cases);
    } else {
        let below = whole.maybe("cases").unwrap_or(whole);
        for name in below.keys() {
            match below.maybe(name) {
                Some(one) if from.of(&one).is_some() => by_rank(vec![one], name, from, &mut cases),
                Some(one) => match one.list() {
                    Ok(ranks) if ranks.first().is_some_and(|rank| from.of(rank).is_some()) => {
                        by_rank(ranks, name, from, &mut cases)
                    }
                    _ => cases.left_out.push(name.to_owned()),
                },
                None => cases.left_out.push(name.to_owned()),
            }
        }
    }
    cases
}

/// Adds the arrays of each rank's descriptions: one array, or several by name.
fn by_rank<'a>(ranks: Vec<RawValue<'a>>, stem: &str, from: LibraryChoice<'_>, cases: &mut LibraryCases<'a>) {
    let ranks = match order::stated(ranks.iter().map(RawValue::value)) {
        Ok(None) => ranks,
        Ok(Some(order)) => order.iter().map(|&at| ranks[at].clone()).collect(),
        Err(why) => {
            cases.refused.push((stem.to_owned(), why));
            return;
        }
    };
    let Some(first) = ranks.iter().find(|rank| !rank.value().is_null()).or(ranks.first()) else {
        cases.refused.push((stem.to_owned(), "there are no ranks".to_owned()));
        return;
    };
    if let Some(library) = from.of(first) {
        if library.name == scalapack::NAME {
            return descriptors::add(ranks, library, stem, cases);
        }
        return one(ranks, library, stem, cases);
    }
    let mut seen = HashSet::new();
    let is_rank =
        |name: &str| name == "rank" && ranks.iter().all(|rank| !rank.maybe(name).is_some_and(|one| one.is_object()));
    let names: Vec<&str> =
        ranks.iter().flat_map(RawValue::keys).filter(|name| seen.insert(*name) && !is_rank(name)).collect();
    for name in names {
        let values: Vec<RawValue<'a>> = ranks.iter().filter_map(|rank| rank.maybe(name)).collect();
        match values.first().and_then(|value| from.of(value)) {
            None => cases.left_out.push(name.to_owned()),
            Some(_) if values.len() != ranks.len() => {
                let missing = ranks.iter().position(|rank| rank.maybe(name).is_none()).unwrap_or(0);
                cases.refused.push((name.to_owned(), format!("rank {missing} does not describe it")));
            }
            Some(library) => one(values, library, name, cases),
        }
    }
}

fn one<'a>(ranks: Vec<RawValue<'a>>, library: &'static Library, name: &str, cases: &mut LibraryCases<'a>) {
    match ranks.iter().find(|rank| !(rank.is_object() && (library.recognises)(rank))) {
        Some(other) => cases.refused.push((
            name.to_owned(),
            format!("{other} is not the metadata of {} that the other ranks give", library.about),
        )),
        None => cases.found.push(LibraryCase { name: name.to_owned(), library, ranks, outside: Vec::new() }),
    }
}
