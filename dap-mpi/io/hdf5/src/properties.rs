//! Property lists: options of calls.

use hdf5_metno_sys::h5d::{H5D_ALLOC_TIME_EARLY, H5D_ALLOC_TIME_INCR, H5D_FILL_TIME_NEVER};
use hdf5_metno_sys::h5i::hid_t;
use hdf5_metno_sys::h5p::{
    H5P_CLS_DATASET_CREATE, H5P_CLS_FILE_ACCESS, H5P_CLS_LINK_CREATE, H5Pclose, H5Pcreate, H5Pset_alloc_time,
    H5Pset_char_encoding, H5Pset_chunk, H5Pset_create_intermediate_group, H5Pset_deflate, H5Pset_file_locking,
    H5Pset_fill_time, H5Pset_shuffle,
};
use hdf5_metno_sys::h5t::H5T_CSET_UTF8;

use crate::error::Result;
use crate::id::{Id, check};
use crate::new::NewChunks;

/// A list of a class.
pub(crate) fn create(class: impl FnOnce() -> hid_t) -> Result<Id> {
    // SAFETY: `class` gives a class of property lists, which the library has when it is prepared.
    Id::open("a property list", H5Pclose, || unsafe { H5Pcreate(class()) })
}

/// Access to a file, without the library's lock on it: a file in the making has the caller's lock,
/// and some file systems have none.
pub(crate) fn file_access() -> Result<Id> {
    let list = create(|| *H5P_CLS_FILE_ACCESS)?;
    // SAFETY: `list` is open and of this class.
    check("file locking", || unsafe { H5Pset_file_locking(list.raw(), 0, 1) })?;
    Ok(list)
}

/// A link whose groups are made with it, and whose name is UTF-8.
pub(crate) fn link_creation() -> Result<Id> {
    let list = create(|| *H5P_CLS_LINK_CREATE)?;
    // SAFETY: `list` is open and of this class.
    check("groups", || unsafe { H5Pset_create_intermediate_group(list.raw(), 1) })?;
    // SAFETY: as above.
    check("names", || unsafe { H5Pset_char_encoding(list.raw(), H5T_CSET_UTF8) })?;
    Ok(list)
}

/// A dataset whose room is taken when it is created, and never filled: its elements are written by
/// others. Room for compressed chunks is taken one by one.
pub(crate) fn dataset_creation(chunked: Option<&NewChunks>) -> Result<Id> {
    let list = create(|| *H5P_CLS_DATASET_CREATE)?;
    let is_compressed = chunked.is_some_and(|chunked| chunked.deflate.is_some());
    let time = if is_compressed { H5D_ALLOC_TIME_INCR } else { H5D_ALLOC_TIME_EARLY };
    // SAFETY: `list` is open and of this class.
    check("allocation", || unsafe { H5Pset_alloc_time(list.raw(), time) })?;
    // SAFETY: as above.
    check("filling", || unsafe { H5Pset_fill_time(list.raw(), H5D_FILL_TIME_NEVER) })?;
    if let Some(NewChunks { extents, deflate, shuffle }) = chunked {
        let rank = extents.len() as i32;
        // SAFETY: `extents` has `rank` elements.
        check("chunks", || unsafe { H5Pset_chunk(list.raw(), rank, extents.as_ptr()) })?;
        if *shuffle {
            // SAFETY: `list` is open and of this class.
            check("the filter shuffle", || unsafe { H5Pset_shuffle(list.raw()) })?;
        }
        if let Some(level) = *deflate {
            // SAFETY: as above.
            check("the filter deflate", || unsafe { H5Pset_deflate(list.raw(), level) })?;
        }
    }
    Ok(list)
}
