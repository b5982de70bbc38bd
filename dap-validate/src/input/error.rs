//! Why a path of the command line names nothing that can be checked.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub(super) use dap_formats::file::{words, words_of};

/// A path of the command line that could not be looked into. What cannot be read inside of a set is
/// a finding instead.
#[derive(Debug)]
pub struct InputError {
    /// What is wrong with it.
    pub kind: InputErrorKind,
    /// The path, as given or as found below a directory.
    pub path: PathBuf,
}

/// What is wrong with a path.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputErrorKind {
    /// It is not there, or not to be reached.
    Lookup(io::Error),
    /// It is a directory that cannot be listed.
    Listing(io::Error),
    /// Neither a file nor a directory nor a pipe: this, in words.
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
