//! From documents to cases: a case is an array of a known library, with every rank's description.

use dap_core::finding::plural;
use std::collections::{HashMap, HashSet};

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
            return grouped(ranks, library, stem, cases);
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

/// The key of an array among descriptors of several.
type DescriptorKey = (String, Vec<i64>);

/// The descriptors of one array, sorted by rank when all are known.
#[derive(Default)]
struct DescriptorGroup<'a> {
    key: DescriptorKey,
    members: Vec<(i64, RawValue<'a>)>,
    outside: Vec<i64>,
    ranks: HashSet<i64>,
}

impl<'a> DescriptorGroup<'a> {
    /// Adds a rank: the stated one, or else the next one.
    fn add(&mut self, rank: Option<i64>, raw: Option<RawValue<'a>>) {
        let rank = rank.unwrap_or((self.members.len() + self.outside.len()) as i64);
        self.ranks.insert(rank);
        match raw {
            Some(raw) => self.members.push((rank, raw)),
            None => self.outside.push(rank),
        }
    }

    /// A sentence about the first rank that is missing, with a possible cause.
    fn missing(&self) -> Option<String> {
        let count = self.ranks.len() as i64;
        let missing = (0..count).find(|rank| !self.ranks.contains(rank))?;
        let from_one = (1..=count).all(|rank| self.ranks.contains(&rank));
        let hint = if from_one { ". Counted from 1? MPI's ranks begin at 0: subtract 1 from each" } else { "" };
        Some(format!("there is no rank {missing}; there are {count} of this descriptor{hint}"))
    }
}

/// ScaLAPACK's descriptors come in lists of many arrays: those of one differ in the leading
/// dimension alone. Ranks outside of the BLACS grid have no descriptor of their own; each belongs
/// to the array beside which it is listed.
fn grouped<'a>(ranks: Vec<RawValue<'a>>, library: &'static Library, stem: &str, cases: &mut LibraryCases<'a>) {
    let mut groups: Vec<DescriptorGroup<'a>> = Vec::new();
    // The last group of a key.
    let mut last: HashMap<DescriptorKey, usize> = HashMap::new();
    // Ranks outside of the grid that are listed before the others.
    let mut before: Vec<Option<i64>> = Vec::new();
    for (at, raw) in ranks.into_iter().enumerate() {
        let rank = match raw.maybe("rank").map(|rank| rank.count()).transpose() {
            Ok(rank) => rank,
            Err(why) => {
                cases.refused.push((format!("{stem}-{at}"), why));
                continue;
            }
        };
        if scalapack::is_outside(&raw) {
            match groups.last_mut().filter(|group| rank.is_none_or(|rank| !group.ranks.contains(&rank))) {
                Some(group) => group.add(rank, None),
                None => before.push(rank),
            }
            continue;
        }
        let key = scalapack::key(&raw);
        // A rank that occurs again begins another array.
        let known = last.get(&key).copied().filter(|&at| rank.is_none_or(|rank| !groups[at].ranks.contains(&rank)));
        let at = known.unwrap_or_else(|| {
            let mut group = DescriptorGroup { key: key.clone(), ..DescriptorGroup::default() };
            before.drain(..).for_each(|rank| group.add(rank, None));
            groups.push(group);
            last.insert(key, groups.len() - 1);
            groups.len() - 1
        });
        groups[at].add(rank, Some(raw));
    }
    if !before.is_empty() {
        cases
            .refused
            .push((stem.to_owned(), format!("no rank is in the BLACS grid, of {}", plural(before.len(), "rank"))));
    }
    let single = groups.len() == 1;
    for mut group in groups {
        let (order, desc) = &group.key;
        let name = if single { stem.to_owned() } else { scalapack::name(order, desc) };
        group.members.sort_by_key(|(rank, _)| *rank);
        if let Some(missing) = group.missing() {
            cases.refused.push((name, missing));
            continue;
        }
        one(group.members.into_iter().map(|(_, raw)| raw).collect(), library, &name, cases);
        if let Some(case) = cases.found.last_mut().filter(|case| case.name == name) {
            group.outside.sort_unstable();
            case.outside = group.outside;
        }
    }
}
