//! HDF5: one dataset of a file, whose elements all ranks write or read at once (feature `hdf5`).
//!
//! ```no_run
//! # fn store(x: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! use dap_core::algebra::Subscript;
//! use dap_core::layout::Layout;
//! use dap_io::hdf5::{self, Attribute, Dataset, Save};
//! Save::new(x, "fluid/density").attribute("unit", Attribute::Text("kg/m3".to_owned())).to("run.h5")?;
//! // A second dataset of the same file, in compressed chunks.
//! Save::new(x, "fluid/copy").chunks([256, 256]).shuffle().deflate(4).added().to("run.h5")?;
//! let same = hdf5::load(x.context(), "run.h5", "fluid/density")?;
//! let stored = Dataset::open(x.context(), "run.h5", "fluid/density")?;
//! let rows = Layout::builder([10, stored.shape()[1]]).processes(2).build()?;
//! let part = stored.load_region(&Subscript::parse("10:20")?, rows)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Ways of the elements
//!
//! Rank 0 makes the metadata of the file by the HDF5 library, with room for the elements, and
//! closes it. All ranks then write their elements into that room, and no rank has the elements of
//! others to write. A load is the reverse: rank 0 asks the library for the place of the elements,
//! and all ranks read from there. The library needs no MPI. Consecutive elements take the ways of
//! [`npy`](crate::npy); of a dataset in chunks one rank reads or writes whole chunks, and the
//! elements move.
//!
//! # The distribution
//!
//! The attribute `distarray` has the protocol's description as JSON: for each dimension a list of
//! exports, one for each process along it. [`load`] restores this distribution if there are ranks
//! for it, and otherwise makes dimensions of the same kinds over the ranks that there are.
//! Descriptions of more than 1 MiB are left out.
//!
//! # Item types
//!
//! Booleans (h5py's enumeration), integers, floats, complex numbers (h5py's `r` and `i`), byte
//! strings, raw bytes and structs, in either byte order. [`Dataset::native`] loads them in this
//! machine's order. Texts of any length, references and bit fields narrower than their bytes are
//! refused.
//!
//! # Safety of files
//!
//! A save makes a file beside the old one and renames it, as that of a [`npy`](crate::npy) file.
//! [`Save::added`] copies the old file first, each rank a part of it: the old file is never
//! changed, and changes that another program makes to it meanwhile are lost. A file is not
//! believed: sizes are compared with its length before memory is taken, a chunk is at most 1 GiB
//! and decompresses to no more than its size. Links to other files, external storage, virtual
//! datasets and filters other than deflate, shuffle and fletcher32 are refused. Not every version
//! of the HDF5 library survives a damaged file, so rank 0 calls it in a process of its own (a fork)
//! with bounded memory and time, whose end is an error like all others.
//!
//! # Appending
//!
//! [`append`] adds elements behind those of a dataset in chunks that may grow, which
//! [`Save::max_shape`] makes. The file is copied, and the copy gets its name: HDF5 has no journal,
//! so that a file that is changed in place is lost if the program ends meanwhile. The time and the
//! room on the disk are those of the whole file.
//!
//! # Limits
//!
//! Compressed chunks lie in a file without a name in the folder of the target until their places
//! are known. The library looks for each chunk in turn, so that a dataset should have at most some
//! ten thousand of them.

mod append;
mod attributes;
mod change;
mod chunked;
mod filters;
mod kept;
mod load;
mod places;
mod save;
mod stored;

pub use append::{Append, append};
pub use dap_hdf5::Attribute;
pub use load::{Dataset, load};
pub use save::{Save, save};
