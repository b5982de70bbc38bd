//! Errors: those that a function returns, and those that all ranks learn of.

use dap_mpi::{Comm, Error, ErrorKind};
use daparray::{Code, DapError, Refusal, boundary};

/// Runs the body of a function, fills `error`, and gives the code to return.
pub(crate) fn call(error: *mut DapError, body: impl FnOnce() -> Result<(), Refusal>) -> i32 {
    // SAFETY: as for all functions here.
    unsafe { boundary::run(error, body) }
}

/// Agrees on success: a rank with an error returns its own, all others say which rank has one. Collective.
pub(crate) fn agree<T>(comm: &Comm, mine: Result<T, Refusal>) -> Result<T, Refusal> {
    let (mine, own) = match mine {
        Ok(value) => (Ok(value), None),
        Err(refusal) => (Err(Error::new(ErrorKind::Buffer, refusal.to_string())), Some(refusal)),
    };
    comm.agree(mine).map_err(|error| own.unwrap_or_else(|| refusal(comm, &error)))
}

/// An error of a collective operation, as the ranks of C see it: the code where it happened, `DAP_E_REMOTE` elsewhere.
pub(crate) fn refusal(comm: &Comm, error: &Error) -> Refusal {
    refusal_of(comm, error, Code::LAYOUTS_DIFFER)
}

/// The same for an operation on one layout: what is wrong about that is an argument.
pub(crate) fn refusal_of_one(comm: &Comm, error: &Error) -> Refusal {
    refusal_of(comm, error, Code::ARGUMENT)
}

fn refusal_of(comm: &Comm, error: &Error, layout: Code) -> Refusal {
    if let Some(rank) = error.rank().filter(|rank| *rank != comm.rank()) {
        let remote = Refusal::new(Code::REMOTE).what(error.message()).found(rank);
        return remote.rank_at(dap_core::index::Rank(rank.into()));
    }
    let code = match error.kind() {
        ErrorKind::Layout => layout,
        ErrorKind::Buffer => Code::TENSOR,
        ErrorKind::State => Code::STATE,
        ErrorKind::Memory => Code::MEMORY,
        _ => Code::MPI,
    };
    Refusal::new(code).what(error.message())
}
