//! ScaLAPACK's descriptors in lists of many arrays: which of them describe one array.
//!
//! The descriptors of one array differ in the leading dimension alone, so equal descriptors are
//! grouped. A group whose processes stand at other places of the BLACS grid than those of another
//! group is no array of its own: one of the two lacks the process at (0, 0). Such groups are one
//! array whose processes state different descriptors, and it is refused.

use std::collections::{HashMap, HashSet};

use dap_core::finding::plural;

use super::super::library::Library;
use super::super::raw::RawValue;
use super::super::scalapack::{self, DescriptorKey};
use super::{LibraryCases, one};

/// The most ranks that a refusal names for one value.
const MOST_NAMED: usize = 8;

/// A process of an array.
struct Member<'a> {
    rank: i64,
    /// Whether the description states the rank.
    is_stated: bool,
    /// Its place in the list.
    at: usize,
    raw: RawValue<'a>,
}

/// Equal descriptors, sorted by rank when all are known.
#[derive(Default)]
struct DescriptorGroup<'a> {
    key: DescriptorKey,
    members: Vec<Member<'a>>,
    outside: Vec<i64>,
    ranks: HashSet<i64>,
}

impl<'a> DescriptorGroup<'a> {
    /// Adds a rank: the stated one, or else the next one.
    fn add(&mut self, stated: Option<i64>, raw: Option<(usize, RawValue<'a>)>) {
        let rank = stated.unwrap_or((self.members.len() + self.outside.len()) as i64);
        self.ranks.insert(rank);
        match raw {
            Some((at, raw)) => self.members.push(Member { rank, is_stated: stated.is_some(), at, raw }),
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

    /// The places of the processes in the grid; `None` if one of them states none.
    fn places(&self) -> Option<HashSet<[i64; 2]>> {
        self.members.iter().map(|member| scalapack::place(&member.raw)).collect()
    }

    /// The processes in words.
    fn in_words(&self) -> String {
        let names = |member: &Member<'_>| {
            if member.is_stated { format!("rank {}", member.rank) } else { member.raw.to_string() }
        };
        let mut words: Vec<String> = self.members.iter().take(MOST_NAMED).map(names).collect();
        if let Some(more) = self.members.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            words.push(format!("{more} more"));
        }
        words.join(", ")
    }
}

/// Groups that are one array, and the places of all their processes.
struct DescriptorSet<'a> {
    groups: Vec<DescriptorGroup<'a>>,
    places: HashSet<[i64; 2]>,
}

impl<'a> DescriptorSet<'a> {
    /// Whether the processes fill a grid.
    fn is_full(&self) -> bool {
        let side = |at: usize| self.places.iter().map(|place| place[at]).max().unwrap_or(0).saturating_add(1);
        side(0).saturating_mul(side(1)) == self.places.len() as i64
    }

    /// The fields that differ, with the processes of each value.
    fn differences(&self) -> String {
        let fields = scalapack::SHARED.iter().filter_map(|&(at, name)| {
            let value = |group: &DescriptorGroup<'_>| scalapack::field_of_key(&group.key, at);
            let first = self.groups.first().map(value)?;
            let is_alike = self.groups.iter().all(|group| value(group) == first);
            let words = |group: &DescriptorGroup<'_>| format!("{} on {}", value(group), group.in_words());
            (!is_alike)
                .then(|| format!("{name} is {}", self.groups.iter().map(words).collect::<Vec<_>>().join(" and ")))
        });
        fields.collect::<Vec<_>>().join("; ")
    }

    /// One group of all processes, in rank order. Ranks that are not stated are those of the list.
    fn joined(self) -> Option<DescriptorGroup<'a>> {
        let is_one = self.groups.len() == 1;
        let mut groups = self.groups.into_iter();
        let mut all = groups.next()?;
        for group in groups {
            all.members.extend(group.members);
            all.outside.extend(group.outside);
            all.ranks.extend(group.ranks);
        }
        if !is_one && all.members.iter().any(|member| !member.is_stated) {
            all.members.sort_by_key(|member| member.at);
            (0..).zip(&mut all.members).for_each(|(rank, member)| member.rank = rank);
            all.ranks = (0..all.members.len() as i64).collect();
        }
        all.members.sort_by_key(|member| member.rank);
        all.outside.sort_unstable();
        Some(all)
    }
}

