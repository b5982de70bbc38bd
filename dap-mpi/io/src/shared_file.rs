//! One file that all ranks write: made by rank 0 beside the one that it replaces, put in place when
//! all ranks have written their parts.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use dap_array::Context;
use dap_mpi::{Comm, Result};

use crate::direct::NamedFile;
use crate::error::io_error;
use crate::temporary::Temporary;

/// A file in the making.
pub(crate) struct SharedFile<'p> {
    pub(crate) path: &'p Path,
    /// The bytes in front of the data.
    pub(crate) header: &'p [u8],
    /// All bytes.
    pub(crate) length: u64,
    /// Whether the file is on the disk when it is put in place.
    pub(crate) is_synced: bool,
}

impl SharedFile<'_> {
    /// Makes the file. `body` writes this rank's part, with the name that the file has meanwhile;
    /// it returns an error that all ranks have, or this rank's outcome. Collective.
    ///
    /// # Errors
    /// A failure on any rank, the same on all ranks. The old file is unchanged then, and the new
    /// one removed.
    pub(crate) fn write(
        &self,
        context: &Context,
        body: impl FnOnce(NamedFile<'_>, &Path) -> Result<Result<()>>,
    ) -> Result<()> {
        let comm = context.comm();
        let made = (comm.rank() == 0).then(|| Temporary::new(self.path, self.header, self.length)).transpose();
        let temporary = comm.agree(made)?;
        let name = path_of_first(comm, temporary.as_ref().map(Temporary::path))?;
        let opened = match &temporary {
            Some(temporary) => temporary.file().try_clone(),
            None => OpenOptions::new().write(true).open(&name),
        };
        let file: File = comm.agree(opened.map_err(|error| io_error(self.path, &error)))?;
        let written = body(NamedFile { file: &file, path: self.path }, &name)?;
        let synced = written.and_then(|()| match self.is_synced {
            true => file.sync_all().map_err(|error| io_error(self.path, &error)),
            false => Ok(()),
        });
        comm.agree(synced)?;
        comm.agree(temporary.map_or(Ok(()), Temporary::put_in_place))
    }
}

/// The path that rank 0 has. Collective.
///
/// # Errors
/// MPI refuses.
pub(crate) fn path_of_first(comm: &Comm, path: Option<&Path>) -> Result<PathBuf> {
    let own = path.map_or(&[][..], |path| path.as_os_str().as_bytes());
    Ok(PathBuf::from(OsString::from_vec(bytes_of_first(comm, own.to_vec())?)))
}

/// The bytes that rank 0 has. Collective.
///
/// # Errors
/// MPI refuses.
pub(crate) fn bytes_of_first(comm: &Comm, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let mut length = (bytes.len() as u64).to_le_bytes();
    comm.broadcast(0, &mut length)?;
    bytes.resize(u64::from_le_bytes(length) as usize, 0);
    comm.broadcast(0, &mut bytes)?;
    Ok(bytes)
}
