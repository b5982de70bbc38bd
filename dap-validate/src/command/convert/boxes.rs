//! Boxes: each process states the start and the shape of its part. Other descriptions of
//! consecutive indices are brought into this form.

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block, processes};
use super::raw::{ConvertResult, RawValue};
use crate::values::{MemoryOrder, dense_strides};
use dap_core::dtype::DType;

/// The fields of a rank's metadata.
pub(super) const FIELDS: &[&str] = &["global_shape", "start", "shape", "dtype", "strides", "order"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    ["global_shape", "start", "shape"].iter().all(|key| raw.has(key))
}

/// The part of a process: start and stop along each axis.
pub(super) type PartBox = Vec<[i64; 2]>;

/// The process grid that boxes form, and the place of each box in it.
pub(super) struct BoxGrid {
    pub(super) grid: Vec<i64>,
    pub(super) places: Vec<Vec<i64>>,
}

impl BoxGrid {
    /// Boxes of `ndim` axes each. Whether they fill the grid is left to
    /// [`in_order`](Converted::in_order), whether they abut to the checker.
    pub(super) fn of(boxes: &[PartBox], ndim: usize) -> Self {
        let distinct = |dim: usize| {
            let mut ranges: Vec<[i64; 2]> = boxes.iter().map(|one| one[dim]).collect();
            ranges.sort_unstable();
            ranges.dedup();
            ranges
        };
        let ranges: Vec<Vec<[i64; 2]>> = (0..ndim).map(distinct).collect();
        let mut grid: Vec<i64> = ranges.iter().map(|ranges| ranges.len() as i64).collect();
        let along = |one: &PartBox| -> Vec<i64> {
            one.iter().zip(&ranges).map(|(range, all)| all.partition_point(|other| other < range) as i64).collect()
        };
        let mut places: Vec<Vec<i64>> = boxes.iter().map(along).collect();
        // Processes that hold nothing often state the same empty range. Along a single axis their
        // order decides.
        let is_shared = |dim: &usize| grid[*dim] > 1 || ranges[*dim].first().is_some_and(|[start, stop]| start == stop);
        let shared: Vec<usize> = (0..ndim).filter(is_shared).collect();
        if let ([dim], true) = (&shared[..], processes(&grid) < boxes.len() as i64) {
            let mut order: Vec<usize> = (0..boxes.len()).collect();
            order.sort_by_key(|&at| (boxes[at][*dim], at));
            let is_repeated = |pair: &[usize]| {
                let [one, next] = [pair[0], pair[1]].map(|at| boxes[at][*dim]);
                one == next && one[0] < one[1]
            };
            if !order.windows(2).any(is_repeated) {
                grid[*dim] = boxes.len() as i64;
                for (place, at) in (0..).zip(order) {
                    places[at][*dim] = place;
                }
            }
        }
        Self { grid, places }
    }
}

/// A process's box with what else is known of it.
pub(super) struct StatedBox {
    pub(super) part: PartBox,
    pub(super) dtype: DType,
    pub(super) strides: Option<Vec<i64>>,
}

/// An array of these boxes.
pub(super) fn array(
    shape: &[i64],
    stated: Vec<StatedBox>,
    notes: Vec<String>,
    options: &ConvertOptions<'_>,
) -> ConvertResult<Converted> {
    let boxes: Vec<PartBox> = stated.iter().map(|one| one.part.clone()).collect();
    let BoxGrid { grid, places } = BoxGrid::of(&boxes, shape.len());
    let part = |(one, place): (StatedBox, &Vec<i64>)| {
        let extents: Vec<i64> = one.part.iter().map(|[start, stop]| stop - start).collect();
        let dim = |dim: usize| block(shape[dim], one.part[dim][0], extents[dim], place[dim], grid[dim]);
        let dims = (0..shape.len()).map(dim).collect();
        ConvertedPart { dtype: one.dtype, shape: extents, strides: one.strides, dims }
    };
    let parts = stated.into_iter().zip(&places).map(part).collect();
    Converted { parts, notes }.in_order(&places, &grid, options.renumber)
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let shape = case.ranks[0].get("global_shape")?.counts()?;
    let mut stated = Vec::new();
    for raw in &case.ranks {
        let global = raw.get("global_shape")?;
        global.same(&global.counts()?, &shape, "rank 0")?;
        let (start, extent) = (raw.get("start")?, raw.get("shape")?);
        let starts = start.exactly(start.counts()?, shape.len())?;
        let extents = extent.exactly(extent.counts()?, shape.len())?;
        let part: PartBox = starts.iter().zip(&extents).map(|(start, extent)| [*start, start + extent]).collect();
        if let Some(dim) = (0..shape.len()).find(|&dim| part[dim][1] > shape[dim]) {
            return Err(format!(
                "{raw} ends at {} along dimension {dim}, and the array at {}",
                part[dim][1], shape[dim]
            ));
        }
        let dtype = dtype::of(raw, &["dtype"], options.dtype)?;
        let strides = raw.maybe("strides").map(|strides| strides.exactly(strides.ints()?, shape.len())).transpose()?;
        let strides = match raw.maybe("order") {
            None => strides,
            Some(order) => {
                let dense = dense_strides(&extents, dtype.itemsize(), memory_order(&order)?);
                if let Some(stated) = &strides {
                    order.same(stated, &dense, "it")?;
                }
                Some(dense)
            }
        };
        stated.push(StatedBox { part, dtype, strides });
    }
    array(&shape, stated, Vec::new(), options)
}

/// `C` or `F`, and the names that libraries give them.
pub(super) fn memory_order(raw: &RawValue<'_>) -> ConvertResult<MemoryOrder> {
    match raw.text()?.trim_start_matches("MPI_ORDER_").to_ascii_lowercase().as_str() {
        "c" => Ok(MemoryOrder::C),
        "f" | "fortran" => Ok(MemoryOrder::Fortran),
        _ => Err(format!("{raw} is {}, and memory orders are C and F", raw.short())),
    }
}
