//! The verdict on all ranks together, in three stages.

use std::collections::BTreeSet;

use super::maps::Maps;
use super::place::Section;
use super::{Protocol, Rank, Reason, Verdict, across};
use crate::model::RankExport;

/// Checks the exports of all ranks together; the position is the rank.
///
/// The set claims to be complete: a missing rank is a mistake.
pub fn check_set(exports: &[RankExport]) -> Verdict {
    let ranks: Vec<Rank> = exports.iter().map(Rank::read).collect();
    let mut reasons = each_by_itself(&ranks);
    if reasons.is_empty() {
        reasons = common_facts(&ranks);
    }
    if reasons.is_empty() {
        reasons = grid(&ranks);
    }
    let too_large = ranks.iter().any(|rank| rank.sections.contains(&Section::TooLarge));
    let mut maps = None;
    if reasons.is_empty() {
        let dims = ranks[0].dims.len();
        let protocol = protocol(&ranks[0]);
        reasons = (0..dims).flat_map(|dim| across::dimension(&ranks, dim, protocol, too_large)).collect();
        if reasons.is_empty() && !too_large {
            maps = Some(Maps::new(&ranks));
        }
    }
    let valid = reasons.is_empty() && !too_large;
    Verdict { valid, too_large: too_large && reasons.is_empty(), reasons, maps }
}

fn protocol(rank: &Rank) -> Protocol {
    match rank.version {
        Some((0, 9, _)) => Protocol::V0_9,
        _ => Protocol::V0_10,
    }
}

fn each_by_itself(ranks: &[Rank]) -> Vec<Reason> {
    let located = ranks
        .iter()
        .enumerate()
        .flat_map(|(at, rank)| rank.reasons.iter().map(move |reason| Reason { rank: Some(at), ..reason.clone() }));
    located.collect()
}

/// The properties that all ranks must share: the array has one item type, one shape, one grid.
fn common_facts(ranks: &[Rank]) -> Vec<Reason> {
    let mut found = Vec::new();
    let mut differ = |dim, rule, what: &str| {
        found.push(Reason { rank: None, dim, rule, text: format!("{what} differs between ranks") });
    };
    let Some(first) = ranks.first() else {
        return vec![Reason { rank: None, dim: None, rule: "DAP010", text: "no export".into() }];
    };
    // Compatible versions give the same keys the same meaning; 0.9 and 0.10 do not.
    if ranks.iter().any(|rank| protocol(rank) != protocol(first)) {
        differ(None, "DAP610", "__version__");
    }
    if ranks.iter().any(|rank| rank.dtype != first.dtype) {
        differ(None, "DAP609", "dtype");
    }
    if ranks.iter().any(|rank| rank.dims.len() != first.dims.len()) {
        differ(None, "DAP605", "the number of dimensions");
        return found;
    }
    for (dim, here) in first.dims.iter().enumerate() {
        if ranks.iter().any(|rank| rank.dims[dim].size != here.size) {
            differ(Some(dim), "DAP606", "size");
        }
        if ranks.iter().any(|rank| rank.dims[dim].grid_size != here.grid_size) {
            differ(Some(dim), "DAP607", "proc_grid_size");
        }
        if ranks.iter().any(|rank| rank.dims[dim].dist_type != here.dist_type) {
            differ(Some(dim), "DAP608", "dist_type");
        }
        if ranks.iter().any(|rank| rank.dims[dim].periodic != here.periodic) {
            differ(Some(dim), "DAP617", "periodic");
        }
    }
    found
}

/// Ranks enumerate the grid's coordinates in C order, each coordinate once.
fn grid(ranks: &[Rank]) -> Vec<Reason> {
    let reason = |rank, rule, text: &str| vec![Reason { rank, dim: None, rule, text: text.into() }];
    let sizes: Vec<i64> = ranks[0].dims.iter().map(|dim| dim.grid_size).collect();
    let processes = sizes.iter().try_fold(1i128, |product, &size| product.checked_mul(i128::from(size)));
    let count = ranks.len() as i128;
    match processes {
        Some(processes) if processes == count => {}
        Some(processes) if processes < count => {
            return reason(None, "DAP603", "more exports than processes in the grid");
        }
        Some(processes) if processes > i128::from(i64::MAX) => {
            return reason(None, "DAP623", "more processes than an i64 can count");
        }
        None => return reason(None, "DAP623", "more processes than an i64 can count"),
        Some(_) => {
            let seen: BTreeSet<Vec<i64>> = ranks.iter().map(coordinate).collect();
            let rule = if seen.len() < ranks.len() { "DAP602" } else { "DAP601" };
            return reason(None, rule, "fewer exports than processes in the grid");
        }
    }
    // Counting: the last coordinate goes fastest and carries into the one before it.
    let mut expected = vec![0; sizes.len()];
    for (at, rank) in ranks.iter().enumerate() {
        if coordinate(rank) != expected {
            return reason(Some(at), "DAP604", "ranks are not in C order of their grid coordinates");
        }
        for dim in (0..sizes.len()).rev() {
            expected[dim] += 1;
            if expected[dim] < sizes[dim] {
                break;
            }
            expected[dim] = 0;
        }
    }
    Vec::new()
}

fn coordinate(rank: &Rank) -> Vec<i64> {
    rank.dims.iter().map(|dim| dim.grid_rank).collect()
}
