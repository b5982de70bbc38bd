//! NumPy's `.npy` files: one array, in one file that all ranks write or read at once.
//!
//! ```no_run
//! # fn store(x: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! use dap_core::algebra::Subscript;
//! use dap_core::layout::Layout;
//! use dap_io::npy::{self, NpyFile};
//! npy::save(x, "x.npy")?;
//! // Every other row, on the ranks of the context.
//! let file = NpyFile::open(x.context(), "x.npy")?;
//! let rows = Layout::builder([file.shape()[0] / 2, file.shape()[1]]).processes(2).build()?;
//! let part = file.load_region(&Subscript::parse("1::2")?, rows)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Item types
//!
//! All that the protocol can say: booleans, integers, floats, complex numbers, strings, raw bytes
//! and structs, in either byte order. Items keep their bytes; [`NpyFile::native`] turns
//! them into this machine's order. Python objects are refused, and dates, which are no type of the
//! protocol. Of a boolean every byte but 0 is true.
//!
//! # Ways of the elements
//!
//! A rank writes and reads its elements where they are in the file, with large requests. If they
//! are short runs there (columns of a file in C order) they move first, piece by piece, such that
//! each rank has consecutive bytes of the file; the layout and the order of the file decide, the
//! same on all ranks. An element that several ranks hold is written by the first one, and read by
//! all.
//!
//! # Safety of files
//!
//! A save makes a file `.NAME.dap-PID-NUMBER.part` in the folder of `NAME`, at once of the final
//! length, so that a full disk is noticed before anything is written. When all ranks have written
//! and the system has the bytes on disk, rank 0 renames it. Until then the file `NAME` is as it
//! was. If a process is killed, that file may remain; the next save of `NAME` removes it. Files are
//! read by requests, not mapped: a file that is cut short meanwhile gives an error.

mod load;
mod save;

pub use load::{NpyFile, load};
pub use save::{Save, save};
