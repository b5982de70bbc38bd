//! The walk over strided memory: whole rows into one state, or several rows into a row of states.
//!
//! If the innermost loop runs along a reduced axis, each output reads whole rows. If it runs along
//! a kept axis, `ROWS` rows are read at once and added to a row of states, which stays in the
//! cache.

use crate::element::Element;
use std::ops::Range;

use crate::loops::Order;
use crate::threads;
use crate::view::{Split, View, ViewError, ViewErrorKind};

/// Rows that are added to a row of states in one step.
const ROWS: usize = 16;

/// Elements that are worth a thread. Tests split small arrays.
pub(crate) const GRAIN: usize = if cfg!(test) { 100 } else { 1 << 16 };

/// A way to reduce elements to partial results.
pub trait Reducer: Sync {
    /// The type of the elements.
    type Item: Element;
    /// The state while elements are added.
    type State: Send;
    /// A partial result.
    type Output: Clone + Send;
    /// Partial results of many columns, while rows are added.
    type Columns: Send;

    /// The result of no element.
    fn start(&self) -> Self::State;

    /// Adds elements.
    fn add(&self, state: &mut Self::State, items: &[Self::Item]);

    /// The partial result.
    fn done(&self, state: Self::State) -> Self::Output;

    /// Adds the elements of another partial result.
    fn merge(&self, result: &mut Self::Output, other: &Self::Output);

    /// The greatest number of columns that are taken at once.
    const WIDTH: usize = usize::MAX;

    /// The results of no element, for this number of columns.
    fn columns(&self, count: usize) -> Self::Columns;

    /// Adds rows: element `i` of each belongs to column `i`.
    fn add_rows(&self, columns: &mut Self::Columns, rows: &[&[Self::Item]]);

    /// The partial results of the columns.
    fn finish(&self, columns: Self::Columns) -> Vec<Self::Output>;
}

/// Reduces strips that come one after the other, such as those of a program.
#[derive(Debug)]
pub struct Sink<'r, R: Reducer> {
    reducer: &'r R,
    state: R::State,
}

impl<'r, R: Reducer> Sink<'r, R> {
    /// A sink without elements.
    #[must_use]
    pub fn new(reducer: &'r R) -> Self {
        Self { reducer, state: reducer.start() }
    }

    /// Adds the elements of a strip.
    #[inline]
    pub fn push(&mut self, strip: &[R::Item]) {
        self.reducer.add(&mut self.state, strip);
    }

    /// The partial result.
    #[must_use]
    pub fn finish(self) -> R::Output {
        self.reducer.done(self.state)
    }
}

fn checked<R: Reducer>(view: &View<'_>) -> Result<(), ViewError> {
    if view.element() == R::Item::TYPE {
        Ok(())
    } else {
        Err(ViewErrorKind::Element { found: view.element(), expected: R::Item::TYPE }.into())
    }
}

/// Reduces all elements, on several threads.
///
/// # Errors
/// The elements are not of the reducer's type.
pub fn reduce<R: Reducer>(view: &View<'_>, reducer: &R) -> Result<R::Output, ViewError> {
    reduce_with(view, reducer, threads::threads())
}

/// Reduces all elements on at most this number of threads.
pub(crate) fn reduce_with<R: Reducer>(view: &View<'_>, reducer: &R, threads: usize) -> Result<R::Output, ViewError> {
    checked::<R>(view)?;
    let parts = threads::parts(view.len(), GRAIN, threads);
    let states = threads::map_parts(parts, |part| {
        let mut state = reducer.start();
        let range = threads::range_of(part, parts, view.len(), 64);
        view.for_each_strip_in::<R::Item>(Order::Any, range, |strip| reducer.add(&mut state, strip));
        reducer.done(state)
    });
    Ok(merged(reducer, states))
}

fn merged<R: Reducer>(reducer: &R, results: Vec<R::Output>) -> R::Output {
    let mut results = results.into_iter();
    let mut first = results.next().unwrap_or_else(|| reducer.done(reducer.start()));
    results.for_each(|result| reducer.merge(&mut first, &result));
    first
}

/// Reduces the elements along `axes`; the results are those of the other axes, in C order.
///
/// # Errors
/// The elements are not of the reducer's type; no such axis, or one that is named twice; the
/// results are beyond the address space.
pub fn reduce_axes<R: Reducer>(view: &View<'_>, axes: &[usize], reducer: &R) -> Result<Vec<R::Output>, ViewError> {
    reduce_axes_with(view, axes, reducer, threads::threads())
}

pub(crate) fn reduce_axes_with<R: Reducer>(
    view: &View<'_>,
    axes: &[usize],
    reducer: &R,
    threads: usize,
) -> Result<Vec<R::Output>, ViewError> {
    checked::<R>(view)?;
    let split = view.split(axes)?;
    let outputs = split.outer().len();
    if outputs > isize::MAX as usize / size_of::<R::Output>().max(1) {
        return Err(ViewErrorKind::TooLarge.into());
    }
    let elements = split.inner().len();
    if outputs == 0 || elements == 0 {
        return Ok(vec![reducer.done(reducer.start()); outputs]);
    }
    Ok(if split.by_columns() {
        by_columns(&split, reducer, threads)
    } else if outputs < threads && elements > GRAIN {
        // Few outputs: the threads share each one.
        (0..outputs)
            .map(|output| {
                let parts = threads::parts(elements, GRAIN, threads);
                let states = threads::map_parts(parts, |part| {
                    let mut state = reducer.start();
                    let range = threads::range_of(part, parts, elements, 64);
                    split.for_each_strip(output, range, |strip| reducer.add(&mut state, strip));
                    reducer.done(state)
                });
                merged(reducer, states)
            })
            .collect()
    } else {
        by_rows(&split, reducer, threads)
    })
}

