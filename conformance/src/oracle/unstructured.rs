//! Reading an unstructured dimension from its list.

use std::collections::BTreeSet;

use super::Complaint;
use super::place::Section;
use super::stated::{How, Stated};

/// The section that `indices` lists.
pub(super) fn section(indices: &[i64], extent: i64) -> Result<Section, Vec<Complaint>> {
    let mut found: Vec<Complaint> = Vec::new();
    let distinct: BTreeSet<i64> = indices.iter().copied().collect();
    if distinct.len() != indices.len() {
        found.push(("DAP503", "an index twice".into()));
    }
    // As for cyclic dimensions, the text does not demand this.
    if indices.len() as i64 != extent {
        found.push(("DAP504", "indices and buffer differ in extent".into()));
    }
    if found.is_empty() { Ok(Section::of_owned(indices.to_vec())) } else { Err(found) }
}

/// Checks the lists of all grid ranks against `size` and `one_to_one`; `ranks` are in the order of
/// the grid.
pub(super) fn across(ranks: &[&Stated]) -> Vec<Complaint> {
    let mut flags = BTreeSet::new();
    let mut all = Vec::new();
    for rank in ranks {
        if let How::Unstructured { indices, one_to_one } = &rank.how {
            flags.insert(*one_to_one);
            all.extend_from_slice(indices);
        }
    }
    if flags.len() > 1 {
        return vec![("DAP618", "one_to_one differs".into())];
    }
    let sum = all.len();
    let distinct = all.iter().collect::<BTreeSet<_>>().len();
    let size = ranks.first().map_or(0, |rank| rank.size);
    let mut found: Vec<Complaint> = Vec::new();
    if flags.contains(&true) {
        // "a global index shall be located in exactly one local indices buffer"
        if distinct != sum {
            found.push(("DAP619", "an index on two grid ranks".into()));
        }
        if sum as i64 != size {
            found.push(("DAP620", "size is not the sum of what is held".into()));
        }
    } else if sum as i64 != size && distinct as i64 != size {
        // The general rule counts what each process holds; DistArray's users count each index once.
        found.push(("DAP620", "size is neither the sum nor the number of distinct indices".into()));
    }
    found
}
