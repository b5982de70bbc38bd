//! A value that may be missing, or something else than it should be.

use std::fmt;

/// A key's value as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The key is not there.
    #[default]
    Missing,
    /// The key is there, with a value of the right type. Nothing is said about the value yet.
    Is(T),
    /// The key is there, with something else.
    Wrong(Box<Found>),
}

impl<T> Field<T> {
    /// The value, if it is there and of the right type.
    #[must_use]
    #[inline]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Missing | Self::Wrong(_) => None,
        }
    }

    /// Whether the key is not there.
    #[must_use]
    #[inline]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// The kind of value that stands where another was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// `null`, `None`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer beyond 64 bits, as written.
    BigInt(Box<str>),
    /// A number with a fraction or an exponent, as written.
    Float(Box<str>),
    /// A string, shortened when it is long.
    Text(Box<str>),
    /// A list, with its number of items.
    List(usize),
    /// A list, with its number of items, whose item at the index is wrong in its own way.
    ListWith(usize, usize, Box<Found>),
    /// A dictionary.
    Dict,
    /// Something that only a language has, by its type's name.
    Other(Box<str>),
}

impl Found {
    /// A string, shortened to what a message can show.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(shorten(text))
    }
}

/// At most 60 characters of a text.
pub(crate) fn shorten(text: &str) -> Box<str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "the boolean {value}"),
            Self::Int(value) => write!(f, "the integer {value}"),
            Self::BigInt(text) => write!(f, "the integer {}", shorten(text)),
            Self::Float(text) => write!(f, "the number {}", shorten(text)),
            Self::Text(text) => write!(f, "the string {text:?}"),
            Self::List(1) => f.write_str("a list of 1 item"),
            Self::List(len) => write!(f, "a list of {len} items"),
            Self::ListWith(len, at, found) => write!(f, "a list of {len} whose item {at} is {found}"),
            Self::Dict => f.write_str("a dictionary"),
            Self::Other(name) => write!(f, "an object of type {name}"),
        }
    }
}
