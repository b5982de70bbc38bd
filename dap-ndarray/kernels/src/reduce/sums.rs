//! Exactly rounded sums and variances as reducers.

use super::driver::{GATHERED, Reducer, Transposed, reducers};
use crate::element::Element;
use crate::sum::{
    Accumulator, ColumnSums, MomentAccumulator, PartialMoments, PartialSquares, PartialSum, ProductAccumulator, Real,
    SumStream,
};

/// Sums floats; the mean is the partial result's.
#[derive(Debug, Clone, Copy)]
pub struct Sum<T> {
    skip_nan: bool,
    item: std::marker::PhantomData<fn(T)>,
}

impl<T> Sum<T> {
    /// Sums all elements.
    #[must_use]
    pub fn new() -> Self {
        Self { skip_nan: false, item: std::marker::PhantomData }
    }

    /// Leaves out NaN, in the count too: `nansum`, `nanmean`.
    #[must_use]
    pub fn skipping_nan() -> Self {
        Self { skip_nan: true, ..Self::new() }
    }
}

impl<T> Default for Sum<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Elements that are taken at once when NaN are left out.
const BLOCK: usize = 2048;

/// Calls `body` with elements in which zeros stand for NaN, and with the number of others.
fn without_nan<T: Real>(items: &[T], mut body: impl FnMut(&[T], u64)) {
    let mut strip = [T::default(); BLOCK];
    for block in items.chunks(BLOCK) {
        let mut counted = 0;
        for (to, item) in strip.iter_mut().zip(block) {
            let nan = item.widen().is_nan();
            counted += u64::from(!nan);
            *to = if nan { T::default() } else { *item };
        }
        body(&strip[..block.len()], counted);
    }
}

/// Columns of sums, and for each the NaN that were left out.
pub struct Columns<T> {
    sums: ColumnSums<T>,
    skipped: Vec<u64>,
}

impl<T: Real + Element> Reducer for Sum<T> {
    type Item = T;
    type State = SumStream;
    type Output = PartialSum;
    type Columns = Columns<T>;

    fn start(&self) -> SumStream {
        SumStream::default()
    }

    fn add(&self, state: &mut SumStream, items: &[T]) {
        if self.skip_nan {
            without_nan(items, |strip, counted| state.push_uncounted(strip, counted));
        } else {
            state.push(items);
        }
    }

    fn done(&self, state: SumStream) -> PartialSum {
        state.finish()
    }

    fn merge(&self, result: &mut PartialSum, other: &PartialSum) {
        result.merge(other);
    }

    fn columns(&self, count: usize) -> Columns<T> {
        Columns { sums: ColumnSums::new(count), skipped: vec![0; if self.skip_nan { count } else { 0 }] }
    }

    fn add_rows(&self, columns: &mut Columns<T>, rows: &[&[T]]) {
        if !self.skip_nan {
            columns.sums.add_rows(rows);
            return;
        }
        for row in rows {
            let clean: Vec<T> =
                row.iter().map(|item| if item.widen().is_nan() { T::default() } else { *item }).collect();
            columns
                .skipped
                .iter_mut()
                .zip(*row)
                .for_each(|(skipped, item)| *skipped += u64::from(item.widen().is_nan()));
            columns.sums.add_rows(&[&clean]);
        }
    }

    fn finish(&self, columns: Columns<T>) -> Vec<PartialSum> {
        let mut sums = columns.sums.finish();
        sums.iter_mut().zip(&columns.skipped).for_each(|(sum, skipped)| sum.uncount(*skipped));
        sums
    }
}

/// Sums floats and their squares about a pivot: variance, standard deviation, and the mean, in one
/// pass.
#[derive(Debug, Clone, Copy)]
pub struct Moments<T> {
    pivot: T,
}

impl<T: Real> Moments<T> {
    /// About a pivot, such as [`PartialMoments::pivot`] finds in the first elements. Parts of one
    /// result merge best if all have one pivot.
    #[must_use]
    pub fn about(pivot: T) -> Self {
        Self { pivot }
    }
}

/// Sums the squares of floats, for norms.
#[derive(Debug, Clone, Copy, Default)]
pub struct Squares<T>(std::marker::PhantomData<fn(T)>);

/// The second pass of sums and means.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExactSum<T>(std::marker::PhantomData<fn(T)>);

/// The second pass of norms.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExactSquares<T>(std::marker::PhantomData<fn(T)>);

/// The second pass of variances.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExactMoments<T>(std::marker::PhantomData<fn(T)>);

reducers! {
    [Real + Element] Moments PartialMoments: |this, to, items| to.merge(&PartialMoments::about(this.pivot, items));
    [Real + Element] Squares PartialSquares: |_this, to, items| to.merge(&PartialSquares::of(items));
    [Real + Element] ExactSum Accumulator: |_this, to, items| to.add(items);
    [Real + Element] ExactSquares ProductAccumulator: |_this, to, items| to.add(items, items);
    [Real + Element] ExactMoments MomentAccumulator: |_this, to, items| to.add(items);
}
