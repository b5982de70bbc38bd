//! A communicator: whom we work with, who shares our memory, and how all agree.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::memory::{Neighbourhood, Pool};
use crate::raw::RawComm;

/// A communicator of this crate's own, duplicated from the program's. Cloning costs one reference count.
///
/// The environment variable `DAP_NODE_SIZE` splits a node into pretended nodes of so many ranks, which do not share memory.
#[derive(Debug, Clone)]
pub struct Comm {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    rank: i32,
    size: i32,
    neighbourhood: Neighbourhood,
    pool: Arc<Pool>,
    world: RawComm,
}

impl Comm {
    /// A duplicate of `comm`, an intra-communicator. Collective.
    ///
    /// # Errors
    /// MPI is not running or refuses.
    pub fn new(comm: &impl mpi::traits::AsRaw<Raw = mpi::ffi::MPI_Comm>) -> Result<Comm> {
        // SAFETY: a communicator of the `mpi` crate is valid.
        #[expect(unsafe_code, reason = "the handle comes from a safe type")]
        unsafe {
            Comm::from_raw(comm.as_raw())
        }
    }

    /// A duplicate of a communicator given by its handle. Collective.
    ///
    /// # Safety
    /// `comm` is a valid intra-communicator of the MPI library that this program is linked with.
    ///
    /// # Errors
    /// MPI is not running or refuses.
    #[expect(unsafe_code, reason = "a handle from outside")]
    pub unsafe fn from_raw(comm: mpi::ffi::MPI_Comm) -> Result<Comm> {
        // SAFETY: the caller's promise.
        let world = unsafe { RawComm::duplicate(comm)? };
        let (rank, size) = (world.rank(), world.size());
        let neighbourhood = Neighbourhood::new(&world)?;
        Ok(Comm { parts: Arc::new(Parts { rank, size, neighbourhood, pool: Pool::new(), world }) })
    }

    /// This process's rank.
    pub fn rank(&self) -> i32 {
        self.parts.rank
    }

    /// The number of ranks.
    pub fn size(&self) -> i32 {
        self.parts.size
    }

    /// Waits for everybody. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    pub fn barrier(&self) -> Result<()> {
        match self.neighbourhood().board_of_all() {
            Some(board) => {
                board.barrier();
                Ok(())
            }
            None => self.world().barrier(),
        }
    }

    /// Agrees on success: if any rank brings an error, all return that of the lowest such rank. Collective.
    ///
    /// # Errors
    /// Some rank's; its [`Error::rank`] says whose.
    pub fn agree<T>(&self, result: Result<T>) -> Result<T> {
        self.agree_with(result, &mut [])
    }

    /// As [`Comm::agree`]; and `numbers` become the least of all ranks', in the same message.
    pub(crate) fn agree_with<T>(&self, result: Result<T>, numbers: &mut [i64]) -> Result<T> {
        let failed = if result.is_err() { i64::from(self.rank()) } else { i64::MAX };
        let mut all = [&[failed], &*numbers].concat();
        self.min(&mut all)?;
        numbers.copy_from_slice(&all[1..]);
        let Ok(root) = i32::try_from(all[0]) else { return result };
        let error = result.err().filter(|_| root == self.rank());
        let mut header = [0_u8; 9];
        let mut text = Vec::new();
        if let Some(error) = &error {
            text = error.message().as_bytes().to_vec();
            header[0] = error.kind().code();
            header[1..].copy_from_slice(&(text.len() as u64).to_le_bytes());
        }
        self.world().broadcast(root, &mut header)?;
        let mut len = [0; 8];
        len.copy_from_slice(&header[1..]);
        text.resize(usize::try_from(u64::from_le_bytes(len)).unwrap_or(0), 0);
        self.world().broadcast(root, &mut text)?;
        Err(Error::new(ErrorKind::from_code(header[0]), String::from_utf8_lossy(&text)).on_rank(root))
    }

    /// Refuses what is not the same on all ranks, as far as a hash tells; `what` says it in words. Collective.
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
        // Everybody is told the same: the first rank that differs from rank 0, and in what.
        let said = self.gather_all(&[&hash.to_le_bytes(), what.as_bytes()].concat())?;
        let split = |said: &[u8]| {
            let (hash, text) = said.split_at(size_of::<i64>());
            (hash.to_vec(), String::from_utf8_lossy(text).into_owned())
        };
        let all: Vec<_> = said.iter().map(|said| split(said)).collect();
        let other = all.iter().position(|(hash, _)| *hash != all[0].0).unwrap_or(0);
        let (here, there) = (&all[other].1, &all[0].1);
        let message = if here == there {
            format!("different arguments: not the same {here} as on rank 0")
        } else {
            format!("different arguments: {here}; on rank 0 {there}")
        };
        Err(Error::new(ErrorKind::Layout, message).on_rank(i32::try_from(other).unwrap_or(0)))
    }

    /// The least of all ranks' numbers, element by element. Collective.
    pub(crate) fn min(&self, numbers: &mut [i64]) -> Result<()> {
        let Some(board) = self.neighbourhood().board_of_all() else { return self.world().min(numbers) };
        for said in board.exchange(numbers).chunks_exact(numbers.len().max(1)) {
            numbers.iter_mut().zip(said).for_each(|(least, &number)| *least = number.min(*least));
        }
        Ok(())
    }

    /// Everybody's bytes, by rank; they need not be as many. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    pub fn gather_all(&self, mine: &[u8]) -> Result<Vec<Vec<u8>>> {
        let length = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        let lengths = self.world().gather_all(&(mine.len() as u64).to_le_bytes())?;
        let lengths: Vec<usize> =
            lengths.chunks_exact(8).map(|bytes| usize::try_from(length(bytes)).unwrap_or(0)).collect();
        // All give as many bytes as the longest has.
        let longest = lengths.iter().copied().max().unwrap_or(0);
        if longest == 0 {
            return Ok(vec![Vec::new(); lengths.len()]);
        }
        let mut padded = mine.to_vec();
        padded.resize(longest, 0);
        let all = self.world().gather_all(&padded)?;
        Ok(all.chunks_exact(longest).zip(&lengths).map(|(bytes, &len)| bytes[..len].to_vec()).collect())
    }

    pub(crate) fn world(&self) -> &RawComm {
        &self.parts.world
    }

    pub(crate) fn neighbourhood(&self) -> &Neighbourhood {
        &self.parts.neighbourhood
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.parts.pool
    }
}
