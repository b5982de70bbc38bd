//! The rank of each description: stated in the text, or else the number in the name of its file.
//!
//! A shell lists files in an order that is not that of ranks, `m_0 m_1 m_10 m_11 m_2`, and some
//! libraries' descriptions do not state their part of the array. An order that nothing confirms is
//! refused.

mod names;

use std::path::PathBuf;

use serde_json::Value;

use super::libraries::LibraryChoice;
use super::raw::{ConvertResult, RawValue};

/// The origin of several values.
pub(super) enum Origin {
    /// One file, pipe or standard input.
    OneText,
    /// One file each.
    Files(Vec<PathBuf>),
}

/// The values in rank order, and a note on the source of the ranks. `values` has a value for each
/// rank, or all ranks in one value.
pub(super) fn by_rank(
    values: Vec<Value>,
    origin: &Origin,
    from: LibraryChoice<'_>,
) -> ConvertResult<(Vec<Value>, Option<String>)> {
    if values.len() < 2 {
        return Ok((values, None));
    }
    let (order, note) = match (stated(&values)?, origin) {
        (Some(order), _) => (order, None),
        (None, Origin::Files(paths)) => names::order(paths)?,
        (None, Origin::OneText) => {
            lines(&values, from)?;
            return Ok((values, None));
        }
    };
    Ok((permuted(values, &order), note))
}

/// Values in another order: first the one at `order[0]`.
fn permuted(values: Vec<Value>, order: &[usize]) -> Vec<Value> {
    let mut values: Vec<Option<Value>> = values.into_iter().map(Some).collect();
    order.iter().filter_map(|&at| values.get_mut(at)?.take()).collect()
}

/// The order of the ranks that descriptions state under `rank`; `None` if none states one.
///
/// mpi4py-fft has a tensor's rank under this key, the same on all processes, and ScaLAPACK's lists
/// hold several arrays: theirs are ranks of processes here only if they are 0, 1, ... in some
/// order.
pub(super) fn stated<'a>(values: impl IntoIterator<Item = &'a Value>) -> ConvertResult<Option<Vec<usize>>> {
    let mut lenient = false;
    let mut ranks = Vec::new();
    for value in values {
        lenient |= ["substart", "desc"].iter().any(|key| value.get(key).is_some());
        ranks.push(value.get("rank").filter(|rank| !rank.is_null()).map(|rank| RawValue::new(rank, "rank").int()));
    }
    let count = ranks.iter().flatten().count();
    if count == 0 || lenient && count < ranks.len() {
        return Ok(None);
    }
    let mut order = vec![None; ranks.len()];
    let mut wrong = None;
    for (at, rank) in ranks.iter().enumerate() {
        let last = ranks.len() - 1;
        let why = match rank {
            None => Some(format!("description {at} states no `rank`, and others do")),
            Some(Err(why)) => Some(why.clone()),
            Some(Ok(rank)) => match usize::try_from(*rank).ok().and_then(|rank| order.get_mut(rank)) {
                None => Some(format!("`rank` is {rank}, and there are descriptions of ranks 0 to {last}")),
                Some(slot) => slot.replace(at).map(|_| format!("two descriptions state `rank` {rank}")),
            },
        };
        wrong = wrong.or(why);
    }
    let Some(why) = wrong else { return Ok(Some(order.into_iter().flatten().collect())) };
    if lenient {
        return Ok(None);
    }
    let mut numbers: Vec<i64> = ranks.iter().flatten().filter_map(|rank| rank.as_ref().ok().copied()).collect();
    numbers.sort_unstable();
    let from_one = numbers.iter().copied().eq(1..=ranks.len() as i64);
    let hint = if from_one { ". Counted from 1? MPI's ranks begin at 0: subtract 1 from each" } else { "" };
    Err(format!("{why}{hint}"))
}

/// Refuses more descriptions in one text than the shell lists in rank order, if nothing states
/// their ranks.
fn lines(values: &[Value], from: LibraryChoice<'_>) -> ConvertResult<()> {
    let shell = names::shell_order(values.len());
    // The rank order of `values`, if the shell had listed them.
    let mut ranks: Vec<usize> = (0..values.len()).collect();
    ranks.sort_by_key(|&at| shell[at]);
    let is_same = ranks.iter().enumerate().all(|(rank, &at)| values[rank] == values[at]);
    if is_same || values.iter().all(|value| says_its_place(value, from)) {
        return Ok(());
    }
    Err(format!(
        "{} descriptions follow each other, and none states its `rank`: concatenated by `cat`, files are in the order 0, 1, 10, 11, \
         2 of the shell. Name the files instead, add a `rank` to each description, or write them as one list in rank order \
         (`jq -s .` makes one)",
        values.len()
    ))
}

/// Whether a description, or each of several by name, states its part of the array, so that a wrong
/// order is detected.
fn says_its_place(value: &Value, from: LibraryChoice<'_>) -> bool {
    let raw = RawValue::new(value, "");
    if let Some(library) = from.of(&raw) {
        return (library.says_its_place)(&raw);
    }
    let arrays: Vec<_> = raw.keys().into_iter().filter_map(|key| raw.maybe(key)).collect();
    arrays
        .iter()
        .filter_map(|array| Some((array, from.of(array)?)))
        .all(|(array, library)| (library.says_its_place)(array))
}
