//! A folder that is filled beside the one that it replaces.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use dap_mpi::Result;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{create, parts, remove_left};
use crate::error::{file_error, io_error};

/// A folder that is removed when this is dropped, unless it has been put in place.
pub(crate) struct TemporaryFolder {
    path: PathBuf,
    target: PathBuf,
    /// Keeps the lock.
    _folder: File,
    is_in_place: bool,
}

impl TemporaryFolder {
    /// A new folder, to replace `target` or to become it. Folders that killed processes have left
    /// beside it are removed. A target without the file `witness`, unless it is empty, is not
    /// replaced.
    ///
    /// # Errors
    /// A target that is not replaced; a folder that may not be written, or is not there.
    pub(crate) fn new(target: &Path, witness: &str) -> Result<TemporaryFolder> {
        let failed = |error: io::Error| io_error(target, &error);
        let target = match fs::symlink_metadata(target) {
            Ok(_) => fs::canonicalize(target).map_err(failed)?,
            Err(_) => std::path::absolute(target).map_err(failed)?,
        };
        if let Ok(mut entries) = fs::read_dir(&target) {
            if entries.next().is_some() && !target.join(witness).is_file() {
                return Err(file_error(&target, format!("it is a folder without {witness}, which is not replaced")));
            }
        } else if target.exists() {
            return Err(file_error(&target, "it is no folder"));
        }
        let (folder, name) = parts(&target)?;
        remove_left(folder, name);
        let make = |path: &Path| fs::create_dir(path).and_then(|()| File::open(path));
        let (path, file) = create(folder, name, make).map_err(failed)?;
        Ok(TemporaryFolder { path, target, _folder: file, is_in_place: false })
    }

    /// Its name.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it the name of the target, at once, and removes the old folder.
    ///
    /// # Errors
    /// The system refuses.
    pub(crate) fn put_in_place(mut self) -> Result<()> {
        let failed = |error: io::Error| io_error(&self.target, &error);
        if self.target.exists() {
            // The old folder gets the temporary name, and is removed when this is dropped.
            renameat_with(CWD, &self.path, CWD, &self.target, RenameFlags::EXCHANGE)
                .map_err(|error| failed(error.into()))
        } else {
            fs::rename(&self.path, &self.target).map_err(failed)?;
            self.is_in_place = true;
            Ok(())
        }
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if !self.is_in_place {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_exchanged_and_cleared() {
        let root = std::env::temp_dir().join(format!("dap-io-folders-{}", std::process::id()));
        fs::create_dir(&root).unwrap();
        let target = root.join("x");
        let fill = |text: &str| {
            let folder = TemporaryFolder::new(&target, "zarr.json").unwrap();
            fs::write(folder.path().join("zarr.json"), text).unwrap();
            folder
        };
        fill("one").put_in_place().unwrap();
        // One that is being filled stays, one that was left goes.
        let kept = fill("two");
        let left = root.join(".x.dap-7-0.part");
        fs::create_dir_all(left.join("c/0")).unwrap();
        drop(fill("three"));
        assert!(!left.exists() && kept.path().exists());
        assert_eq!(fs::read(target.join("zarr.json")).unwrap(), b"one");
        kept.put_in_place().unwrap();
        assert_eq!(fs::read(target.join("zarr.json")).unwrap(), b"two");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        fs::rename(target.join("zarr.json"), target.join("letter.txt")).unwrap();
        let refused = |path: &Path| TemporaryFolder::new(path, "zarr.json").err().expect("an error").to_string();
        assert!(refused(&target).ends_with("it is a folder without zarr.json, which is not replaced"));
        assert!(refused(&target.join("letter.txt")).ends_with("it is no folder"));
        fs::remove_dir_all(&root).unwrap();
    }
}
