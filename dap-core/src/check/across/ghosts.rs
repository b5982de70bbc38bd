//! Buffers that are longer than their blocks by ghost cells that the exports do not declare.

use crate::check::across::part::{DimContext, DimPart};
use crate::check::section::BlockSection;
use crate::finding::Diagnostics;
use crate::rules::RuleId;

/// Where the bounds of all known blocks are right and every buffer has the same number of items
/// more on each side, says so in the finding about the extents.
pub(super) fn explain(
    context: &DimContext<'_>,
    parts: &[DimPart<'_, BlockSection>],
    surplus: &[(i64, i64)],
    diagnostics: &mut Diagnostics,
) {
    let Some((width, note)) = found(context, parts, surplus) else { return };
    for rule in [RuleId::BLOCK_EXTENT, RuleId::EXTENT_0_9] {
        for finding in diagnostics.found(rule, context.dim) {
            finding.values.push(("width", width.into()));
            // One item more is also what an inclusive `stop` leaves over; here the bounds meet
            // without it.
            finding.explain(&["inclusive"], note);
        }
    }
}

fn found(
    context: &DimContext<'_>,
    parts: &[DimPart<'_, BlockSection>],
    surplus: &[(i64, i64)],
) -> Option<(i64, &'static str)> {
    if surplus.is_empty() || context.grid_size < 2 || context.boundary != [0, 0] {
        return None;
    }
    let mut surplus = surplus.to_vec();
    surplus.sort_unstable();
    surplus.dedup();
    // One for each known block, so each of them has one.
    if surplus.len() != parts.len() || !parts.iter().zip(&surplus).all(|(part, (at, _))| part.grid_rank == *at) {
        return None;
    }
    if !bounds_are_right(context, parts) {
        return None;
    }
    let last = context.grid_size - 1;
    let inner = |at: i64| i64::from(at > 0) + i64::from(at < last);
    let &(first, more) = surplus.first()?;
    let per_side = |sides: &dyn Fn(i64) -> i64| {
        let width = more / sides(first);
        let fits = surplus.iter().all(|(at, more)| width.checked_mul(sides(*at)) == Some(*more));
        (fits && width > 0).then_some(width)
    };
    let width = per_side(&inner).map(|width| (width, "ghosts"));
    let width = width.or_else(|| per_side(&|_| 2).map(|width| (width, "ghosts-outside")))?;
    // One buffer alone may be too long for any reason.
    (parts.len() > 1).then_some(width)
}

/// Whether the blocks that are here meet, begin at 0 and end at `size`, and declare no padding.
fn bounds_are_right(context: &DimContext<'_>, parts: &[DimPart<'_, BlockSection>]) -> bool {
    let at_the_ends = |part: &DimPart<'_, BlockSection>| {
        (part.grid_rank != 0 || part.section.start == 0)
            && (part.grid_rank != context.grid_size - 1 || part.section.stop == context.size)
            && part.section.communication == [0, 0]
    };
    let meet = |pair: &[DimPart<'_, BlockSection>]| {
        pair[1].grid_rank != pair[0].grid_rank + 1 || pair[0].section.stop == pair[1].section.start
    };
    parts.iter().all(at_the_ends) && parts.windows(2).all(meet)
}
