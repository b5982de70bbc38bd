//! The error for a path of the command line that cannot be checked.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub(super) use dap_formats::file::{words, words_of};

/// The error for a path of the command line that cannot be looked up. A text inside of a set that
/// cannot be read gives a finding instead.
#[derive(Debug)]
pub struct InputError {
    /// The kind of the error.
    pub kind: InputErrorKind,
    /// The path, as given or as found below a directory.
    pub path: PathBuf,
}

/// The kind of an [`InputError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum InputErrorKind {
    /// The path does not exist, or cannot be reached.
    Lookup(io::Error),
    /// The path is a directory that cannot be listed.
    Listing(io::Error),
    /// The path is neither a file nor a directory nor a pipe, but this, in words.
    NotAFile(&'static str),
    /// Standard input was named more than once.
    StdinTwice,
}

impl InputError {
    pub(super) fn new(path: &Path, kind: InputErrorKind) -> Self {
        Self { kind, path: path.to_owned() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            InputErrorKind::Lookup(error) => write!(f, "cannot read `{path}`: {}", words_of(&self.path, error)),
            InputErrorKind::Listing(error) => write!(f, "cannot list the directory `{path}`: {}", words(error)),
            InputErrorKind::NotAFile(what) => write!(f, "cannot read `{path}`: it is {what}"),
            InputErrorKind::StdinTwice => write!(f, "`-`, standard input, can be read only once"),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            InputErrorKind::Lookup(error) | InputErrorKind::Listing(error) => Some(error),
            _ => None,
        }
    }
}
