//! One line: its elements in order, or their indices; on one process or on several.

use std::cmp::Ordering;

use dap_array::{DynArray, Element, Result};
use dap_core::index::GridRank;
use dap_kernels::sort::{Buckets, Digit, Histogram, Order, Record, Varying, compare, sort_records};
use dap_mpi::{Error, ErrorKind};
use dap_ndarray::Item;
use ndarray::{ArrayView1, Ix1};

use crate::bounds::Bounds;
use crate::element::Sorted;
use crate::exchange::sort_parts;
use crate::source::{Elements, Numbered, Source};
use crate::splitters::find;

/// Elements of a line whose first pass leaves the cache.
const LONG: usize = 1 << 16;
/// Bits of the first pass.
const FIRST_BITS: u32 = 16;

/// The results of sorting a line.
pub(crate) trait Task<T: Sorted> {
    /// The type of the results.
    type Output: Item + Element;

    /// Sorts a line that this process has whole; `to` is for the first elements, or all.
    fn whole(&self, line: ArrayView1<'_, T>, to: &mut [Self::Output]);

    /// Sorts a distributed array of one dimension; `to` is for the positions that `bounds` gives
    /// this rank. Collective.
    fn distributed(&self, line: &DynArray, bounds: &Bounds, to: &mut [Self::Output]) -> Result<()>;
}

/// The elements.
pub(crate) struct Values(pub(crate) Order);
/// The indices of the elements.
pub(crate) struct Places(pub(crate) Order);

impl<T: Sorted> Task<T> for Values {
    type Output = T;

    fn whole(&self, line: ArrayView1<'_, T>, to: &mut [T]) {
        if to.len() < line.len() {
            let items = line.iter().map(|item| item.encoded()).collect();
            let first = firsts(items, to.len(), |left, right| match self.0 {
                Order::Ascending => compare(left, right),
                Order::Descending => compare(right, left),
            });
            to.iter_mut().zip(first).for_each(|(to, item)| *to = item.decoded());
            return;
        }
        if line.len() >= LONG {
            sort_into(&Elements(Some(line)), to);
            to.iter_mut().for_each(|item| *item = item.decoded());
        } else {
            to.iter_mut().zip(line).for_each(|(to, item)| *to = *item);
            dap_kernels::sort::sort(to);
        }
        if self.0 == Order::Descending {
            to.reverse();
        }
    }

    fn distributed(&self, line: &DynArray, bounds: &Bounds, to: &mut [T]) -> Result<()> {
        let comm = line.context().comm();
        let bounds = match self.0 {
            Order::Ascending => bounds.clone(),
            Order::Descending => bounds.mirrored(line.len() as u64),
        };
        with_elements(line, |elements| {
            let source = Elements(elements);
            let splitters = find(comm, &source, &bounds)?;
            sort_parts(comm, &source, &bounds, &splitters, to)
        })?;
        to.iter_mut().for_each(|item| *item = item.decoded());
        if self.0 == Order::Descending {
            to.reverse();
        }
        Ok(())
    }
}

impl<T: Sorted> Task<T> for Places {
    type Output = i64;

    fn whole(&self, line: ArrayView1<'_, T>, to: &mut [i64]) {
        let mut records: Vec<T::Indexed> = line.iter().zip(0..).map(|(item, at)| item.indexed(at, self.0)).collect();
        if to.len() < records.len() {
            records = firsts(records, to.len(), compare);
        } else {
            sort_records(&mut records);
        }
        to.iter_mut().zip(&records).for_each(|(to, record)| *to = T::index_of(record) as i64);
    }

    fn distributed(&self, line: &DynArray, bounds: &Bounds, to: &mut [i64]) -> Result<()> {
        let mut records = vec![T::Indexed::default(); to.len()];
        sort_numbered::<T>(line, self.0, bounds, &mut records)?;
        to.iter_mut().zip(&records).for_each(|(to, record)| *to = T::index_of(record) as i64);
        Ok(())
    }
}

/// Sorts all records of a source: the first pass reads them where they lie.
fn sort_into<R: Record>(source: &impl Source<Record = R>, to: &mut [R]) {
    let mut varying = Varying::none::<R>();
    source.for_each_block(|block| varying.add(block));
    // Records that do not differ have any digit.
    let mut histogram = Histogram::new(varying.digit(FIRST_BITS).unwrap_or(Digit { word: 0, shift: 0, bits: 1 }));
    source.for_each_block(|block| histogram.add(block));
    let mut buckets = Buckets::new(&histogram);
    source.for_each_block(|block| buckets.put(block, to));
    buckets.sort(to);
}

/// The first `len` records in order, by partitioning.
fn firsts<R: Record>(mut records: Vec<R>, len: usize, by: impl Fn(&R, &R) -> Ordering) -> Vec<R> {
    if len > 0 && len < records.len() {
        records.select_nth_unstable_by(len - 1, &by);
    }
    records.truncate(len);
    records.sort_unstable_by(by);
    records
}

/// Sorts the keys of a line with their indices. Collective.
pub(crate) fn sort_numbered<T: Sorted>(
    line: &DynArray,
    order: Order,
    bounds: &Bounds,
    records: &mut [T::Indexed],
) -> Result<()> {
    let comm = line.context().comm();
    with_elements::<T, _>(line, |elements| {
        let dim = &line.layout().dims()[0];
        let rank = GridRank(line.section_rank().map_or(0, |rank| rank.0));
        let source = Numbered { elements, dim, rank, order };
        let splitters = find(comm, &source, bounds)?;
        sort_parts(comm, &source, bounds, &splitters, records)
    })
}

/// Lends this process's elements of a line; `None` if it has none. Collective.
///
/// # Errors
/// Memory that is in use on some rank, or an earlier failure.
pub(crate) fn with_elements<T: Sorted, R>(
    line: &DynArray,
    body: impl FnOnce(Option<ArrayView1<'_, T>>) -> Result<R>,
) -> Result<R> {
    let elements = line.section_rank().map(|_| line.local::<T>()).transpose();
    let elements = line.context().comm().agree(elements)?;
    let view = elements.as_ref().map(|elements| elements.view().into_dimensionality::<Ix1>()).transpose();
    body(view.map_err(|error| Error::new(ErrorKind::State, error.to_string()))?)
}
