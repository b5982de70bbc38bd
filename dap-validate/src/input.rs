//! The input of a check: export files in all their layouts, gathered into sets, one set an array.
//!
//! [`gather`] turns the paths of a command line into [`InputSet`]s and [`InputSet::check`] reads
//! and checks one. Worker threads on all cores parse and check the texts rank by rank; one thread
//! reduces the results in rank order as they arrive. Only the part of a file that the workers are
//! busy with is in memory. The text of a finding is read again when it is shown ([`SetTexts`]).
//!
//! | layout | module |
//! |---|---|
//! | a directory, or files named one by one | `files`, `directory` |
//! | files whose names fit a pattern | `pattern` |
//! | one export per line, in a file or a stream | `lines` |
//! | a bundle `{"ranks": [...]}` | `bundle` |
//! | `.dnpy` of DistArray | `dnpy` |
//! | the data file beside an export | `data` |
//! | each of them compressed by gzip | `gzip` |
//!
//! ```
//! use dap_core::check::Profile;
//! use dap_validate::input::{InputOptions, gather};
//!
//! let line = r#"{"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [4]}, "dim_data": [{}]}"#;
//! let sets = gather(&["-".into()], line.as_bytes(), InputOptions::default())?;
//! let checked = sets[0].check(Profile::Auto, &());
//! assert!(checked.report.is_valid());
//! # Ok::<(), dap_validate::input::InputError>(())
//! ```
//!
//! # Limits
//!
//! One rank's text has at most [`LONGEST`] bytes. Only regular files are read inside of
//! directories, because a named pipe there could block for ever. Large files are read with
//! positioned reads, which the standard library has under a portable name on Unix only.

mod bundle;
mod data;
mod directory;
mod dnpy;
mod error;
mod files;
mod gather;
pub(crate) mod gzip;
mod job;
mod lines;
mod misnamed;
mod names;
mod options;
mod pattern;
mod pipeline;
mod problem;
mod rank;
mod set;
mod sniff;
mod texts;
mod whole;

use std::ffi::OsStr;

pub(crate) use data::{is_npy_file, problem as data_problem};
pub(crate) use dnpy::has_dnpy_header;
pub use error::{InputError, InputErrorKind};
pub use gather::gather;
pub use job::{Progress, Unit};
pub use options::InputOptions;
pub use pattern::NamePattern;
pub use set::{CheckedSet, InputSet};
pub use texts::SetTexts;
pub use whole::LONGEST;

/// Whether a file of this name in a directory is read as an export: `rank-<r>.json`,
/// `<name>_<r>.dnpy`.
#[must_use]
pub fn is_export_name(name: &OsStr) -> bool {
    names::parse(name).is_some()
}
