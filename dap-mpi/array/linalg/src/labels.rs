//! Operands whose axes have labels: a label that both operands have is one axis.

use dap_array::{DynArray, ElementType, Reduction, Result};

use crate::contract::{Axes, Contraction, PANEL_BYTES, contract};
use crate::operands::{argument, at_index, permuted};

/// An array with a label for each axis, each once.
#[derive(Clone)]
pub(crate) struct Labelled {
    pub(crate) array: DynArray,
    pub(crate) labels: Vec<usize>,
}

impl Labelled {
    fn at(&self, label: usize) -> Option<usize> {
        self.labels.iter().position(|&it| it == label)
    }

    /// The extent of the axis with a label.
    pub(crate) fn extent(&self, label: usize) -> Option<i64> {
        self.at(label).map(|axis| self.array.shape()[axis])
    }

    /// The sum over all axes whose labels are not kept, in the type of the elements. Collective if
    /// there is one.
    pub(crate) fn summed(mut self, keeps: impl Fn(usize) -> bool) -> Result<Labelled> {
        let is_summed = |&axis: &usize| !keeps(self.labels[axis]);
        let axes: Vec<i64> = (0..self.labels.len()).filter(is_summed).map(|axis| axis as i64).collect();
        if !axes.is_empty() {
            self.array = summed_along(&self.array, &axes)?;
            self.labels.retain(|&label| keeps(label));
        }
        Ok(self)
    }

    /// A view with its axes in the order of labels, which are all of its own.
    pub(crate) fn ordered(&self, labels: impl IntoIterator<Item = usize>) -> Result<DynArray> {
        let order: Vec<usize> = labels.into_iter().filter_map(|label| self.at(label)).collect();
        permuted(&self.array, &order)
    }

    /// Without the axes of one element where the other operand has more.
    fn without_repeated(mut self, other: &Labelled) -> Result<Labelled> {
        for axis in (0..self.labels.len()).rev() {
            let extent = other.extent(self.labels[axis]);
            if self.array.shape()[axis] == 1 && extent.is_some_and(|extent| extent != 1) {
                self.array = at_index(&self.array, axis, 0)?;
                self.labels.remove(axis);
            }
        }
        Ok(self)
    }
}

/// The sum along axes in the type of the elements; of booleans whether one is true. Collective.
pub(crate) fn summed_along(array: &DynArray, axes: &[i64]) -> Result<DynArray> {
    let element = array.element();
    let reduction = if element == Some(ElementType::Bool) { Reduction::Any } else { Reduction::Sum };
    let sum = array.reduce_along(reduction, axes, false)?;
    match element {
        Some(element) if sum.element() != Some(element) => sum.expr().cast(element).eval(),
        _ => Ok(sum),
    }
}

/// The sum of products over all labels that `out` does not have, its axes in the order of `out`.
/// An axis of one element is repeated where the other operand has more. Collective.
///
/// # Errors
/// Different extents of one label; a failure of an operand on some rank.
pub(crate) fn pair(left: &Labelled, right: &Labelled, out: &[usize], element: ElementType) -> Result<DynArray> {
    let has = |labels: &[usize], label: usize| labels.contains(&label);
    let a = left.clone().without_repeated(right)?;
    let b = right.clone().without_repeated(left)?;
    let a = a.summed(|label| has(out, label) || right.at(label).is_some() && b.at(label).is_some())?;
    let b = b.summed(|label| has(out, label) || left.at(label).is_some() && a.at(label).is_some())?;
    for &label in &a.labels {
        if let (Some(one), Some(other)) = (a.extent(label), b.extent(label))
            && one != other
        {
            return argument(format!(
                "an axis that is summed or kept has {one} elements, and {other} in another operand"
            ));
        }
    }
    let of = |wanted: fn(bool, bool, bool) -> bool, labels: &[usize]| -> Vec<usize> {
        let is = |&label: &usize| wanted(has(&a.labels, label), has(&b.labels, label), has(out, label));
        labels.iter().copied().filter(is).collect()
    };
    let batch = of(|a, b, out| a && b && out, out);
    let rows = of(|a, b, out| a && !b && out, out);
    let columns = of(|a, b, out| !a && b && out, out);
    let inner = of(|a, b, out| a && b && !out, &a.labels);
    let axes = Axes { batch: batch.len(), rows: rows.len(), columns: columns.len(), inner: inner.len() };
    let contraction = Contraction {
        a: a.ordered(batch.iter().chain(&rows).chain(&inner).copied())?,
        b: b.ordered(batch.iter().chain(&inner).chain(&columns).copied())?,
        axes,
        element,
        panel_bytes: PANEL_BYTES,
    };
    let labels = batch.into_iter().chain(rows).chain(columns).collect();
    Labelled { array: contract(&contraction)?, labels }.ordered(out.iter().copied())
}
