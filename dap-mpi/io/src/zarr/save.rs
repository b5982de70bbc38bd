//! Saving an array as a Zarr store.

use std::fs::File;
use std::path::Path;

use dap_array::DynArray;
use dap_formats::description;
use dap_mpi::{Error, ErrorKind, Result};
use serde_json::{Map, Value};

use super::codecs::Compressor;
use super::metadata;
use crate::chunks::{self, ChunkGrid};
use crate::error::{file_error, io_error};
use crate::temporary::TemporaryFolder;
use crate::trace::{Direction, timed};

/// Saves an array as a Zarr store in a folder, which replaces a store of this name. Collective.
///
/// Options are in [`Save`].
///
/// # Errors
/// As [`Save::to`].
#[track_caller]
pub fn save(array: &DynArray, path: impl AsRef<Path>) -> Result<()> {
    Save::new(array).to(path)
}

/// An array that is to be saved as a Zarr store, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct Save<'a> {
    array: &'a DynArray,
    chunk: Option<Vec<i64>>,
    compressors: Vec<Compressor>,
    attributes: Map<String, Value>,
    is_synced: bool,
}

impl<'a> Save<'a> {
    /// An array, a view of one included: in chunks of up to 4 MiB, consecutive in C order, that are
    /// not compressed.
    pub fn new(array: &'a DynArray) -> Save<'a> {
        Save { array, chunk: None, compressors: Vec::new(), attributes: Map::new(), is_synced: true }
    }

    /// The extents of a chunk, which need not divide those of the array.
    pub fn chunks(self, extents: impl Into<Vec<i64>>) -> Save<'a> {
        Save { chunk: Some(extents.into()), ..self }
    }

    /// Compresses chunks by Zstandard, at a level from 1 (fast) to 22 (small).
    pub fn zstd(mut self, level: i32) -> Save<'a> {
        self.compressors.push(Compressor::Zstd { level });
        self
    }

    /// Appends a checksum to each chunk, so that damage is noticed.
    pub fn crc32c(mut self) -> Save<'a> {
        self.compressors.push(Compressor::Crc32c);
        self
    }

    /// Adds an attribute, any JSON. A second one of this name replaces the first.
    pub fn attribute(mut self, name: &str, value: Value) -> Save<'a> {
        self.attributes.insert(name.to_owned(), value);
        self
    }

    /// Whether the call waits until the bytes are on the disk; it does by default.
    pub fn synced(self, is_synced: bool) -> Save<'a> {
        Save { is_synced, ..self }
    }

    /// Writes the store. Collective: each rank writes whole chunks.
    ///
    /// # Errors
    /// Items that Zarr has no type for, extents of a chunk that are not one of at least 1 for each
    /// axis, or make more than 1 GiB; an attribute `distarray`, attributes of more than 16 MiB. On
    /// some rank, then on all: a folder that cannot be written or is no Zarr array, a full disk, a
    /// failure of an earlier operation with the array. The old store is unchanged then.
    #[track_caller]
    pub fn to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (array, path) = (self.array, path.as_ref());
        let attributes = format!("{:?}", self.attributes);
        let _call = array.enter("zarr::save", (path, &self.chunk, attributes, self.is_synced))?;
        let chunk = self.chunk.clone();
        let chunk = chunk.unwrap_or_else(|| ChunkGrid::default_chunk(array.shape(), array.dtype().itemsize()));
        let mistake = |problem: String| Error::new(ErrorKind::Argument, problem);
        description::check_name(self.attributes.keys()).map_err(mistake)?;
        let metadata = metadata::new(array.dtype(), array.shape(), &chunk).map_err(mistake)?;
        let metadata = metadata.with(self.compressors.clone(), self.attributes.clone());
        let text = metadata.text(array.layout()).map_err(mistake)?;
        let comm = array.context().comm();
        let made = (comm.rank() == 0).then(|| TemporaryFolder::new(path, "zarr.json")).transpose();
        let temporary = comm.agree(made)?;
        let folder = crate::shared_file::path_of_first(comm, temporary.as_ref().map(TemporaryFolder::path))?;
        chunks::write(array, &metadata.grid, &metadata.empty_chunk(), |indices, chunk| {
            let encoded = metadata.encode(chunk).map_err(|problem| file_error(path, problem))?;
            let key = metadata.key(indices);
            store((&folder, path), &key, &encoded).map_err(|error| io_error(path, &error))
        })?;
        let finished = match temporary.is_some() {
            true => std::fs::write(folder.join("zarr.json"), &text),
            false => Ok(()),
        };
        let synced = finished.and_then(|()| match self.is_synced {
            true => Ok(rustix::fs::syncfs(File::open(&folder)?)?),
            false => Ok(()),
        });
        comm.agree(synced.map_err(|error| io_error(path, &error)))?;
        comm.agree(temporary.map_or(Ok(()), TemporaryFolder::put_in_place))
    }
}

/// Writes a file of a store, which is in a temporary folder until it gets its place, and makes its
/// folders.
pub(super) fn store((folder, path): (&Path, &Path), key: &str, bytes: &[u8]) -> std::io::Result<()> {
    let file = folder.join(key);
    // Other ranks make the same folders.
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    timed(&path.join(key), Direction::Write, (0, bytes.len()), || std::fs::write(file, bytes))
}
