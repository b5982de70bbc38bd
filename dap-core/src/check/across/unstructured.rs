//! Lists of indices: counted, and compared for copies.

use crate::check::across::agree;
use crate::check::across::part::{DimContext, DimPart};
use crate::check::majority::Majority;
use crate::check::section::UnstructuredSection;
use crate::dim::{CountedLists, Unstructured};
use crate::finding::{Diagnostics, Key};
use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::RuleId;

type Parts<'a> = [DimPart<'a, UnstructuredSection>];

/// Checks the lists.
pub(super) fn check_all(
    context: &DimContext<'_>,
    parts: &Parts<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Unstructured> {
    let mut one_to_one = Majority::default();
    for part in parts {
        one_to_one.add(part.rank, part.section.one_to_one);
    }
    agree::on(&one_to_one, RuleId::ONE_TO_ONE_DIFFERS, context.place(Key::OneToOne), diagnostics);
    let one_to_one = *one_to_one.unanimous()?;
    counted_from_1(context, parts, diagnostics);
    let lists: Vec<&[i64]> = parts.iter().map(|part| &*part.section.indices).collect();
    // A list with an index that it repeats is no section: the check of its rank has reported it.
    let counted = CountedLists::count(&lists).ok()?;
    let (sum, distinct) = (counted.held(), counted.distinct());
    if one_to_one
        && sum != distinct
        && let Some((index, first, second)) = shared_index(&lists)
    {
        let finding = context
            .finding(RuleId::ONE_TO_ONE_BROKEN, Key::Indices)
            .with("index", index)
            .with("first", parts[first].grid_rank)
            .with("second", parts[second].grid_rank)
            .related(parts[first].rank, context.place(Key::Indices), format!("holds {index}, too"));
        diagnostics.add(parts[second].rank, finding);
        return None;
    }
    if !context.complete {
        return None;
    }
    if sum != context.size && (one_to_one || distinct != context.size) {
        if let Some(first) = parts.first() {
            let finding = context.finding(RuleId::UNSTRUCTURED_SIZE, Key::Size).with("sum", sum);
            diagnostics.add(first.rank, finding.with("distinct", distinct).with("size", context.size));
        }
        return None;
    }
    disguised_block(context, parts, diagnostics);
    counted.into_dim(context.size, one_to_one).ok()
}

/// Whether the labels lie in 1 to `size`, with `size` among them.
fn counted_from_1(context: &DimContext<'_>, parts: &Parts<'_>, diagnostics: &mut Diagnostics) {
    let indices = || parts.iter().flat_map(|part| part.section.indices.iter());
    let Some(most) = parts.iter().find(|part| part.section.indices.contains(&context.size)) else { return };
    if indices().all(|index| (1..=context.size).contains(index)) {
        let finding = context.finding(RuleId::COUNTED_FROM_ONE, Key::Indices).with("size", context.size);
        let has_indices = parts.iter().filter(|part| !part.section.indices.is_empty());
        let finding = finding.related(most.rank, context.place(Key::Indices), format!("holds {}", context.size));
        diagnostics.add_over(all_ranks(has_indices), finding);
    }
}

/// Whether the lists are ranges that follow each other from 0 to `size`: the dimension could be a
/// block.
fn disguised_block(context: &DimContext<'_>, parts: &Parts<'_>, diagnostics: &mut Diagnostics) {
    let mut next = 0;
    for part in parts {
        for index in part.section.indices.iter() {
            if *index != next {
                return;
            }
            next += 1;
        }
    }
    // Of one index alone it says nothing that its list is a range.
    let ranges = || parts.iter().filter(|part| part.section.indices.len() > 1);
    let shown = ranges().min_by_key(|part| part.ranks.first());
    if let (true, Some([first, .., last])) = (next == context.size, shown.map(|part| &*part.section.indices)) {
        let finding = context.finding(RuleId::DISGUISED_BLOCK, Key::Indices).with("first", *first).with("last", *last);
        diagnostics.add_over(all_ranks(ranges()), finding.with("stop", *last + 1));
    }
}

fn all_ranks<'a>(parts: impl Iterator<Item = &'a DimPart<'a, UnstructuredSection>>) -> RankSet {
    let mut ranges: Vec<_> = parts.flat_map(|part| part.ranks.ranges().iter().cloned()).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.into_iter().flatten().map(Rank).collect()
}

/// The lowest index that two lists hold, and the first two of these lists.
#[cold]
fn shared_index(lists: &[&[i64]]) -> Option<(i64, usize, usize)> {
    let mut all = lists.concat();
    all.sort_unstable();
    let index = all.windows(2).find(|pair| pair[0] == pair[1])?[0];
    let mut holders = (0..).zip(lists).filter(|(_, list)| list.contains(&index)).map(|(at, _)| at);
    Some((index, holders.next()?, holders.next()?))
}
