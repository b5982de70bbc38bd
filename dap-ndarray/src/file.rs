//! A file that holds no buffer: why, and which file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use dap_formats::file::words;
use dap_formats::npy;

use crate::BufferError;
use crate::section::SectionError;

/// A file that holds no buffer, or cannot be read or written.
pub struct FileError {
    /// The kind of the error.
    pub kind: FileErrorKind,
    /// The file; empty where it has no name.
    pub path: PathBuf,
}

/// The kind of a file's error.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// It cannot be opened, read, mapped or written: why, in words.
    Access(String),
    /// Its header cannot be understood: why, in words.
    Header(String),
    /// Fewer bytes of data than item type and shape make.
    CutShort {
        /// The bytes that are there.
        there: u64,
        /// The bytes that should be, `u64::MAX` for 2^63 and more.
        needed: u64,
    },
    /// Items without a meaning in the protocol or outside of the process that wrote them, by
    /// NumPy's name.
    ItemType(String),
    /// Its content is no buffer.
    Buffer(Box<BufferError>),
    /// Its content is no section.
    Section(Box<SectionError>),
}

impl FileErrorKind {
    pub(crate) fn at(self, path: &Path) -> FileError {
        FileError { kind: self, path: path.to_owned() }
    }
}

impl From<io::Error> for FileErrorKind {
    fn from(error: io::Error) -> Self {
        Self::Access(words(&error))
    }
}

impl From<BufferError> for FileErrorKind {
    fn from(error: BufferError) -> Self {
        Self::Buffer(Box::new(error))
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.as_os_str().is_empty() {
            write!(f, "`{}`: ", self.path.display())?;
        }
        match &self.kind {
            FileErrorKind::Access(problem) | FileErrorKind::Header(problem) => f.write_str(problem),
            FileErrorKind::CutShort { there, needed } => {
                write!(f, "it is cut short: {there} of {} bytes of data are there", npy::in_words(*needed))
            }
            FileErrorKind::ItemType(name) => write!(f, "a buffer cannot hold its items, {name}"),
            FileErrorKind::Buffer(error) => error.fmt(f),
            FileErrorKind::Section(error) => error.fmt(f),
        }
    }
}

dap_core::debug_as_display!(FileError);

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            FileErrorKind::Buffer(error) => Some(&**error),
            FileErrorKind::Section(error) => Some(&**error),
            _ => None,
        }
    }
}
