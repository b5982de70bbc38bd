//! What `__distarray__` returns: plain Python integers, tuples, strings and buffers, in the
//! strictest form.

use dap_core::export::{DimDict, DistType, Field};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyTuple};
use pyo3::{ffi, intern};

use crate::memory::{Local, Memory, integers};

/// The dictionary of one dimension. Keys with no value are left out.
pub(crate) fn dim_dict<'py>(py: Python<'py>, dict: &DimDict) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    if let Field::Is(dist_type) = dict.dist_type {
        let letter = match dist_type {
            DistType::Block => intern!(py, "b"),
            DistType::Cyclic => intern!(py, "c"),
            DistType::Unstructured => intern!(py, "u"),
            DistType::Undistributed => intern!(py, "n"),
        };
        out.set_item(intern!(py, "dist_type"), letter)?;
    }
    let set = |key: &Bound<'py, _>, field: &Field<i64>| match field {
        Field::Is(number) => out.set_item(key, integer(py, *number)?),
        _ => Ok(()),
    };
    set(intern!(py, "size"), &dict.size)?;
    set(intern!(py, "proc_grid_size"), &dict.proc_grid_size)?;
    set(intern!(py, "proc_grid_rank"), &dict.proc_grid_rank)?;
    set(intern!(py, "start"), &dict.start)?;
    set(intern!(py, "stop"), &dict.stop)?;
    if let Field::Is(padding) = dict.padding {
        out.set_item(intern!(py, "padding"), padding_tuple(py, padding)?)?;
    }
    if let Field::Is(periodic) = dict.periodic {
        out.set_item(intern!(py, "periodic"), periodic)?;
    }
    set(intern!(py, "block_size"), &dict.block_size)?;
    if let Field::Is(indices) = &dict.indices {
        out.set_item(intern!(py, "indices"), integers(indices)?)?;
    }
    if let Field::Is(one_to_one) = dict.one_to_one {
        out.set_item(intern!(py, "one_to_one"), one_to_one)?;
    }
    Ok(out)
}

fn integer(py: Python<'_>, number: i64) -> PyResult<Bound<'_, PyInt>> {
    // SAFETY: a new reference to an `int`, or null with an error. (PyO3's own conversion is the
    // same by way of two traits.)
    unsafe { Ok(Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromLongLong(number))?.cast_into_unchecked()) }
}

fn padding_tuple(py: Python<'_>, [lo, hi]: [i64; 2]) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, [integer(py, lo)?, integer(py, hi)?])
}

/// The dictionary of the protocol, version 0.10.0.
pub(crate) fn export<'py>(py: Python<'py>, dim_data: &[DimDict], memory: &Memory) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item(intern!(py, "__version__"), intern!(py, "0.10.0"))?;
    out.set_item(intern!(py, "buffer"), Local::new(memory.clone_ref(py)))?;
    let dicts = dim_data.iter().map(|dict| dim_dict(py, dict)).collect::<PyResult<Vec<_>>>()?;
    out.set_item(intern!(py, "dim_data"), PyTuple::new(py, dicts)?)?;
    Ok(out)
}
