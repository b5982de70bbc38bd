//! Errors: on this rank, or on another rank that the operation needs.

use std::fmt;

/// The result of a fallible operation.
pub type Result<T> = std::result::Result<T, Error>;

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The layouts do not fit each other or the ranks.
    Layout,
    /// A buffer does not fit the layout: extents, item type, access.
    Buffer,
    /// MPI refused.
    Mpi,
    /// There is not enough memory, or no memory of the needed kind.
    Memory,
    /// The operation is not in a state for this call.
    State,
    /// An argument that no array can serve: a shape, a type, an index.
    Argument,
    /// A rank has left that the call needs: it dropped the communicator, panicked or ended.
    Departed,
    /// The ranks made different calls, or gave different arguments (found with `DAP_CHECK=1`).
    Mismatch,
    /// A file cannot be read or written, or is not what the call needs.
    File,
}

impl ErrorKind {
    pub(crate) fn code(self) -> u8 {
        match self {
            ErrorKind::Layout => 0,
            ErrorKind::Buffer => 1,
            ErrorKind::Mpi => 2,
            ErrorKind::Memory => 3,
            ErrorKind::State => 4,
            ErrorKind::Argument => 5,
            ErrorKind::Departed => 6,
            ErrorKind::Mismatch => 7,
            ErrorKind::File => 8,
        }
    }

    pub(crate) fn from_code(code: u8) -> ErrorKind {
        match code {
            0 => ErrorKind::Layout,
            1 => ErrorKind::Buffer,
            3 => ErrorKind::Memory,
            4 => ErrorKind::State,
            5 => ErrorKind::Argument,
            6 => ErrorKind::Departed,
            7 => ErrorKind::Mismatch,
            8 => ErrorKind::File,
            _ => ErrorKind::Mpi,
        }
    }
}

/// A failure: its kind, the rank that caused it and the dimension if there is one, and a sentence.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    rank: Option<i32>,
    dim: Option<usize>,
    message: String,
}

/// The error of a call that no array can serve: a wrong shape, type or index.
///
/// # Errors
/// Always.
pub fn argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, message))
}

impl Error {
    /// A failure on this rank. Collective operations add the number of the rank.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, rank: None, dim: None, message: message.into() }
    }

    /// The same failure as that of one rank.
    #[must_use]
    pub fn on_rank(self, rank: i32) -> Error {
        Error { rank: Some(rank), ..self }
    }

    /// The same failure with the dimension of the mistake, counted from 0, before the sentence.
    #[must_use]
    pub fn in_dim(self, dim: usize) -> Error {
        Error { dim: Some(dim), message: format!("dimension {dim}: {}", self.message), ..self }
    }

    /// A failure of another rank, whose sentence has its dimension.
    pub(crate) fn received(kind: ErrorKind, rank: i32, dim: Option<usize>, message: String) -> Error {
        Error { kind, rank: Some(rank), dim, message }
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The rank of the communicator that caused it.
    pub fn rank(&self) -> Option<i32> {
        self.rank
    }

    /// The dimension of the mistake, counted from 0, if it belongs to one.
    pub fn dim(&self) -> Option<usize> {
        self.dim
    }

    /// The sentence without the rank.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The sentence without the rank and the dimension.
    pub fn sentence(&self) -> &str {
        let prefix = self.dim.map(|dim| format!("dimension {dim}: "));
        prefix.and_then(|prefix| self.message.strip_prefix(&prefix)).unwrap_or(&self.message)
    }
}

/// Ends the job in the middle of an operation that has lost a rank: other processes, or MPI, still
/// use memory that a return would give back.
pub(crate) fn abandon<T>(error: &Error) -> T {
    eprintln!("dap-mpi: {error}; the operation cannot be left half done, so this process ends");
    std::process::abort()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rank {
            Some(rank) => write!(f, "rank {rank}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

dap_core::debug_as_display!(Error);

impl std::error::Error for Error {}

impl From<dap_core::error::Error> for Error {
    fn from(error: dap_core::error::Error) -> Error {
        let dim = error.dim();
        let error = Error::new(ErrorKind::Layout, error.without_dim().to_string());
        match dim {
            Some(dim) => error.in_dim(dim),
            None => error,
        }
    }
}

impl From<dap_ndarray::BufferError> for Error {
    fn from(error: dap_ndarray::BufferError) -> Error {
        Error::new(ErrorKind::Buffer, error.to_string())
    }
}

impl From<dap_ndarray::SectionError> for Error {
    fn from(error: dap_ndarray::SectionError) -> Error {
        Error::new(ErrorKind::Buffer, error.to_string())
    }
}

impl From<dap_ndarray::copy::CopyError> for Error {
    fn from(error: dap_ndarray::copy::CopyError) -> Error {
        Error::new(ErrorKind::Buffer, error.to_string())
    }
}
