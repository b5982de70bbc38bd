//! A plan from a part of an array: the part as the array that is moved from, and which ranks hold
//! its sections.

use dap_core::algebra::{CommRank, Placement};
use dap_core::index::Rank;
use dap_core::plan::Row;

use crate::cli::ViewArg;
use crate::command::outcome::Failure;
use crate::command::side::ComparedArray;
use crate::input::SetTexts;

/// The part of an array as a side of the plan, and its placement.
pub(super) fn of(whole: &ComparedArray, arg: &ViewArg) -> Result<(ComparedArray, Placement), Failure> {
    let refused = |error: dap_core::error::Error| Failure::Usage(format!("{} has no such part: {error}", whole.name));
    let placement = arg.of(&whole.layout).and_then(|view| view.placement()).map_err(refused)?;
    let side = ComparedArray {
        name: format!("{}{}", whole.name, dap_report::printable(&arg.in_brackets())),
        dtype: whole.dtype.clone(),
        layout: placement.layout().clone(),
        memory: None,
        texts: SetTexts::default(),
    };
    Ok((side, placement))
}

/// The peers of one process, by ascending rank, at most `most` of them.
pub(super) fn peers(row: &Row, placement: &Placement, most: usize) -> Vec<(Rank, i64)> {
    if placement.ranks().is_identity() {
        return row.iter().take(most).collect();
    }
    let mut peers: Vec<(Rank, i64)> =
        row.iter().map(|(section, elements)| (named(placement, section), elements)).collect();
    peers.sort_unstable();
    peers.truncate(most);
    peers
}

/// The rank that holds a section.
pub(super) fn named(placement: &Placement, section: Rank) -> Rank {
    placement.ranks().holder(section).map_or(section, |CommRank(rank)| Rank(rank))
}
