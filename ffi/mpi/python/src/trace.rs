//! Traces of the requests to files.

use dap_io::trace;
use pyo3::prelude::*;

use crate::context::Context;
use crate::error::Raised;
use crate::thread::without_gil;

/// Rank, file, whether it wrote, first byte, end, bytes, requests, seconds.
type Row = (i32, String, bool, u64, u64, u64, u64, f64);

/// Records the requests of this process from now on, or no more. Local.
#[pyfunction]
pub(crate) fn record_requests(is_on: bool) {
    if is_on {
        trace::start();
    } else {
        trace::stop();
    }
}

/// The requests of all ranks: rows, a table as text, and a picture as SVG. Collective.
#[pyfunction]
pub(crate) fn collect_requests(py: Python<'_>, context: &Bound<'_, Context>) -> PyResult<(Vec<Row>, String, String)> {
    let context = context.get().get()?;
    let found = without_gil(py, || trace::collect(context)).raised()?;
    let row = |row: &trace::TraceRow| {
        let path = row.path.display().to_string();
        (row.rank, path, row.is_write, row.range.start, row.range.end, row.bytes, row.requests, row.seconds)
    };
    Ok((found.rows().iter().map(row).collect(), found.to_string(), found.svg()))
}
