//! The calls of MPI that this crate makes, each with its return code checked.
//!
//! # Safety argument of this module
//!
//! MPI is initialised when a [`RawComm`] is made (checked), and the program must not finalise it
//! before the last use. Buffers are slices, so they cover the bytes that MPI accesses; the holder
//! of a [`Request`] keeps the buffers of non-blocking calls. Communicators and requests stay on one
//! thread, see [`OneThread`], and MPI's thread level allowed that thread when the communicator was
//! made (checked).

mod probe;

pub(crate) use probe::OwnedSend;

use std::cell::Cell;
use std::ffi::c_int;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::OnceLock;

use mpi::ffi;

use crate::environment::is_running;
use crate::error::{Error, ErrorKind, Result, abandon};
use crate::wait;

/// Makes a type neither `Send` nor `Sync`, whatever the handles of this MPI are: addresses in Open
/// MPI, numbers in MPICH.
pub(crate) type OneThread = PhantomData<*const ()>;

/// A communicator of this crate's own. Dropping it frees it, if MPI still runs.
#[derive(Debug)]
pub(crate) struct RawComm {
    handle: ffi::MPI_Comm,
    /// Whether a collective operation was left incomplete. Such a communicator is not freed: MPI
    /// would use it on.
    is_abandoned: Cell<bool>,
    thread: OneThread,
}

/// Lets MPI make progress with active requests.
pub(crate) fn progress() {
    // No process sends itself a message with this tag, so that the probe looks everywhere. A probe
    // of MPI_COMM_SELF does nothing in MPICH.
    const TAG: c_int = 32_767;
    static RANK: OnceLock<c_int> = OnceLock::new();
    let mut found: c_int = 0;
    // SAFETY: called between the calls of an operation on a `RawComm`, so MPI runs and allows this
    // thread; MPI_COMM_WORLD is always there. One C int is written by each call. No message is
    // received: the probe only makes MPI move.
    unsafe {
        let world = ffi::RSMPI_COMM_WORLD;
        let rank = *RANK.get_or_init(|| {
            let mut rank = 0;
            ffi::MPI_Comm_rank(world, &mut rank);
            rank
        });
        ffi::MPI_Iprobe(rank, TAG, world, &mut found, ffi::RSMPI_STATUS_IGNORE);
    }
}

/// The most bytes of a broadcast that are copied.
const COPIED: usize = 1 << 20;

pub(crate) fn check(code: c_int, call: &str) -> Result<()> {
    if code == ffi::MPI_SUCCESS as c_int {
        return Ok(());
    }
    let mut text = [0_u8; ffi::MPI_MAX_ERROR_STRING as usize + 1];
    let mut len: c_int = 0;
    // SAFETY: the buffer has MPI_MAX_ERROR_STRING bytes and one more. The running MPI is the one
    // that the constant is of: a `RawComm` exists, and `check_mpi` was called before it was made.
    unsafe { ffi::MPI_Error_string(code, text.as_mut_ptr().cast(), &mut len) };
    let text = String::from_utf8_lossy(&text[..usize::try_from(len).unwrap_or(0).min(text.len())]).into_owned();
    Err(Error::new(ErrorKind::Mpi, format!("{call}: {}", text.trim())))
}

/// The request that a call makes.
///
/// # Safety
/// The call has written a request to where it was told when it succeeds.
unsafe fn request(name: &str, call: impl FnOnce(*mut ffi::MPI_Request) -> c_int) -> Result<Request> {
    let mut request = MaybeUninit::uninit();
    check(call(request.as_mut_ptr()), name)?;
    // SAFETY: the call has succeeded, and then has written a request here: what `request` demands
    // of its caller.
    Ok(Request(unsafe { request.assume_init() }, PhantomData))
}

/// The length of a buffer of bytes, as MPI counts.
fn count(len: usize) -> Result<c_int> {
    c_int::try_from(len).map_err(|_| Error::new(ErrorKind::Mpi, format!("a message of {len} bytes is too long")))
}

