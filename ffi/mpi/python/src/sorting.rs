//! Sorting and searching. All are collective.

use dap_array::DynArray;
use dap_sorting::{Bins, Method, NanRule, Order, Side};
use pyo3::prelude::*;

use crate::array::{Array, returned};
use crate::error::{Raised, value_error};
use crate::thread::without_gil;

type Made<'py> = PyResult<Bound<'py, PyAny>>;
type Pair<'py> = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

fn order(descending: bool) -> Order {
    if descending { Order::Descending } else { Order::Ascending }
}

/// A function of an array in memory, and of a second one if it is given.
fn of<'py, T>(
    array: &Bound<'py, Array>,
    other: Option<&Bound<'py, Array>>,
    body: impl FnOnce(&DynArray, Option<&DynArray>) -> dap_array::Result<T>,
) -> PyResult<T> {
    let py = array.py();
    let array = array.get().settled(py)?;
    let other = other.map(|other| other.get().settled(py)).transpose()?;
    without_gil(py, || body(&array, other.as_ref())).raised()
}

/// The elements in order along an axis.
#[pyfunction]
pub(crate) fn sort<'py>(array: &Bound<'py, Array>, axis: Option<i64>, descending: bool) -> Made<'py> {
    returned(array.py(), of(array, None, |array, _| dap_sorting::sort(array, axis, order(descending)))?)
}

/// The indices that sort.
#[pyfunction]
pub(crate) fn argsort<'py>(array: &Bound<'py, Array>, axis: Option<i64>, descending: bool) -> Made<'py> {
    returned(array.py(), of(array, None, |array, _| dap_sorting::argsort(array, axis, order(descending)))?)
}

/// The first elements in order, and their indices.
#[pyfunction]
pub(crate) fn topk<'py>(array: &Bound<'py, Array>, k: i64, axis: Option<i64>, largest: bool) -> Pair<'py> {
    let py = array.py();
    let (values, indices) = of(array, None, |array, _| dap_sorting::topk(array, k, axis, order(largest)))?;
    Ok((returned(py, values)?, returned(py, indices)?))
}

/// The different elements, with what the name says: "values", "counts", "inverse" or "all" (values,
/// indices, inverse, counts).
#[pyfunction]
pub(crate) fn unique<'py>(array: &Bound<'py, Array>, what: &str, equal_nan: bool) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let found = of(array, None, |array, _| {
        Ok(match what {
            "values" => vec![dap_sorting::unique_values(array, equal_nan)?],
            "counts" => dap_sorting::unique_counts(array, equal_nan).map(|(values, counts)| vec![values, counts])?,
            "inverse" => dap_sorting::unique_inverse(array, equal_nan).map(|(values, at)| vec![values, at])?,
            _ => {
                let it = dap_sorting::unique_all(array, equal_nan)?;
                vec![it.values, it.indices, it.inverse, it.counts]
            }
        })
    })?;
    found.into_iter().map(|made| returned(array.py(), made)).collect()
}

/// The places of values in a sorted array; `right` of equal elements, or left of them.
#[pyfunction]
pub(crate) fn searchsorted<'py>(
    sorted: &Bound<'py, Array>,
    values: &Bound<'py, Array>,
    right: bool,
    sorter: Option<&Bound<'py, Array>>,
) -> Made<'py> {
    let py = sorted.py();
    let values = values.get().settled(py)?;
    let side = if right { Side::Right } else { Side::Left };
    let found = of(sorted, sorter, |sorted, sorter| dap_sorting::searchsorted(sorted, &values, side, sorter))?;
    returned(py, found)
}

/// Whether each element is among others.
#[pyfunction]
pub(crate) fn isin<'py>(elements: &Bound<'py, Array>, among: &Bound<'py, Array>, invert: bool) -> Made<'py> {
    let py = elements.py();
    let among = among.get().settled(py)?;
    returned(py, of(elements, None, |elements, _| dap_sorting::isin(elements, &among, invert))?)
}

/// Quantiles along some axes, or of all elements: a new first axis has them.
#[pyfunction]
pub(crate) fn quantile<'py>(
    array: &Bound<'py, Array>,
    q: Vec<f64>,
    axes: Option<Vec<i64>>,
    method: &str,
    skips_nan: bool,
) -> Made<'py> {
    let Some(method) = Method::named(method) else {
        let names: Vec<&str> = Method::ALL.iter().map(|method| method.1).collect();
        return value_error(format!("no method {method:?}: one of {}", names.join(", ")));
    };
    let nan = nan_rule(skips_nan);
    let found = of(array, None, |array, _| dap_sorting::quantile(array, &q, axes.as_deref(), method, nan))?;
    returned(array.py(), found)
}

/// Medians along some axes, or of all elements.
#[pyfunction]
pub(crate) fn median<'py>(array: &Bound<'py, Array>, axes: Option<Vec<i64>>, skips_nan: bool) -> Made<'py> {
    let nan = nan_rule(skips_nan);
    let found = of(array, None, |array, _| dap_sorting::median(array, axes.as_deref(), nan))?;
    returned(array.py(), found)
}

fn nan_rule(skips: bool) -> NanRule {
    if skips { NanRule::Skip } else { NanRule::Propagate }
}

/// The number of elements in each bin, or their weights, and the edges: of `count` equal bins, in
/// `range` if there is one, or of bins between `edges`.
#[pyfunction]
pub(crate) fn histogram<'py>(
    array: &Bound<'py, Array>,
    count: i64,
    range: Option<[f64; 2]>,
    edges: Option<Vec<f64>>,
    weights: Option<&Bound<'py, Array>>,
    density: bool,
) -> PyResult<(Bound<'py, PyAny>, Vec<f64>)> {
    let bins = match (&edges, range) {
        (Some(edges), _) => Bins::Edges(edges),
        (None, Some(range)) => Bins::Within(count, range),
        (None, None) => Bins::Count(count),
    };
    let found = of(array, weights, |array, weights| dap_sorting::histogram(array, bins, weights, density))?;
    Ok((returned(array.py(), found.counts)?, found.edges))
}

/// The number of each value from 0 on, or of its weights.
#[pyfunction]
pub(crate) fn bincount<'py>(
    array: &Bound<'py, Array>,
    weights: Option<&Bound<'py, Array>>,
    minlength: i64,
) -> Made<'py> {
    let found = of(array, weights, |array, weights| dap_sorting::bincount(array, weights, minlength))?;
    returned(array.py(), found)
}

/// The bin of each element.
#[pyfunction]
pub(crate) fn digitize<'py>(array: &Bound<'py, Array>, bins: Vec<f64>, right: bool) -> Made<'py> {
    returned(array.py(), of(array, None, |array, _| dap_sorting::digitize(array, &bins, right))?)
}
