//! Distributed arrays in files: all ranks read or write one file at once.
//!
//! | task | here |
//! |---|---|
//! | save an array as `.npy` | [`npy::save`], with options [`npy::Save`] |
//! | load a `.npy` file into any distribution | [`npy::load`], [`npy::NpyFile`] |
//! | load a part of a file | [`npy::NpyFile::load_region`], and that of a dataset and of a store |
//! | see which rank reads and writes what | [`trace`] |
//! | append along an axis | `hdf5::append`, `zarr::append` |
//! | save and load a dataset of an HDF5 file (feature `hdf5`) | `hdf5::save`, `hdf5::load`, `hdf5::Dataset` |
//! | save and load a Zarr store (feature `zarr`) | `zarr::save`, `zarr::load`, `zarr::ZarrArray` |
//! | save and load DistArray's `.dnpy` files | [`dnpy::save`], [`dnpy::load`], [`dnpy::DnpySet`] |
//!
//! ```no_run
//! use dap_array::Context;
//! use dap_core::layout::{DimSpec, Layout};
//! use dap_io::npy::{self, NpyFile};
//! # let universe = mpi::initialize().ok_or("MPI runs already")?;
//! let context = Context::new(&dap_mpi::Comm::new(&universe.world())?);
//! let file = NpyFile::open(&context, "field.npy")?;
//! let cyclic = Layout::builder(file.shape()).dims([DimSpec::BlockCyclic(8)]).processes(4).build()?;
//! let field = file.load(cyclic)?;
//! npy::save(&field, "copy.npy")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Errors
//!
//! An error of one rank (a full disk, a missing folder, a file cut short) is returned by all ranks
//! and names the rank. A save that fails leaves the file of that name as it was, and nothing beside
//! it.
//!
//! # Memory
//!
//! Elements go between the array's own memory and the file by way of a few MiB on each rank; where
//! they first move to other ranks ([why](crate::npy)), of at most 32 MiB. No rank holds the whole
//! array.
#![forbid(unsafe_code)]

#[cfg(any(feature = "hdf5", feature = "zarr"))]
mod chunks;
mod cost;
mod direct;
mod elements;
mod error;
mod fit;
mod place;
mod rows;
mod shared_file;
mod temporary;

pub mod dnpy;
#[cfg(feature = "hdf5")]
pub mod hdf5;
pub mod npy;
pub mod trace;
#[cfg(feature = "zarr")]
pub mod zarr;
