//! Appending an array to a Zarr store, along an axis.
//!
//! New chunks, and new versions of chunks that have stored elements already, are written into a
//! folder beside the store. When all are there they are renamed into the store, and the metadata
//! last. A chunk that replaces a stored one has the same stored elements, and a reader with the old
//! metadata looks at no others: it finds the old array at any moment.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use dap_array::DynArray;
use dap_core::layout::Layout;
use dap_mpi::{Error, ErrorKind, Result};
use serde_json::Value;

use super::load::{read_chunk, read_metadata};
use super::metadata::Metadata;
use super::save::store;
use crate::chunks::{self, Stored};
use crate::error::{file_error, io_error};
use crate::fit;
use crate::shared_file::path_of_first;
use crate::temporary::TemporaryFolder;

/// Appends the elements of an array to a Zarr store, behind those that it has along an axis.
/// Collective.
///
/// Options are in [`Append`].
///
/// # Errors
/// As [`Append::to`].
#[track_caller]
pub fn append(array: &DynArray, path: impl AsRef<Path>, axis: usize) -> Result<()> {
    Append::new(array, axis).to(path)
}

/// An array that is to be appended to a Zarr store, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct Append<'a> {
    array: &'a DynArray,
    axis: usize,
    is_synced: bool,
}

impl<'a> Append<'a> {
    /// An array, a view of one included, that comes behind the stored elements along this axis.
    pub fn new(array: &'a DynArray, axis: usize) -> Append<'a> {
        Append { array, axis, is_synced: true }
    }

    /// Whether the call waits until the bytes are on the disk; it does by default.
    pub fn synced(self, is_synced: bool) -> Append<'a> {
        Append { is_synced, ..self }
    }

    /// Writes the new chunks and the new shape. Collective: each rank writes whole chunks, of the
    /// extents and by the codecs of the store. Attributes stay. A description of the distribution
    /// is extended: the axis keeps its kind and its number of processes.
    ///
    /// # Errors
    /// An axis that the array has not; items of another type than those of the store, extents that
    /// differ along another axis, an extent of 2^63 or more. On some rank, then on all: a folder
    /// that is no Zarr array or cannot be written, another program that appends to it, a stored
    /// chunk that cannot be read, a full disk, a failure of an earlier operation with the array.
    /// The store has the old elements then.
    #[track_caller]
    pub fn to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (array, axis, path) = (self.array, self.axis, path.as_ref());
        let _call = array.enter("zarr::append", (path, axis, self.is_synced))?;
        let comm = array.context().comm();
        // From here on no other append changes the metadata.
        let lock = comm.agree((comm.rank() == 0).then(|| locked(path)).transpose())?;
        let text = read_metadata(comm, path)?;
        let old = Metadata::read(&text, path)?;
        let mistake = |problem: String| Error::new(ErrorKind::Argument, problem);
        let shape = chunks::appended(array, &old.dtype, &old.grid.shape, axis).map_err(mistake)?;
        let layout = old.layout.as_ref().map(|layout| fit::extended(layout, axis, shape[axis])).transpose()?;
        let text = resized(&text, &shape, layout.as_ref()).map_err(mistake)?;
        let new = Metadata::read(&text, path)?;
        let made = (comm.rank() == 0).then(|| TemporaryFolder::new(path, "zarr.json")).transpose();
        let temporary = comm.agree(made)?;
        let folder = path_of_first(comm, temporary.as_ref().map(TemporaryFolder::path))?;
        let fetch = |indices: &[u64]| read_chunk(path, &old, indices);
        let stored = Stored { axis, extent: old.grid.shape[axis], fetch: &fetch };
        let mut keys = Vec::new();
        chunks::append(array, &new.grid, &stored, &new.empty_chunk(), |indices, chunk| {
            let encoded = new.encode(chunk).map_err(|problem| file_error(path, problem))?;
            let key = new.key(indices);
            store((&folder, path), &key, &encoded).map_err(|error| io_error(path, &error))?;
            keys.push(key);
            Ok(())
        })?;
        let failed = |error: std::io::Error| io_error(path, &error);
        let written = match temporary.is_some() {
            true => fs::write(folder.join("zarr.json"), &text),
            false => Ok(()),
        };
        comm.agree(written.and_then(|()| self.sync(&folder)).map_err(failed))?;
        // The bytes of all chunks are there.
        let renamed = keys.iter().try_for_each(|key| rename_into(&folder.join(key), path.join(key)));
        comm.agree(renamed.and_then(|()| self.sync(path)).map_err(failed))?;
        let put = match temporary.is_some() {
            true => fs::rename(folder.join("zarr.json"), path.join("zarr.json")).and_then(|()| self.sync(path)),
            false => Ok(()),
        };
        comm.agree(put.map_err(failed))?;
        drop(lock);
        Ok(())
    }

    /// Waits for the file system of a folder.
    fn sync(&self, folder: &Path) -> std::io::Result<()> {
        if self.is_synced {
            rustix::fs::syncfs(File::open(folder)?)?;
        }
        Ok(())
    }
}

/// The folder of a store, with a lock that other appends respect; the file keeps it.
fn locked(path: &Path) -> Result<File> {
    let folder = File::open(path).map_err(|error| io_error(path, &error))?;
    match folder.try_lock() {
        // A file system without locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(folder),
        Err(TryLockError::WouldBlock) => Err(file_error(path, "another program is appending to it: wait for its end")),
    }
}

fn rename_into(from: &Path, to: PathBuf) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(from, to)
}

/// The metadata with another shape and the description of a layout; the rest is as it was.
///
/// # Errors
/// No JSON, or more than what is read: why.
fn resized(text: &[u8], shape: &[i64], layout: Option<&Layout>) -> std::result::Result<Vec<u8>, String> {
    let mut metadata: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    metadata["shape"] = shape.into();
    super::metadata::describe(&mut metadata, layout);
    super::metadata::text_of(&metadata)
}
