//! One-sided access: a rank reads and writes the memory of another one, which takes no part.
//!
//! # Safety argument of this module
//!
//! [`Comm::one_sided`] makes MPI's window, and frees it after all ranks have left their closures.
//! The memory is a buffer that is borrowed mutably for as long, so that no other code of its
//! process uses it meanwhile; [`Comm::begin_one_sided`] leaves that to its caller. Each access is
//! checked against the number of bytes that its rank has lent, and is complete when the call
//! returns. Accesses of several ranks to the same bytes at a time may mix them, by MPI's rules; the
//! items are numbers, all of whose bytes are values.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use dap_core::dtype::{DType, Kind};
use dap_ndarray::Buffer;
use mpi::ffi;

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::{OneThread, check};

/// The memory of all ranks of a communicator, while [`Comm::one_sided`] runs.
#[derive(Debug)]
pub struct OneSided {
    memory: Memory,
    /// The number of bytes of each rank.
    bytes: Vec<u64>,
    /// The numbers that can be added.
    number: Option<Number>,
    thread: OneThread,
}

#[derive(Debug, Clone, Copy)]
enum Memory {
    /// MPI's window on the memory of all ranks, locked for all of them.
    Window(ffi::MPI_Win),
    /// The first byte of the memory of the only rank.
    Own(*mut u8),
}

/// MPI's type of an item, or of the parts of a complex one, and its bytes.
#[derive(Debug, Clone, Copy)]
struct Number {
    kind: ffi::MPI_Datatype,
    bytes: usize,
}

impl Comm {
    /// Runs `body` with access to the memory that all ranks lend, each its buffer of numbers, or
    /// none. Collective: the call ends when all ranks have left their `body`, also by an error.
    ///
    /// # Errors
    /// On some rank: items that are no numbers, memory that may only be read; an error of `body`.
    /// MPI refuses.
    #[track_caller]
    pub fn one_sided<R>(
        &self,
        dtype: &DType,
        memory: Option<&mut Buffer>,
        body: impl FnOnce(&OneSided) -> Result<R>,
    ) -> Result<R> {
        let _call = self.enter("one_sided", dtype)?;
        // SAFETY: the buffer is borrowed until this function returns, and the accesses end before.
        let access = unsafe { self.begin_one_sided(dtype, memory)? };
        // A panic goes on when the other ranks no longer use this rank's memory.
        let done = catch_unwind(AssertUnwindSafe(|| body(&access)));
        match done {
            Ok(result) => access.end(self, result),
            Err(panic) => {
                let panicked = Error::new(ErrorKind::State, "this rank panicked");
                let _: Result<()> = access.end(self, Err(panicked));
                resume_unwind(panic)
            }
        }
    }

    /// The first half of [`one_sided`](Comm::one_sided), for languages in which the code in between
    /// is no closure; [`OneSided::end`] is the second. Collective.
    ///
    /// # Errors
    /// As [`one_sided`](Comm::one_sided), but for `body`.
    ///
    /// # Safety
    /// The memory lives, and nothing else uses it, until `end` returns; for ever if it is not
    /// called.
    #[track_caller]
    pub unsafe fn begin_one_sided(&self, dtype: &DType, memory: Option<&mut Buffer>) -> Result<OneSided> {
        let _call = self.enter("one_sided", dtype)?;
        let lent = memory.map(|memory| lend(memory, dtype)).transpose();
        let (number, lent) = self.agree(number(dtype).and_then(|number| Ok((number, lent?))))?;
        let (base, len) = lent.unwrap_or((std::ptr::null_mut(), 0));
        let bytes = self.gather_words(&[len as u64])?;
        // Open MPI 4 has no window for a single rank.
        let memory = if self.size() == 1 { Memory::Own(base) } else { Memory::Window(self.window(base, len)?) };
        Ok(OneSided { memory, bytes, number, thread: OneThread::default() })
    }

    /// Opens a window for accesses of all ranks. Collective. The caller closes it before the memory
    /// of `len` bytes is used otherwise.
    fn window(&self, base: *mut u8, len: usize) -> Result<ffi::MPI_Win> {
        let mut window = MaybeUninit::uninit();
        let (base, len): (*mut c_void, _) = (base.cast(), len as ffi::MPI_Aint);
        // SAFETY: the communicator is this crate's own, on whose thread this runs, and all ranks
        // make the calls. The caller closes the window before the memory is used otherwise. A call
        // that succeeds has written the window; the handler is a constant of MPI.
        unsafe {
            let raw = self.world().raw();
            let made = ffi::MPI_Win_create(base, len, 1, ffi::RSMPI_INFO_NULL, raw, window.as_mut_ptr());
            check(made, "MPI_Win_create").map_err(with_advice)?;
            let window = window.assume_init();
            check(ffi::MPI_Win_set_errhandler(window, ffi::RSMPI_ERRORS_RETURN), "MPI_Win_set_errhandler")?;
            check(ffi::MPI_Win_lock_all(0, window), "MPI_Win_lock_all")?;
            Ok(window)
        }
    }
}

