//! This process's elements of a line, as records, a block at a time.

use dap_core::dim::Dim;
use dap_core::index::{GridRank, LocalIndex};
use dap_kernels::sort::{Order, Sortable};
use dap_ndarray::Item;
use ndarray::{ArrayView1, Slice};

/// The records that are made at once: they stay in the cache.
pub(crate) const BLOCK: usize = 1 << 14;

/// Records of one process.
pub(crate) trait Source {
    /// The type of the records.
    type Record;

    /// The number of records.
    fn len(&self) -> usize;

    /// Appends `count` records from number `from` on.
    fn read(&self, from: usize, count: usize, to: &mut Vec<Self::Record>);

    /// Calls `body` with all records.
    fn for_each_block(&self, mut body: impl FnMut(&[Self::Record])) {
        let mut block = Vec::with_capacity(BLOCK.min(self.len()));
        let mut from = 0;
        while from < self.len() {
            block.clear();
            let count = BLOCK.min(self.len() - from);
            self.read(from, count, &mut block);
            body(&block);
            from += count;
        }
    }
}

/// Elements, encoded.
pub(crate) struct Elements<'a, T>(pub(crate) Option<ArrayView1<'a, T>>);

impl<T: Sortable + Item> Source for Elements<'_, T> {
    type Record = T;

    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, ArrayView1::len)
    }

    fn read(&self, from: usize, count: usize, to: &mut Vec<T>) {
        let Some(view) = &self.0 else { return };
        let part = view.slice_axis(ndarray::Axis(0), Slice::from(from..from + count));
        match part.as_slice() {
            Some(items) => to.extend(items.iter().map(|item| item.encoded())),
            None => to.extend(part.iter().map(|item| item.encoded())),
        }
    }
}

/// Elements with their indices along the line.
pub(crate) struct Numbered<'a, T> {
    pub(crate) elements: Option<ArrayView1<'a, T>>,
    pub(crate) dim: &'a Dim,
    pub(crate) rank: GridRank,
    pub(crate) order: Order,
}

impl<T: Sortable + Item> Source for Numbered<'_, T> {
    type Record = T::Indexed;

    fn len(&self) -> usize {
        self.elements.as_ref().map_or(0, ArrayView1::len)
    }

    fn read(&self, from: usize, count: usize, to: &mut Vec<T::Indexed>) {
        let Some(view) = &self.elements else { return };
        let part = view.slice_axis(ndarray::Axis(0), Slice::from(from..from + count));
        let index = |local: usize| self.dim.global(self.rank, LocalIndex(local as i64)).map_or(0, |index| index.0);
        if let Dim::Block(_) = self.dim {
            let first = index(from) as u64;
            to.extend(part.iter().zip(first..).map(|(item, at)| item.indexed(at, self.order)));
        } else {
            to.extend(part.iter().zip(from..).map(|(item, at)| item.indexed(index(at) as u64, self.order)));
        }
    }
}
