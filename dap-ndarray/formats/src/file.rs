//! Opening regular files, and the sentences for those that cannot be opened.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// Opens a regular file.
///
/// The kind is checked before the file is opened: opening a named pipe would wait for a writer.
///
/// # Errors
/// The kind of a file that is not regular, or the reason why it cannot be opened, in words.
pub fn open(path: &Path) -> Result<File, String> {
    open_with(path, fs::OpenOptions::new().read(true))
}

/// Opens a regular file with these options, as [`open`].
///
/// # Errors
/// As [`open`].
pub fn open_with(path: &Path, options: &fs::OpenOptions) -> Result<File, String> {
    let metadata = fs::metadata(path).map_err(|error| words_of(path, &error))?;
    match kind(&metadata) {
        None => options.open(path).map_err(|error| words_of(path, &error)),
        Some(kind) => Err(format!("it is {kind}")),
    }
}

/// The kind of a file in words; `None` for a regular file.
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

/// [`words`] for an error about `path`; names a link on the way to it that leads nowhere.
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

/// An error of the operating system as the middle of a sentence, the same on every system where
/// that is possible.
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
