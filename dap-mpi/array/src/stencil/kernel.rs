//! A stencil: the offsets of the neighbours, and a function of them.

use std::fmt;

use dap_kernels::element::Element;
use dap_kernels::stencil::{self, Float, Store};
use dap_kernels::view::{View, ViewError, ViewMut};
use dap_mpi::Result;

use crate::error::argument;
use crate::halo::Offset;

/// Computes all elements of a view from their neighbours: element i from elements i + offset, no
/// offset below 0.
type Body<'f> = Box<dyn Fn(&[&[isize]], &View<'_>, ViewMut<'_>, Store) -> std::result::Result<(), ViewError> + 'f>;

/// A stencil: each element of a result is computed from the elements of an array at some offsets
/// from its place. See [`DynArray::stencil`](crate::DynArray::stencil).
///
/// ```no_run
/// # fn example(a: &dap_array::DistArray<f64>) -> dap_array::Result<()> {
/// use dap_array::{Boundary, Stencil};
/// let second = Stencil::weighted(&[(&[1][..], 1.0), (&[0], -2.0), (&[-1], 1.0)])?;
/// let median = Stencil::map([&[-1], &[0], &[1]], |[a, b, c]: [f64; 3]| a.max(b).min(a.min(b).max(c)))?;
/// let curvature = a.stencil(&second, Boundary::Periodic)?;
/// let smooth = a.stencil(&median, Boundary::Nearest)?;
/// # Ok(())
/// # }
/// ```
pub struct Stencil<'f, T> {
    offsets: Vec<Offset>,
    store: Store,
    is_closure: bool,
    body: Body<'f>,
    element: std::marker::PhantomData<T>,
}

/// The continuation of an array beyond its ends, for neighbours that lie there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Boundary<T> {
    /// None: elements with a neighbour outside are not computed.
    None,
    /// One value.
    Constant(T),
    /// The array again.
    Periodic,
    /// The array in reverse; the outermost element is not repeated, as NumPy's `reflect`.
    Reflect,
    /// The outermost element.
    Nearest,
}

impl<'f, T: Float> Stencil<'f, T> {
    /// The sum of neighbours with weights: `((w0 * x0) + w1 * x1) + ...`, each operation rounded. A
    /// tap is an offset, one number for each axis, and a weight.
    ///
    /// # Errors
    /// No tap; offsets with different numbers of axes, or none.
    pub fn weighted(taps: &[(&[i64], T)]) -> Result<Stencil<'f, T>> {
        let weights: Vec<T> = taps.iter().map(|tap| tap.1).collect();
        Self::new(taps.iter().map(|tap| tap.0), false, move |offsets, input, output, store| {
            let taps: Vec<(&[isize], T)> = offsets.iter().copied().zip(weights.iter().copied()).collect();
            stencil::Stencil::weighted(input.ndim(), &taps)?.apply(input, &vec![0; input.ndim()], output, store)
        })
    }

    /// The sum of neighbours, in the order of the offsets.
    ///
    /// # Errors
    /// As [`weighted`](Stencil::weighted).
    pub fn sum(offsets: &[&[i64]]) -> Result<Stencil<'f, T>> {
        Self::new(offsets.iter().copied(), false, |offsets, input, output, store| {
            stencil::Stencil::<T>::sum(input.ndim(), offsets)?.apply(input, &vec![0; input.ndim()], output, store)
        })
    }
}

impl<'f, T: Element> Stencil<'f, T> {
    /// A function of the neighbours, in the order of the offsets. It is compiled with the caller,
    /// and vectorised if it has no branches; threads call it at the same time.
    ///
    /// # Errors
    /// As [`weighted`](Stencil::weighted).
    pub fn map<const N: usize>(
        offsets: [&[i64]; N],
        function: impl Fn([T; N]) -> T + Sync + 'f,
    ) -> Result<Stencil<'f, T>> {
        Self::new(offsets.iter().copied(), true, move |offsets, input, output, _| {
            let offsets: [&[isize]; N] = std::array::from_fn(|tap| offsets[tap]);
            stencil::map(input, &vec![0; input.ndim()], output, offsets, &function)
        })
    }

    /// The stencil whose results are added to the elements of the array that it writes, and do not
    /// replace them.
    ///
    /// # Errors
    /// The stencil is a [function](Stencil::map), which can add by itself.
    pub fn added(self) -> Result<Stencil<'f, T>> {
        if self.is_closure {
            return argument("the results of a function replace elements: only weighted stencils and sums are added");
        }
        Ok(Stencil { store: Store::Add, ..self })
    }

    fn new<'o>(
        offsets: impl Iterator<Item = &'o [i64]>,
        is_closure: bool,
        body: impl Fn(&[&[isize]], &View<'_>, ViewMut<'_>, Store) -> std::result::Result<(), ViewError> + 'f,
    ) -> Result<Stencil<'f, T>> {
        let offsets: Vec<Offset> = offsets.map(Offset::from).collect();
        let Some(first) = offsets.first() else { return argument("a stencil needs a neighbour: no offset is given") };
        if let Some(other) = offsets.iter().find(|it| it.len() != first.len() || it.is_empty()) {
            let (found, expected) = (other.len(), first.len().max(1));
            return argument(format!("an offset has {found} numbers, expected {expected}: one for each axis"));
        }
        let body = Box::new(body);
        Ok(Stencil { offsets, store: Store::Set, is_closure, body, element: std::marker::PhantomData })
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.offsets[0].len()
    }

    pub(super) fn offsets(&self) -> &[Offset] {
        &self.offsets
    }

    /// Whether results are added to what is there.
    pub(super) fn adds(&self) -> bool {
        self.store == Store::Add
    }

    /// Computes all elements of a view.
    pub(super) fn apply(
        &self,
        taps: &[Vec<isize>],
        input: &View<'_>,
        output: ViewMut<'_>,
        store: Store,
    ) -> std::result::Result<(), ViewError> {
        let taps: Vec<&[isize]> = taps.iter().map(Vec::as_slice).collect();
        (self.body)(&taps, input, output, store)
    }

    pub(super) fn store(&self) -> Store {
        self.store
    }
}

impl<T> fmt::Debug for Stencil<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stencil").field("offsets", &self.offsets).field("store", &self.store).finish_non_exhaustive()
    }
}
