//! `Grouped`: an array with groups along an axis.

use dap_array::{DynArray, Op, Scalar};
use dap_grouping::GroupBy;
use pyo3::prelude::*;

use crate::array::{Array, made};
use crate::error::{Raised, value_error};
use crate::operand::number_object;
use crate::reduce::named;
use crate::thread::{Owned, without_gil};

type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// An array with groups along an axis. See `daparray.array.GroupBy`.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Grouped {
    grouped: Owned<dap_grouping::Grouped>,
    /// The labels of the groups are elements of this array's type.
    labels: Owned<DynArray>,
}

impl Grouped {
    fn made<'py>(
        &self,
        py: Python<'py>,
        body: impl FnOnce(&dap_grouping::Grouped) -> dap_array::Result<DynArray>,
    ) -> Made<'py> {
        let grouped = self.grouped.get()?;
        made(py, || body(grouped))
    }
}

#[pymethods]
impl Grouped {
    /// Groups by labels, or by the numbers of `groups` known groups. Collective.
    #[new]
    fn new(
        py: Python<'_>,
        array: &Bound<'_, Array>,
        axis: i64,
        labels: &Bound<'_, Array>,
        groups: Option<i64>,
    ) -> PyResult<Grouped> {
        let (array, labels) = (array.get().settled(py)?, labels.get().settled(py)?);
        let grouped = without_gil(py, || match groups {
            Some(groups) => array.group_by_numbers(axis, &labels, groups),
            None => array.group_by(axis, &labels),
        });
        Ok(Grouped { grouped: Owned::new(grouped.raised()?), labels: Owned::new(labels) })
    }

    /// The labels of the groups, as numbers of Python. Local.
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let element = self.labels.get()?.number_type().raised()?;
        let labels = self.grouped.get()?.labels();
        labels.iter().map(|&value| number_object(py, Scalar { element, value })).collect()
    }

    /// The number of indices of each group. Local.
    fn sizes(&self) -> PyResult<Vec<i64>> {
        Ok(self.grouped.get()?.sizes().to_vec())
    }

    /// The same as an array like those of the reductions. Local.
    fn count<'py>(&self, py: Python<'py>) -> Made<'py> {
        self.made(py, dap_grouping::Grouped::count)
    }

    /// A reduction of each group, by NumPy's name. Collective.
    #[pyo3(signature = (name, ddof=0.0))]
    fn reduce<'py>(&self, py: Python<'py>, name: &str, ddof: f64) -> Made<'py> {
        let reduction = named(name, ddof)?;
        self.made(py, |grouped| grouped.reduce(reduction))
    }

    /// The element of each group with the least or the greatest index. Collective.
    fn edge<'py>(&self, py: Python<'py>, last: bool) -> Made<'py> {
        self.made(py, |grouped| if last { grouped.last() } else { grouped.first() })
    }

    /// The result of its group at each element. Collective.
    fn expand<'py>(&self, py: Python<'py>, results: &Bound<'py, Array>) -> Made<'py> {
        let results = results.get().settled(py)?;
        self.made(py, |grouped| grouped.expand(&results))
    }

    /// An operation, by NumPy's name, on each element and the result of its group. Collective.
    fn apply<'py>(&self, py: Python<'py>, name: &str, results: &Bound<'py, Array>) -> Made<'py> {
        let Some(op) = Op::of_name(name).filter(|op| op.arity() == 2) else {
            return value_error(format!("no operation {name:?} of two operands"));
        };
        let results = results.get().settled(py)?;
        self.made(py, |grouped| grouped.apply(op, &results))
    }
}
