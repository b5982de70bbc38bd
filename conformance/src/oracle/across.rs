//! One dimension across all ranks: the same dictionary for the same grid rank, and every index
//! owned.

use std::collections::BTreeMap;

use super::place::{Kind, Place};
use super::stated::{How, Stated};
use super::{Complaint, Protocol, Rank, Reason, block, cyclic, unstructured};

/// The faults of dimension `dim`, if each rank is valid by itself and the grid is complete.
///
/// With `too_large`, the checks that need the lists of indices are left out.
pub(super) fn dimension(ranks: &[Rank], dim: usize, protocol: Protocol, too_large: bool) -> Vec<Reason> {
    let located = |rank, (rule, text): Complaint| Reason { rank, dim: Some(dim), rule, text };
    let mut found = Vec::new();

    // The first rank of a grid rank represents all its ranks.
    let mut speakers: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, rank) in ranks.iter().enumerate() {
        let speaker = *speakers.entry(rank.dims[dim].grid_rank).or_insert(at);
        if !same(&ranks[speaker].dims[dim], &rank.dims[dim], protocol) {
            let text = format!("not the dictionary of rank {speaker}, which has the same grid rank");
            found.push(located(Some(at), ("DAP611", text)));
        }
    }
    if protocol == Protocol::V0_9 {
        let all = ranks.iter().map(|rank| &rank.dims[dim]);
        found.extend(block::presence(all).into_iter().map(|complaint| located(None, complaint)));
    }
    if !found.is_empty() || too_large {
        return found;
    }

    let line: Vec<&Stated> = speakers.values().map(|&at| &ranks[at].dims[dim]).collect();
    let sections: Vec<&[Place]> = speakers.values().map(|&at| ranks[at].sections[dim].places()).collect();
    let complaints = match line[0].dist_type {
        'c' => cyclic::across(&line),
        'u' => unstructured::across(&line),
        _ => {
            let owned: Vec<i64> = sections.iter().map(|section| owned(section).len() as i64).collect();
            block::across(&line, &owned, protocol)
        }
    };
    found.extend(complaints.into_iter().map(|complaint| located(None, complaint)));
    if found.is_empty() && line[0].dist_type != 'u' {
        let partition = if line[0].dist_type == 'c' { partition(&sections) } else { blocks(&line, &sections) };
        found.extend(partition.into_iter().map(|complaint| located(None, complaint)));
    }
    if found.is_empty() && line[0].dist_type != 'u' {
        let owned: usize = sections.iter().map(|section| owned(section).len()).sum();
        if owned as i64 != line[0].size {
            found.push(located(None, ("DAP621", "the owned counts do not sum to size".into())));
        }
    }
    found
}

/// "dimension dictionary dim_data[i] is identical for all processes that have the same" grid rank;
/// "the only possible exception to this is the padding tuple, which may have different values on
/// edge processes due to boundary padding".
fn same(a: &Stated, b: &Stated, protocol: Protocol) -> bool {
    let without_outer_padding = |stated: &Stated| {
        let endless = protocol == Protocol::V0_9 && stated.periodic;
        let (first, last) = (stated.is_first(), stated.is_last());
        let mut stated = stated.clone();
        if let How::Block { padding, .. } = &mut stated.how {
            let [lo, hi] = padding.unwrap_or([0, 0]);
            *padding = Some([if first && !endless { 0 } else { lo }, if last && !endless { 0 } else { hi }]);
        }
        stated
    };
    without_outer_padding(a) == without_outer_padding(b)
}

fn owned(section: &[Place]) -> Vec<i64> {
    section.iter().filter(|place| place.is_owned()).map(|place| place.global).collect()
}

/// Every index of 0..(count of owned) has exactly one owner.
fn partition(sections: &[&[Place]]) -> Vec<Complaint> {
    let mut all: Vec<i64> = sections.iter().flat_map(|section| owned(section)).collect();
    all.sort_unstable();
    let expected: Vec<i64> = (0..all.len() as i64).collect();
    if all == expected { Vec::new() } else { vec![("DAP621", "an index without or with two owners".into())] }
}

/// The indices that the blocks own, one after another, are 0, 1, 2, ...; and each communication
/// padding shows indices that the neighbour on that side owns.
fn blocks(line: &[&Stated], sections: &[&[Place]]) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = Vec::new();
    let in_grid_order: Vec<i64> = sections.iter().flat_map(|section| owned(section)).collect();
    let expected: Vec<i64> = (0..in_grid_order.len() as i64).collect();
    if in_grid_order != expected {
        found.push(("DAP612", "the blocks do not own 0, 1, 2, ... in the order of the grid".into()));
    }
    let count = sections.len();
    for (at, section) in sections.iter().enumerate() {
        // Around the end: only 0.9's wrap halo reaches there.
        let neighbours = [sections[(at + count - 1) % count], sections[(at + 1) % count]];
        let [lo, _] = line[at].padding();
        for place in section.iter() {
            let neighbour = if place.local < lo { neighbours[0] } else { neighbours[1] };
            if place.kind == Kind::Communication && !owned(neighbour).contains(&place.global) {
                found.push(("DAP614", "communication padding shows what the neighbour does not own".into()));
            }
        }
    }
    found
}
