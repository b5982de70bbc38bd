//! How the ranks' buffers lie in memory, in words: which index varies fastest.

use dap_core::export::{Export, Field};
use dap_core::index::Rank;
use dap_core::json;
use dap_report::RankTexts;

use crate::input::CheckedSet;

/// The texts of at most so many ranks are read again.
const MOST: usize = 64;

/// How one buffer lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// All orders are the same: one dimension, or at most one item.
    Any,
    C,
    Fortran,
    Strided,
}

impl Order {
    fn in_words(self) -> &'static str {
        match self {
            Self::Any => "contiguous",
            Self::C => "C order",
            Self::Fortran => "Fortran order",
            Self::Strided => "strided",
        }
    }
}

/// The memory order of an array's buffers; `None` where no rank says it.
///
/// Of more than [`MOST`] ranks the first are read, and the words say so.
pub(super) fn of(checked: &CheckedSet) -> Option<String> {
    let ranks = &checked.report.ranks;
    let read: Vec<(Rank, Order)> = ranks
        .ranges()
        .iter()
        .flat_map(Clone::clone)
        .take(MOST)
        .filter_map(|rank| Some((Rank(rank), order(&json::read(&checked.texts.of(Rank(rank))?.text))?)))
        .collect();
    let distinct = |order: &Order| *order != Order::Any;
    let first = read.iter().map(|(_, order)| *order).find(distinct).unwrap_or(Order::Any);
    let others: Vec<&(Rank, Order)> = read.iter().filter(|(_, order)| distinct(order) && *order != first).collect();
    let mut words = vec![first.in_words().to_owned()];
    for order in [Order::C, Order::Fortran, Order::Strided] {
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
fn order(export: &Export) -> Option<Order> {
    let buffer = export.buffer.get()?;
    let shape = buffer.shape.get()?;
    let itemsize = buffer.dtype.get()?.as_ref().ok()?.itemsize();
    let strides = match &buffer.strides {
        Field::Is(strides) if strides.len() == shape.len() => Some(strides),
        Field::Missing => None,
        _ => return None,
    };
    if shape.contains(&0) {
        return Some(Order::Any);
    }
    // The strides of dimensions of one index are never used.
    let dims: Vec<usize> = (0..shape.len()).filter(|dim| shape[*dim] != 1).collect();
    let Some(strides) = strides else { return Some(if dims.len() < 2 { Order::Any } else { Order::C }) };
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
        (true, true) => Order::Any,
        (true, false) => Order::C,
        (false, true) => Order::Fortran,
        (false, false) => Order::Strided,
    })
}