fn byte() -> ffi::MPI_Datatype {
    // SAFETY: a constant that the bindings define and nothing writes.
    unsafe { ffi::RSMPI_UINT8_T }
}

/// A communicator's handle as a number, which identifies it.
pub(crate) fn key(comm: ffi::MPI_Comm) -> usize {
    let mut key = 0_usize;
    let len = size_of_val(&comm).min(size_of_val(&key));
    // SAFETY: both are local variables of at least `len` bytes; a handle is an address or a number,
    // without padding.
    unsafe { std::ptr::copy_nonoverlapping((&raw const comm).cast::<u8>(), (&raw mut key).cast::<u8>(), len) };
    key
}

impl RawComm {
    /// A duplicate of a communicator, with errors returned.
    ///
    /// # Safety
    /// [`check_mpi`](crate::check_mpi) has succeeded on this thread; `comm` is a valid communicator
    /// of the MPI of the bindings, all of its ranks make this call, and no other thread of this
    /// process uses it meanwhile.
    pub(crate) unsafe fn duplicate(comm: ffi::MPI_Comm) -> Result<RawComm> {
        let mut between_groups: c_int = 0;
        // SAFETY: MPI runs and allows this thread, and `comm` is valid, as the caller guarantees.
        // One C int is written.
        check(unsafe { ffi::MPI_Comm_test_inter(comm, &mut between_groups) }, "MPI_Comm_test_inter")?;
        if between_groups != 0 {
            let message =
                "found an inter-communicator, expected an intra-communicator: merge its groups (MPI_Intercomm_merge)";
            return Err(Error::new(ErrorKind::Mpi, message));
        }
        let mut duplicate = MaybeUninit::uninit();
        // SAFETY: MPI runs, and `comm` is a valid communicator that all of its ranks duplicate, and
        // no other thread uses, as the caller guarantees. A call that succeeds has written the
        // duplicate.
        unsafe {
            check(ffi::MPI_Comm_dup(comm, duplicate.as_mut_ptr()), "MPI_Comm_dup")?;
            RawComm::of(duplicate.assume_init()).returning_errors()
        }
    }

    fn of(handle: ffi::MPI_Comm) -> RawComm {
        RawComm { handle, is_abandoned: Cell::new(false), thread: PhantomData }
    }

    fn returning_errors(self) -> Result<RawComm> {
        // SAFETY: `self` is a communicator of this crate's own, not yet freed; the handler is a
        // constant of MPI.
        let code = unsafe { ffi::MPI_Comm_set_errhandler(self.handle, ffi::RSMPI_ERRORS_RETURN) };
        check(code, "MPI_Comm_set_errhandler")?;
        Ok(self)
    }

    /// A communicator of the ranks that can share memory, in order of rank.
    pub(crate) fn split_shared(&self) -> Result<RawComm> {
        let rank = self.rank();
        let mut machine = MaybeUninit::uninit();
        // SAFETY: `self` is a communicator of this crate's own, on which all ranks make this call
        // (the caller is collective). A call that succeeds has written its result, which nothing
        // else frees.
        unsafe {
            let kind = ffi::RSMPI_COMM_TYPE_SHARED;
            let code = ffi::MPI_Comm_split_type(self.handle, kind, rank, ffi::RSMPI_INFO_NULL, machine.as_mut_ptr());
            check(code, "MPI_Comm_split_type")?;
            RawComm::of(machine.assume_init()).returning_errors()
        }
    }

    /// A communicator of the ranks that give the same `color`, in order of rank.
    pub(crate) fn split(&self, color: i32) -> Result<RawComm> {
        let mut part = MaybeUninit::uninit();
        // SAFETY: as in `split_shared`.
        unsafe {
            check(ffi::MPI_Comm_split(self.handle, color, self.rank(), part.as_mut_ptr()), "MPI_Comm_split")?;
            RawComm::of(part.assume_init()).returning_errors()
        }
    }

