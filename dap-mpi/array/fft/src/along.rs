//! Transforms along an axis that each rank holds whole: no element moves.

use dap_array::DynArray;
use dap_core::algebra::Placement;
use dap_kernels::element::{Element, ElementType};
use dap_mpi::{Result, memory};
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item};
use num_complex::Complex;

use crate::error::argument;
use crate::float::{Float, Load};
use crate::line::{Kind, Line};
use crate::lines::{Lines, OnLine};

/// A transform along one local axis.
pub(crate) struct Along<'a, T: Float> {
    pub(crate) kind: Kind,
    pub(crate) axis: usize,
    /// The number of points.
    pub(crate) points: i64,
    /// The factor of the result.
    pub(crate) factor: f64,
    /// Another axis, whose local index the functions get.
    pub(crate) along: Option<usize>,
    /// Called with the elements of each line before its transform, not of real numbers.
    pub(crate) before: Option<OnLine<'a, T>>,
    /// Called with the elements of each line after its transform, not of real results.
    pub(crate) after: Option<OnLine<'a, T>>,
}

impl<'a, T: Float> Along<'a, T>
where
    Complex<T>: Item + Element,
{
    /// Without functions of lines.
    pub(crate) fn new(kind: Kind, axis: usize, points: i64, factor: f64) -> Along<'a, T> {
        Along { kind, axis, points, factor, along: None, before: None, after: None }
    }

    /// Transforms an array: in place if it is `owned` and keeps its type and shape, else into a new
    /// array, whose axis has the length of the result. Shorter lines are padded with zeros.
    /// Collective.
    ///
    /// # Errors
    /// Not enough memory on some rank.
    pub(crate) fn run(&self, array: DynArray, owned: bool) -> Result<DynArray> {
        let mut shape = array.shape().to_vec();
        shape[self.axis] = self.kind.output_len(self.points);
        let is_complex = array.element() == Some(T::COMPLEX);
        if owned && is_complex && matches!(self.kind, Kind::Complex(_)) && shape == array.shape() {
            let done = self.in_place(&array);
            array.context().comm().agree(done)?;
            return Ok(array);
        }
        let placement = array.placement().resized(&shape)?;
        let element = if self.kind == Kind::ToReal { <T as Element>::TYPE } else { T::COMPLEX };
        let made = match self.kind {
            Kind::Complex(_) if is_complex => {
                self.made(&array, &placement, element, |lines, from, to| lines.complex::<Complex<T>>(from, to))
            }
            Kind::Complex(_) => self.made(&array, &placement, element, |lines, from, to| lines.complex::<T>(from, to)),
            Kind::FromReal => self.made(&array, &placement, element, |lines, from, to| lines.of_reals(from, to)),
            Kind::ToReal if is_complex => {
                self.made(&array, &placement, element, |lines, from, to| lines.to_reals::<Complex<T>>(from, to))
            }
            Kind::ToReal => self.made(&array, &placement, element, |lines, from, to| lines.to_reals::<T>(from, to)),
        };
        let made = array.context().comm().agree(made)?;
        DynArray::from_buffer(array.context(), placement, &element.dtype(), Ok(made))
    }

    fn in_place(&self, array: &DynArray) -> Result<()> {
        if array.section_rank().is_none() {
            return Ok(());
        }
        let mut local = array.local_mut::<Complex<T>>()?;
        let line = self.line()?;
        self.lines(&line).in_place(local.view())
    }

    /// This process's section of the result.
    fn made<A: Item + Element + Load<T>, B: Item>(
        &self,
        array: &DynArray,
        placement: &Placement,
        element: ElementType,
        run: impl FnOnce(&Lines<'_, T>, ndarray::ArrayViewD<'_, A>, ndarray::ArrayViewMutD<'_, B>) -> Result<()>,
    ) -> Result<Option<Buffer>> {
        let Some(section) = array.section_rank() else { return Ok(None) };
        let shape = placement.layout().local_shape(section).unwrap_or_default();
        let comm = array.context().comm();
        let mut buffer = memory::allocate(comm, &element.dtype(), &shape, Order::C)?;
        if !buffer.is_empty() {
            let line = self.line()?;
            let local = array.local::<A>()?;
            run(&self.lines(&line), local.view(), buffer.view_mut::<B>()?)?;
        }
        Ok(Some(buffer))
    }

    fn line(&self) -> Result<std::rc::Rc<Line<T>>> {
        match usize::try_from(self.points) {
            Ok(points) if points > 0 => Ok(Line::of(self.kind, points)),
            _ => argument(format!("a transform of {} points: memory has no room for a line", self.points)),
        }
    }

    fn lines<'l>(&'l self, line: &'l Line<T>) -> Lines<'l, T> {
        Lines {
            line,
            points: self.points as usize,
            axis: self.axis,
            factor: T::nearest(self.factor),
            along: self.along,
            before: self.before,
            after: self.after,
        }
    }
}
