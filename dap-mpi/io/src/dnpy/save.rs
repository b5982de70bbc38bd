//! Saving an array as `.dnpy` files.

use std::path::Path;

use dap_array::DynArray;
use dap_core::export::DimDict;
use dap_core::index::Rank;
use dap_formats::{dnpy, npy};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::copy::Order;

use super::path_of;
use crate::direct::{self, NamedFile};
use crate::error::{file_error, io_error};
use crate::place::FilePlace;
use crate::temporary::Temporary;

/// Saves each section of an array in a file of its own, `NAME_r.dnpy` for section r, as DistArray
/// reads it. Collective.
///
/// # Errors
/// Items that no `.npy` file holds. On some rank, then on all: dictionaries that are too long for
/// such a file, a folder or a file that cannot be written, a full disk, a failure of an earlier
/// operation with the array. The old files are unchanged then.
#[track_caller]
pub fn save(array: &DynArray, name: impl AsRef<Path>) -> Result<()> {
    let name = name.as_ref();
    let _call = array.enter("dnpy::save", name)?;
    let dtype = array.dtype();
    if dtype.is_object() || dtype.descr().is_none() {
        let message = format!("a .dnpy file cannot hold items of {}", dtype.name());
        return Err(Error::new(ErrorKind::Argument, message));
    }
    let comm = array.context().comm();
    let written = array.section_rank().map(|section| write(array, section, &path_of(name, section.0))).transpose();
    // No rank puts its file in place before all files are complete.
    let written = comm.agree(written)?;
    comm.agree(written.map_or(Ok(()), Temporary::put_in_place))
}

/// The complete file of a section, beside the one that it replaces.
fn write(array: &DynArray, section: Rank, path: &Path) -> Result<Temporary> {
    let (layout, dtype) = (array.layout(), array.dtype());
    let edition = layout.export_edition();
    let coordinates = layout.grid().coordinates(section).unwrap_or_default();
    let dicts = layout.dims().iter().zip(coordinates).map(|(dim, at)| dim.dim_dict(edition, at));
    let dicts: Vec<DimDict> = dicts.collect::<dap_core::error::Result<_>>()?;
    let too_long = || file_error(path, "the dictionaries of the section are too long for a .dnpy file");
    let mut header = dnpy::header(edition.version(), &dicts).ok_or_else(too_long)?;
    let shape = layout.local_shape(section).unwrap_or_default();
    let no_type = || file_error(path, format!("it cannot hold items of {}", dtype.name()));
    header.extend(dtype.descr().and_then(|descr| npy::header(&descr, false, &shape)).ok_or_else(no_type)?);
    let too_large = || file_error(path, "a file has at most 2^63 - 1 bytes, the section has more");
    let place = FilePlace::dense(header.len() as u64, &shape, dtype.itemsize(), Order::C).ok_or_else(too_large)?;
    // The product fits: the last byte has a place.
    let bytes = layout.owned_len(section) * dtype.itemsize();
    let file = Temporary::new(path, &header, header.len() as u64 + bytes as u64)?;
    if bytes > 0
        && let Some(items) = array.local_items()?
    {
        let to = NamedFile { file: file.file(), path };
        direct::write(to, &place, (&direct::whole(&shape)?, Rank(0)), items.buffer())?;
    }
    file.file().sync_all().map_err(|error| io_error(path, &error))?;
    Ok(file)
}