    /// The handle, valid until this is dropped.
    pub(crate) fn raw(&self) -> ffi::MPI_Comm {
        self.handle
    }

    pub(crate) fn rank(&self) -> i32 {
        let mut rank = 0;
        // SAFETY: `self` is a communicator until it is dropped. One C int is written.
        unsafe { ffi::MPI_Comm_rank(self.handle, &mut rank) };
        rank
    }

    pub(crate) fn size(&self) -> i32 {
        let mut size = 0;
        // SAFETY: `self` is a communicator until it is dropped. One C int is written.
        unsafe { ffi::MPI_Comm_size(self.handle, &mut size) };
        size
    }

    pub(crate) fn barrier(&self) -> Result<()> {
        let mut request = Request::null();
        // SAFETY: `self` is a communicator until it is dropped. The request is completed below; it
        // has no buffer.
        check(unsafe { ffi::MPI_Ibarrier(self.handle, &mut request.0) }, "MPI_Ibarrier")?;
        self.complete(request, ())
    }

    /// Waits for a collective operation that uses the memory of `buffers`, on the heap. If a rank
    /// has left without which it cannot end, MPI keeps that memory and the communicator.
    fn complete<T>(&self, request: Request, buffers: T) -> Result<T> {
        match request.wait() {
            Ok(()) => Ok(buffers),
            Err(error) => {
                self.is_abandoned.set(true);
                std::mem::forget(buffers);
                Err(error)
            }
        }
    }

    /// Element-wise minima of all ranks' numbers.
    pub(crate) fn min(&self, numbers: &mut [i64]) -> Result<()> {
        let (mine, mut least) = (numbers.to_vec(), numbers.to_vec());
        let mut request = Request::null();
        // SAFETY: both buffers hold `mine.len()` numbers of 64 bits, and live, untouched, until
        // `complete` below has seen the request complete, or for ever.
        let code = unsafe {
            let (send, receive) = (mine.as_ptr().cast(), least.as_mut_ptr().cast());
            let (len, kind, least) = (count(mine.len())?, ffi::RSMPI_INT64_T, ffi::RSMPI_MIN);
            ffi::MPI_Iallreduce(send, receive, len, kind, least, self.handle, &mut request.0)
        };
        check(code, "MPI_Iallreduce")?;
        let (_, least) = self.complete(request, (mine, least))?;
        numbers.copy_from_slice(&least);
        Ok(())
    }

    /// All ranks' bytes, in rank order; each rank gives equally many.
    pub(crate) fn gather_all(&self, mine: Vec<u8>) -> Result<Vec<u8>> {
        let mut all = vec![0; mine.len() * usize::try_from(self.size()).unwrap_or(0)];
        let len = count(mine.len())?;
        let mut request = Request::null();
        // SAFETY: the result has room for `len` bytes of each rank; both buffers live, untouched,
        // until `complete` below has seen the request complete, or for ever.
        let code = unsafe {
            let (send, receive) = (mine.as_ptr().cast(), all.as_mut_ptr().cast());
            ffi::MPI_Iallgather(send, len, byte(), receive, len, byte(), self.handle, &mut request.0)
        };
        check(code, "MPI_Iallgather")?;
        Ok(self.complete(request, (mine, all))?.1)
    }

    /// Broadcasts the bytes of `root`.
    pub(crate) fn broadcast(&self, root: i32, bytes: &mut [u8]) -> Result<()> {
        // Open MPI refuses the address of no bytes.
        if bytes.is_empty() {
            return Ok(());
        }
        let mut request = Request::null();
        // Few bytes travel in memory of their own, which MPI can keep.
        let mut own = if bytes.len() <= COPIED { bytes.to_vec() } else { Vec::new() };
        let is_copied = own.len() == bytes.len();
        // SAFETY: `own` lives, untouched, until `complete` has seen the request complete, or for
        // ever. `bytes` is borrowed until this function returns, which is after `finish` has seen
        // the request complete.
        let code = unsafe {
            let data = if is_copied { own.as_mut_ptr() } else { bytes.as_mut_ptr() };
            ffi::MPI_Ibcast(data.cast(), count(bytes.len())?, byte(), root, self.handle, &mut request.0)
        };
        check(code, "MPI_Ibcast")?;
        if is_copied {
            bytes.copy_from_slice(&self.complete(request, own)?);
        } else {
            request.finish()?;
        }
        Ok(())
    }

