//! Partial sums: each rank multiplies its part of the inner axes, and the partial results are
//! added where the result lies, in the order of the ranks.

use dap_array::{DynArray, Result};
use dap_core::algebra::Placement;
use dap_core::dim::Dim;
use dap_kernels::with_element;
use ndarray::Axis;

use super::local::multiply_add;
use super::{Axes, Contraction, Side};
use crate::operands::{slice, with_axis};
use crate::place::{self, brought, copies, placement, processes};
use crate::product::Multiply;

/// The distribution of the inner axes, and the placement on whose ranks they lie.
pub(super) struct Sums {
    pub(super) inner: Vec<Dim>,
    pub(super) base: Placement,
}

impl Sums {
    /// An operand with the inner axes on their processes, and where it is multiplied.
    fn operand(&self, contraction: &Contraction, side: Side) -> Result<(DynArray, Placement)> {
        let axes = contraction.axes;
        let (array, at) = match side {
            Side::A => (&contraction.a, axes.batch + axes.rows),
            Side::B => (&contraction.b, axes.batch),
        };
        let whole = |extents: &[i64]| -> Result<Vec<Dim>> {
            Ok(extents.iter().map(|&extent| Dim::undistributed(extent)).collect::<std::result::Result<_, _>>()?)
        };
        let behind = if side == Side::A { array.ndim() } else { axes.batch + axes.inner };
        let mut dims = whole(&array.shape()[..at])?;
        dims.push(Dim::undistributed(1)?);
        dims.extend(self.inner.iter().cloned());
        dims.extend(whole(&array.shape()[behind..])?);
        Ok((with_axis(array, at)?, placement(dims, &self.base)?))
    }

    /// The bytes of each operand that a rank copies.
    pub(super) fn copied_bytes(&self, contraction: &Contraction) -> Result<[f64; 2]> {
        let bytes = |side| -> Result<f64> {
            let (array, to) = self.operand(contraction, side)?;
            Ok(place::copied_bytes(&array, &to, contraction.element))
        };
        Ok([bytes(Side::A)?, bytes(Side::B)?])
    }

    /// Adds the product to `result`. Collective.
    pub(super) fn add(&self, result: &DynArray, contraction: &Contraction) -> Result<()> {
        let [left, right] = self.copied_bytes(contraction)?;
        let elements: f64 = contraction.shape().iter().map(|&extent| extent as f64).product();
        // The partial result, and the parts of all partial results.
        let partial = 2.0 * elements * contraction.element.size() as f64;
        if left + right + partial > contraction.panel_bytes as f64 {
            let side = if left >= right { Side::A } else { Side::B };
            let is_smaller = |&axis: &usize| partial >= left.max(right) || contraction.axis_of(side, axis).is_some();
            // Each rank has all of the result.
            let shape = contraction.shape();
            let axis = (0..result.ndim()).filter(is_smaller).rev().max_by_key(|&axis| shape[axis]);
            if let Some(axis) = axis.filter(|&axis| shape[axis] >= 2) {
                for first in 0..2 {
                    let strip = slice(result, axis, first, shape[axis], 2)?;
                    self.add(&strip, &contraction.strip(axis, first)?)?;
                }
                return Ok(());
            }
        }
        let parts = self.parts(contraction)?;
        let target = result.placement();
        let mut dims = vec![Dim::undistributed(parts.shape()[0])?];
        dims.extend(target.layout().dims().iter().cloned());
        let parts = brought(&parts, &placement(dims, target)?, contraction.element)?;
        result.context().comm().agree(with_element!(contraction.element, T => add_parts::<T>(result, &parts)))
    }

    /// The partial results, one for each process.
    fn parts(&self, contraction: &Contraction) -> Result<DynArray> {
        let (a, to) = self.operand(contraction, Side::A)?;
        let a = brought(&a, &to, contraction.element)?;
        let (b, to) = self.operand(contraction, Side::B)?;
        let b = brought(&b, &to, contraction.element)?;
        let mut dims = vec![copies(processes(&self.inner))?];
        for extent in contraction.shape() {
            dims.push(Dim::undistributed(extent)?);
        }
        let parts = DynArray::zeros(a.context(), placement(dims, &self.base)?, &contraction.element.dtype())?;
        // The processes are a batch axis, along which each has one element.
        let axes = Axes { batch: contraction.axes.batch + 1, ..contraction.axes };
        let product = multiply_add(&parts, &with_axis(&a, 0)?, &with_axis(&b, 0)?, axes);
        parts.context().comm().agree(product)?;
        Ok(parts)
    }
}

/// Adds the elements of all processes to this process's elements of the result. Local.
fn add_parts<T: Multiply>(result: &DynArray, parts: &DynArray) -> Result<()> {
    if result.section_rank().is_none() {
        return Ok(());
    }
    let (mut target, parts) = (result.local_mut::<T>()?, parts.local::<T>()?);
    let mut target = target.view();
    for part in parts.view().axis_iter(Axis(0)) {
        target.zip_mut_with(&part, |sum, &item| *sum = sum.plus(item));
    }
    Ok(())
}