/// The groups of each array. A group joins the first array that lacks processes at its places, or
/// one that lacks none, unless it has a process at (0, 0) and can be an array by itself.
fn sets(groups: Vec<DescriptorGroup<'_>>) -> Vec<DescriptorSet<'_>> {
    let mut by_size: Vec<(usize, DescriptorGroup<'_>)> = groups.into_iter().enumerate().collect();
    by_size.sort_by_key(|(_, group)| std::cmp::Reverse(group.members.len()));
    let mut sets: Vec<(usize, DescriptorSet<'_>)> = Vec::new();
    for (at, group) in by_size {
        let places = group.places().unwrap_or_default();
        let joins =
            |set: &DescriptorSet<'_>| !places.is_empty() && !set.places.is_empty() && set.places.is_disjoint(&places);
        let found = sets.iter().position(|(_, set)| joins(set) && !set.is_full());
        let found = found.or_else(|| sets.iter().position(|(_, set)| joins(set) && !places.contains(&[0, 0])));
        match found.and_then(|found| sets.get_mut(found)) {
            Some((first, set)) => {
                *first = at.min(*first);
                set.places.extend(places);
                set.groups.push(group);
            }
            None => sets.push((at, DescriptorSet { groups: vec![group], places })),
        }
    }
    sets.sort_by_key(|(at, _)| *at);
    sets.into_iter().map(|(_, set)| set).collect()
}

/// Adds the arrays of a list of descriptors. Ranks outside of the BLACS grid have no descriptor of
/// their own; each belongs to the array beside which it is listed.
pub(super) fn add<'a>(ranks: Vec<RawValue<'a>>, library: &'static Library, stem: &str, cases: &mut LibraryCases<'a>) {
    let sets = sets(groups(ranks, stem, cases));
    let is_single = sets.len() == 1;
    for set in sets {
        let differences = set.differences();
        let Some(group) = set.joined() else { continue };
        let (order, desc) = &group.key;
        let name = if is_single { stem.to_owned() } else { scalapack::name(order, desc) };
        if !differences.is_empty() {
            let why = format!(
                "the processes of one matrix state different descriptors: {differences}. Only CTXT and LLD may differ"
            );
            cases.refused.push((name, why));
            continue;
        }
        if let Some(missing) = group.missing() {
            cases.refused.push((name, missing));
            continue;
        }
        one(group.members.into_iter().map(|member| member.raw).collect(), library, &name, cases);
        if let Some(case) = cases.found.last_mut().filter(|case| case.name == name) {
            case.outside = group.outside;
        }
    }
}

/// The groups of equal descriptors, in the order of their first ones.
fn groups<'a>(ranks: Vec<RawValue<'a>>, stem: &str, cases: &mut LibraryCases<'a>) -> Vec<DescriptorGroup<'a>> {
    let mut groups: Vec<DescriptorGroup<'a>> = Vec::new();
    // The last group of a key.
    let mut last: HashMap<DescriptorKey, usize> = HashMap::new();
    // Ranks outside of the grid that are listed before the others.
    let mut before: Vec<Option<i64>> = Vec::new();
    for (position, raw) in ranks.into_iter().enumerate() {
        let rank = match raw.maybe("rank").map(|rank| rank.count()).transpose() {
            Ok(rank) => rank,
            Err(why) => {
                cases.refused.push((format!("{stem}-{position}"), why));
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
        groups[at].add(rank, Some((position, raw)));
    }
    if !before.is_empty() {
        cases
            .refused
            .push((stem.to_owned(), format!("no rank is in the BLACS grid, of {}", plural(before.len(), "rank"))));
    }
    groups
}
