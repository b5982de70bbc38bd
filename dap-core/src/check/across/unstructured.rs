//! Lists of indices: counted, and compared for copies.

use crate::check::across::agree;
use crate::check::across::dimension::{Part, Whole};
use crate::check::section::UnstructuredSection;
use crate::check::vote::Vote;
use crate::dim::Unstructured;
use crate::finding::{Diagnostics, Key};
use crate::rules::RuleId;

type Parts<'a> = [Part<'a, UnstructuredSection>];

/// Judges the lists.
pub(super) fn judge(whole: &Whole<'_>, parts: &Parts<'_>, diagnostics: &mut Diagnostics) -> Option<Unstructured> {
    let mut one_to_one = Vote::default();
    for part in parts {
        one_to_one.cast(part.rank, part.section.one_to_one);
    }
    agree::on(&one_to_one, RuleId::ONE_TO_ONE_DIFFERS, whole.place(Key::OneToOne), diagnostics);
    let one_to_one = *one_to_one.unanimous()?;
    let sum = parts.iter().try_fold(0_usize, |sum, part| sum.checked_add(part.section.indices.len()))?;
    let copies = Copies::count(parts, sum);
    if let Some((index, first, second)) = copies.example.filter(|_| one_to_one) {
        let finding = whole
            .finding(RuleId::ONE_TO_ONE_BROKEN, Key::Indices)
            .with("index", index)
            .with("first", parts[first].grid_rank)
            .with("second", parts[second].grid_rank)
            .related(parts[first].rank, whole.place(Key::Indices), format!("holds {index}, too"));
        diagnostics.add(parts[second].rank, finding);
        return None;
    }
    if !whole.complete {
        return None;
    }
    let counts = |count: usize| i64::try_from(count) == Ok(whole.size);
    if !counts(sum) && (one_to_one || !counts(copies.distinct)) {
        if let Some(first) = parts.first() {
            let finding = whole.finding(RuleId::UNSTRUCTURED_SIZE, Key::Size).with("sum", sum);
            diagnostics.add(first.rank, finding.with("distinct", copies.distinct).with("size", whole.size));
        }
        return None;
    }
    let lists: Vec<&[i64]> = parts.iter().map(|part| &*part.section.indices).collect();
    Unstructured::new(whole.size, one_to_one, &lists).ok()
}

/// How many different indices there are, and one that is there twice.
struct Copies {
    distinct: usize,
    /// The lowest such index and the first two parts that hold it.
    example: Option<(i64, usize, usize)>,
}

impl Copies {
    fn count(parts: &Parts<'_>, sum: usize) -> Self {
        let mut all: Vec<i64> = Vec::with_capacity(sum);
        for part in parts {
            all.extend_from_slice(&part.section.indices);
        }
        all.sort_unstable();
        let copied = all.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        all.dedup();
        let example = copied.and_then(|index| {
            let mut holders = parts.iter().enumerate().filter(|(_, part)| part.section.indices.contains(&index));
            Some((index, holders.next()?.0, holders.next()?.0))
        });
        Self { distinct: all.len(), example }
    }
}