/// Each output reads the rows of its part.
fn by_rows<R: Reducer>(split: &Split<'_>, reducer: &R, threads: usize) -> Vec<R::Output> {
    let (outputs, elements) = (split.outer().len(), split.inner().len());
    let parts = threads::parts(outputs, (GRAIN / elements).max(1), threads);
    let found = threads::map_parts(parts, |part| {
        let reduce = |output| {
            let mut state = reducer.start();
            split.for_each_strip(output, 0..elements, |strip| reducer.add(&mut state, strip));
            reducer.done(state)
        };
        threads::range_of(part, parts, outputs, 1).map(reduce).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}

/// Rows along the innermost kept axis are added to a row of states, for some columns at a time.
fn by_columns<R: Reducer>(split: &Split<'_>, reducer: &R, threads: usize) -> Vec<R::Output> {
    let (extent, rows) = (split.outer().inner().0, split.inner().len());
    let widest = R::WIDTH.min(extent);
    let pieces = extent.div_ceil(widest);
    let groups = split.outer().len() / extent * pieces;
    let group = |group: usize, rows: Range<usize>| {
        let from = group % pieces * widest;
        let width = widest.min(extent - from);
        let mut columns = reducer.columns(width);
        let part = group / pieces * extent + from;
        split.for_each_lines::<R::Item, ROWS>(part, width, rows, |lines| reducer.add_rows(&mut columns, lines));
        reducer.finish(columns)
    };
    if groups >= threads {
        let parts = threads::parts(groups, (GRAIN / widest.saturating_mul(rows)).max(1), threads);
        let found = threads::map_parts(parts, |part| {
            threads::range_of(part, parts, groups, 1).flat_map(|at| group(at, 0..rows)).collect::<Vec<_>>()
        });
        return found.into_iter().flatten().collect();
    }
    let reduce = |at| {
        let parts = threads::parts(rows, (GRAIN / widest).max(ROWS), threads);
        let mut found =
            threads::map_parts(parts, |part| group(at, threads::range_of(part, parts, rows, ROWS))).into_iter();
        let mut first = found.next().unwrap_or_default();
        for other in found {
            first.iter_mut().zip(&other).for_each(|(result, other)| reducer.merge(result, other));
        }
        first
    };
    (0..groups).flat_map(reduce).collect()
}

/// Columns whose elements are gathered, some rows at a time, and then added as rows are.
pub struct Transposed<R: Reducer> {
    states: Vec<R::State>,
    /// `DEPTH` elements for each column.
    elements: Vec<R::Item>,
    filled: usize,
}

/// Elements that are gathered for a column, and columns that are gathered at once.
const DEPTH: usize = 512;
pub(super) const GATHERED: usize = 64;

impl<R: Reducer> Transposed<R> {
    pub(super) fn new(reducer: &R, count: usize) -> Self {
        let states = (0..count).map(|_| reducer.start()).collect();
        Self { states, elements: vec![R::Item::default(); count * DEPTH], filled: 0 }
    }

    pub(super) fn add_rows(&mut self, reducer: &R, rows: &[&[R::Item]]) {
        for row in rows {
            for (column, item) in row.iter().enumerate() {
                self.elements[column * DEPTH + self.filled] = *item;
            }
            self.filled += 1;
            if self.filled == DEPTH {
                self.flush(reducer);
            }
        }
    }

    fn flush(&mut self, reducer: &R) {
        for (state, elements) in self.states.iter_mut().zip(self.elements.chunks(DEPTH)) {
            reducer.add(state, &elements[..self.filled]);
        }
        self.filled = 0;
    }

    pub(super) fn finish(mut self, reducer: &R) -> Vec<R::Output> {
        self.flush(reducer);
        self.states.into_iter().map(|state| reducer.done(state)).collect()
    }
}

/// Reducers whose state is their result, for types with some traits; columns are gathered.
macro_rules! reducers {
    ($([$($bound:tt)+] $reducer:ident $state:ty: |$this:ident, $to:ident, $items:ident| $add:expr;)*) => {
        $(impl<T: $($bound)+> Reducer for $reducer<T> {
            type Item = T;
            type State = $state;
            type Output = $state;
            type Columns = Transposed<Self>;
            const WIDTH: usize = GATHERED;

            fn start(&self) -> $state {
                <$state>::default()
            }

            fn add(&self, $to: &mut $state, $items: &[T]) {
                let $this = self;
                $add;
            }

            fn done(&self, state: $state) -> $state {
                state
            }

            fn merge(&self, result: &mut $state, other: &$state) {
                result.merge(other);
            }

            fn columns(&self, count: usize) -> Transposed<Self> {
                Transposed::new(self, count)
            }

            fn add_rows(&self, columns: &mut Transposed<Self>, rows: &[&[T]]) {
                columns.add_rows(self, rows);
            }

            fn finish(&self, columns: Transposed<Self>) -> Vec<$state> {
                columns.finish(self)
            }
        })*
    };
}
pub(super) use reducers;
