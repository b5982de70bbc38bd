//! A file that is written beside the one that it replaces.
//!
//! It is called `.NAME.dap-PID-NUMBER.part`, in the folder of `NAME`, and its writer holds a lock
//! on it (`flock`), which the system gives back when the process ends, however it ends. A file of
//! such a name without a lock was left by a process that was killed: the next save of `NAME`
//! removes it. Where a file system has no locks it stays.

#[cfg(feature = "zarr")]
mod folder;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use dap_formats::file::open_with;
use dap_mpi::Result;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

use crate::error::{file_error, io_error};
#[cfg(feature = "zarr")]
pub(crate) use folder::TemporaryFolder;

/// Bytes of a name that are kept: names are at most 255 bytes long.
const LONGEST_NAME: usize = 200;

/// A file that is removed when this is dropped, unless it has been put in place.
pub(crate) struct Temporary {
    path: PathBuf,
    target: PathBuf,
    /// Keeps the lock.
    file: File,
    is_in_place: bool,
}

impl Temporary {
    /// A new file of `length` bytes that begins with `header`, to replace `target` or to become it.
    /// Files that killed processes have left beside it are removed.
    ///
    /// # Errors
    /// A target that is no regular file or may not be written; a folder that may not be written, or
    /// is not there; a full disk.
    pub(crate) fn new(target: &Path, header: &[u8], length: u64) -> Result<Temporary> {
        let failed = |error: io::Error| io_error(target, &error);
        let target = resolved(target)?;
        let (folder, name) = parts(&target)?;
        let permissions = fs::metadata(&target).ok().map(|found| found.permissions());
        remove_left(folder, name);
        let (path, file) = create(folder, name, new_file).map_err(failed)?;
        let temporary = Temporary { path, target, file, is_in_place: false };
        let made = permissions.map_or(Ok(()), |permissions| temporary.file.set_permissions(permissions));
        let made = made.and_then(|()| reserve(&temporary.file, length));
        made.and_then(|()| temporary.file.write_all_at(header, 0)).map_err(failed)?;
        Ok(temporary)
    }

    /// Its name.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Gives it the name of the target.
    ///
    /// # Errors
    /// The system refuses.
    pub(crate) fn put_in_place(mut self) -> Result<()> {
        fs::rename(&self.path, &self.target).map_err(|error| io_error(&self.target, &error))?;
        self.is_in_place = true;
        // The file is there. Whether its name survives a power failure is the file system's matter
        // where it cannot write a folder.
        if let Ok(folder) =
            parts(&self.target).and_then(|(folder, _)| File::open(folder).map_err(|error| io_error(folder, &error)))
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_in_place {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The regular file, or the place for it, that a path means: behind links.
fn resolved(path: &Path) -> Result<PathBuf> {
    let failed = |error: io::Error| io_error(path, &error);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(path).map_err(failed),
        Err(error) => Err(failed(error)),
        Ok(_) => {
            // A file that may not be written is not replaced, either.
            open_with(path, OpenOptions::new().write(true)).map_err(|problem| file_error(path, problem))?;
            fs::canonicalize(path).map_err(failed)
        }
    }
}

fn parts(path: &Path) -> Result<(&Path, &OsStr)> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Ok((folder, name)),
        _ => Err(file_error(path, "it is a directory")),
    }
}

/// The beginning of the names of temporary files.
fn beginning(name: &OsStr) -> Vec<u8> {
    let name = name.as_bytes();
    [b".", &name[..name.len().min(LONGEST_NAME)], b".dap-"].concat()
}

const ENDING: &[u8] = b".part";

