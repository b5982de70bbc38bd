//! Errors in the description of an item.

use crate::finding::plural;
use std::error::Error;
use std::fmt;

use super::{MAX_DEPTH, MAX_FIELDS, MAX_ITEMSIZE, MAX_NDIM};

/// The kind of a mistake in a description of an item. Its text is a sentence without the
/// description itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DTypeErrorKind {
    /// The text is empty.
    Empty,
    /// A typestr's letter that no kind has.
    UnknownKind {
        /// The letter.
        found: char,
    },
    /// A PEP-3118 format's character that no item has.
    UnknownCode {
        /// The character.
        found: char,
    },
    /// A size in bytes that this kind does not have.
    BadSize {
        /// The kind with its article: "a float".
        kind: &'static str,
        /// The sizes that it has: "2, 4, 8 or 16 bytes".
        sizes: &'static str,
        /// The size written.
        found: i64,
    },
    /// A typestr ends before its size.
    MissingSize {
        /// The letter of its kind.
        kind: char,
    },
    /// The item would have more than [`MAX_ITEMSIZE`] bytes, or a count says more.
    TooLarge,
    /// A type of NumPy's that the buffer protocol cannot carry.
    NoFormat {
        /// The name of the type: "datetime64" or "timedelta64".
        meaning: &'static str,
    },
    /// A type that is known, and that this software cannot hold.
    Unsupported {
        /// A sentence with the reason, and what to use instead.
        reason: &'static str,
    },
    /// The name that a library gives a type, in the place of a typestr.
    Name {
        /// The typestr to write.
        typestr: &'static str,
    },
    /// The text ends too early, or has another character there.
    Unexpected {
        /// The character found; `None` at the end of the text.
        found: Option<char>,
        /// The expected characters.
        expected: &'static str,
    },
    /// Extents that are not those of a struct's field.
    SubArray,
    /// Structs within structs beyond [`MAX_DEPTH`].
    TooDeep,
    /// More fields than [`MAX_FIELDS`], inner structs' included.
    TooManyFields,
    /// A sub-array of more than [`MAX_NDIM`] dimensions.
    TooManyDimensions,
    /// Two fields of one struct have one name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A part of a list or dictionary is not of the expected form.
    Malformed {
        /// The expected form.
        expected: &'static str,
        /// The form found.
        found: &'static str,
    },
    /// An `itemsize` that its fields, or the format beside it, contradict.
    Itemsize {
        /// The size written, in bytes.
        written: i64,
        /// The size needed, in bytes.
        needed: i64,
    },
}

impl fmt::Display for DTypeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an empty text describes no item"),
            Self::UnknownKind { found } => {
                write!(f, "unknown kind `{}`; known are b i u f c S U V O", found.escape_debug())
            }
            Self::UnknownCode { found } => write!(
                f,
                "`{}` is no PEP-3118 format character; known are ? c b B h H i I l L q Q n N e f d g Zf Zd Zg s w x O P T{{...}}",
                found.escape_debug()
            ),
            Self::BadSize { kind, sizes, found } => write!(f, "{kind} has {sizes}, not {found}"),
            Self::MissingSize { kind: 'U' } => {
                f.write_str("the number of characters is missing, as in `<U8`")
            }
            Self::MissingSize { kind } => {
                write!(f, "the number of bytes is missing, as in `{kind}8`")
            }
            Self::TooLarge => write!(f, "the item is larger than {MAX_ITEMSIZE} bytes, the most that NumPy allows"),
            Self::NoFormat { meaning } => {
                write!(f, "{meaning} has no PEP-3118 format, so no buffer can carry it")
            }
            Self::Unsupported { reason } => f.write_str(reason),
            Self::Name { typestr } => {
                write!(f, "this is a type's name; write its typestr, `{typestr}`")
            }
            Self::Unexpected { found: Some(found), expected } => {
                write!(f, "expected {expected}, found `{}`", found.escape_debug())
            }
            Self::Unexpected { found: None, expected } => write!(f, "expected {expected}, found the end"),
            Self::SubArray => f.write_str(
                "only a field can be a sub-array, as `[name, type, shape]` or in `T{...}`; an item's extents belong in the buffer's `shape`",
            ),
            Self::TooDeep => write!(f, "structs are nested more than {MAX_DEPTH} deep"),
            Self::TooManyFields => write!(f, "a struct of more than {MAX_FIELDS} fields"),
            Self::TooManyDimensions => write!(f, "a sub-array has at most {MAX_NDIM} dimensions"),
            Self::DuplicateName { name } => {
                write!(f, "two fields have the name `{}`", excerpt(name, 0).escape_debug())
            }
            Self::Malformed { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Itemsize { written, needed } => {
                write!(f, "an item size of {}, where {needed} are needed", plural(written, "byte"))
            }
        }
    }
}

impl Error for DTypeErrorKind {}

/// An error in the description of an item: the mistake, its place, and the text.
///
/// ```
/// use dap_core::dtype::DType;
/// let error = DType::parse("<f3").unwrap_err();
/// assert_eq!(error.to_string(), "`<f3`: a float has 2, 4, 8 or 16 bytes, not 3");
/// assert_eq!(error.position, 2);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DTypeError {
    /// The kind of the mistake.
    pub kind: DTypeErrorKind,
    /// The byte of the text at which it was found.
    pub position: usize,
    /// The text, or the part around `position` when it is long; empty when no text is at fault.
    pub text: String,
    /// The place of the mistake in a [`Descr`](super::Descr), as a JSON pointer (`/1/0`); empty for
    /// a text.
    pub pointer: String,
}

impl DTypeError {
    pub(super) fn at(kind: DTypeErrorKind, text: &str, position: usize) -> DTypeError {
        DTypeError { kind, position, text: excerpt(text, position), pointer: String::new() }
    }

    /// A mistake of a list or dictionary as a whole.
    pub(super) fn here(kind: DTypeErrorKind) -> DTypeError {
        DTypeError { kind, position: 0, text: String::new(), pointer: String::new() }
    }

    /// The same mistake, seen from one level further out.
    pub(super) fn within(mut self, step: impl fmt::Display) -> DTypeError {
        self.pointer.insert_str(0, &format!("/{step}"));
        self
    }
}

impl fmt::Display for DTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In a text this short a reader sees the place at once.
        const SHORT: usize = 8;
        if !self.pointer.is_empty() {
            write!(f, "at {}: ", self.pointer)?;
        }
        if !self.text.is_empty() {
            write!(f, "`{}`: ", self.text.escape_debug())?;
        }
        self.kind.fmt(f)?;
        if self.text.len() > SHORT && self.position > 0 {
            write!(f, " (byte {})", self.position)?;
        }
        Ok(())
    }
}

crate::debug_as_display!(DTypeError);

impl Error for DTypeError {}

/// The text, or a part of it around `position`: a message stays short, whatever the file holds.
fn excerpt(text: &str, position: usize) -> String {
    const WHOLE: usize = 64;
    const BEFORE: usize = 24;
    if text.len() <= WHOLE {
        return text.to_owned();
    }
    let mut from = position.saturating_sub(BEFORE).min(text.len() - WHOLE);
    let mut to = from + WHOLE;
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    format!("{before}{}{after}", &text[from..to])
}
