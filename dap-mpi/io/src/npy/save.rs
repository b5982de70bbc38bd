//! Saving an array as a `.npy` file.

use std::path::Path;

use dap_array::DynArray;
use dap_core::algebra::ViewAxis;
use dap_formats::npy;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::copy::Order;

use crate::elements;
use crate::error::file_error;
use crate::place::FilePlace;
use crate::shared_file::SharedFile;

/// Saves an array as a `.npy` file, which replaces a file of this name. Collective.
///
/// Options are in [`Save`].
///
/// # Errors
/// As [`Save::to`].
#[track_caller]
pub fn save(array: &DynArray, path: impl AsRef<Path>) -> Result<()> {
    Save::new(array).to(path)
}

/// An array that is to be saved as a `.npy` file, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct Save<'a> {
    array: &'a DynArray,
    order: Order,
    is_synced: bool,
}

impl<'a> Save<'a> {
    /// An array, a view of one included.
    ///
    /// The file is in C order, or in Fortran's if the array is a view with the axes of an array
    /// reversed, as NumPy has it.
    pub fn new(array: &'a DynArray) -> Save<'a> {
        let dims = array.view().axes().iter().filter_map(|axis| match axis {
            ViewAxis::Dim { dim, .. } => Some(*dim),
            ViewAxis::Repeated(_) => None,
        });
        let dims: Vec<usize> = dims.collect();
        let is_reversed = dims.len() > 1 && dims.is_sorted_by(|left, right| left > right);
        Save { array, order: if is_reversed { Order::F } else { Order::C }, is_synced: true }
    }

    /// The order of the items in the file.
    pub fn order(self, order: Order) -> Save<'a> {
        Save { order, ..self }
    }

    /// Whether the call waits until the bytes are on the disk (it does by default), so that a power
    /// failure cannot leave a file that is cut short.
    pub fn synced(self, is_synced: bool) -> Save<'a> {
        Save { is_synced, ..self }
    }

    /// Writes the file. Collective: each rank writes the elements that it owns.
    ///
    /// # Errors
    /// Items that no `.npy` file holds (addresses; structs whose fields overlap). On some rank,
    /// then on all: a folder or a file that cannot be written, a full disk, a failure of an earlier
    /// operation with the array. The old file is unchanged then.
    #[track_caller]
    pub fn to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (array, path) = (self.array, path.as_ref());
        let _call = array.enter("npy::save", (path, self.order == Order::F, self.is_synced))?;
        let dtype = array.dtype();
        let descr = dtype.descr().filter(|_| !dtype.is_object());
        let header = descr.and_then(|descr| npy::header(&descr, self.order == Order::F, array.shape()));
        let no_type = || Error::new(ErrorKind::Argument, format!("a .npy file cannot hold items of {}", dtype.name()));
        let header = header.ok_or_else(no_type)?;
        let place = FilePlace::dense(header.len() as u64, array.shape(), dtype.itemsize(), self.order);
        let place = place.ok_or_else(|| file_error(path, "a file has at most 2^63 - 1 bytes, the array has more"))?;
        // The product fits: the last byte has a place.
        let length = header.len() as u64 + (array.len() * dtype.itemsize()) as u64;
        let file = SharedFile { path, header: &header, length, is_synced: self.is_synced };
        file.write(array.context(), |file, _| elements::write(file, &place, array))
    }
}
