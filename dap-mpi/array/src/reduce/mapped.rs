//! Reducers of elements that are converted, or left out, on their way.

use std::marker::PhantomData;

use dap_kernels::element::Element;
use dap_kernels::reduce::Reducer;

/// Reduces elements of type `T` by a reducer of others: `map` appends what stands for some
/// elements.
pub(super) struct Mapped<T, R, F> {
    inner: R,
    map: F,
    item: PhantomData<fn(T)>,
}

/// Elements that are mapped at once, and columns that are reduced at once.
const BLOCK: usize = 2048;
const WIDTH: usize = 64;

impl<T: Element, R: Reducer, F: Fn(&[T], &mut Vec<R::Item>) + Sync> Mapped<T, R, F> {
    pub(super) fn new(inner: R, map: F) -> Mapped<T, R, F> {
        Mapped { inner, map, item: PhantomData }
    }
}

/// Columns, whose elements are gathered before they are mapped.
pub(super) struct Gathered<S, T> {
    states: Vec<S>,
    /// Of each column.
    elements: Vec<Vec<T>>,
}

impl<T: Element, R: Reducer, F: Fn(&[T], &mut Vec<R::Item>) + Sync> Reducer for Mapped<T, R, F> {
    type Item = T;
    type State = R::State;
    type Output = R::Output;
    type Columns = Gathered<R::State, T>;
    const WIDTH: usize = WIDTH;

    fn start(&self) -> R::State {
        self.inner.start()
    }

    fn add(&self, state: &mut R::State, items: &[T]) {
        let mut mapped = Vec::with_capacity(items.len().min(BLOCK));
        for block in items.chunks(BLOCK) {
            mapped.clear();
            (self.map)(block, &mut mapped);
            self.inner.add(state, &mapped);
        }
    }

    fn done(&self, state: R::State) -> R::Output {
        self.inner.done(state)
    }

    fn merge(&self, result: &mut R::Output, other: &R::Output) {
        self.inner.merge(result, other);
    }

    fn columns(&self, count: usize) -> Gathered<R::State, T> {
        let states = (0..count).map(|_| self.inner.start()).collect();
        Gathered { states, elements: vec![Vec::with_capacity(BLOCK); count] }
    }

    fn add_rows(&self, columns: &mut Gathered<R::State, T>, rows: &[&[T]]) {
        for row in rows {
            let columns = columns.elements.iter_mut().zip(&mut columns.states);
            for ((elements, state), item) in columns.zip(*row) {
                elements.push(*item);
                if elements.len() == BLOCK {
                    self.add(state, elements);
                    elements.clear();
                }
            }
        }
    }

    fn finish(&self, columns: Gathered<R::State, T>) -> Vec<R::Output> {
        let mut columns = columns;
        let rest = columns.elements.iter().zip(&mut columns.states);
        rest.for_each(|(elements, state)| self.add(state, elements));
        columns.states.into_iter().map(|state| self.inner.done(state)).collect()
    }
}
