//! HDF5 datasets, beside h5py.

pub(crate) mod foreign;
pub(crate) mod mistakes;
pub(crate) mod round_trips;
