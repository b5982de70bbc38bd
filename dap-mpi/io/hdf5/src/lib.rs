//! Metadata of HDF5 files by the HDF5 library: datasets are created and described, and their
//! elements are left to the caller, who finds them at the byte offsets that this crate tells.
//!
//! ```no_run
//! use dap_core::dtype::DType;
//! use dap_hdf5::{File, NewDataset, Storage};
//! let file = File::create("field.h5".as_ref())?;
//! let new = NewDataset { dtype: DType::parse("<f8").unwrap(), shape: vec![100, 3], max_shape: None, chunked: None };
//! file.create_dataset("fluid/velocity", &new)?;
//! let made = file.dataset("fluid/velocity")?.describe(u64::MAX)?;
//! let Storage::Contiguous { offset } = made.storage else { panic!("chunks") };
//! file.close()?;
//! println!("300 numbers go to byte {offset:?}");
//! # Ok::<(), dap_hdf5::Error>(())
//! ```
//!
//! # Trust
//!
//! Links to other files, external storage, virtual datasets and filters from plugins are refused,
//! so that no other file is opened and no other code is loaded. Names are resolved link by link.
//! The library itself parses the file, and a fault of it ends the process: [`apart`] does work with
//! it in a process of its own.
//!
//! # Design
//!
//! This is the only crate that calls the library, and the only unsafe code of arrays in files. An
//! `Id` is an open object of the library and closes it once. All calls are made under the
//! lock of the bindings, because Debian's library is not thread-safe. Element types pass as
//! the library's encoded messages, which `datatype` composes and parses without unsafe code.

mod apart;
mod attribute;
mod dataset;
mod datatype;
mod error;
mod file;
mod id;
mod new;
mod path;
mod properties;
mod space;
mod user_block;

pub use apart::apart;
pub use attribute::Attribute;
pub use dataset::{Chunk, Dataset, Description, Filter, Storage};
pub use error::{Error, Result};
pub use file::File;
pub use new::{NewChunks, NewDataset};
