//! A file or a folder that is written beside its place and renamed when it is complete, so that no
//! reader sees a part of it and a failure leaves nothing behind.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use dap_formats::file;

/// An output that is not complete. Dropped, it is removed.
pub(crate) struct Beside {
    target: PathBuf,
    temporary: PathBuf,
    is_folder: bool,
    is_complete: bool,
}

impl Beside {
    /// A file that will be called `target`, and replace a file of that name.
    pub(crate) fn file(target: &Path) -> Result<(Self, File), String> {
        let temporary = name(target);
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&temporary);
        let file = file.map_err(|error| file::words(&error))?;
        Ok((Self { target: target.to_owned(), temporary, is_folder: false, is_complete: false }, file))
    }

    /// A folder that will be called `target`, where nothing or an empty folder may be.
    pub(crate) fn folder(target: &Path) -> Result<Self, String> {
        let temporary = name(target);
        fs::create_dir(&temporary).map_err(|error| file::words(&error))?;
        Ok(Self { target: target.to_owned(), temporary, is_folder: true, is_complete: false })
    }

    /// The path until it is complete.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Puts it into its place.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        fs::rename(&self.temporary, &self.target).map_err(|error| file::words(&error))?;
        self.is_complete = true;
        Ok(())
    }
}

/// The name until the output is complete.
fn name(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    target.with_file_name(name)
}

impl Drop for Beside {
    fn drop(&mut self) {
        if self.is_complete {
            return;
        }
        // Nothing can be done about a failure here.
        let _ = if self.is_folder { fs::remove_dir_all(&self.temporary) } else { fs::remove_file(&self.temporary) };
    }
}
