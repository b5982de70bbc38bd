//! The choice of an algorithm and a process grid: those with the least estimated time.
//!
//! The estimate follows from shapes and distributions alone, so that all ranks choose alike: the
//! operations of the rank that has most, and the bytes that it receives.

use dap_array::{DynArray, Result};
use dap_core::algebra::Placement;
use dap_core::dim::Dim;
use dap_core::grid::Grid;

use super::panels;
use super::sums::Sums;
use super::{Contraction, Side};
use crate::place::{holders, most_elements, over, placement, processes};

/// Seconds for a multiplication and an addition of real numbers.
const OPERATION: f64 = 2e-11;
/// Seconds for a byte that a rank receives.
const BYTE: f64 = 2.5e-10;

/// A result's placement, and the way to compute it.
pub(super) struct Choice {
    pub(super) result: Placement,
    pub(super) way: Way,
}

/// An algorithm.
pub(super) enum Way {
    Panels,
    Sums(Box<Sums>),
}

impl Choice {
    pub(super) fn of(contraction: &Contraction) -> Result<Choice> {
        let mut best: Option<(f64, Choice)> = None;
        let mut consider = |cost: f64, result: Placement, way: Way| {
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, Choice { result, way }));
            }
        };
        let mut seen: Vec<Vec<i64>> = Vec::new();
        for (side, base) in [(Side::A, &contraction.a), (Side::B, &contraction.b)] {
            let ranks = holders(base.placement());
            let most = contraction.a.layout().processes().max(contraction.b.layout().processes());
            // The operand on fewer ranks does not say where the result lies.
            if seen.contains(&ranks) || base.layout().processes() < most {
                continue;
            }
            for grid in batch_grids(contraction, side, base)? {
                let rest = most / grid.iter().product::<i64>().max(1);
                for rows in (1..=rest).filter(|rows| rest % rows == 0) {
                    let dims = result_dims(contraction, side, &grid, [rows, rest / rows])?;
                    let result = placement(dims, base.placement())?;
                    consider(panels_cost(contraction, &result)?, result, Way::Panels);
                }
            }
            if most > 1 && contraction.axes.inner > 0 {
                for inner in inner_dims(contraction, most)? {
                    let dims = sums_dims(contraction, most)?;
                    let sums = Sums { inner, base: base.placement().clone() };
                    consider(
                        sums_cost(contraction, &sums)?,
                        placement(dims, base.placement())?,
                        Way::Sums(Box::new(sums)),
                    );
                }
            }
            seen.push(ranks);
        }
        // The operand on the most ranks has been considered, with at least one grid.
        best.map(|(_, choice)| choice).map_or_else(|| crate::operands::argument("no process grid fits the result"), Ok)
    }
}

/// Process grids of the batch axes: none of them distributed, as an operand has them, and all of
/// them distributed.
fn batch_grids(contraction: &Contraction, side: Side, base: &DynArray) -> Result<Vec<Vec<i64>>> {
    let batch = contraction.axes.batch;
    let shape = &contraction.shape()[..batch];
    let along = |axis| contraction.axis_of(side, axis).map_or(1, |at| base.layout().dims()[at].grid_size());
    let mut grids = vec![vec![1; batch], (0..batch).map(along).collect()];
    if batch > 0 {
        grids.push(Grid::choose(shape, &vec![true; batch], base.layout().processes())?.shape().to_vec());
    }
    grids.dedup();
    Ok(grids)
}

/// The dimensions of the result: batch axes on this grid, as `side` has them if it fits; rows like
/// the left operand's and columns like the right one's, on these numbers of processes.
fn result_dims(contraction: &Contraction, side: Side, grid: &[i64], wanted: [i64; 2]) -> Result<Vec<Dim>> {
    let shape = contraction.shape();
    let mut dims = Vec::with_capacity(shape.len());
    for (axis, &processes) in grid.iter().enumerate() {
        let base = contraction.axis_of(side, axis).map(|at| match side {
            Side::A => contraction.a.layout().dims()[at].clone(),
            Side::B => contraction.b.layout().dims()[at].clone(),
        });
        let base = base.map_or_else(|| Dim::undistributed(shape[axis]), Ok)?;
        dims.extend(over(&[base], processes)?);
    }
    let axes = contraction.axes;
    dims.extend(over(&contraction.a.layout().dims()[axes.batch..axes.batch + axes.rows], wanted[0])?);
    dims.extend(over(&contraction.b.layout().dims()[axes.batch + axes.inner..], wanted[1])?);
    Ok(dims)
}

/// The dimensions of a result of partial sums: rows or columns are distributed, the longer ones.
fn sums_dims(contraction: &Contraction, most: i64) -> Result<Vec<Dim>> {
    let axes = contraction.axes;
    let shape = contraction.shape();
    let product = |extents: &[i64]| extents.iter().fold(1_i64, |so_far, &extent| so_far.saturating_mul(extent));
    let rows = product(&shape[axes.batch..axes.batch + axes.rows]);
    let columns = product(&shape[axes.batch + axes.rows..]);
    let wanted = if rows >= columns { [most, 1] } else { [1, most] };
    result_dims(contraction, Side::A, &vec![1; axes.batch], wanted)
}

/// The inner axes on all processes: as either operand has them, or new ones.
fn inner_dims(contraction: &Contraction, most: i64) -> Result<Vec<Vec<Dim>>> {
    let axes = contraction.axes;
    let left = over(&contraction.a.layout().dims()[axes.batch + axes.rows..], most)?;
    let right = over(&contraction.b.layout().dims()[axes.batch..axes.batch + axes.inner], most)?;
    let mut all = vec![left, right];
    all.retain(|dims| processes(dims) > 1);
    all.dedup();
    Ok(all)
}

fn operations(contraction: &Contraction, elements: f64, inner: f64) -> f64 {
    let each = if contraction.element.is_complex() { 4.0 } else { 1.0 };
    OPERATION * each * elements * inner
}

fn panels_cost(contraction: &Contraction, result: &Placement) -> Result<f64> {
    let inner: f64 = contraction.inner().iter().map(|&extent| extent as f64).product();
    let bytes: f64 = panels::copied_bytes(contraction, result)?.into_iter().sum();
    Ok(operations(contraction, most_elements(result.layout().dims()), inner) + BYTE * bytes)
}

fn sums_cost(contraction: &Contraction, sums: &Sums) -> Result<f64> {
    let elements: f64 = contraction.shape().iter().map(|&extent| extent as f64).product();
    // A partial result is written, sent and added.
    let partial = 3.0 * elements * contraction.element.size() as f64;
    let bytes = sums.copied_bytes(contraction)?.into_iter().sum::<f64>() + partial;
    Ok(operations(contraction, elements, most_elements(&sums.inner)) + BYTE * bytes)
}
