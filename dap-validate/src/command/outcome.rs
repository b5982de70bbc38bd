//! The outcome of a command: its exit code, or the reason why it could not run.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// The reason why a command could not run: exit code 2.
#[derive(Debug)]
pub enum Failure {
    /// The arguments cannot be carried out, for the reason that this sentence gives.
    Usage(String),
    /// Output could not be written, or standard input could not be read.
    Io(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) => f.write_str(sentence),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Exit code 1 if `found`, otherwise 0.
pub(super) fn code(found: bool) -> ExitCode {
    if found { ExitCode::from(1) } else { ExitCode::SUCCESS }
}