    /// Starts to send bytes.
    ///
    /// # Safety
    /// `data` may be read for `len` bytes, and is not written, until the request is complete.
    pub(crate) unsafe fn send(&self, data: *const u8, len: usize, to: i32, tag: i32) -> Result<Request> {
        let len = count(len)?;
        // SAFETY: `data` may be read for `len` bytes and is not written until the request is
        // complete, as the caller guarantees. A call that succeeds has written the request.
        unsafe { request("MPI_Isend", |out| ffi::MPI_Isend(data.cast(), len, byte(), to, tag, self.handle, out)) }
    }

    /// Starts to receive bytes.
    ///
    /// # Safety
    /// `data` may be written for `len` bytes, and is not touched, until the request is complete.
    pub(crate) unsafe fn receive(&self, data: *mut u8, len: usize, from: i32, tag: i32) -> Result<Request> {
        let len = count(len)?;
        // SAFETY: `data` may be written for `len` bytes and is not touched until the request is
        // complete, as the caller guarantees. A call that succeeds has written the request.
        unsafe { request("MPI_Irecv", |out| ffi::MPI_Irecv(data.cast(), len, byte(), from, tag, self.handle, out)) }
    }

    /// A send that can be started again and again.
    ///
    /// # Safety
    /// As [`RawComm::send`], whenever it has been started.
    pub(crate) unsafe fn send_init(&self, data: *const u8, len: usize, to: i32, tag: i32) -> Result<Request> {
        let len = count(len)?;
        // SAFETY: `data` may be read for `len` bytes whenever the request has been started and is
        // not complete, as the caller guarantees. A call that succeeds has written the request.
        unsafe {
            request("MPI_Send_init", |out| ffi::MPI_Send_init(data.cast(), len, byte(), to, tag, self.handle, out))
        }
    }

    /// A receive that can be started again and again.
    ///
    /// # Safety
    /// As [`RawComm::receive`], whenever it has been started.
    pub(crate) unsafe fn receive_init(&self, data: *mut u8, len: usize, from: i32, tag: i32) -> Result<Request> {
        let len = count(len)?;
        // SAFETY: `data` may be written for `len` bytes whenever the request has been started and
        // is not complete, as the caller guarantees. A call that succeeds has written the request.
        unsafe {
            request("MPI_Recv_init", |out| ffi::MPI_Recv_init(data.cast(), len, byte(), from, tag, self.handle, out))
        }
    }
}

impl Drop for RawComm {
    fn drop(&mut self) {
        if is_running() && !self.is_abandoned.get() {
            // SAFETY: a communicator of this crate's own, freed here only, on its own thread and
            // while MPI runs. Freeing is collective, as dropping is.
            unsafe { ffi::MPI_Comm_free(&mut self.handle) };
        }
    }
}

/// A request that is active or complete; a complete request is null.
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct Request(ffi::MPI_Request, OneThread);

impl Request {
    pub(crate) fn null() -> Request {
        // SAFETY: a constant that the bindings define and nothing writes.
        Request(unsafe { ffi::RSMPI_REQUEST_NULL }, PhantomData)
    }

    /// Whether it is complete, or was never started.
    pub(crate) fn is_null(&self) -> bool {
        // SAFETY: a constant that the bindings define and nothing writes.
        self.0 == unsafe { ffi::RSMPI_REQUEST_NULL }
    }

