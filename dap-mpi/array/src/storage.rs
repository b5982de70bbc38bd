//! The memory of an array on one process, which its views share.

use std::cell::{OnceCell, Ref, RefCell, RefMut};
use std::sync::Arc;

use dap_core::dtype::DType;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Access, Buffer};

/// The memory of one process's section, padding included.
#[derive(Debug)]
pub(crate) struct Storage {
    dtype: DType,
    /// The section; `None` if this process holds none.
    section: Option<Arc<Buffer>>,
    /// The error that kept the section from being made or filled. The next collective operation
    /// returns it on all ranks.
    failure: OnceCell<Error>,
    /// Borrowed while the memory is read or written.
    lock: RefCell<()>,
}

/// The memory is read while this lives.
pub(crate) type ReadLock<'s> = Ref<'s, ()>;
/// The memory is written while this lives.
pub(crate) type WriteLock<'s> = RefMut<'s, ()>;

impl Storage {
    pub(crate) fn new(dtype: DType, section: Result<Option<Buffer>>) -> Storage {
        let (section, failure) = match section {
            // `Arc`, because a buffer's owner may be dropped on any thread.
            Ok(section) => (section.map(Arc::new), OnceCell::new()),
            Err(error) => (None, OnceCell::from(error)),
        };
        Storage { dtype, section, failure, lock: RefCell::new(()) }
    }

    /// Keeps a failure of this process, the first one.
    pub(crate) fn fail(&self, error: Error) {
        // A later failure follows from the first one.
        let _ = self.failure.set(error);
    }

    fn section(&self) -> Result<Option<&Arc<Buffer>>> {
        self.failure.get().map_or_else(|| Ok(self.section.as_ref()), |error| Err(error.clone()))
    }

    pub(crate) fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// The memory, to be read while the lock lives.
    pub(crate) fn read(&self) -> Result<(ReadLock<'_>, Option<&Arc<Buffer>>)> {
        let section = self.section()?;
        let lock = self.lock.try_borrow().map_err(|_| in_use("written", "read"))?;
        Ok((lock, section))
    }

    /// The memory, to be written while the lock lives.
    pub(crate) fn write(&self) -> Result<(WriteLock<'_>, Option<&Arc<Buffer>>)> {
        let section = self.section()?;
        if section.is_some_and(|buffer| buffer.access() == Access::ReadOnly) {
            return Err(Error::new(ErrorKind::Buffer, "the array's memory may only be read: copy the array first"));
        }
        let lock = self.lock.try_borrow_mut().map_err(|_| in_use("in use", "written"))?;
        Ok((lock, section))
    }
}

fn in_use(found: &str, wanted: &str) -> Error {
    let message =
        format!("the array's memory is {found} by a local view, so it cannot be {wanted}: drop the view first");
    Error::new(ErrorKind::State, message)
}
