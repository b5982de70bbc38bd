//! The elements of a section's buffer, as runs of consecutive numbers in C order of the whole
//! array.

use std::ops::Range;

use dap_core::dim::Dim;
use dap_core::index::{GridRank, LocalIndex, Rank};
use dap_core::layout::Layout;

/// A section's buffer in C order, padding included.
pub(crate) struct SectionMap<'l> {
    /// The axes in front of the row's, with the extent of the buffer and the stride of the numbers.
    leading: Vec<(&'l Dim, GridRank, u64, u64)>,
    /// The axis of a row; the axes behind it are whole and in order, of `inner` elements.
    row: Option<(&'l Dim, GridRank)>,
    /// The elements of a row of the buffer.
    row_len: usize,
    inner: u64,
    len: usize,
}

/// Consecutive places of a buffer that hold consecutive elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The places.
    pub(crate) at: Range<usize>,
    /// The number of the first element; `None` for boundary padding, which has no elements.
    pub(crate) number: Option<u64>,
}

impl<'l> SectionMap<'l> {
    /// The map of a rank's section; `None` if there is no such rank.
    pub(crate) fn new(layout: &'l Layout, rank: Rank) -> Option<SectionMap<'l>> {
        let shape = layout.local_shape(rank)?;
        let ranks = layout.grid().coordinates(rank)?;
        let axes: Vec<(&Dim, GridRank, u64)> = layout
            .dims()
            .iter()
            .zip(ranks)
            .zip(&shape)
            .map(|((dim, rank), &extent)| (dim, rank, extent as u64))
            .collect();
        let is_whole = |(dim, rank, extent): &(&Dim, GridRank, u64)| {
            *extent == dim.size() as u64 && run(dim, *rank, 0, *extent) == (Some(0), *extent)
        };
        let whole = axes.iter().rev().take_while(|axis| is_whole(axis)).count();
        let (front, back) = axes.split_at(axes.len() - whole);
        let inner: u64 = back.iter().map(|(_, _, extent)| extent).product();
        let (row, front) = match front.split_last() {
            Some((&(dim, rank, extent), front)) => (Some((dim, rank, extent)), front),
            None => (None, front),
        };
        let mut stride = inner * row.map_or(1, |(dim, ..)| dim.size() as u64);
        let mut leading = Vec::with_capacity(front.len());
        for &(dim, rank, extent) in front.iter().rev() {
            leading.push((dim, rank, extent, stride));
            stride = stride.wrapping_mul(dim.size() as u64);
        }
        leading.reverse();
        let row_len = (row.map_or(1, |(_, _, extent)| extent) * inner) as usize;
        let len = shape.iter().product::<i64>() as usize;
        Some(SectionMap { leading, row: row.map(|(dim, rank, _)| (dim, rank)), row_len, inner, len })
    }

    /// The number of places.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The segments of some places.
    pub(crate) fn segments(&self, places: Range<usize>) -> impl Iterator<Item = Segment> + '_ {
        let mut next = places.start;
        std::iter::from_fn(move || {
            let from = next;
            (from < places.end).then(|| {
                let row = from / self.row_len;
                let end = places.end.min((row + 1) * self.row_len);
                let (number, len) = self.segment(row, from % self.row_len, end - from);
                next = from + len;
                Segment { at: from..next, number }
            })
        })
    }

    /// The segment of at most `most` places of a row.
    fn segment(&self, row: usize, at: usize, most: usize) -> (Option<u64>, usize) {
        let mut rest = row as u64;
        let mut front = Some(0_u64);
        for &(dim, rank, extent, stride) in self.leading.iter().rev() {
            let local = LocalIndex((rest % extent) as i64);
            rest /= extent;
            front = front.zip(dim.global(rank, local)).map(|(front, global)| front + global.0 as u64 * stride);
        }
        let Some(front) = front else { return (None, most) };
        let Some((dim, rank)) = self.row else { return (Some(front + at as u64), most) };
        let (local, skipped) = (at as u64 / self.inner, at as u64 % self.inner);
        let (global, len) = run(dim, rank, local, (skipped + most as u64).div_ceil(self.inner));
        let number = global.map(|global| front + global * self.inner + skipped);
        (number, (len * self.inner - skipped).min(most as u64) as usize)
    }
}

/// The run of consecutive global indices that begins at a local index: the first one, `None` where
/// there is no element, and their number, at most `most`.
fn run(dim: &Dim, rank: GridRank, local: u64, most: u64) -> (Option<u64>, u64) {
    let at = |more: u64| dim.global(rank, LocalIndex((local + more) as i64)).map(|global| global.0 as u64);
    let Some(first) = at(0) else { return (None, 1) };
    let continues = |more: u64| at(more) == Some(first + more);
    let len = if matches!(dim, Dim::Unstructured(_)) {
        // In any order: each index is looked at.
        (1..most).find(|&more| !continues(more)).unwrap_or(most)
    } else {
        // Ascending up to the end of the run: the first index that does not continue it is searched
        // for.
        let (mut inside, mut outside) = (0, 1);
        while outside < most && continues(outside) {
            inside = outside;
            outside = (2 * outside).min(most);
        }
        if outside >= most && most > 0 && continues(most - 1) {
            most
        } else {
            while outside - inside > 1 {
                let middle = inside + (outside - inside) / 2;
                if continues(middle) { inside = middle } else { outside = middle }
            }
            outside
        }
    };
    (Some(first), len)
}
