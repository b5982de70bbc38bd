//! Errors of one function, and errors that all ranks agree on.

use dap_core::index::Rank;
use dap_ffi::{Code, DapError, Refusal, boundary};
use dap_mpi::{Comm, Error, ErrorKind};

/// Runs the body of a function, fills `error`, and gives the code to return.
pub(crate) fn call(error: *mut DapError, body: impl FnOnce() -> Result<(), Refusal>) -> i32 {
    // SAFETY: `error` is the caller's argument: null, misaligned, or a struct that may be written,
    // as every function here demands (see the page of this library).
    unsafe { boundary::run(error, body) }
}

/// Agrees on success: a rank with an error returns its own, and all others report the rank of an
/// error. All ranks report the same rank, unless several have an error: then each of these reports
/// itself. Collective.
pub(crate) fn agree<T>(comm: &Comm, mine: Result<T, Refusal>) -> Result<T, Refusal> {
    let (mine, own) = match mine {
        Ok(value) => (Ok(value), None),
        Err(refusal) => {
            let sentence = format!("{} [{}]", refusal.message(), refusal.code());
            let error = Error::new(ErrorKind::Buffer, sentence);
            (Err(refusal.dim().map_or(error.clone(), |dim| error.in_dim(dim))), Some(refusal))
        }
    };
    comm.agree(mine).map_err(|error| match own {
        Some(own) if own.rank().is_some() => own,
        Some(own) => own.rank_at(Rank(comm.rank().into())),
        None => refusal(comm, &error),
    })
}

/// An error of a collective operation, for the ranks of C: its code on the rank of the error,
/// `DAP_E_REMOTE` on the others.
pub(crate) fn refusal(comm: &Comm, error: &Error) -> Refusal {
    refusal_of(comm, error, Code::LAYOUTS_DIFFER)
}

/// The same for an operation on one layout: an error of the layout is an error of an argument.
pub(crate) fn refusal_of_one(comm: &Comm, error: &Error) -> Refusal {
    refusal_of(comm, error, Code::ARGUMENT)
}

fn refusal_of(comm: &Comm, error: &Error, layout: Code) -> Refusal {
    if let Some(rank) = error.rank().filter(|rank| *rank != comm.rank()) {
        let refusal = Refusal::new(Code::REMOTE).what(error.sentence()).found(rank).rank_at(Rank(rank.into()));
        return in_dim(refusal, error.dim());
    }
    let code = match error.kind() {
        ErrorKind::Layout => layout,
        ErrorKind::Buffer => Code::TENSOR,
        ErrorKind::State => Code::STATE,
        ErrorKind::Memory => Code::MEMORY,
        _ => Code::MPI,
    };
    let refusal = in_dim(Refusal::new(code).what(error.sentence()), error.dim());
    match error.rank() {
        Some(rank) => refusal.rank_at(Rank(rank.into())),
        None => refusal,
    }
}

fn in_dim(refusal: Refusal, dim: Option<usize>) -> Refusal {
    match dim {
        Some(dim) => refusal.dim_at(dim),
        None => refusal,
    }
}
