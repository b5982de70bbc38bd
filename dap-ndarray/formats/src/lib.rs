//! Formats of files that hold arrays: headers of NumPy's `.npy` and DistArray's `.dnpy`, the Python
//! literals that both are written in, and metadata of Zarr arrays.
//!
//! The crate reads and writes headers and knows no buffer: `dap-ndarray` maps and writes the data
//! behind them, `dap-validate` judges a `.dnpy` file without it.
//!
//! | task | here |
//! |---|---|
//! | the header of a `.npy` file | [`npy`] |
//! | the headers of a `.dnpy` file, as the JSON text of an export | [`dnpy`] |
//! | the metadata of a Zarr array | [`zarr`] |
//! | the description of a layout in an attribute | [`description`] |
//! | a Python literal as data | [`python`] |
//! | opening regular files only | [`file`](mod@file) |
#![forbid(unsafe_code)]

pub mod description;
pub mod dnpy;
pub mod file;
pub mod npy;
pub mod python;
pub mod zarr;
