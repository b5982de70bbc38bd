//! DistArray's `.dnpy` files: one file for each section, with the protocol's dictionaries.
//!
//! Section r of an array lies in `NAME_r.dnpy`, as DistArray 0.6 names the files of its processes.
//! They are read back on any number of ranks: the dictionaries of all files are checked together,
//! and each rank then reads its elements from the files that have them.
//!
//! ```no_run
//! # fn store(x: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! use dap_io::dnpy::{self, DnpySet};
//! dnpy::save(x, "run/field")?; // run/field_0.dnpy, run/field_1.dnpy, ...
//! let same = dnpy::load(x.context(), "run/field")?;
//! let stored = DnpySet::open(x.context(), "run/field")?;
//! println!("{} of {}", stored.layout(), stored.dtype().name());
//! # Ok(())
//! # }
//! ```
//!
//! # Limits
//!
//! A file's dictionaries have at most 65,535 bytes, so that a section of an unstructured dimension
//! lists some ten thousand indices at most. Padding is not saved. Each file is replaced at once,
//! but the files of a set one after the other: a process that is killed in between leaves files of
//! two saves. Files of a former save on more ranks stay, and are not part of the set.

mod load;
mod save;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use load::{DnpySet, load};
pub use save::save;

/// The file of a section.
fn path_of(name: &Path, section: i64) -> PathBuf {
    let mut path = OsString::from(name);
    path.push(format!("_{section}.dnpy"));
    path.into()
}
