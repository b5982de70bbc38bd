//! Errors of files as errors of an operation.

use std::fmt::Display;
use std::io;
use std::path::Path;

use dap_formats::file::words_of;
use dap_mpi::{Error, ErrorKind};

/// A file that is not what the call needs.
pub(crate) fn file_error(path: &Path, problem: impl Display) -> Error {
    Error::new(ErrorKind::File, format!("`{}`: {problem}", path.display()))
}

/// An error of the operating system about a file.
pub(crate) fn io_error(path: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return file_error(path, "it was cut short while it was read");
    }
    file_error(path, words_of(path, error))
}
