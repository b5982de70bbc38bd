//! A communicator: its ranks, the ranks that share memory, and agreement on errors.

mod lists;
mod making;
mod messages;
mod posted;
mod staging;

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use self::messages::{bytes_of, words_of};
use crate::environment;
use crate::error::{Error, ErrorKind, Result};
use crate::node::{Mailbox, Node, Pool};
use crate::queue::Queue;
use crate::raw::{self, RawComm};
use crate::watch::{self, Watch};
use making::Making;
pub use posted::{PostedMessages, Traffic};

/// A communicator of this crate's own, duplicated from the program's. Cloning costs one reference
/// count.
///
/// The environment variable `DAP_NODE_SIZE` splits a node into nodes of that number of ranks, which
/// do not share memory.
///
/// # Threads
///
/// A communicator belongs to one thread. `Comm` and its clones, and all that holds one (arrays,
/// prepared moves and halo exchanges), are neither [`Send`] nor [`Sync`]: two threads cannot call
/// on one communicator at once, and an exchange that one thread has started cannot be finished by
/// another.
///
/// | thread level of MPI | threads that can have communicators |
/// |---|---|
/// | `MPI_THREAD_MULTIPLE` | every thread, each its own, all at the same time |
/// | `SERIALIZED`, `FUNNELED`, `SINGLE` | the thread that initialised MPI; [`Comm::new`] fails at once on another one |
///
/// The rule is the type's and not that of a lock that answers "busy": of two threads that call at
/// once another one may win on each rank, and a call that is refused on some ranks leaves the
/// others waiting for ever. For the same reason `MPI_THREAD_SERIALIZED` is not enough for a second
/// thread.
///
/// MPI pairs the duplicates of one communicator by their order on each rank. Threads that call
/// [`Comm::new`] on the same communicator at once therefore get duplicates whose partners may be in
/// other threads on other ranks: give each thread a communicator of its own to duplicate, or make
/// all before the threads start and hand them over.
///
/// [`Comm::into_movable`] hands a communicator to another thread. The memory of an array is not
/// bound to a thread: views of a [`Buffer`](dap_ndarray::Buffer) can be shared out among threads,
/// and the buffer, or a [`Section`](dap_ndarray::Section) that has it, can be sent to one.
///
/// ```compile_fail,E0277
/// fn on_two_threads_at_once(comm: &dap_mpi::Comm) {
///     std::thread::scope(|scope| {
///         scope.spawn(|| comm.barrier());
///         scope.spawn(|| comm.barrier());
///     });
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn a_clone_on_another_thread(comm: &dap_mpi::Comm) {
///     let clone = comm.clone();
///     std::thread::spawn(move || clone.barrier());
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn finished_on_another_thread(mut halo: dap_mpi::HaloExchange, mut buffer: dap_ndarray::Buffer) -> dap_mpi::Result<()> {
///     halo.start(Some(&buffer))?;
///     std::thread::spawn(move || halo.finish(Some(&mut buffer)));
///     Ok(())
/// }
/// ```
///
/// ```no_run
/// # use dap_core::{layout::Layout, plan::Stencil};
/// # fn each_thread_its_own(comm: dap_mpi::Comm, layout: Layout, mut buffer: dap_ndarray::Buffer) -> Result<(), Box<dyn std::error::Error>> {
/// // A communicator that goes to another thread, with the memory of an array.
/// let comm = comm.into_movable().map_err(|(_, error)| error)?;
/// std::thread::spawn(move || {
///     let comm = comm.into_comm();
///     let dtype = buffer.dtype().clone();
///     dap_mpi::HaloExchange::new(&comm, &layout, &dtype, Stencil::Star)?.exchange(Some(&mut buffer))
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Comm {
    parts: Arc<Parts>,
}

/// Everything of a communicator. Only `world` and `node`, which hold communicators of MPI, and
/// `queue`, which holds requests, bind it to its thread.
#[derive(Debug)]
struct Parts {
    rank: i32,
    size: i32,
    node: Node,
    pool: Arc<Pool>,
    /// Before `world`, so that its sends are dropped first.
    queue: RefCell<Queue>,
    watch: Arc<Watch>,
    posted: posted::Counter,
    staging: staging::Staging,
    world: RawComm,
}

impl Drop for Parts {
    /// The other ranks must know before the communicator is freed, which may wait for them.
    fn drop(&mut self) {
        self.watch.depart(&watch::reason("left"));
    }
}

/// A communicator on its way to another thread, see [`Comm::into_movable`]. Dropping it frees the
/// communicator, as dropping a [`Comm`] does.
#[derive(Debug)]
pub struct MovableComm {
    parts: Parts,
}

// SAFETY: the parts belonged to the only handle (`Arc::try_unwrap`), so that no other thread has
// any of them; those of the node's memory, the watch's and the pool's are atomics, mutexes and
// mappings, which are valid on every thread, and only holders of the handle reach the queue, the
// counter of posted messages and the staging memory. MPI's handles may be used on every thread, and
// freed there when this is dropped: `into_movable` has found MPI_THREAD_MULTIPLE, which stays as it
// is.
#[expect(unsafe_code, reason = "the only handle, on a thread level that allows all threads")]
unsafe impl Send for MovableComm {}

impl MovableComm {
    /// The communicator, on the calling thread.
    pub fn into_comm(self) -> Comm {
        Comm::of(self.parts)
    }
}

impl Comm {
    /// A duplicate of `comm`, an intra-communicator. Collective.
    ///
    /// # Errors
    /// MPI is not running, is not the MPI that this crate was built for, does not allow this thread
    /// ([`check_mpi`](crate::check_mpi)), or refuses; an inter-communicator.
    pub fn new(comm: &impl mpi::traits::AsRaw<Raw = mpi::ffi::MPI_Comm>) -> Result<Comm> {
        // SAFETY: `AsRaw` is an unsafe trait: its handle is valid, and of the MPI that `mpi` is
        // linked with, as this crate is.
        #[expect(unsafe_code, reason = "the handle comes from a safe type")]
        unsafe {
            Comm::from_raw(comm.as_raw())
        }
    }

    /// A duplicate of a communicator given by its handle. Collective.
    ///
    /// # Safety
    /// `comm` is a valid communicator of the MPI library that this program is linked with.
    ///
    /// # Errors
    /// As [`Comm::new`].
    #[expect(unsafe_code, reason = "a handle from outside")]
    pub unsafe fn from_raw(comm: mpi::ffi::MPI_Comm) -> Result<Comm> {
        environment::check_mpi()?;
        let _making = Making::begin(raw::key(comm));
        // SAFETY: `check_mpi` has succeeded on this thread; `comm` is valid, as the caller
        // guarantees; all of its ranks make this call, which is collective, and `Making` keeps this
        // crate's other threads from it.
        let world = unsafe { RawComm::duplicate(comm)? };
        let (rank, size) = (world.rank(), world.size());
        let node = Node::new(&world)?;
        let watch = Watch::new(&world, &node)?;
        let (pool, queue, posted) = (Pool::new(), RefCell::default(), posted::Counter::default());
        let staging = staging::Staging::default();
        Ok(Comm::of(Parts { rank, size, node, pool, queue, watch, posted, staging, world }))
    }

    fn of(parts: Parts) -> Comm {
        // Counted atomically although it stays on one thread: C programs pass their handles to
        // other threads.
        #[expect(clippy::arc_with_non_send_sync, reason = "C's programs may move what holds a clone")]
        let parts = Arc::new(parts);
        Comm { parts }
    }

    /// Takes the communicator from this thread, for another one. Not collective.
    ///
    /// # Errors
    /// The unchanged communicator, with the reason: clones of it exist, in arrays and prepared
    /// operations too; or the thread level is below `MPI_THREAD_MULTIPLE`.
    pub fn into_movable(self) -> std::result::Result<MovableComm, (Comm, Error)> {
        let stays = |message: &str| Error::new(ErrorKind::State, message);
        if !environment::is_running() || !environment::allows_all_threads() {
            let error = stays(
                "another thread must not call MPI: the thread level is below MPI_THREAD_MULTIPLE; initialise MPI with that level",
            );
            return Err((self, error));
        }
        match Arc::try_unwrap(self.parts) {
            Ok(parts) => Ok(MovableComm { parts }),
            Err(parts) => {
                let error = stays(
                    "the communicator is in use on this thread: drop its clones, and the arrays, moves and halo exchanges that hold one",
                );
                Err((Comm { parts }, error))
            }
        }
    }

    /// This process's rank.
    pub fn rank(&self) -> i32 {
        self.parts.rank
    }

    /// The number of ranks.
    pub fn size(&self) -> i32 {
        self.parts.size
    }

    /// This rank's part of the processors of its machine: all that the communicator's ranks there
    /// may use, divided by the number of these ranks; at least 1, and no more than this rank may
    /// use. Local.
    pub fn processors_per_rank(&self) -> usize {
        self.node().share().processors_per_rank()
    }

    /// Waits for all ranks. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn barrier(&self) -> Result<()> {
        let _call = self.enter("barrier", ())?;
        self.node().mailbox_of_all().map_or_else(|| self.world().barrier(), Mailbox::barrier)
    }

    /// Agrees on success: if any rank passes an error, all ranks return the error of the lowest
    /// such rank. Collective.
    ///
    /// # Errors
    /// The error of a rank, which [`Error::rank`] names.
    #[track_caller]
    pub fn agree<T>(&self, result: Result<T>) -> Result<T> {
        let _call = self.enter("agree", ())?;
        self.agree_with(result, &mut [])
    }

    /// As [`Comm::agree`]; in the same message `numbers` become the minima over all ranks.
    pub(crate) fn agree_with<T>(&self, result: Result<T>, numbers: &mut [i64]) -> Result<T> {
        let failed = if result.is_err() { i64::from(self.rank()) } else { i64::MAX };
        let mut all = [&[failed], &*numbers].concat();
        self.min(&mut all)?;
        numbers.copy_from_slice(&all[1..]);
        let Ok(root) = i32::try_from(all[0]) else { return result };
        let error = result.err().filter(|_| root == self.rank());
        // The kind, the dimension or `u64::MAX`, and the length of the sentence.
        let mut header = [0_u64; 3];
        let mut text = Vec::new();
        if let Some(error) = &error {
            text = error.message().as_bytes().to_vec();
            header = [error.kind().code().into(), error.dim().map_or(u64::MAX, |dim| dim as u64), text.len() as u64];
        }
        let mut bytes = bytes_of(&header);
        self.world().broadcast(root, &mut bytes)?;
        let [kind, dim, len] = words_of(&bytes)[..] else { return Err(Error::new(ErrorKind::Mpi, "a lost message")) };
        text.resize(usize::try_from(len).unwrap_or(0), 0);
        self.world().broadcast(root, &mut text)?;
        let kind = ErrorKind::from_code(u8::try_from(kind).unwrap_or(u8::MAX));
        let dim = (dim != u64::MAX).then(|| usize::try_from(dim).ok()).flatten();
        Err(Error::received(kind, root, dim, String::from_utf8_lossy(&text).into_owned()))
    }

    /// Refuses a value that differs between ranks, as far as a hash tells; `what` describes the
    /// value. Collective.
    pub(crate) fn same(&self, what: &str, value: &impl Hash) -> Result<()> {
        // This hasher has no seed: the same program has the same hash on every rank.
        let mut hasher = DefaultHasher::new();
        (what, value).hash(&mut hasher);
        let hash = (hasher.finish() >> 2) as i64;
        let mut ends = [hash, -hash];
        self.min(&mut ends)?;
        if ends[0] == -ends[1] {
            return Ok(());
        }
        // All ranks return the same error: the first rank that differs from rank 0, and the
        // difference.
        let said = self.gather_bytes(&[&hash.to_le_bytes(), what.as_bytes()].concat())?;
        let split = |said: &[u8]| {
            let (hash, text) = said.split_at(size_of::<i64>());
            (hash.to_vec(), String::from_utf8_lossy(text).into_owned())
        };
        let all: Vec<_> = said.iter().map(|said| split(said)).collect();
        let other = all.iter().position(|(hash, _)| *hash != all[0].0).unwrap_or(0);
        let (here, there) = (&all[other].1, &all[0].1);
        let message = if here == there {
            format!("the call differs from that of rank 0 in lists that are not shown here: {here}")
        } else {
            format!("the call differs from that of rank 0: it is {here}, on rank 0 it is {there}")
        };
        Err(Error::new(ErrorKind::Layout, message).on_rank(i32::try_from(other).unwrap_or(0)))
    }

    /// The least of all ranks' numbers, element by element. Collective.
    pub(crate) fn min(&self, numbers: &mut [i64]) -> Result<()> {
        let Some(mailbox) = self.node().mailbox_of_all() else { return self.world().min(numbers) };
        for said in mailbox.exchange(numbers)?.chunks_exact(numbers.len().max(1)) {
            numbers.iter_mut().zip(said).for_each(|(least, &number)| *least = number.min(*least));
        }
        Ok(())
    }

    /// All ranks' bytes, in rank order; they need not be as many. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn gather_all(&self, mine: &[u8]) -> Result<Vec<Vec<u8>>> {
        let _call = self.enter("gather_all", ())?;
        self.gather_bytes(mine)
    }

    pub(crate) fn gather_bytes(&self, mine: &[u8]) -> Result<Vec<Vec<u8>>> {
        let lengths = self.gather_equal(&[mine.len() as u64])?;
        let lengths: Vec<usize> = lengths.into_iter().map(|length| usize::try_from(length).unwrap_or(0)).collect();
        // All ranks send the length of the longest text.
        let longest = lengths.iter().copied().max().unwrap_or(0);
        if longest == 0 {
            return Ok(vec![Vec::new(); lengths.len()]);
        }
        let mut padded = mine.to_vec();
        padded.resize(longest, 0);
        let all = self.world().gather_all(padded)?;
        Ok(all.chunks_exact(longest).zip(&lengths).map(|(bytes, &len)| bytes[..len].to_vec()).collect())
    }

    /// All ranks' numbers, in rank order; each rank gives equally many. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn gather_words(&self, mine: &[u64]) -> Result<Vec<u64>> {
        let _call = self.enter("gather_words", mine.len())?;
        self.gather_equal(mine)
    }

    pub(crate) fn gather_equal(&self, mine: &[u64]) -> Result<Vec<u64>> {
        Ok(words_of(&self.world().gather_all(bytes_of(mine))?))
    }

    /// The bytes of rank `root`, on all ranks; each rank gives a buffer of the same length.
    /// Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn broadcast(&self, root: i32, bytes: &mut [u8]) -> Result<()> {
        let _call = self.enter("broadcast", (root, bytes.len()))?;
        self.world().broadcast(root, bytes)
    }

    pub(crate) fn world(&self) -> &RawComm {
        &self.parts.world
    }

    pub(crate) fn watch(&self) -> &Arc<Watch> {
        &self.parts.watch
    }

    pub(crate) fn node(&self) -> &Node {
        &self.parts.node
    }

    /// The messages of the groups.
    pub(crate) fn queue(&self) -> &RefCell<Queue> {
        &self.parts.queue
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.parts.pool
    }

    fn staging(&self) -> &staging::Staging {
        &self.parts.staging
    }
}
