//! Opening regular files, and what to say when that fails.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::BufferError;
use crate::npy;
use crate::section::SectionError;

/// A file that holds no buffer, or cannot be read or written.
#[derive(Debug)]
pub struct FileError {
    /// What is wrong with it.
    pub kind: FileErrorKind,
    /// The file; empty where it has no name.
    pub path: PathBuf,
}

/// What is wrong with a file.
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
    /// Items without a meaning in the protocol or outside of the process that wrote them, by NumPy's name.
    ItemType(String),
    /// What it holds is no buffer.
    Buffer(Box<BufferError>),
    /// What it holds is no section.
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

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            FileErrorKind::Buffer(error) => Some(&**error),
            FileErrorKind::Section(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Opens a regular file.
///
/// It is looked at before it is opened: opening a named pipe would wait for somebody to write into it.
///
/// # Errors
/// What else it is, or why it cannot be opened, in words.
pub fn open(path: &Path) -> Result<File, String> {
    open_with(path, fs::OpenOptions::new().read(true))
}

pub(crate) fn open_with(path: &Path, options: &fs::OpenOptions) -> Result<File, String> {
    let metadata = fs::metadata(path).map_err(|error| words_of(path, &error))?;
    match kind(&metadata) {
        None => options.open(path).map_err(|error| words_of(path, &error)),
        Some(kind) => Err(format!("it is {kind}")),
    }
}

/// What it is, where it is no regular file.
#[must_use]
pub fn kind(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    Some(match () {
        () if kind.is_file() => return None,
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    })
}

/// [`words`] for an error about `path`, which name a link on the way to it that leads nowhere.
#[must_use]
pub fn words_of(path: &Path, error: &io::Error) -> String {
    let dangling =
        |link: &&Path| fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink()) && fs::metadata(link).is_err();
    let link = if error.kind() == io::ErrorKind::NotFound { path.ancestors().filter(dangling).last() } else { None };
    match link.and_then(|link| Some((link, fs::read_link(link).ok()?))) {
        None => words(error),
        Some((link, target)) if link == path => {
            format!("it is a link to `{}`, which does not exist", target.display())
        }
        Some((link, target)) => {
            format!("`{}` is a link to `{}`, which does not exist", link.display(), target.display())
        }
    }
}

/// An error of the operating system as the middle of a sentence, the same on every system where that is possible.
#[must_use]
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut letters = text.chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}