impl OneSided {
    /// Reads bytes of a rank's memory, from `offset` on.
    ///
    /// # Errors
    /// Bytes that the rank has not lent; MPI refuses.
    pub fn read(&self, rank: i32, offset: usize, to: &mut [u8]) -> Result<()> {
        let len = self.reach(rank, offset, to.len())?;
        // SAFETY: the window is open; the bytes are within the memory that the rank has lent
        // (`reach`), and `to` is borrowed until the access is complete, below. The memory of the
        // only rank is borrowed by `one_sided`, so that `to` is elsewhere.
        let code = unsafe {
            let (at, byte) = (offset as ffi::MPI_Aint, ffi::RSMPI_UINT8_T);
            match self.memory {
                Memory::Window(window) => ffi::MPI_Get(to.as_mut_ptr().cast(), len, byte, rank, at, len, byte, window),
                Memory::Own(base) => {
                    std::ptr::copy_nonoverlapping(base.add(offset), to.as_mut_ptr(), to.len());
                    return Ok(());
                }
            }
        };
        check(code, "MPI_Get")?;
        self.complete(rank)
    }

    /// Writes bytes to a rank's memory, from `offset` on.
    ///
    /// # Errors
    /// As [`read`](OneSided::read).
    pub fn write(&self, rank: i32, offset: usize, from: &[u8]) -> Result<()> {
        let len = self.reach(rank, offset, from.len())?;
        // SAFETY: as in `read`.
        let code = unsafe {
            let (at, byte) = (offset as ffi::MPI_Aint, ffi::RSMPI_UINT8_T);
            match self.memory {
                Memory::Window(window) => ffi::MPI_Put(from.as_ptr().cast(), len, byte, rank, at, len, byte, window),
                Memory::Own(base) => {
                    std::ptr::copy_nonoverlapping(from.as_ptr(), base.add(offset), from.len());
                    return Ok(());
                }
            }
        };
        check(code, "MPI_Put")?;
        self.complete(rank)
    }

    /// Adds items, given by their bytes, to those of a rank's memory from `offset` on: each at
    /// once, so that additions of several ranks do not disturb each other. Parts of complex numbers
    /// are added each by itself. Sums of floats depend on the order, which the ranks' speed
    /// decides.
    ///
    /// # Errors
    /// As [`read`](OneSided::read); part of an item; booleans.
    pub fn add(&self, rank: i32, offset: usize, items: &[u8]) -> Result<()> {
        self.reach(rank, offset, items.len())?;
        let wrong = |message: String| Error::new(ErrorKind::Argument, message);
        let Number { kind, bytes } = self.number.ok_or_else(|| wrong("booleans cannot be added".to_owned()))?;
        if !items.len().is_multiple_of(bytes) || !offset.is_multiple_of(bytes) {
            return Err(wrong(format!("part of an item of {bytes} bytes")));
        }
        let len = c_int::try_from(items.len() / bytes).map_err(|_| too_long(items.len()))?;
        // SAFETY: as in `read`; `len` items of `kind` are the bytes of `items`.
        let code = unsafe {
            let at = offset as ffi::MPI_Aint;
            let from: *const c_void = items.as_ptr().cast();
            match self.memory {
                Memory::Window(window) => {
                    ffi::MPI_Accumulate(from, len, kind, rank, at, len, kind, ffi::RSMPI_SUM, window)
                }
                Memory::Own(base) => ffi::MPI_Reduce_local(from, base.add(offset).cast(), len, kind, ffi::RSMPI_SUM),
            }
        };
        check(code, "MPI_Accumulate")?;
        self.complete(rank)
    }

