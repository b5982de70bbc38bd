//! Dataspaces: the extents of datasets and attributes.

use hdf5_metno_sys::h5s::{
    H5S_NULL, H5S_SCALAR, H5Sclose, H5Screate, H5Screate_simple, H5Sget_simple_extent_dims, H5Sget_simple_extent_ndims,
    H5Sget_simple_extent_type,
};

use crate::error::Result;
use crate::id::{Id, check, locked};

/// The extents of a dataset or an attribute.
pub(crate) fn dataspace(shape: &[u64]) -> Result<Id> {
    if shape.is_empty() {
        // SAFETY: the call takes no object.
        return Id::open("HDF5 cannot make a scalar", H5Sclose, || unsafe { H5Screate(H5S_SCALAR) });
    }
    let rank = i32::try_from(shape.len()).unwrap_or(i32::MAX);
    // SAFETY: `shape` has `rank` elements; maxima are not given.
    let create = || unsafe { H5Screate_simple(rank, shape.as_ptr(), std::ptr::null()) };
    Id::open(&format!("HDF5 has no dataset of shape {shape:?}"), H5Sclose, create)
}

/// The extents of a dataspace.
pub(crate) fn extents(space: &Id) -> Result<Vec<u64>> {
    // SAFETY: the dataspace is open.
    if locked(|| unsafe { H5Sget_simple_extent_type(space.raw()) }) == H5S_NULL {
        return Err("it is a null dataset, which has no extents".into());
    }
    // SAFETY: as above.
    let rank = check("its extents", || unsafe { H5Sget_simple_extent_ndims(space.raw()) })?;
    let mut shape = vec![0; rank as usize];
    let dims = shape.as_mut_ptr();
    // SAFETY: `dims` has an element for each axis; maxima are not asked for.
    check("its extents", || unsafe { H5Sget_simple_extent_dims(space.raw(), dims, std::ptr::null_mut()) })?;
    Ok(shape)
}
