//! Files, and the datasets in them.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use hdf5_metno_sys::h5d::H5Dcreate2;
use hdf5_metno_sys::h5f::{H5F_ACC_RDONLY, H5F_ACC_RDWR, H5F_ACC_TRUNC, H5Fclose, H5Fcreate, H5Fopen};
use hdf5_metno_sys::h5i::{H5I_DATASET, H5Iget_type};
use hdf5_metno_sys::h5o::{H5Oclose, H5Oopen};
use hdf5_metno_sys::h5p::H5P_DEFAULT;

use dap_core::dtype::DType;

use crate::dataset::Dataset;
use crate::datatype;
use crate::error::Result;
use crate::id::{Id, locked, text};
use crate::new::NewDataset;
use crate::path::{self, Found};
use crate::properties;
use crate::space::dataspace;

/// A file that the library has open.
#[derive(Debug)]
pub struct File {
    id: Id,
}

impl File {
    /// Opens a file to read it, or to write it as well.
    ///
    /// # Errors
    /// A file that is none of HDF5, or is damaged, cut short or open elsewhere.
    pub fn open(path: &Path, writable: bool) -> Result<File> {
        let (path, access) = (text(path.as_os_str().as_bytes())?, properties::file_access()?);
        let flags = if writable { H5F_ACC_RDWR } else { H5F_ACC_RDONLY };
        // SAFETY: `path` is a text that lives during the call, and `access` an open property list.
        let open = || unsafe { H5Fopen(path.as_ptr(), flags, access.raw()) };
        Ok(File { id: Id::open("HDF5 cannot open it", H5Fclose, open)? })
    }

    /// Makes an empty file, in place of one of this name.
    ///
    /// # Errors
    /// The system refuses.
    pub fn create(path: &Path) -> Result<File> {
        let (path, access) = (text(path.as_os_str().as_bytes())?, properties::file_access()?);
        // SAFETY: as in `open`.
        let create = || unsafe { H5Fcreate(path.as_ptr(), H5F_ACC_TRUNC, H5P_DEFAULT, access.raw()) };
        Ok(File { id: Id::open("HDF5 cannot make it", H5Fclose, create)? })
    }

    /// Closes the file: all metadata are written.
    ///
    /// # Errors
    /// Failed writing, a full disk for instance.
    pub fn close(self) -> Result<()> {
        self.id.close("HDF5 cannot finish it")
    }

    /// Whether HDF5 can name a dataset so: `name` or `group/name`.
    pub fn takes_name(name: &str) -> bool {
        path::parts(name).is_ok()
    }

    /// Whether HDF5 has a type for such items.
    pub fn takes_items(dtype: &DType) -> bool {
        datatype::is_known(dtype)
    }

    /// The dataset of a name, such as `group/field`.
    ///
    /// # Errors
    /// No dataset of this name, or one behind a link to another file.
    pub fn dataset(&self, name: &str) -> Result<Dataset> {
        let Found::Object(found) = path::resolve(self.id.raw(), name)? else {
            let names = path::names(self.id.raw()).join("`, `");
            return Err(format!("it has no dataset `{name}`; the names at its root are `{names}`").into());
        };
        let found = text(found)?;
        // SAFETY: the file is open, and `found` is a text that lives during the call.
        let open = || unsafe { H5Oopen(self.id.raw(), found.as_ptr(), H5P_DEFAULT) };
        let object = Id::open("HDF5 cannot open the dataset", H5Oclose, open)?;
        // SAFETY: the object is open.
        if locked(|| unsafe { H5Iget_type(object.raw()) }) != H5I_DATASET {
            return Err(format!("`{name}` is a group or a type, not a dataset").into());
        }
        Ok(Dataset::new(object))
    }

    /// Whether there is something under a name.
    ///
    /// # Errors
    /// As [`File::dataset`], but for a missing name.
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(matches!(path::resolve(self.id.raw(), name)?, Found::Object(_)))
    }

    /// Creates a dataset, and the groups of its name that are missing.
    ///
    /// # Errors
    /// A name that is taken, items that HDF5 has no type for, chunks that do not fit the shape.
    pub fn create_dataset(&self, name: &str, new: &NewDataset) -> Result<Dataset> {
        let parts = path::parts(name)?;
        let full = format!("/{}", parts.join("/"));
        for end in 1..parts.len() {
            // A soft link on the way could lead anywhere; so could one of another file.
            path::resolve(self.id.raw(), &parts[..end].join("/"))?;
        }
        let item = datatype::open(&new.dtype)?;
        let space = dataspace(&new.shape, new.max_shape.as_deref())?;
        let (link, creation) = (properties::link_creation()?, properties::dataset_creation(new.chunked.as_ref())?);
        let full = text(full)?;
        // SAFETY: all objects are open and of the kinds that the call takes, and `full` is a text
        // that lives during the call.
        let create = || unsafe {
            let (file, item, space) = (self.id.raw(), item.raw(), space.raw());
            H5Dcreate2(file, full.as_ptr(), item, space, link.raw(), creation.raw(), H5P_DEFAULT)
        };
        let attempt = format!("HDF5 cannot make the dataset `{name}`");
        Ok(Dataset::new(Id::open(&attempt, H5Oclose, create)?))
    }
}

#[cfg(test)]
mod tests;
