//! The source line of Python that a call comes from, and the end of a program by an exception, as
//! the messages of other ranks name them.

use std::sync::OnceLock;

use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The folder of the package, whose own lines are not the program's.
static PACKAGE: OnceLock<String> = OnceLock::new();

/// Names the folder of the package.
#[pyfunction]
pub(crate) fn set_package(folder: String) {
    // The package is imported once.
    let _ = PACKAGE.set(folder);
}

/// Publishes that this rank takes part in no further call, with the reason.
#[pyfunction]
pub(crate) fn leave(reason: &str) {
    dap_mpi::watch::leave(reason);
}

/// Notes the line of the program that this thread is in.
pub(crate) fn note(py: Python<'_>) {
    // A frame without a line, as a program without source has it, leaves the last line standing.
    let _ = noted(py);
}

fn noted(py: Python<'_>) -> PyResult<()> {
    let Some(package) = PACKAGE.get() else { return Ok(()) };
    // SAFETY: the GIL is held; the result is a borrowed reference to this thread's frame, or null.
    let frame = unsafe { Bound::from_borrowed_ptr_or_opt(py, ffi::PyEval_GetFrame().cast()) };
    let Some(mut frame) = frame else { return Ok(()) };
    loop {
        let file = frame.getattr(intern!(py, "f_code"))?.getattr(intern!(py, "co_filename"))?;
        let file = file.cast_into::<PyString>()?;
        let path = file.to_str()?;
        if !path.starts_with(&package[..]) {
            let line: Option<u32> = frame.getattr(intern!(py, "f_lineno"))?.extract()?;
            dap_mpi::watch::set_source_line(path, line.unwrap_or(0));
            return Ok(());
        }
        let back = frame.getattr(intern!(py, "f_back"))?;
        if back.is_none() {
            return Ok(());
        }
        frame = back;
    }
}
