//! The memory order of the ranks' buffers in words: the index that varies fastest.

use dap_core::export::{Export, Field};
use dap_core::index::Rank;
use dap_core::json;
use dap_report::RankTexts;

use crate::input::CheckedSet;

/// The largest number of ranks whose texts are read again.
const MOST: usize = 64;

/// The memory order of one buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatedOrder {
    /// All orders are the same: one dimension, or at most one item.
    Any,
    C,
    Fortran,
    Strided,
}

impl StatedOrder {
    fn in_words(self) -> &'static str {
        match self {
            Self::Any => "contiguous",
            Self::C => "C order",
            Self::Fortran => "Fortran order",
            Self::Strided => "strided",
        }
    }
}

/// The memory order of an array's buffers; `None` if no rank states it.
///
/// If there are more than [`MOST`] ranks, the first ones are read, and the words mention it.
pub(super) fn of(checked: &CheckedSet) -> Option<String> {
    let ranks = &checked.report.ranks;
    let read: Vec<(Rank, StatedOrder)> = ranks
        .ranges()
        .iter()
        .flat_map(Clone::clone)
        .take(MOST)
        .filter_map(|rank| Some((Rank(rank), order(&json::read(&checked.texts.of(Rank(rank))?.text))?)))
        .collect();
    let distinct = |order: &StatedOrder| *order != StatedOrder::Any;
    let first = read.iter().map(|(_, order)| *order).find(distinct).unwrap_or(StatedOrder::Any);
    let others: Vec<&(Rank, StatedOrder)> =
        read.iter().filter(|(_, order)| distinct(order) && *order != first).collect();
    let mut words = vec![first.in_words().to_owned()];
    for order in [StatedOrder::C, StatedOrder::Fortran, StatedOrder::Strided] {
        let mut of = others.iter().filter(|(_, other)| *other == order);
        if let Some((rank, _)) = of.next() {
            let more = match of.count() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            words.push(format!("{} on rank {rank}{more}", order.in_words()));
        }
    }
    let unread = ranks.len() > MOST as i64;
    let limit = if unread { format!(" (of the first {MOST} ranks)") } else { String::new() };
    (!read.is_empty()).then(|| words.join(", ") + &limit)
}

/// The order of one buffer, by its strides.
fn order(export: &Export) -> Option<StatedOrder> {
    let buffer = export.buffer.get()?;
    let shape = buffer.shape.get()?;
    let itemsize = buffer.dtype.get()?.as_ref().ok()?.itemsize();
    let strides = match &buffer.strides {
        Field::Is(strides) if strides.len() == shape.len() => Some(strides),
        Field::Missing => None,
        _ => return None,
    };
    if shape.contains(&0) {
        return Some(StatedOrder::Any);
    }
    // The strides of dimensions of one index are never used.
    let dims: Vec<usize> = (0..shape.len()).filter(|dim| shape[*dim] != 1).collect();
    let Some(strides) = strides else { return Some(if dims.len() < 2 { StatedOrder::Any } else { StatedOrder::C }) };
    // The dimensions in the order in which their indices vary, the fastest first.
    let contiguous = |dims: Vec<usize>| {
        let mut next = Some(itemsize);
        dims.into_iter().all(|dim| {
            let fits = next == Some(strides[dim]);
            next = next.and_then(|stride| stride.checked_mul(shape[dim]));
            fits
        })
    };
    Some(match (contiguous(dims.iter().rev().copied().collect()), contiguous(dims)) {
        (true, true) => StatedOrder::Any,
        (true, false) => StatedOrder::C,
        (false, true) => StatedOrder::Fortran,
        (false, false) => StatedOrder::Strided,
    })
}
