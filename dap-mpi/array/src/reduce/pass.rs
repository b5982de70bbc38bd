//! A pass over this process's elements, whose partial results are words that any rank can merge.

use std::marker::PhantomData;

use dap_kernels::program::Value;
use dap_kernels::reduce::{Reducer, reduce, reduce_axes};
use dap_kernels::view::View;
use dap_mpi::{Error, ErrorKind, Result};
use smallvec::SmallVec;

use super::partial::Partial;
use crate::error::Checked;

/// One pass over elements of a type that is known when the program runs. Its partial results are
/// words, which any rank can merge: see [`Passes`](crate::Passes).
pub trait Pass {
    /// The number of words of a partial result.
    fn words(&self) -> usize;

    /// The partial results over `axes`, in C order of the other axes; one result over all axes for
    /// `None`.
    ///
    /// # Errors
    /// Elements of another type than the pass is for.
    fn run(&self, view: &View<'_>, axes: Option<&[usize]>) -> Result<Vec<u64>>;

    /// The partial result of no element.
    fn neutral(&self) -> Vec<u64>;

    /// Merges the words of one partial result into those of another.
    fn merge(&self, words: &mut [u64], other: &[u64]);

    /// The result; `None` if the words do not decide it, which a second pass does.
    fn finish(&self, words: &[u64]) -> Option<Value>;
}

/// The numbers that an element is reduced as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// The element itself.
    Whole,
    /// The byte of a `bool`.
    Byte,
    /// The real and the imaginary part, each for itself.
    Complex,
}

impl Parts {
    fn count(self) -> usize {
        if self == Parts::Complex { 2 } else { 1 }
    }

    fn of<'a>(self, view: &View<'a>) -> Result<SmallVec<[View<'a>; 2]>> {
        let parts = match self {
            Parts::Whole => Some([view.clone()].into_iter().collect()),
            Parts::Byte => view.as_bytes().map(|bytes| [bytes].into_iter().collect()),
            Parts::Complex => view.real_and_imaginary().map(|parts| parts.into_iter().collect()),
        };
        parts.ok_or_else(|| Error::new(ErrorKind::Argument, format!("{} elements have no such parts", view.element())))
    }
}

/// The pass of a reducer. `M` makes the reducer for a view, `F` finishes the partial results of an
/// element's parts.
pub(super) struct Over<R, M, F> {
    parts: Parts,
    make: M,
    finish: F,
    reducer: PhantomData<fn(R)>,
}

impl<R: Reducer, M: Fn(&View<'_>) -> R, F: Fn(&[R::Output]) -> Option<Value>> Over<R, M, F> {
    pub(super) fn new(parts: Parts, make: M, finish: F) -> Over<R, M, F> {
        Over { parts, make, finish, reducer: PhantomData }
    }
}

impl<R, M, F> Over<R, M, F>
where
    R: Reducer<Output: Partial>,
    M: Fn(&View<'_>) -> R,
{
    /// A reducer that only merges: one for no element.
    fn merger(&self) -> R {
        (self.make)(&View::of::<R::Item>(&[]))
    }
}

impl<R, M, F> Pass for Over<R, M, F>
where
    R: Reducer<Output: Partial>,
    M: Fn(&View<'_>) -> R,
    F: Fn(&[R::Output]) -> Option<Value>,
{
    fn words(&self) -> usize {
        self.parts.count() * R::Output::WORDS
    }

    fn run(&self, view: &View<'_>, axes: Option<&[usize]>) -> Result<Vec<u64>> {
        let mut results = Vec::with_capacity(2);
        for part in self.parts.of(view)? {
            let reducer = (self.make)(&part);
            results.push(match axes {
                None => vec![reduce(&part, &reducer).checked()?],
                Some(axes) => reduce_axes(&part, axes, &reducer).checked()?,
            });
        }
        let outputs = results.first().map_or(0, Vec::len);
        let mut words = Vec::with_capacity(outputs * self.words());
        for output in 0..outputs {
            results.iter().for_each(|part| part[output].put(&mut words));
        }
        Ok(words)
    }

    fn neutral(&self) -> Vec<u64> {
        let reducer = self.merger();
        let mut words = Vec::with_capacity(self.words());
        (0..self.parts.count()).for_each(|_| reducer.done(reducer.start()).put(&mut words));
        words
    }

    fn merge(&self, words: &mut [u64], other: &[u64]) {
        let reducer = self.merger();
        let mut merged = Vec::with_capacity(words.len());
        for (mine, other) in words.chunks(R::Output::WORDS).zip(other.chunks(R::Output::WORDS)) {
            let mut result = R::Output::get(mine);
            reducer.merge(&mut result, &R::Output::get(other));
            result.put(&mut merged);
        }
        words.copy_from_slice(&merged);
    }

    fn finish(&self, words: &[u64]) -> Option<Value> {
        let parts: SmallVec<[R::Output; 2]> = words.chunks(R::Output::WORDS).map(R::Output::get).collect();
        (self.finish)(&parts)
    }
}
