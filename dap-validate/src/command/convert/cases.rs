//! From documents to cases: each an array of a known library, with what every rank says of it.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::libraries::{LIBRARIES, Library};
use super::raw::Raw;
use super::{dask, scalapack};
use dap_core::dtype::DType;

/// What the user asked for.
pub(super) struct Options<'a> {
    pub(super) dtype: Option<&'a DType>,
    pub(super) renumber: bool,
}

/// One array.
pub(super) struct Case<'a> {
    pub(super) name: String,
    pub(super) library: &'static Library,
    /// What each rank says; one entry where a library describes all at once.
    pub(super) ranks: Vec<Raw<'a>>,
}

/// All arrays of some documents, what could not be made one, and what is no array's metadata.
#[derive(Default)]
pub(super) struct Cases<'a> {
    pub(super) found: Vec<Case<'a>>,
    pub(super) refused: Vec<(String, String)>,
    pub(super) left_out: Vec<String>,
}

/// Which library to think of.
#[derive(Clone, Copy)]
pub(super) struct From<'a>(pub(super) Option<&'a str>);

impl From<'_> {
    fn of(self, raw: &Raw<'_>) -> Option<&'static Library> {
        let wanted = |library: &&Library| self.0.is_none_or(|name| library.name == name);
        LIBRARIES.iter().filter(wanted).find(|library| raw.is_object() && (library.recognises)(raw))
    }
}

/// Brings what is no object of its own into the common form: Dask's tuples under `cases`.
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
pub(super) fn split<'a>(documents: &'a [Value], stem: &str, from: From<'_>) -> Cases<'a> {
    let mut cases = Cases::default();
    let [document] = documents else {
        let ranks =
            documents.iter().enumerate().map(|(rank, value)| Raw::new(value, format!("ranks[{rank}]"))).collect();
        by_rank(ranks, stem, from, &mut cases);
        return cases;
    };
    let whole = Raw::new(document, "");
    let listed = |raw: &Raw<'a>, key: &str| raw.maybe(key).and_then(|list| list.list().ok());
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

/// What each rank says, of one array or of several by name.
fn by_rank<'a>(ranks: Vec<Raw<'a>>, stem: &str, from: From<'_>, cases: &mut Cases<'a>) {
    let Some(first) = ranks.first() else {
        cases.refused.push((stem.to_owned(), "there are no ranks".to_owned()));
        return;
    };
    if let Some(library) = from.of(first) {
        if library.name == scalapack::NAME {
            return grouped(ranks, library, stem, cases);
        }
        return one(ranks, library, stem, cases);
    }
    let mut seen = HashSet::new();
    let names: Vec<&str> = ranks.iter().flat_map(Raw::keys).filter(|name| seen.insert(*name)).collect();
    for name in names {
        let values: Vec<Raw<'a>> = ranks.iter().filter_map(|rank| rank.maybe(name)).collect();
        match values.first().and_then(|value| from.of(value)) {
            None => cases.left_out.push(name.to_owned()),
            Some(_) if values.len() != ranks.len() => {
                let missing = ranks.iter().position(|rank| rank.maybe(name).is_none()).unwrap_or(0);
                cases.refused.push((name.to_owned(), format!("rank {missing} says nothing of it")));
            }
            Some(library) => one(values, library, name, cases),
        }
    }
}

fn one<'a>(ranks: Vec<Raw<'a>>, library: &'static Library, name: &str, cases: &mut Cases<'a>) {
    match ranks.iter().find(|rank| !(rank.is_object() && (library.recognises)(rank))) {
        Some(other) => cases.refused.push((
            name.to_owned(),
            format!("{other} is not the metadata of {} that the other ranks give", library.about),
        )),
        None => cases.found.push(Case { name: name.to_owned(), library, ranks }),
    }
}

/// What tells an array's descriptors from others'.
type Key = (String, Vec<i64>);

/// The descriptors of one array, by rank once all are there.
struct Group<'a> {
    key: Key,
    members: Vec<(i64, Raw<'a>)>,
    ranks: HashSet<i64>,
}

/// ScaLAPACK's descriptors come in lists of many arrays: those of one differ in the leading dimension alone.
fn grouped<'a>(ranks: Vec<Raw<'a>>, library: &'static Library, stem: &str, cases: &mut Cases<'a>) {
    let mut groups: Vec<Group<'a>> = Vec::new();
    // The last group of a key.
    let mut last: HashMap<Key, usize> = HashMap::new();
    for (at, raw) in ranks.into_iter().enumerate() {
        let key = scalapack::key(&raw);
        let rank = match raw.maybe("rank").map(|rank| rank.count()).transpose() {
            Ok(rank) => rank,
            Err(why) => {
                cases.refused.push((format!("{stem}-{at}"), why));
                continue;
            }
        };
        // Where the rank is there already, another array begins.
        let known = last.get(&key).copied().filter(|&at| rank.is_none_or(|rank| !groups[at].ranks.contains(&rank)));
        let at = known.unwrap_or_else(|| {
            groups.push(Group { key: key.clone(), members: Vec::new(), ranks: HashSet::new() });
            last.insert(key, groups.len() - 1);
            groups.len() - 1
        });
        let group = &mut groups[at];
        let rank = rank.unwrap_or(group.members.len() as i64);
        group.members.push((rank, raw));
        group.ranks.insert(rank);
    }
    let single = groups.len() == 1;
    for Group { key: (order, desc), mut members, .. } in groups {
        let name = if single { stem.to_owned() } else { scalapack::name(&order, &desc) };
        members.sort_by_key(|(rank, _)| *rank);
        if let Some(at) = (0..members.len()).find(|&at| members[at].0 != at as i64) {
            cases
                .refused
                .push((name, format!("there is no rank {at}; there are {} of this descriptor", members.len())));
            continue;
        }
        one(members.into_iter().map(|(_, raw)| raw).collect(), library, &name, cases);
    }
}
