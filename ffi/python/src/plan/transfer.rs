//! `Transfer`: which places of either buffer belong together, for code that executes a plan with
//! arrays of its own.

use std::hash::{DefaultHasher, Hash, Hasher};

use dap_core::plan::{Overlaps, Transfer as Product};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyRange, PyTuple};

use crate::pickle::{self, Reduced};

/// The elements that two processes exchange: the product over the dimensions of the places that
/// they have in common along each.
///
/// ``source`` and ``target`` hold for each dimension the places in either buffer, in the same
/// order, as a ``range`` or a list: ``buffer[numpy.ix_(*transfer.source)]`` are the elements in the
/// order in which both sides count them. In a reshape they do so for each of the plan's ``groups``,
/// of a buffer that is reshaped to have one dimension a group.
#[pyclass(frozen, get_all, weakref, module = "daparray")]
pub(crate) struct Transfer {
    /// The rank of the other process, in its own layout.
    peer: i64,
    /// The number of elements.
    elements: i64,
    /// For each dimension or group, the places in the source's buffer.
    source: Py<PyTuple>,
    /// For each dimension or group, the places in the target's buffer.
    target: Py<PyTuple>,
}

impl Transfer {
    pub(super) fn new<'py>(py: Python<'py>, product: &Product<'_>) -> PyResult<Bound<'py, Self>> {
        let side = |pick: fn((i64, i64)) -> i64| -> PyResult<Py<PyTuple>> {
            let dims = product.factors().iter().map(|factor| places(py, factor, pick)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyTuple::new(py, dims)?.unbind())
        };
        let transfer = Self {
            peer: product.peer().0,
            elements: product.elements(),
            source: side(|(source, _)| source)?,
            target: side(|(_, target)| target)?,
        };
        Bound::new(py, transfer)
    }
}

#[pymethods]
impl Transfer {
    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast_exact::<Self>() else { return Ok(false) };
        let other = other.get();
        Ok((self.peer, self.elements) == (other.peer, other.elements)
            && self.source.bind(py).eq(other.source.bind(py))?
            && self.target.bind(py).eq(other.target.bind(py))?)
    }

    fn __hash__(&self) -> u64 {
        // The places may be lists, which have no hash.
        let mut state = DefaultHasher::new();
        (self.peer, self.elements).hash(&mut state);
        state.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let places = (self.source.clone_ref(py), self.target.clone_ref(py));
        pickle::by_function(py, "_transfer", (self.peer, self.elements, places.0, places.1))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.source)?;
        visit.call(&self.target)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (source, target) = (self.source.bind(py).repr()?, self.target.bind(py).repr()?);
        Ok(format!("<daparray.Transfer with rank {}: {source} to {target}>", self.peer))
    }
}

/// The transfer of a pickle.
#[pyfunction]
pub(crate) fn _transfer(peer: i64, elements: i64, source: Py<PyTuple>, target: Py<PyTuple>) -> Transfer {
    Transfer { peer, elements, source, target }
}

/// The places on one side: a `range` where they follow one another at equal distances.
fn places<'py>(py: Python<'py>, overlaps: &Overlaps, pick: fn((i64, i64)) -> i64) -> PyResult<Bound<'py, PyAny>> {
    if let Some([group]) = overlaps.groups() {
        let start = pick((group.a_start().0, group.b_start().0));
        let stride = pick((group.a_stride(), group.b_stride()));
        let (count, step) = match (group.count(), group.run_len()) {
            (1, len) => (len, 1),
            (count, 1) if stride != 0 => (count, stride),
            (count, len) if stride == len => (count * len, 1),
            _ => (0, 0),
        };
        if count > 0 {
            let stop = start + count * step;
            return Ok(PyRange::new_with_step(py, start as isize, stop as isize, step as isize)?.into_any());
        }
    }
    Ok(PyList::new(py, overlaps.iter().map(pick).collect::<Vec<_>>())?.into_any())
}
