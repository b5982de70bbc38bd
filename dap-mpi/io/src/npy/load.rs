//! Loading a `.npy` file, or a part of one, into any distribution.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use dap_array::{Context, DynArray};
use dap_core::algebra::{Placement, Subscript, View};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::file::open;
use dap_formats::npy::{Npy, in_words};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::copy::Order;

use crate::direct::{self, NamedFile};
use crate::elements;
use crate::error::{file_error, io_error};
use crate::place::FilePlace;

/// Loads a `.npy` file: blocks along the first axis, on all ranks of the context. Collective.
///
/// # Errors
/// As [`NpyFile::open`] and [`NpyFile::load`].
#[track_caller]
pub fn load(context: &Context, path: impl AsRef<Path>) -> Result<DynArray> {
    let file = NpyFile::open(context, path)?;
    let blocks = Layout::builder(file.shape()).processes(context.comm().size().into()).build()?;
    file.load(blocks)
}

/// A `.npy` file whose header was read, the same on all ranks.
#[derive(Debug, Clone)]
pub struct NpyFile {
    context: Context,
    path: PathBuf,
    dtype: DType,
    shape: Vec<i64>,
    place: FilePlace,
    is_native: bool,
}

impl NpyFile {
    /// Reads the header. Collective: rank 0 reads it for all.
    ///
    /// # Errors
    /// A file that cannot be opened or is not regular, a header that cannot be read, items that are
    /// no type of the protocol or addresses, fewer bytes than the header says; then on all ranks.
    #[track_caller]
    pub fn open(context: &Context, path: impl AsRef<Path>) -> Result<NpyFile> {
        let path = path.as_ref();
        let _call = context.enter("npy::open", path)?;
        let comm = context.comm();
        let found = (comm.rank() == 0).then(|| read_header(path)).transpose();
        let found = comm.agree(found)?.unwrap_or_default();
        let header = comm.gather_all(&found)?.swap_remove(0);
        // The same text is read on all ranks.
        let npy = Npy::read(&mut &header[..], 0).map_err(|error| file_error(path, error))?;
        let unknown =
            || file_error(path, format!("an array cannot hold its items, {}", npy.descr.to_json().trim_end()));
        npy.data_length().ok_or_else(unknown)?;
        let dtype = npy.dtype.clone().ok_or_else(unknown)?;
        let order = if npy.fortran_order { Order::F } else { Order::C };
        let too_large = || file_error(path, "it has 2^63 or more bytes of data");
        let place = FilePlace::dense(npy.length, &npy.shape, dtype.itemsize(), order).ok_or_else(too_large)?;
        Ok(NpyFile {
            context: context.clone(),
            path: path.to_owned(),
            dtype,
            shape: npy.shape,
            place,
            is_native: false,
        })
    }

    /// The extents of the array in the file.
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// The item type in the file.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// The order of the items in the file.
    pub fn order(&self) -> Order {
        self.place.order()
    }

    /// Loads items in this machine's byte order, which can be computed with. Structs keep the byte
    /// order of each field.
    #[must_use]
    pub fn native(self) -> NpyFile {
        NpyFile { is_native: true, ..self }
    }

    /// Loads the array in any distribution, on any number of ranks. Padding is not filled.
    /// Collective: each rank reads the elements that it owns.
    ///
    /// # Errors
    /// A placement of another shape, or with more ranks than the context has. On some rank, then on
    /// all: a file that cannot be read or was cut short, not enough memory.
    #[track_caller]
    pub fn load(&self, placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let _call = self.context.enter("npy::load", (&self.path, self.is_native, placement.layout()))?;
        self.load_placed(&self.place, &self.shape, &placement)
    }

    /// Loads the part that subscripts select, as [`load`](NpyFile::load). No other bytes are kept,
    /// and only those between short runs are read. Collective.
    ///
    /// # Errors
    /// As `load`, for the shape of the part; subscripts that the array does not have.
    #[track_caller]
    pub fn load_region(&self, region: &[Subscript], placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let text = Subscript::text(region);
        let _call = self.context.enter("npy::load_region", (&self.path, self.is_native, text, placement.layout()))?;
        let view = View::of(&Placement::new(direct::whole(&self.shape)?)).index(region);
        let view = view.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))?;
        self.load_placed(&self.place.viewed(&view), &view.shape(), &placement)
    }

    fn load_placed(&self, place: &FilePlace, shape: &[i64], placement: &Placement) -> Result<DynArray> {
        if placement.shape() != shape {
            let message = format!("{placement} is a distribution of another shape than {shape:?}");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let file = open(&self.path).map_err(|problem| file_error(&self.path, problem));
        let file: File = self.context.comm().agree(file)?;
        let file = NamedFile { file: &file, path: &self.path };
        elements::read(&self.context, file, place, (&self.dtype, self.is_native), placement)
    }
}

/// The bytes of the header of a file that is long enough.
fn read_header(path: &Path) -> Result<Vec<u8>> {
    let file = open(path).map_err(|problem| file_error(path, problem))?;
    let failed = |error: std::io::Error| io_error(path, &error);
    let length = file.metadata().map_err(failed)?.len();
    let npy = Npy::read(&mut std::io::BufReader::new(&file), 0).map_err(|error| file_error(path, error))?;
    let there = length.saturating_sub(npy.length);
    if let Some(needed) = npy.data_length().filter(|&needed| there < needed) {
        let message = format!("it is cut short: {there} of {} bytes of data are there", in_words(needed));
        return Err(file_error(path, message));
    }
    // At most a mebibyte, or the header was refused.
    let mut header = vec![0; npy.length as usize];
    file.read_exact_at(&mut header, 0).map_err(failed)?;
    Ok(header)
}
