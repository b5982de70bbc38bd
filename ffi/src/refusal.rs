//! The reason why a struct was refused, or could not be made: a code, and its place.

use std::fmt;

use dap_core::error::Error;
use dap_core::finding::Finding;
use dap_core::index::Rank;
use dap_ndarray::{BufferError, BufferErrorKind};

use crate::Code;

/// The reason why a struct was refused, or could not be made: a code, and the known part of its
/// place.
///
/// ```
/// use dap_ffi::{Code, describe};
/// // SAFETY: null is one of the pointers that are refused.
/// let refusal = unsafe { describe(std::ptr::null()) }.unwrap_err();
/// assert_eq!(refusal.code(), Code::NULL);
/// assert_eq!(refusal.to_string(), "`array` is null [DAP702]");
/// ```
#[derive(Clone, PartialEq)]
pub struct Refusal {
    code: Code,
    dim: Option<usize>,
    rank: Option<Rank>,
    found: Option<i64>,
    expected: Option<i64>,
    what: Option<Box<str>>,
    findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal with no context yet.
    #[cold]
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, dim: None, rank: None, found: None, expected: None, what: None, findings: Vec::new() }
    }

    /// The findings of a check, at least one.
    #[cold]
    #[must_use]
    pub fn of_findings(findings: Vec<Finding>) -> Self {
        let first = findings.first();
        let code = first.map_or(Code::INTERNAL, |finding| Code::of(finding.rule));
        let dim = first.and_then(|finding| finding.place.dim);
        Self { dim, findings, ..Self::new(code) }
    }

    /// An error of a layout: its sentence, and its dimension beside it.
    #[cold]
    #[must_use]
    pub(crate) fn of_error(code: Code, error: &Error) -> Self {
        Self { dim: error.dim(), ..Self::new(code).what(error.clone().without_dim().to_string()) }
    }

    /// Adds the dimension of the mistake, from 0.
    #[must_use]
    pub fn dim_at(mut self, dim: usize) -> Self {
        self.dim = Some(dim);
        self
    }

    /// Adds the rank of the mistake.
    #[must_use]
    pub fn rank_at(mut self, rank: Rank) -> Self {
        self.rank = Some(rank);
        self
    }

    /// Adds the found value: `{found}` in the code's sentence.
    #[must_use]
    pub fn found(mut self, found: impl TryInto<i64>) -> Self {
        self.found = found.try_into().ok();
        self
    }

    /// Adds the expected value: `{expected}`.
    #[must_use]
    pub fn expected(mut self, expected: impl TryInto<i64>) -> Self {
        self.expected = expected.try_into().ok();
        self
    }

    /// Adds the name of the wrong thing: `{what}`.
    #[must_use]
    pub fn what(mut self, what: impl Into<Box<str>>) -> Self {
        self.what = Some(what.into());
        self
    }

    /// The code, as C receives it.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The dimension of the mistake, counted from 0, if it belongs to one.
    #[must_use]
    pub fn dim(&self) -> Option<usize> {
        self.dim
    }

    /// The rank of the mistake, if it belongs to one.
    #[must_use]
    pub fn rank(&self) -> Option<Rank> {
        self.rank
    }

    /// The findings of the protocol's rules, if they are the reason.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The sentence with the rank, without dimension and code. The sentence names the rank since
    /// each rank of a collective call may print it.
    pub(crate) fn sentence(&self) -> String {
        match self.rank {
            // The sentence of this code begins with the rank.
            Some(rank) if self.code != Code::REMOTE => format!("rank {rank}: {}", self.message()),
            _ => self.message(),
        }
    }

    /// The sentence, without place and code.
    #[must_use]
    pub fn message(&self) -> String {
        if let Some(finding) = self.findings.first() {
            return finding.message();
        }
        // A warning has a sentence of its own, and so have an argument or position that takes more
        // than a number to describe, and two layouts whose difference says that they do not fit.
        let has_sentence = matches!(self.code, Code::OK | Code::ARGUMENT | Code::NOT_FOUND | Code::LAYOUTS_DIFFER);
        if let (true, None, Some(what)) = (has_sentence, self.found, &self.what) {
            return what.to_string();
        }
        let number = |value: Option<i64>| value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
        let mut text = self.code.template().to_owned();
        for (placeholder, value) in [("{found}", self.found), ("{expected}", self.expected)] {
            if text.contains(placeholder) {
                text = text.replace(placeholder, &number(value));
            }
        }
        text.replace("{what}", self.what.as_deref().unwrap_or("something"))
    }
}

impl From<&BufferError> for Refusal {
    /// The refusal of a tensor.
    fn from(error: &BufferError) -> Self {
        let code = match error.kind() {
            BufferErrorKind::Version | BufferErrorKind::Flags => Code::TENSOR_VERSION,
            BufferErrorKind::Device => Code::DEVICE,
            BufferErrorKind::TensorType => Code::DTYPE,
            BufferErrorKind::ReadOnly => Code::READ_ONLY,
            _ => Code::TENSOR,
        };
        let refusal = Self::new(code).what(error.to_string());
        match error.dim() {
            Some(dim) => refusal.dim_at(dim),
            None => refusal,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rank) = self.rank.filter(|_| self.code != Code::REMOTE) {
            write!(f, "rank {rank}: ")?;
        }
        if let Some(dim) = self.dim {
            write!(f, "dimension {dim}: ")?;
        }
        write!(f, "{} [{}]", self.message(), self.code)
    }
}

dap_core::debug_as_display!(Refusal);

impl std::error::Error for Refusal {}