    /// Whether it is complete; it is null then. MPI makes progress.
    fn test(&mut self) -> Result<bool> {
        let mut flag: c_int = 0;
        // SAFETY: a `Request` is an MPI_Request, borrowed for the call; no status is asked for. Its
        // buffer lives: what `send`, `receive` and their like demand of their callers.
        let code = unsafe { ffi::MPI_Test(&mut self.0, &mut flag, ffi::RSMPI_STATUS_IGNORE) };
        check(code, "MPI_Test")?;
        Ok(flag != 0)
    }

    fn wait(self) -> Result<()> {
        wait_all(&mut [self])
    }

    /// Waits for a request whose memory the caller gets back. A rank that leaves meanwhile, without
    /// which the request does not complete, ends the job.
    fn finish(self) -> Result<()> {
        self.wait().map_err(|error| if error.kind() == ErrorKind::Departed { abandon(&error) } else { error })
    }

    /// Frees a persistent request that is not active.
    pub(crate) fn free(&mut self) {
        if !self.is_null() && is_running() {
            // SAFETY: a persistent request that its owner has seen complete, and MPI runs.
            unsafe { ffi::MPI_Request_free(&mut self.0) };
        }
    }
}

/// Tests until there is an answer. MPI's own waiting may keep the processor from the rank that is
/// waited for, if there are more ranks than processors. Now and then this rank looks whether the
/// ranks that it waits for can still come.
pub(crate) fn poll<T>(mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let mut turns = 0_u64;
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        turns += 1;
        if turns > 200 {
            std::thread::yield_now();
            if turns.is_multiple_of(wait::TURNS) {
                wait::look()?;
            }
        }
    }
}

/// Waits for one of the requests; `None` if none is active.
pub(crate) fn wait_any(requests: &mut [Request]) -> Result<Option<usize>> {
    let len = count(requests.len())?;
    poll(|| {
        let (mut index, mut flag): (c_int, c_int) = (0, 0);
        // SAFETY: a `Request` is an MPI_Request (`repr(transparent)`), and the slice has `len` of
        // them, borrowed for the call. Their buffers live: what `send`, `receive` and their like
        // demand of their callers.
        let code = unsafe {
            let first = requests.as_mut_ptr().cast();
            ffi::MPI_Testany(len, first, &mut index, &mut flag, ffi::RSMPI_STATUS_IGNORE)
        };
        check(code, "MPI_Testany")?;
        // SAFETY: a constant that the bindings define and nothing writes.
        let found = if index == unsafe { ffi::RSMPI_UNDEFINED } { None } else { usize::try_from(index).ok() };
        Ok((flag != 0).then_some(found))
    })
}

/// Waits for all of the requests.
pub(crate) fn wait_all(requests: &mut [Request]) -> Result<()> {
    let len = count(requests.len())?;
    poll(|| {
        let mut flag: c_int = 0;
        // SAFETY: a `Request` is an MPI_Request (`repr(transparent)`), and the slice has `len` of
        // them, borrowed for the call; no status is asked for. Their buffers live: what `send`,
        // `receive` and their like demand of their callers.
        let code = unsafe {
            let first = requests.as_mut_ptr().cast();
            ffi::MPI_Testall(len, first, &mut flag, ffi::RSMPI_STATUSES_IGNORE)
        };
        check(code, "MPI_Testall")?;
        Ok((flag != 0).then_some(()))
    })
}

/// Whether all of the requests are complete.
pub(crate) fn are_complete(requests: &mut [Request]) -> bool {
    requests.iter_mut().all(|request| request.test().unwrap_or(false))
}

/// Starts persistent requests in this order, which is the order of their messages; `MPI_Startall`
/// promises none.
pub(crate) fn start_each(requests: &mut [Request]) -> Result<()> {
    for request in requests {
        // SAFETY: a persistent request that is not active: `PersistentMessage`, which alone has
        // such requests, starts them only when all are complete. Its buffer lives as long as it,
        // see `PersistentMessage::new`.
        check(unsafe { ffi::MPI_Start(&mut request.0) }, "MPI_Start")?;
    }
    Ok(())
}
