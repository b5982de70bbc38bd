//! Panels: each rank has the rows and columns of its part of the result, a range of inner indices
//! at a time.

use dap_array::{DynArray, Result};
use dap_core::algebra::Placement;
use dap_core::dim::Dim;

use super::local::multiply_add;
use super::{Contraction, LEAST_WIDTH, Side, halved};
use crate::operands::{slice, with_axis};
use crate::place::{self, brought, copies, placement, processes};

/// An operand with an axis along which the other side's processes have copies, and where it is
/// multiplied.
fn operand(contraction: &Contraction, side: Side, target: &Placement) -> Result<(DynArray, Placement)> {
    let axes = contraction.axes;
    let (batch, rest) = target.layout().dims().split_at(axes.batch);
    let (rows, columns) = rest.split_at(axes.rows);
    let mut dims = Vec::with_capacity(target.ndim() + 2);
    for (axis, dim) in batch.iter().enumerate() {
        dims.push(match contraction.axis_of(side, axis) {
            Some(_) => dim.clone(),
            None => copies(dim.grid_size())?,
        });
    }
    let inner = contraction.inner().iter().map(|&extent| Dim::undistributed(extent));
    let inner: Vec<Dim> = inner.collect::<std::result::Result<_, _>>()?;
    let view = match side {
        Side::A => {
            dims.extend(rows.iter().cloned());
            dims.push(copies(processes(columns))?);
            dims.extend(inner);
            with_axis(&contraction.a, axes.batch + axes.rows)?
        }
        Side::B => {
            dims.push(copies(processes(rows))?);
            dims.extend(inner);
            dims.extend(columns.iter().cloned());
            with_axis(&contraction.b, axes.batch)?
        }
    };
    Ok((view, placement(dims, target)?))
}

/// The bytes of each operand that a rank copies, over all panels.
pub(super) fn copied_bytes(contraction: &Contraction, target: &Placement) -> Result<[f64; 2]> {
    let bytes = |side| -> Result<f64> {
        let (array, to) = operand(contraction, side, target)?;
        Ok(place::copied_bytes(&array, &to, contraction.element))
    };
    Ok([bytes(Side::A)?, bytes(Side::B)?])
}

/// Adds the product to `result`, panel by panel. Collective.
pub(super) fn add(result: &DynArray, contraction: &Contraction) -> Result<()> {
    let target = result.placement();
    let [left, right] = copied_bytes(contraction, target)?;
    let inner = contraction.inner();
    let longest = (0..inner.len()).max_by_key(|&axis| inner[axis]);
    let length = longest.map_or(1, |axis| inner[axis]);
    let count = ((left + right) / contraction.panel_bytes as f64).ceil().max(1.0);
    let width = ((length as f64 / count) as i64).max(1);
    if count > 1.0 && width < LEAST_WIDTH.min(length) {
        let side = if left >= right { Side::A } else { Side::B };
        let axes = (0..result.ndim()).filter(|&axis| contraction.axis_of(side, axis).is_some());
        if let Some(axis) = halved(result, axes) {
            for first in 0..2 {
                let strip = slice(result, axis, first, result.shape()[axis], 2)?;
                add(&strip, &contraction.strip(axis, first)?)?;
            }
            return Ok(());
        }
    }
    let Some(longest) = longest else { return panel(result, contraction, target) };
    let axes = contraction.axes;
    for start in (0..length).step_by(usize::try_from(width).unwrap_or(usize::MAX)) {
        let stop = length.min(start.saturating_add(width));
        let part = Contraction {
            a: slice(&contraction.a, axes.batch + axes.rows + longest, start, stop, 1)?,
            b: slice(&contraction.b, axes.batch + longest, start, stop, 1)?,
            ..contraction.clone()
        };
        panel(result, &part, target)?;
    }
    Ok(())
}

fn panel(result: &DynArray, contraction: &Contraction, target: &Placement) -> Result<()> {
    let (a, to) = operand(contraction, Side::A, target)?;
    let a = brought(&a, &to, contraction.element)?;
    let (b, to) = operand(contraction, Side::B, target)?;
    let b = brought(&b, &to, contraction.element)?;
    result.context().comm().agree(multiply_add(result, &a, &b, contraction.axes))
}
