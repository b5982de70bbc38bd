//! The communicator of arrays, with the state that they share: prepared moves, and the values and
//! functions of programs.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use dap_core::algebra::{CommRank, Placement};
use dap_core::dtype::DType;
use dap_kernels::threads::limit_default;
use dap_mpi::{Comm, Prepare, Redistribution, Result};

use crate::spmd::{ContextStorage, Functions};
use crate::storage::Storage;

/// A communicator, and the state that the arrays on it share. Clones are the same context.
///
/// Operands of one operation have one context.
#[derive(Debug, Clone)]
pub struct Context {
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    comm: Comm,
    moves: RefCell<Vec<PreparedMove>>,
    arrays: RefCell<Arrays>,
    storage: ContextStorage,
    functions: Functions,
}

/// The memory of the context's arrays, as long as they live.
#[derive(Debug, Default)]
struct Arrays {
    all: Vec<Weak<Storage>>,
    /// The number of them that were alive at the last count.
    alive: usize,
}

/// A move between two placements, kept for the next one like it.
#[derive(Debug)]
struct PreparedMove {
    from: Placement,
    to: Placement,
    dtype: DType,
    redistribution: Redistribution,
}

/// The number of prepared moves that are kept; the one that was used least recently goes first.
const KEPT_MOVES: usize = 64;

impl Context {
    /// A context on a communicator. It sends no message.
    ///
    /// The kernels use this rank's [part of the machine's processors](Comm::processors_per_rank)
    /// from then on, unless `DAP_NUM_THREADS` or [`set_threads`](dap_kernels::threads::set_threads)
    /// says otherwise; of several contexts, the least part.
    pub fn new(comm: &Comm) -> Context {
        limit_default(comm.processors_per_rank());
        let shared = Shared {
            comm: comm.clone(),
            moves: RefCell::default(),
            arrays: RefCell::default(),
            storage: ContextStorage::default(),
            functions: Functions::default(),
        };
        Context { shared: Rc::new(shared) }
    }

    /// The communicator.
    pub fn comm(&self) -> &Comm {
        &self.shared.comm
    }

    /// Values that this rank keeps until the context, with all clones and arrays, is dropped.
    pub fn storage(&self) -> &ContextStorage {
        &self.shared.storage
    }

    pub(crate) fn functions(&self) -> &Functions {
        &self.shared.functions
    }

    /// This process's rank in the communicator.
    pub(crate) fn rank(&self) -> CommRank {
        CommRank(self.comm().rank().into())
    }

    /// Remembers the memory of a new array.
    pub(crate) fn remember(&self, storage: &Rc<Storage>) {
        let mut arrays = self.shared.arrays.borrow_mut();
        // Dead references are dropped when they are about as many as the live ones.
        if arrays.all.len() > 16 + 2 * arrays.alive {
            arrays.all.retain(|it| it.strong_count() > 0);
            arrays.alive = arrays.all.len();
        }
        arrays.all.push(Rc::downgrade(storage));
    }

    /// Gives this process's memory of all arrays back: later operations with them fail. Local; each
    /// rank calls it.
    ///
    /// # Errors
    /// Memory of an array that a local view uses; the others are closed.
    pub fn close_all(&self) -> Result<()> {
        let arrays = std::mem::take(&mut *self.shared.arrays.borrow_mut());
        let mut closed = Ok(());
        for storage in arrays.all {
            if let Some(alive) = storage.upgrade()
                && let Err(error) = alive.close()
            {
                self.remember(&alive);
                closed = closed.and(Err(error));
            }
        }
        closed
    }

    /// Whether both are the same context.
    pub fn is_same(&self, other: &Context) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    /// Uses the prepared move between two placements: of the same shape, or with the same number of
    /// elements. Collective: each rank has kept the same moves, because each made the same calls.
    pub(crate) fn with_move<T>(
        &self,
        from: &Placement,
        to: &Placement,
        dtype: &DType,
        body: impl FnOnce(&mut Redistribution) -> Result<T>,
    ) -> Result<T> {
        let mut moves = self.shared.moves.take();
        let known = moves.iter().position(|it| it.dtype == *dtype && it.from == *from && it.to == *to);
        let prepared = match known {
            Some(at) => Ok(moves.remove(at)),
            None => self.prepare(from, to, dtype),
        };
        let result = prepared.and_then(|mut prepared| {
            let result = body(&mut prepared.redistribution);
            moves.push(prepared);
            result
        });
        if moves.len() > KEPT_MOVES {
            moves.remove(0);
        }
        self.shared.moves.replace(moves);
        result
    }

    fn prepare(&self, from: &Placement, to: &Placement, dtype: &DType) -> Result<PreparedMove> {
        let prepare: Prepare = if from.shape() == to.shape() { Redistribution::new } else { Redistribution::reshape };
        let redistribution = prepare(self.comm(), from.clone(), to.clone(), dtype)?;
        Ok(PreparedMove { from: from.clone(), to: to.clone(), dtype: dtype.clone(), redistribution })
    }
}