/// A new file, or what `make` makes, with a lock. The name has the process, and a number that no
/// other has.
fn create(folder: &Path, name: &OsStr, make: impl Fn(&Path) -> io::Result<File>) -> io::Result<(PathBuf, File)> {
    let mut number = 0_u32;
    loop {
        let process = format!("{}-{number}", std::process::id());
        let own = OsString::from_vec([&beginning(name), process.as_bytes(), ENDING].concat());
        let path = folder.join(own);
        match make(&path) {
            Ok(file) => {
                let is_locked = match file.try_lock() {
                    // A file system without locks.
                    Ok(()) | Err(TryLockError::Error(_)) => true,
                    Err(TryLockError::WouldBlock) => false,
                };
                // Another process may have found the file before it was locked, and removed it.
                if is_locked && file.metadata()?.nlink() > 0 {
                    return Ok((path, file));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        number = number.checked_add(1).ok_or(io::ErrorKind::AlreadyExists)?;
    }
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// A file in the folder of a target that has no name, so that it is gone when it is closed.
///
/// # Errors
/// A folder that may not be written, or is not there.
#[cfg(feature = "hdf5")]
pub(crate) fn without_name(target: &Path) -> Result<File> {
    let failed = |error: io::Error| io_error(target, &error);
    let target = resolved(target)?;
    let (folder, name) = parts(&target)?;
    let make = |path: &Path| OpenOptions::new().read(true).write(true).create_new(true).open(path);
    let (path, file) = create(folder, name, make).map_err(failed)?;
    fs::remove_file(path).map_err(failed)?;
    Ok(file)
}

/// Removes temporary files for `name` whose writers are gone. Failures leave the file where it is.
fn remove_left(folder: &Path, name: &OsStr) {
    let beginning = beginning(name);
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let found = entry.file_name();
        let is_temporary = found.as_bytes().starts_with(&beginning) && found.as_bytes().ends_with(ENDING);
        let Ok(kind) = entry.file_type() else { continue };
        // A pipe would wait to be opened.
        if !is_temporary || !(kind.is_file() || kind.is_dir()) {
            continue;
        }
        // A folder cannot be opened for writing, and a lock of some file systems takes that.
        if let Ok(file) = OpenOptions::new().read(kind.is_dir()).write(kind.is_file()).open(entry.path())
            && file.try_lock().is_ok()
        {
            let path = entry.path();
            let _ = if kind.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// Gives a file its length, and takes the room for it from the file system: writers of separate
/// parts then do not wait for one another, and a full disk is noticed here.
pub(crate) fn reserve(file: &File, length: u64) -> io::Result<()> {
    if length == 0 {
        return Ok(());
    }
    loop {
        return match fallocate(file, FallocateFlags::empty(), 0, length) {
            Ok(()) => Ok(()),
            Err(Errno::INTR) => continue,
            // A file system without this call.
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => file.set_len(length),
            Err(error) => Err(error.into()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("dap-io-{name}-{}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_files_without_a_writer_are_removed() {
        let folder = folder("left");
        let target = folder.join("x.npy");
        let kept = Temporary::new(&target, b"one", 10).unwrap();
        for other in [".x.npy.dap-7-0.part", ".y.npy.dap-7-0.part", ".x.npy.dap-7-0.npy"] {
            fs::write(folder.join(other), "left").unwrap();
        }
        let own = kept.path().file_name().unwrap().to_owned();
        drop(Temporary::new(&target, b"two", 10).unwrap());
        let mut expected = vec![OsString::from(".x.npy.dap-7-0.npy"), ".y.npy.dap-7-0.part".into(), own];
        expected.sort();
        assert_eq!(names(&folder), expected);
        kept.put_in_place().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one\0\0\0\0\0\0\0");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder("links");
        let (target, link) = (folder.join("x"), folder.join("link"));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("x", &link).unwrap();
        Temporary::new(&link, b"new", 3).unwrap().put_in_place().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let refused = |path: &Path| Temporary::new(path, b"", 1).err().expect("an error").to_string();
        symlink("nowhere", folder.join("lost")).unwrap();
        assert!(refused(&folder.join("lost")).ends_with("it is a link to `nowhere`, which does not exist"));
        assert!(refused(&folder).ends_with("it is a directory"));
        assert!(refused(Path::new("/")).ends_with("it is a directory"));
        assert!(refused(&folder.join("none/x")).ends_with("it does not exist"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn long_names_have_temporary_files() {
        let folder = folder("long");
        let target = folder.join("n".repeat(255));
        Temporary::new(&target, b"1", 1).unwrap().put_in_place().unwrap();
        assert_eq!(names(&folder).len(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
