//! Tokens of one document: the position in the text, and values that are skipped or described.

mod object;

pub(super) use object::{Member, Members, known};

use jiter::{Jiter, JiterError, Peek};

use crate::export::Found;
use crate::finding::Finding;
use crate::json::MAX_DEPTH;

/// The reason why reading stopped.
pub(super) enum Stop {
    /// The text is not JSON from here on.
    Syntax(JiterError),
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Self::Syntax(error)
    }
}

pub(super) type Read<T> = Result<T, Stop>;

/// A reader of one document.
pub(super) struct Reader<'t> {
    pub(super) text: &'t [u8],
    pub(super) jiter: Jiter<'t>,
    pub(super) problems: Vec<Finding>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, jiter: Jiter::new(text), problems: Vec::new() }
    }

    /// Consumes any value and describes it.
    pub(super) fn describe(&mut self, peek: Peek, depth: usize) -> Read<Found> {
        Ok(match peek {
            Peek::String => Found::text(self.jiter.known_str()?),
            Peek::True | Peek::False => Found::Bool(self.jiter.known_bool(peek)?),
            Peek::Null => {
                self.jiter.known_null()?;
                Found::Null
            }
            Peek::Array => {
                let mut len = 0;
                let mut next = self.jiter.known_array()?;
                while let Some(peek) = next {
                    self.skip(peek, depth + 1)?;
                    len += 1;
                    next = self.jiter.array_step()?;
                }
                Found::List(len)
            }
            Peek::Object => {
                self.skip(peek, depth)?;
                Found::Dict
            }
            _ => number(self.jiter.known_number_bytes(peek)?),
        })
    }

    /// Consumes any value; strings, numbers and keys in it are checked all the same.
    pub(super) fn skip(&mut self, peek: Peek, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        match peek {
            Peek::Array => {
                let mut next = self.jiter.known_array()?;
                while let Some(peek) = next {
                    self.skip(peek, depth + 1)?;
                    next = self.jiter.array_step()?;
                }
            }
            Peek::Object => {
                let mut members = Members::new(None);
                while let Some(member) = members.next(self)? {
                    self.skip(member.peek, depth + 1)?;
                }
            }
            Peek::String => {
                self.jiter.known_str()?;
            }
            Peek::True | Peek::False => {
                self.jiter.known_bool(peek)?;
            }
            Peek::Null => self.jiter.known_null()?,
            _ => {
                self.jiter.known_number_bytes(peek)?;
            }
        }
        Ok(())
    }
}

/// The type of a JSON number: an integer of 64 bits, a larger one, or none.
pub(super) fn number(bytes: &[u8]) -> Found {
    let (digits, negative) = match bytes {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    let text = || String::from_utf8_lossy(bytes).into_owned().into_boxed_str();
    let mut value: i64 = 0;
    for byte in digits {
        let digit = i64::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return Found::Float(text());
        }
        // Counted downwards, because the lowest i64 has no positive counterpart.
        let Some(next) = value.checked_mul(10).and_then(|v| v.checked_sub(digit)) else {
            let whole = digits.iter().all(u8::is_ascii_digit);
            return if whole { Found::BigInt(text()) } else { Found::Float(text()) };
        };
        value = next;
    }
    let value = if negative { Some(value) } else { value.checked_neg() };
    value.map_or_else(|| Found::BigInt(text()), Found::Int)
}
