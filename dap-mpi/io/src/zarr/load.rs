//! Loading a Zarr store into any distribution.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use dap_array::{Context, DynArray};
use dap_core::algebra::{Placement, View};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::file::open;
use dap_mpi::{Error, ErrorKind, Result};

use super::metadata::Metadata;
use crate::chunks::{self, LocalChunk, part_of_chunk};
use crate::direct::whole;
use crate::error::{file_error, io_error};
use crate::fit::fit_or_blocks;
use crate::shared_file::bytes_of_first;

/// Bytes of the longest metadata.
const LONGEST: u64 = 16 << 20;

/// Loads a Zarr store in the distribution that it describes, or in one like it if there are fewer
/// ranks; without a description, in blocks along the first axis. Collective.
///
/// # Errors
/// As [`ZarrArray::open`] and [`ZarrArray::load`].
#[track_caller]
pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<DynArray> {
    let stored = ZarrArray::open(context, path)?;
    stored.load(fit_or_blocks(stored.layout(), stored.shape(), context.comm().size().into())?)
}

/// A Zarr array whose metadata were read, the same on all ranks.
#[derive(Debug, Clone)]
pub struct ZarrArray {
    context: Context,
    path: PathBuf,
    metadata: Metadata,
}

impl ZarrArray {
    /// Reads the metadata. Collective: rank 0 reads them for all.
    ///
    /// # Errors
    /// A folder without readable metadata of a Zarr array of version 3, items or codecs that are
    /// not supported here, chunks of more than 1 GiB; then on all ranks.
    #[track_caller]
    pub fn open(context: &Context, path: impl AsRef<Path>) -> Result<ZarrArray> {
        let path = path.as_ref();
        let _call = context.enter("zarr::open", path)?;
        let comm = context.comm();
        let text = (comm.rank() == 0).then(|| read(&path.join("zarr.json"), LONGEST)).transpose();
        let text = comm.agree(text)?.flatten();
        let text = bytes_of_first(comm, text.unwrap_or_default())?;
        // The same text is read on all ranks; no metadata are empty.
        if text.is_empty() {
            return Err(file_error(&path.join("zarr.json"), "it does not exist"));
        }
        Ok(ZarrArray { context: context.clone(), path: path.to_owned(), metadata: Metadata::read(&text, path)? })
    }

    /// The extents.
    pub fn shape(&self) -> &[i64] {
        &self.metadata.grid.shape
    }

    /// The extents of a chunk.
    pub fn chunks(&self) -> &[i64] {
        &self.metadata.grid.chunk
    }

    /// The item type.
    pub fn dtype(&self) -> &DType {
        &self.metadata.dtype
    }

    /// The distribution that the store describes; `None` without a valid description.
    pub fn layout(&self) -> Option<&Layout> {
        self.metadata.layout.as_ref()
    }

    /// Loads the array in any distribution, on any number of ranks. Padding is 0. Collective: each
    /// rank reads whole chunks.
    ///
    /// # Errors
    /// A placement of another shape, or with more ranks than the context has. On some rank, then on
    /// all: a chunk that cannot be read, is damaged or decodes to more than its size, not enough
    /// memory.
    #[track_caller]
    pub fn load(&self, placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let context = &self.context;
        let _call = context.enter("zarr::load", (&self.path, placement.layout()))?;
        if placement.shape() != self.shape() {
            let message = format!("{placement} is a distribution of another shape than {:?}", self.shape());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let array = DynArray::zeros(context, &placement, self.dtype())?;
        // Memory that is missing is known before chunks are counted.
        context.comm().agree(array.local_items().map(drop))?;
        let view = View::of(&Placement::new(whole(self.shape())?));
        chunks::read(&array, &self.metadata.grid, &view, self.dtype(), |chunk| self.read_chunk(chunk))?;
        Ok(array)
    }

    /// The items of a chunk that the array has.
    fn read_chunk(&self, chunk: &LocalChunk) -> Result<Vec<u8>> {
        let metadata = &self.metadata;
        let path = self.path.join(metadata.key(&chunk.indices));
        let bytes = match read(&path, metadata.longest_file())? {
            Some(file) => metadata.decode(file).map_err(|problem| file_error(&path, problem))?,
            None => metadata.empty_chunk(),
        };
        Ok(part_of_chunk(bytes, &metadata.grid, chunk, &metadata.dtype))
    }
}

/// All of a regular file of at most `most` bytes; `None` if there is none.
fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    if !path.try_exists().map_err(|error| io_error(path, &error))? {
        return Ok(None);
    }
    let file: File = open(path).map_err(|problem| file_error(path, problem))?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| io_error(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(file_error(path, format!("it has more than {most} bytes")));
    }
    Ok(Some(bytes))
}