    /// The number of bytes, if the rank has lent them.
    fn reach(&self, rank: i32, offset: usize, len: usize) -> Result<c_int> {
        let lent = usize::try_from(rank).ok().and_then(|rank| self.bytes.get(rank)).copied().unwrap_or(0);
        if offset.checked_add(len).is_none_or(|end| end as u64 > lent) {
            let message = format!("bytes {offset} to {offset} + {len}: rank {rank} has lent {lent}");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        c_int::try_from(len).map_err(|_| too_long(len))
    }

    fn complete(&self, rank: i32) -> Result<()> {
        match self.memory {
            // SAFETY: the window is open, and locked for all ranks.
            Memory::Window(window) => check(unsafe { ffi::MPI_Win_flush(rank, window) }, "MPI_Win_flush"),
            Memory::Own(_) => Ok(()),
        }
    }

    /// Ends the accesses of all ranks, on the communicator that they began on: the call returns
    /// when all ranks have called it. `result` is that of the accesses. Collective.
    ///
    /// # Errors
    /// `result` of some rank; MPI refuses.
    #[track_caller]
    pub fn end<R>(self, comm: &Comm, result: Result<R>) -> Result<R> {
        let _call = comm.enter("one_sided, end", ())?;
        let closed = self.close();
        comm.agree(closed.and(result))
    }

    /// Ends the accesses of all ranks. Collective.
    fn close(self) -> Result<()> {
        let Memory::Window(mut window) = self.memory else { return Ok(()) };
        // SAFETY: the window is locked for all ranks, and no access is pending. All ranks free it,
        // which waits until all have unlocked it: then no rank uses another one's memory.
        unsafe {
            let unlocked = check(ffi::MPI_Win_unlock_all(window), "MPI_Win_unlock_all");
            check(ffi::MPI_Win_free(&mut window), "MPI_Win_free").and(unlocked)
        }
    }
}

/// Open MPI 4 with UCX finds no transport for windows over TCP.
fn with_advice(error: Error) -> Error {
    let message = format!(
        "{}: this MPI cannot open memory for one-sided access here; for Open MPI 4 set OMPI_MCA_osc=^ucx",
        error.message()
    );
    Error::new(error.kind(), message)
}

fn too_long(len: usize) -> Error {
    Error::new(ErrorKind::Argument, format!("{len} bytes are too many for one access"))
}

/// The first byte of a buffer's memory, and the number of bytes.
fn lend(memory: &mut Buffer, dtype: &DType) -> Result<(*mut u8, usize)> {
    if memory.dtype() != dtype {
        let (found, expected) = (memory.dtype().name(), dtype.name());
        return Err(Error::new(ErrorKind::Buffer, format!("the items are {found}, not {expected}")));
    }
    let reach = memory.reach();
    let first = memory.as_mut_ptr()?;
    // Strides may be negative: the first item is not always the first byte.
    Ok((first.wrapping_sub(first.addr() - reach.start), reach.len()))
}

/// The numbers that items of a type are; `None` of booleans.
///
/// # Errors
/// Items that are no numbers of this machine.
fn number(dtype: &DType) -> Result<Option<Number>> {
    let whole = usize::try_from(dtype.itemsize()).unwrap_or(0);
    let bytes = if dtype.kind() == Some(Kind::Complex) { whole / 2 } else { whole };
    let native = matches!(dtype, DType::Scalar(scalar) if scalar.is_native());
    // SAFETY: constants that the bindings define and nothing writes.
    let kind = unsafe {
        match (dtype.kind(), bytes) {
            (Some(Kind::Bool), 1) => return Ok(None),
            (Some(Kind::Uint), 1) => Some(ffi::RSMPI_UINT8_T),
            (Some(Kind::Uint), 2) => Some(ffi::RSMPI_UINT16_T),
            (Some(Kind::Uint), 4) => Some(ffi::RSMPI_UINT32_T),
            (Some(Kind::Uint), 8) => Some(ffi::RSMPI_UINT64_T),
            (Some(Kind::Int), 1) => Some(ffi::RSMPI_INT8_T),
            (Some(Kind::Int), 2) => Some(ffi::RSMPI_INT16_T),
            (Some(Kind::Int), 4) => Some(ffi::RSMPI_INT32_T),
            (Some(Kind::Int), 8) => Some(ffi::RSMPI_INT64_T),
            (Some(Kind::Float | Kind::Complex), 4) => Some(ffi::RSMPI_FLOAT),
            (Some(Kind::Float | Kind::Complex), 8) => Some(ffi::RSMPI_DOUBLE),
            _ => None,
        }
    };
    match kind.filter(|_| native) {
        Some(kind) => Ok(Some(Number { kind, bytes })),
        None => Err(Error::new(ErrorKind::Argument, format!("items of type {} are no numbers", dtype.name()))),
    }
}
