//! The extension module `daparray.array._engine`: the reference array for Python.
//!
//! The package itself is Python, in `ffi/python/python/daparray/array`; this module has what must
//! be fast, or must hold the arrays of `dap-array`.
//!
//! | subject | module |
//! |---|---|
//! | objects that belong to one thread, and Python's threads | `thread` |
//! | MPI's beginning and end; communicators | `environment`, `context` |
//! | layouts as tuples, as the package `daparray` makes them | `layout` |
//! | the array: settled, pending, or a value that all ranks have | `array`, `pending` |
//! | Python's numbers and arrays as operands; operations; operators | `operand`, `apply`, `operators` |
//! | writing | `assign` |
//! | Fourier transforms | `fft` |
//! | reductions, views and copies, selections, new arrays | `reduce`, `shape`, `select`, `create` |
//! | sorting and searching; files | `sorting`, `files` |
//! | random arrays; products, norms, factorizations | `random`, `linalg`, `factorize` |
//! | parts that each rank reads or writes by itself | `region`, `open` |
//! | compiled functions of the user, stencils | `function` |
//! | groups of indices by labels | `grouping` |
//! | messages among some ranks | `group` |
//! | the dictionary, and its sessions | `dict`, `session` |
//! | memory in and out, by `__distarray_c__` | `section` |
//! | moves and halo exchanges of the package `daparray`, over its buffers | `transport`, `local` |
//! | the line of the program, for messages of other ranks | `line` |
//!
//! # Unsafe code
//!
//! In `thread`, `environment`, `context`, `section`, `local`, `transport`, `function` and `line`,
//! each with its argument.

mod apply;
mod array;
mod assign;
mod context;
mod create;
mod dict;
mod environment;
mod error;
mod factorize;
mod fft;
mod files;
mod function;
mod group;
mod grouping;
#[cfg_attr(not(feature = "hdf5"), path = "hdf5_absent.rs")]
mod hdf5;
mod layout;
mod linalg;
mod line;
mod local;
mod open;
mod operand;
mod operators;
mod pending;
mod random;
mod reduce;
mod region;
mod section;
mod select;
mod session;
mod shape;
mod sorting;
mod thread;
mod trace;
mod transport;
#[cfg_attr(not(feature = "zarr"), path = "zarr_absent.rs")]
mod zarr;

use pyo3::prelude::*;

// The arrays of a thread that has ended are dropped under the protection of the GIL.
#[pymodule(gil_used = true)]
mod _engine {
    #[pymodule_export]
    use super::apply::{apply, cast, set_strict};
    #[pymodule_export]
    use super::array::Array;
    #[pymodule_export]
    use super::assign::{assign, fill};
    #[pymodule_export]
    use super::context::{Context, register};
    #[pymodule_export]
    use super::create::{empty, empty_like, full, scalar, scalar_like, with_dimensions};
    #[pymodule_export]
    use super::dict::{DistDict, Ticket};
    #[pymodule_export]
    use super::environment::{finalize, library_version};
    #[pymodule_export]
    use super::factorize::{factorize, lstsq, matrix_power, pinv, solve};
    #[pymodule_export]
    use super::fft::fourier;
    #[pymodule_export]
    use super::files::{DnpySet, NpyFile, load_dnpy, save_dnpy, save_npy};
    #[pymodule_export]
    use super::function::{
        map_elements, map_indexed, reduce_elements, scan_elements, stencil_function, stencil_weighted,
    };
    #[pymodule_export]
    use super::group::Group;
    #[pymodule_export]
    use super::grouping::Grouped;
    #[pymodule_export]
    use super::hdf5::{Hdf5Dataset, append_hdf5, save_hdf5};
    #[pymodule_export]
    use super::layout::build_layout;
    #[pymodule_export]
    use super::linalg::{cross, diagonal, einsum, matrix_norm, product, tensordot, vecdot, vector_norm};
    #[pymodule_export]
    use super::line::{leave, set_package};
    #[pymodule_export]
    use super::open::Open;
    #[pymodule_export]
    use super::random::Generator;
    #[pymodule_export]
    use super::reduce::{arg_reduce, arg_reduce_along, cumulative, reduce, reduce_along};
    #[pymodule_export]
    use super::region::{read_region, write_region};
    #[pymodule_export]
    use super::section::{from_section, import_section};
    #[pymodule_export]
    use super::select::{compress, nonzero, put_along, put_where, take_along};
    #[pymodule_export]
    use super::shape::{
        broadcast_to, concatenate, copy, flip, gather, pad, part, redistribute, repeat, reshape, roll, stack, tile,
        transpose,
    };
    #[pymodule_export]
    use super::sorting::{
        argsort, bincount, digitize, histogram, isin, median, quantile, searchsorted, sort, topk, unique,
    };
    #[pymodule_export]
    use super::trace::{collect_requests, record_requests};
    #[pymodule_export]
    use super::transport::Transport;
    #[pymodule_export]
    use super::zarr::{ZarrArray, append_zarr, save_zarr};
}
