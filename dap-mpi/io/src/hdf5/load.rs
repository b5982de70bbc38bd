//! Loading a dataset, or a part of one, into any distribution.

use std::path::{Path, PathBuf};

use dap_array::{Context, DynArray};
use dap_core::algebra::{Placement, Subscript, View};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::file::open;
use dap_hdf5::Attribute;
use dap_mpi::{Error, ErrorKind, Result};

use super::chunked;
use super::stored::{self, Elements, Stored};
use crate::chunks::{self, LocalChunk};
use crate::direct::{NamedFile, whole};
use crate::elements::{self, native};
use crate::error::file_error;
use crate::fit::fit_or_blocks;
use crate::shared_file::bytes_of_first;

/// Loads a dataset in the distribution that the file describes, or in one like it if there are
/// fewer ranks; without a description, in blocks along the first axis. Collective.
///
/// # Errors
/// As [`Dataset::open`] and [`Dataset::load`].
#[track_caller]
pub fn load(context: &Context, path: impl AsRef<Path>, name: &str) -> Result<DynArray> {
    Dataset::open(context, path, name)?.load_fitted()
}

/// A dataset that was described, the same on all ranks.
#[derive(Debug, Clone)]
pub struct Dataset {
    context: Context,
    path: PathBuf,
    pub(super) stored: Stored,
    is_native: bool,
}

impl Dataset {
    /// Reads the metadata of the dataset `name`, such as `group/field`. Collective: rank 0 reads
    /// them for all.
    ///
    /// # Errors
    /// A file that is none of HDF5, is damaged or cut short; no dataset of this name, or one behind
    /// a link to another file; elements in other files; items, filters or chunks that are not
    /// supported here; then on all ranks.
    #[track_caller]
    pub fn open(context: &Context, path: impl AsRef<Path>, name: &str) -> Result<Dataset> {
        let path = path.as_ref();
        let _call = context.enter("hdf5::open", (path, name))?;
        let comm = context.comm();
        let found = (comm.rank() == 0).then(|| stored::describe(path, name)).transpose();
        let message = bytes_of_first(comm, comm.agree(found)?.unwrap_or_default())?;
        let stored = stored::read(&message, path)?;
        Ok(Dataset { context: context.clone(), path: path.to_owned(), stored, is_native: false })
    }

    /// The extents.
    pub fn shape(&self) -> &[i64] {
        &self.stored.shape
    }

    /// The item type in the file.
    pub fn dtype(&self) -> &DType {
        &self.stored.dtype
    }

    /// The extents of a chunk; `None` for a dataset that is not in chunks.
    pub fn chunks(&self) -> Option<&[i64]> {
        match &self.stored.elements {
            Elements::Chunked(chunks) if chunks.is_chunked => Some(&chunks.grid.chunk),
            _ => None,
        }
    }

    /// The attributes that are texts or numbers, with their names, without `distarray`.
    pub fn attributes(&self) -> &[(String, Attribute)] {
        &self.stored.attributes
    }

    /// The distribution that the file describes; `None` without a valid description.
    pub fn layout(&self) -> Option<&Layout> {
        self.stored.layout.as_ref()
    }

    /// Loads items in this machine's byte order, which can be computed with. Structs keep the byte
    /// order of each field.
    #[must_use]
    pub fn native(self) -> Dataset {
        Dataset { is_native: true, ..self }
    }

    /// Loads the array as [`load`] does.
    ///
    /// # Errors
    /// As [`Dataset::load`].
    #[track_caller]
    pub fn load_fitted(&self) -> Result<DynArray> {
        self.load(fit_or_blocks(self.layout(), self.shape(), self.context.comm().size().into())?)
    }

    /// Loads the array in any distribution, on any number of ranks. Padding is not filled.
    /// Collective: each rank reads the elements that it owns, or whole chunks.
    ///
    /// # Errors
    /// A placement of another shape, or with more ranks than the context has. On some rank, then on
    /// all: a file that cannot be read or was cut short, a chunk that is damaged or decodes to more
    /// than its size, not enough memory.
    #[track_caller]
    pub fn load(&self, placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let _call = self.context.enter("hdf5::load", (&self.path, self.is_native, placement.layout()))?;
        self.load_view(&self.whole()?, &placement)
    }

    /// Loads the part that subscripts select, as [`load`](Dataset::load). Of chunks, those between
    /// its first and its last index are read. Collective.
    ///
    /// # Errors
    /// As `load`, for the shape of the part; subscripts that the array does not have.
    #[track_caller]
    pub fn load_region(&self, region: &[Subscript], placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let text = Subscript::text(region);
        let _call = self.context.enter("hdf5::load_region", (&self.path, self.is_native, text, placement.layout()))?;
        let view = self.whole()?.index(region);
        let view = view.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))?;
        self.load_view(&view, &placement)
    }

    fn whole(&self) -> Result<View> {
        Ok(View::of(&Placement::new(whole(&self.stored.shape)?)))
    }

    fn load_view(&self, view: &View, placement: &Placement) -> Result<DynArray> {
        if placement.shape() != &view.shape()[..] {
            let message = format!("{placement} is a distribution of another shape than {:?}", view.shape());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let (context, dtype) = (&self.context, &self.stored.dtype);
        let file = context.comm().agree(open(&self.path).map_err(|problem| file_error(&self.path, problem)))?;
        let file = NamedFile { file: &file, path: &self.path };
        match &self.stored.elements {
            Elements::Dense(place) => {
                elements::read(context, file, &place.viewed(view), (dtype, self.is_native), placement)
            }
            Elements::Chunked(stored) => {
                let in_memory = if self.is_native { native(dtype) } else { dtype.clone() };
                let array = DynArray::zeros(context, placement, &in_memory)?;
                // Memory that is missing is known before chunks are counted.
                context.comm().agree(array.local_items().map(drop))?;
                let fetch = |chunk: &LocalChunk| chunked::read(file, stored, dtype, chunk);
                chunks::read(&array, &stored.grid, view, dtype, fetch)?;
                Ok(array)
            }
        }
    }
}
