//! Loading a Zarr store into any distribution.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use dap_array::{Context, DynArray};
use dap_core::algebra::{Placement, Subscript, View};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::file::open;
use dap_formats::zarr::LONGEST;
use dap_mpi::{Comm, Error, ErrorKind, Result};
use serde_json::{Map, Value};

use super::metadata::Metadata;
use crate::chunks::{self, part_of_chunk};
use crate::direct::whole;
use crate::error::{file_error, io_error};
use crate::fit::fit_or_blocks;
use crate::shared_file::bytes_of_first;
use crate::trace::{Direction, timed};

/// Loads a Zarr store in the distribution that it describes, or in one like it if there are fewer
/// ranks; without a description, in blocks along the first axis. Collective.
///
/// # Errors
/// As [`ZarrArray::open`] and [`ZarrArray::load`].
#[track_caller]
pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<DynArray> {
    ZarrArray::open(context, path)?.load_fitted()
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
        let text = read_metadata(context.comm(), path)?;
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

    /// The attributes, without `distarray`.
    pub fn attributes(&self) -> &Map<String, Value> {
        &self.metadata.attributes
    }

    /// Loads the array as [`load`] does.
    ///
    /// # Errors
    /// As [`ZarrArray::load`].
    #[track_caller]
    pub fn load_fitted(&self) -> Result<DynArray> {
        self.load(fit_or_blocks(self.layout(), self.shape(), self.context.comm().size().into())?)
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
        let _call = self.context.enter("zarr::load", (&self.path, placement.layout()))?;
        self.load_view(&self.whole()?, &placement)
    }

    /// Loads the part that subscripts select, as [`load`](ZarrArray::load). Chunks between its
    /// first and its last index are read. Collective.
    ///
    /// # Errors
    /// As `load`, for the shape of the part; subscripts that the array does not have.
    #[track_caller]
    pub fn load_region(&self, region: &[Subscript], placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let text = Subscript::text(region);
        let _call = self.context.enter("zarr::load_region", (&self.path, text, placement.layout()))?;
        let view = self.whole()?.index(region);
        let view = view.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))?;
        self.load_view(&view, &placement)
    }

    fn whole(&self) -> Result<View> {
        Ok(View::of(&Placement::new(whole(self.shape())?)))
    }

    fn load_view(&self, view: &View, placement: &Placement) -> Result<DynArray> {
        if placement.shape() != &view.shape()[..] {
            let message = format!("{placement} is a distribution of another shape than {:?}", view.shape());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let context = &self.context;
        let array = DynArray::zeros(context, placement, self.dtype())?;
        // Memory that is missing is known before chunks are counted.
        context.comm().agree(array.local_items().map(drop))?;
        chunks::read(&array, &self.metadata.grid, view, self.dtype(), |chunk| {
            let items = read_chunk(&self.path, &self.metadata, &chunk.indices)?;
            Ok(part_of_chunk(items, &self.metadata.grid, chunk, self.dtype()))
        })?;
        Ok(array)
    }
}

/// The metadata that rank 0 reads for all. Collective.
///
/// # Errors
/// No metadata, or none that can be read; then on all ranks.
pub(super) fn read_metadata(comm: &Comm, store: &Path) -> Result<Vec<u8>> {
    let path = store.join("zarr.json");
    let text = (comm.rank() == 0).then(|| read(&path, LONGEST)).transpose();
    let text = bytes_of_first(comm, comm.agree(text)?.flatten().unwrap_or_default())?;
    // The same text is read on all ranks; no metadata are empty.
    if text.is_empty() {
        return Err(file_error(&path, "it does not exist"));
    }
    Ok(text)
}

/// The items of a whole chunk: the fill value where there is no file.
///
/// # Errors
/// A file that cannot be read, is damaged or decodes to more than a chunk.
pub(super) fn read_chunk(store: &Path, metadata: &Metadata, indices: &[u64]) -> Result<Vec<u8>> {
    let path = store.join(metadata.key(indices));
    match read(&path, metadata.longest_file())? {
        Some(file) => metadata.decode(file).map_err(|problem| file_error(&path, problem)),
        None => Ok(metadata.empty_chunk()),
    }
}

/// All of a regular file of at most `most` bytes; `None` if there is none.
fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    if !path.try_exists().map_err(|error| io_error(path, &error))? {
        return Ok(None);
    }
    let file: File = open(path).map_err(|problem| file_error(path, problem))?;
    let (mut bytes, length) = (Vec::new(), file.metadata().map_or(0, |found| found.len().min(most)));
    let read = || file.take(most + 1).read_to_end(&mut bytes);
    timed(path, Direction::Read, (0, length as usize), read).map_err(|error| io_error(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(file_error(path, format!("it has more than {most} bytes")));
    }
    Ok(Some(bytes))
}
