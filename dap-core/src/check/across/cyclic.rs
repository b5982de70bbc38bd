//! One deal for the whole dimension: one block size, one process that gets the first block.

use crate::check::across::agree;
use crate::check::across::dimension::{Part, Whole};
use crate::check::section::CyclicSection;
use crate::check::vote::Vote;
use crate::dim::Cyclic;
use crate::finding::{Diagnostics, Key};
use crate::index::GridRank;
use crate::rules::RuleId;

/// Judges the deal. `astray` are the block sizes of ranks that are no part of it, as their `start`
/// is wrong by itself.
pub(super) fn judge(
    whole: &Whole<'_>,
    parts: &[Part<'_, CyclicSection>],
    astray: &Vote<i64>,
    diagnostics: &mut Diagnostics,
) -> Option<Cyclic> {
    let mut block_sizes = Vote::default();
    for part in parts {
        block_sizes.cast(part.rank, part.section.block_size);
    }
    for (block_size, ranks) in astray.iter() {
        block_sizes.cast_all(ranks, *block_size);
    }
    agree::on(&block_sizes, RuleId::BLOCK_SIZE_DIFFERS, whole.place(Key::BlockSize), diagnostics);
    let block_size = *block_sizes.unanimous()?;
    let mut sources = Vote::default();
    // A process that owns nothing may give `size` for its `start`; only then is it silent about the
    // source.
    for part in parts.iter().filter(|part| part.section.start != whole.size) {
        sources.cast(part.rank, source(part, whole));
    }
    let common = sources.winner().copied().unwrap_or(0);
    for part in parts.iter().filter(|part| part.section.start == whole.size) {
        let turn = (part.grid_rank - common).rem_euclid(whole.grid_size);
        let owns_nothing = turn.checked_mul(block_size).is_none_or(|begins| begins >= whole.size);
        if !owns_nothing && sources.winner().is_some() {
            sources.cast(part.rank, source(part, whole));
        }
    }
    agree::on(&sources, RuleId::ROTATION_DIFFERS, whole.place(Key::Start), diagnostics);
    sources.unanimous().or(sources.winner().is_none().then_some(&0))?;
    if !whole.complete {
        return None;
    }
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.section.owned));
    if sum != Some(whole.size)
        && let Some(first) = parts.first()
    {
        let finding = whole.finding(RuleId::OWNED_SUM, Key::Size).with("sum", sum.unwrap_or(i64::MAX));
        diagnostics.add(first.rank, finding.with("size", whole.size));
        return None;
    }
    Cyclic::new(whole.size, whole.grid_size, block_size).and_then(|cyclic| cyclic.with_source(GridRank(common))).ok()
}

/// The grid rank at which the dealing starts, by this part's `start`.
fn source(part: &Part<'_, CyclicSection>, whole: &Whole<'_>) -> i64 {
    (part.grid_rank - part.section.start / part.section.block_size).rem_euclid(whole.grid_size)
}
