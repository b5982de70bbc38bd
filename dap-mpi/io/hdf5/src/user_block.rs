//! The user block: bytes in front of a file of HDF5, such as MATLAB's.
//!
//! Some versions of the library count the addresses of chunks from the end of the block, others
//! from the beginning of the file. The documentation does not say which do, so a file in memory
//! with a large block shows it.

use std::sync::OnceLock;

use hdf5_metno_sys::h5d::{H5Dcreate2, H5Dget_chunk_info_by_coord};
use hdf5_metno_sys::h5f::{H5F_ACC_TRUNC, H5Fclose, H5Fcreate, H5Fget_create_plist};
use hdf5_metno_sys::h5i::{H5Iget_file_id, hid_t};
use hdf5_metno_sys::h5o::H5Oclose;
use hdf5_metno_sys::h5p::{
    H5P_CLS_FILE_CREATE, H5P_DEFAULT, H5Pclose, H5Pget_userblock, H5Pset_fapl_core, H5Pset_userblock,
};
use hdf5_metno_sys::h5t::H5T_STD_I8LE;

use crate::error::Result;
use crate::id::{Id, check};
use crate::new::NewChunks;
use crate::properties;
use crate::space::dataspace;

/// Bytes of the block of the file in memory, which is larger than all behind it.
const BLOCK: u64 = 1 << 20;

/// Bytes that are missing in the addresses of chunks in the file of an object.
pub(crate) fn missing_in_chunks(of: hid_t) -> Result<u64> {
    // SAFETY: the object is open.
    let file = Id::open("its file", H5Fclose, || unsafe { H5Iget_file_id(of) })?;
    // SAFETY: the file is open.
    let creation = Id::open("its properties", H5Pclose, || unsafe { H5Fget_create_plist(file.raw()) })?;
    let mut bytes = 0;
    // SAFETY: the list is open and one of files.
    check("its user block", || unsafe { H5Pget_userblock(creation.raw(), &mut bytes) })?;
    static COUNTS_FROM_BLOCK: OnceLock<Result<bool>> = OnceLock::new();
    if bytes > 0 && COUNTS_FROM_BLOCK.get_or_init(counts_from_block).clone()? { Ok(bytes) } else { Ok(0) }
}

/// Whether the library counts the addresses of chunks from the end of the user block.
fn counts_from_block() -> Result<bool> {
    let access = properties::file_access()?;
    // SAFETY: the list is open and one of access to files; nothing is stored.
    check("a file in memory", || unsafe { H5Pset_fapl_core(access.raw(), 1 << 16, 0) })?;
    let creation = properties::create(|| *H5P_CLS_FILE_CREATE)?;
    // SAFETY: the list is open and one of files.
    check("a user block", || unsafe { H5Pset_userblock(creation.raw(), BLOCK) })?;
    // SAFETY: the lists are open and of these kinds; the name is not that of a file.
    let create = || unsafe { H5Fcreate(c"dap-hdf5".as_ptr(), H5F_ACC_TRUNC, creation.raw(), access.raw()) };
    let file = Id::open("a file in memory", H5Fclose, create)?;
    let chunks = NewChunks { extents: vec![1], deflate: None, shuffle: false };
    let (space, chunked) = (dataspace(&[1], None)?, properties::dataset_creation(Some(&chunks))?);
    // SAFETY: all objects are open and of the kinds that the call takes.
    let create = || unsafe {
        let (file, item, list) = (file.raw(), *H5T_STD_I8LE, chunked.raw());
        H5Dcreate2(file, c"x".as_ptr(), item, space.raw(), H5P_DEFAULT, list, H5P_DEFAULT)
    };
    let dataset = Id::open("a dataset in memory", H5Oclose, create)?;
    let (first, mut mask, mut address, mut bytes) = ([0], 0, 0, 0);
    // SAFETY: the dataset has one axis, and `first` one index.
    let ask =
        || unsafe { H5Dget_chunk_info_by_coord(dataset.raw(), first.as_ptr(), &mut mask, &mut address, &mut bytes) };
    check("a chunk in memory", ask)?;
    Ok(address < BLOCK)
}
