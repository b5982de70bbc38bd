//! Equations and factorizations of matrices. All are collective.

use dap_array::DynArray;
use dap_linalg::Columns;
use pyo3::prelude::*;

use crate::array::{Array, returned};
use crate::error::{Raised, value_error};
use crate::thread::without_gil;

type Made<'py> = PyResult<Vec<Bound<'py, PyAny>>>;

fn all<'py>(py: Python<'py>, arrays: Vec<DynArray>) -> Made<'py> {
    arrays.into_iter().map(|array| returned(py, array)).collect()
}

fn columns(complete: bool) -> Columns {
    if complete { Columns::Complete } else { Columns::Reduced }
}

/// The factors of matrices by name: "qr", "svd" (`flag`: complete), "cholesky" (`flag`: upper),
/// "eigh", "eigvalsh", "eig", "eigvals", "svdvals", "inv", "det", "slogdet".
#[pyfunction]
pub(crate) fn factorize<'py>(name: &str, array: &Bound<'py, Array>, flag: bool) -> Made<'py> {
    let py = array.py();
    let array = array.get().settled(py)?;
    type Factors = fn(&DynArray, bool) -> dap_array::Result<Vec<DynArray>>;
    let factors: Factors = match name {
        "qr" => |array, complete| dap_linalg::qr(array, columns(complete)).map(|(q, r)| vec![q, r]),
        "svd" => |array, complete| dap_linalg::svd(array, columns(complete)).map(|(u, s, vh)| vec![u, s, vh]),
        "cholesky" => |array, upper| dap_linalg::cholesky(array, upper).map(|factor| vec![factor]),
        "eigh" => |array, _| dap_linalg::eigh(array).map(|(values, vectors)| vec![values, vectors]),
        "eigvalsh" => |array, _| dap_linalg::eigvalsh(array).map(|values| vec![values]),
        "eig" => |array, _| dap_linalg::eig(array).map(|(values, vectors)| vec![values, vectors]),
        "eigvals" => |array, _| dap_linalg::eigvals(array).map(|values| vec![values]),
        "svdvals" => |array, _| dap_linalg::svdvals(array).map(|values| vec![values]),
        "inv" => |array, _| dap_linalg::inv(array).map(|inverse| vec![inverse]),
        "det" => |array, _| dap_linalg::det(array).map(|determinant| vec![determinant]),
        "slogdet" => |array, _| dap_linalg::slogdet(array).map(|(sign, logarithm)| vec![sign, logarithm]),
        _ => return value_error(format!("no factorization {name:?}")),
    };
    all(py, without_gil(py, || factors(&array, flag)).raised()?)
}

/// The solutions of equations.
#[pyfunction]
pub(crate) fn solve<'py>(a: &Bound<'py, Array>, b: &Bound<'py, Array>) -> Made<'py> {
    let py = a.py();
    let (a, b) = (a.get().settled(py)?, b.get().settled(py)?);
    all(py, vec![without_gil(py, || dap_linalg::solve(&a, &b)).raised()?])
}

/// The least-squares solution, the rank and the singular values.
#[pyfunction]
pub(crate) fn lstsq<'py>(a: &Bound<'py, Array>, b: &Bound<'py, Array>, rtol: Option<f64>) -> Made<'py> {
    let py = a.py();
    let (a, b) = (a.get().settled(py)?, b.get().settled(py)?);
    let found = without_gil(py, || dap_linalg::lstsq(&a, &b, rtol)).raised()?;
    all(py, vec![found.solution, found.rank, found.singular_values])
}

/// Pseudo-inverses, or the ranks of matrices.
#[pyfunction]
pub(crate) fn pinv<'py>(array: &Bound<'py, Array>, rtol: Option<f64>, only_rank: bool) -> Made<'py> {
    let py = array.py();
    let array = array.get().settled(py)?;
    let of = if only_rank { dap_linalg::matrix_rank } else { dap_linalg::pinv };
    all(py, vec![without_gil(py, || of(&array, rtol)).raised()?])
}

/// The product of a matrix with itself, so often.
#[pyfunction]
pub(crate) fn matrix_power<'py>(array: &Bound<'py, Array>, power: i64) -> Made<'py> {
    let py = array.py();
    let array = array.get().settled(py)?;
    all(py, vec![without_gil(py, || dap_linalg::matrix_power(&array, power)).raised()?])
}
