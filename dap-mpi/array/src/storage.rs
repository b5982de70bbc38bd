//! The memory of an array on one process, which its views share.

use std::cell::{Cell, OnceCell, Ref, RefCell, RefMut};
use std::sync::Arc;

use dap_core::dtype::DType;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Access, Buffer};

/// The memory of one process's section, padding included.
#[derive(Debug)]
pub(crate) struct Storage {
    dtype: DType,
    /// The section; `None` if this process holds none. Borrowed while the memory is read or
    /// written.
    section: RefCell<Option<Arc<Buffer>>>,
    /// The error that kept the section from being made or filled. The next collective operation
    /// returns it on all ranks.
    failure: OnceCell<Error>,
    /// Code outside of this crate has the memory, and may read or write it at any time.
    exposed: Cell<bool>,
    /// Other ranks may use the memory, which has been taken out: `section` is `None` until then.
    open: Cell<bool>,
}

/// The memory is read while this lives.
pub(crate) struct ReadLock<'s>(Ref<'s, Option<Arc<Buffer>>>);
/// The memory is written while this lives.
pub(crate) struct WriteLock<'s>(RefMut<'s, Option<Arc<Buffer>>>);

impl ReadLock<'_> {
    /// The section; `None` if this process holds none.
    pub(crate) fn section(&self) -> Option<&Arc<Buffer>> {
        self.0.as_ref()
    }
}

impl WriteLock<'_> {
    /// The section; `None` if this process holds none.
    pub(crate) fn section(&self) -> Option<&Arc<Buffer>> {
        self.0.as_ref()
    }
}

impl Storage {
    pub(crate) fn new(dtype: DType, section: Result<Option<Buffer>>) -> Storage {
        let (section, failure) = match section {
            // `Arc`, because a buffer's owner may be dropped on any thread.
            Ok(section) => (section.map(Arc::new), OnceCell::new()),
            Err(error) => (None, OnceCell::from(error)),
        };
        Storage { dtype, section: RefCell::new(section), failure, exposed: Cell::new(false), open: Cell::new(false) }
    }

    /// Takes the section out for accesses of other ranks: no other use is possible until
    /// [`put_back`](Storage::put_back).
    /// [`write`](Storage::write) has succeeded just before.
    pub(crate) fn take_out(&self) -> Option<Arc<Buffer>> {
        self.open.set(true);
        self.section.take()
    }

    /// Ends the accesses for which the section was taken out.
    pub(crate) fn put_back(&self, section: Option<Arc<Buffer>>) {
        self.section.replace(section);
        self.open.set(false);
    }

    /// Keeps a failure of this process, the first one.
    pub(crate) fn fail(&self, error: Error) {
        // A later failure follows from the first one.
        let _ = self.failure.set(error);
    }

    /// Gives the memory back. Later operations with the array fail.
    ///
    /// # Errors
    /// Memory that is in use.
    pub(crate) fn close(&self) -> Result<()> {
        self.check_closed()?;
        let mut section = self.section.try_borrow_mut().map_err(|_| in_use("in use", "given back"))?;
        self.fail(Error::new(ErrorKind::State, "the array is closed"));
        *section = None;
        Ok(())
    }

    /// Notes that code outside of this crate has the memory.
    pub(crate) fn expose(&self) {
        self.exposed.set(true);
    }

    pub(crate) fn is_exposed(&self) -> bool {
        self.exposed.get()
    }

    fn check_closed(&self) -> Result<()> {
        if self.open.get() {
            return Err(Error::new(ErrorKind::State, "the array is open for one-sided access: close that first"));
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        self.check_closed()?;
        self.failure.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    pub(crate) fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// The memory, to be read while the lock lives.
    pub(crate) fn read(&self) -> Result<ReadLock<'_>> {
        self.check()?;
        self.section.try_borrow().map(ReadLock).map_err(|_| in_use("written", "read"))
    }

    /// The memory, to be written while the lock lives.
    pub(crate) fn write(&self) -> Result<WriteLock<'_>> {
        self.check()?;
        let section = self.section.try_borrow_mut().map_err(|_| in_use("in use", "written"))?;
        if section.as_ref().is_some_and(|buffer| buffer.access() == Access::ReadOnly) {
            return Err(Error::new(ErrorKind::Buffer, "the array's memory may only be read: copy the array first"));
        }
        Ok(WriteLock(section))
    }
}

fn in_use(found: &str, wanted: &str) -> Error {
    let message =
        format!("the array's memory is {found} by a local view, so it cannot be {wanted}: drop the view first");
    Error::new(ErrorKind::State, message)
}
