//! Dataspaces: the extents of datasets and attributes.

use hdf5_metno_sys::h5s::{
    H5S_NULL, H5S_SCALAR, H5S_UNLIMITED, H5Sclose, H5Screate, H5Screate_simple, H5Sget_simple_extent_dims,
    H5Sget_simple_extent_ndims, H5Sget_simple_extent_type,
};

use crate::error::Result;
use crate::id::{Id, check, locked};

/// The extents of a dataset or an attribute, and the largest ones of a dataset that can grow.
pub(crate) fn dataspace(shape: &[u64], max_shape: Option<&[Option<u64>]>) -> Result<Id> {
    if shape.is_empty() {
        // SAFETY: the call takes no object.
        return Id::open("HDF5 cannot make a scalar", H5Sclose, || unsafe { H5Screate(H5S_SCALAR) });
    }
    let rank = i32::try_from(shape.len()).unwrap_or(i32::MAX);
    let maxima: Option<Vec<u64>> =
        max_shape.map(|maxima| maxima.iter().map(|maximum| maximum.unwrap_or(H5S_UNLIMITED)).collect());
    if maxima.as_ref().is_some_and(|maxima| maxima.len() != shape.len()) {
        return Err(format!("{max_shape:?} are not the largest extents of {} axes", shape.len()).into());
    }
    let largest = maxima.as_ref().map_or(std::ptr::null(), Vec::as_ptr);
    // SAFETY: `shape` has `rank` elements, and so has `maxima`, or its address is null.
    let create = || unsafe { H5Screate_simple(rank, shape.as_ptr(), largest) };
    Id::open(&format!("HDF5 has no dataset of shape {shape:?}"), H5Sclose, create)
}

/// The extents of a dataspace.
pub(crate) fn extents(space: &Id) -> Result<Vec<u64>> {
    Ok(extents_and_maxima(space)?.0)
}

/// The extents of a dataspace, and the largest ones, `None` for one without a limit.
pub(crate) fn extents_and_maxima(space: &Id) -> Result<(Vec<u64>, Vec<Option<u64>>)> {
    // SAFETY: the dataspace is open.
    if locked(|| unsafe { H5Sget_simple_extent_type(space.raw()) }) == H5S_NULL {
        return Err("it is a null dataset, which has no extents".into());
    }
    // SAFETY: as above.
    let rank = check("its extents", || unsafe { H5Sget_simple_extent_ndims(space.raw()) })?;
    let mut shape = vec![0; rank as usize];
    let mut maxima = shape.clone();
    let (dims, largest) = (shape.as_mut_ptr(), maxima.as_mut_ptr());
    // SAFETY: both have an element for each axis.
    check("its extents", || unsafe { H5Sget_simple_extent_dims(space.raw(), dims, largest) })?;
    Ok((shape, maxima.into_iter().map(|maximum| (maximum != H5S_UNLIMITED).then_some(maximum)).collect()))
}
