//! Products of matrices and vectors, and norms. All are collective.

use dap_array::DynArray;
use dap_linalg::{MatrixNorm, VectorNorm};
use pyo3::prelude::*;

use crate::apply::no_operand;
use crate::array::{Array, made, object};
use crate::error::{Raised, value_error};
use crate::thread::without_gil;

type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// A function of the elements of some arrays in memory.
fn of<'py>(
    py: Python<'py>,
    arrays: &[Bound<'py, Array>],
    body: impl FnOnce(&[DynArray]) -> dap_array::Result<DynArray>,
) -> Made<'py> {
    let arrays = arrays.iter().map(|array| array.get().settled(py)).collect::<PyResult<Vec<_>>>()?;
    made(py, || body(&arrays))
}

fn pair<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    body: impl FnOnce(&DynArray, &DynArray) -> dap_array::Result<DynArray>,
) -> Made<'py> {
    let array = |operand: &Bound<'py, PyAny>| operand.cast::<Array>().cloned().map_err(|_| no_operand(operand));
    of(a.py(), &[array(a)?, array(b)?], |arrays| body(&arrays[0], &arrays[1]))
}

/// A product by its name: "matmul", "dot", "outer" or "kron".
#[pyfunction]
pub(crate) fn product<'py>(name: &str, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Made<'py> {
    pair(
        a,
        b,
        match name {
            "matmul" => dap_linalg::matmul,
            "dot" => dap_linalg::dot,
            "outer" => dap_linalg::outer,
            "kron" => dap_linalg::kron,
            _ => return value_error(format!("no product {name:?}: \"matmul\", \"dot\", \"outer\" or \"kron\"")),
        },
    )
}

/// Sums of products along an axis.
#[pyfunction]
pub(crate) fn vecdot<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>, axis: i64) -> Made<'py> {
    pair(a, b, |a, b| dap_linalg::vecdot(a, b, axis))
}

/// The products of vectors of three elements.
#[pyfunction]
pub(crate) fn cross<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>, axis: i64) -> Made<'py> {
    pair(a, b, |a, b| dap_linalg::cross(a, b, axis))
}

/// Sums of products over pairs of axes.
#[pyfunction]
pub(crate) fn tensordot<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    axes_a: Vec<i64>,
    axes_b: Vec<i64>,
) -> Made<'py> {
    pair(a, b, |a, b| dap_linalg::tensordot(a, b, &axes_a, &axes_b))
}

/// The sum of products that an expression of labels names.
#[pyfunction]
pub(crate) fn einsum<'py>(py: Python<'py>, expression: &str, operands: Vec<Bound<'py, Array>>) -> Made<'py> {
    of(py, &operands, |arrays| dap_linalg::einsum(expression, &arrays.iter().collect::<Vec<_>>()))
}

/// The diagonals of matrices in the last two axes.
#[pyfunction]
pub(crate) fn diagonal<'py>(array: &Bound<'py, Array>, offset: i64) -> Made<'py> {
    of(array.py(), std::slice::from_ref(array), |arrays| dap_linalg::diagonal(&arrays[0], offset))
}

/// Norms of vectors: of all elements, or along some axes.
#[pyfunction]
pub(crate) fn vector_norm<'py>(
    array: &Bound<'py, Array>,
    ord: f64,
    axes: Option<Vec<i64>>,
    keepdims: bool,
) -> Made<'py> {
    let (py, norm) = (array.py(), VectorNorm::of(ord));
    match axes {
        Some(axes) => of(py, std::slice::from_ref(array), |arrays| {
            dap_linalg::vector_norm_along(&arrays[0], norm, &axes, keepdims)
        }),
        None => {
            let settled = array.get().settled(py)?;
            let value = without_gil(py, || dap_linalg::vector_norm(&settled, norm)).raised()?;
            object(py, Array::scalar(settled.context(), value))
        }
    }
}

/// Norms of matrices in the last two axes: "fro", 1, -1, inf or -inf.
#[pyfunction]
pub(crate) fn matrix_norm<'py>(array: &Bound<'py, Array>, ord: &Bound<'py, PyAny>, keepdims: bool) -> Made<'py> {
    let norm = match (ord.extract::<String>(), ord.extract::<f64>()) {
        (Ok(name), _) if name == "fro" => MatrixNorm::Frobenius,
        (_, Ok(1.0)) => MatrixNorm::MaxColumn,
        (_, Ok(-1.0)) => MatrixNorm::MinColumn,
        (_, Ok(f64::INFINITY)) => MatrixNorm::MaxRow,
        (_, Ok(f64::NEG_INFINITY)) => MatrixNorm::MinRow,
        _ => return value_error(format!("no matrix norm {ord:?}: 'fro', 1, -1, inf or -inf")),
    };
    of(array.py(), std::slice::from_ref(array), |arrays| dap_linalg::matrix_norm(&arrays[0], norm, keepdims))
}
