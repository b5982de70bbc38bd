//! The Python package `daparray`: distributed arrays described, checked and handed over without
//! copying.
//!
//! This is its extension module, `daparray._daparray`; the package itself is in `python/daparray`.
//!
//! | task | module |
//! |---|---|
//! | memory in and out: buffer protocol, DLPack | `memory` |
//! | letting go of it from anywhere | `release` |
//! | `__distarray__`, read and written | `read`, `write` |
//! | `__distarray_c__`, read and written | `capsule` |
//! | the classes | `section`, `layout`, `dim`, `dim_data`, `plan`, `halo` |
//! | numbers given as arguments | `argument` |
//! | pickles and copies | `pickle` |
//! | `validate` and its reports | `report` |
//!
//! # Unsafe code
//!
//! Only where Python's C API wants it: `capsule`, `memory`, `read`, `release` and `write`, each
//! with its argument.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("the protocol's 64-bit numbers are used as addresses and lengths: 64-bit machines only");

mod address;
mod argument;
mod capsule;
mod dim;
mod dim_data;
mod dim_dict;
mod error;
mod halo;
mod layout;
mod memory;
mod pickle;
mod plan;
mod read;
mod release;
mod report;
mod section;
mod value;
mod write;

use pyo3::prelude::*;

// Capsules are consumed under the protection of the GIL: their protocol has no other.
#[pymodule(gil_used = true)]
mod _daparray {
    #[pymodule_export]
    use super::address::from_address;
    #[pymodule_export]
    use super::dim::{_runs, Block, Cyclic, Dim, RunGroup, Unstructured};
    #[pymodule_export]
    use super::dim_data::DimData;
    #[pymodule_export]
    use super::error::{ProtocolWarning, ValidationError};
    #[pymodule_export]
    use super::halo::Halo;
    #[pymodule_export]
    use super::layout::Layout;
    #[pymodule_export]
    use super::memory::Local;
    #[pymodule_export]
    use super::pickle::_make;
    #[pymodule_export]
    use super::plan::{_plan, _transfer, Plan, Transfer};
    #[pymodule_export]
    use super::release::_waiting;
    #[pymodule_export]
    use super::report::{_diagnostic, _report, Diagnostic, Report, describe, validate};
    #[pymodule_export]
    use super::section::{Section, from_distarray};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        super::release::watch_interpreter(module)
    }
}
