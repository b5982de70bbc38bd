//! One cyclic distribution on all ranks: one block size, one process that gets the first block.

use crate::check::across::agree;
use crate::check::across::part::{DimContext, DimPart};
use crate::check::majority::Majority;
use crate::check::section::CyclicSection;
use crate::dim::Cyclic;
use crate::finding::{Diagnostics, Key};
use crate::index::GridRank;
use crate::rules::RuleId;

/// Checks the cycle. `off_block` are the block sizes of ranks that are no part of it, as their
/// `start` is wrong by itself.
pub(super) fn check_all(
    context: &DimContext<'_>,
    parts: &[DimPart<'_, CyclicSection>],
    off_block: &Majority<i64>,
    diagnostics: &mut Diagnostics,
) -> Option<Cyclic> {
    let mut block_sizes = Majority::default();
    for part in parts {
        block_sizes.add(part.rank, part.section.block_size);
    }
    for (block_size, ranks) in off_block.iter() {
        block_sizes.add_all(ranks, *block_size);
    }
    agree::on(&block_sizes, RuleId::BLOCK_SIZE_DIFFERS, context.place(Key::BlockSize), diagnostics);
    let block_size = *block_sizes.unanimous()?;
    let mut sources = Majority::default();
    // A process that owns nothing may give `size` for its `start`; only then is it silent about the
    // source.
    for part in parts.iter().filter(|part| part.section.start != context.size) {
        sources.add(part.rank, source(part, context));
    }
    let common_source = sources.most_common().copied().unwrap_or(0);
    for part in parts.iter().filter(|part| part.section.start == context.size) {
        let turn = (part.grid_rank - common_source).rem_euclid(context.grid_size);
        let owns_nothing = turn.checked_mul(block_size).is_none_or(|begins| begins >= context.size);
        if !owns_nothing && sources.most_common().is_some() {
            sources.add(part.rank, source(part, context));
        }
    }
    agree::on(&sources, RuleId::ROTATION_DIFFERS, context.place(Key::Start), diagnostics);
    sources.unanimous().or(sources.most_common().is_none().then_some(&0))?;
    if !context.complete {
        return None;
    }
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.section.owned));
    if sum != Some(context.size)
        && let Some(first) = parts.first()
    {
        let finding = context.finding(RuleId::OWNED_SUM, Key::Size).with("sum", sum.unwrap_or(i64::MAX));
        diagnostics.add(first.rank, finding.with("size", context.size));
        return None;
    }
    Cyclic::new(context.size, context.grid_size, block_size)
        .and_then(|cyclic| cyclic.with_source(GridRank(common_source)))
        .ok()
}

/// The grid rank that gets the first block, by this part's `start`.
fn source(part: &DimPart<'_, CyclicSection>, context: &DimContext<'_>) -> i64 {
    (part.grid_rank - part.section.start / part.section.block_size).rem_euclid(context.grid_size)
}
