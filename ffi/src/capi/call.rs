//! The common tasks of all functions: read the caller's lists and texts, and write text to the
//! caller's memory.

use std::ffi::{CStr, c_char};

pub(super) use crate::boundary::{call, call_with_warning, free, set};
use crate::consume::good;
use crate::{Code, Refusal};

/// The caller's memory for text.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) text: *mut c_char,
    pub(super) capacity: usize,
    pub(super) needed: *mut usize,
}

impl Text {
    /// Writes `text`, truncated to the memory and ended by 0, and the size of the whole text.
    ///
    /// # Safety
    /// `self` may be written.
    pub(super) unsafe fn write(self, text: &str) -> Result<(), Refusal> {
        let needed = text.len() + 1;
        if !self.needed.is_null() && self.needed.is_aligned() {
            // SAFETY: neither null nor misaligned, and `needed` may be written by the contract of
            // this function.
            unsafe { self.needed.write(needed) };
        }
        if self.text.is_null() {
            return if self.capacity == 0 { Ok(()) } else { Err(Refusal::new(Code::NULL).what("text")) };
        }
        let mut len = text.len().min(self.capacity.saturating_sub(1));
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        if self.capacity > 0 {
            // SAFETY: `capacity` bytes may be written, and `len` is below it.
            unsafe {
                std::ptr::copy_nonoverlapping(text.as_ptr().cast(), self.text, len);
                self.text.add(len).write(0);
            }
        }
        if needed > self.capacity {
            return Err(Refusal::new(Code::TOO_SMALL).found(self.capacity).expected(needed));
        }
        Ok(())
    }

    /// The same for text that accompanies a result, and is no reason to refuse it: the text is
    /// truncated to the memory without an error.
    ///
    /// # Safety
    /// As [`Text::write`].
    pub(super) unsafe fn shortened(self, text: &str) -> Result<(), Refusal> {
        // SAFETY: the contract is that of `write`: `text` has `capacity` bytes, `needed` may be
        // written.
        match unsafe { self.write(text) } {
            Err(refusal) if refusal.code() == Code::TOO_SMALL => Ok(()),
            written => written,
        }
    }
}

/// A list of the caller; null is allowed if it has no items.
///
/// # Safety
/// `list` is null, misaligned, or has `count` items, for `'a`.
pub(super) unsafe fn list<'a, T>(list: *const T, count: i64, what: &'static str) -> Result<&'a [T], Refusal> {
    let wrong = || Refusal::new(Code::ARGUMENT).what(format!("the number of {what}")).found(count);
    let len = usize::try_from(count).ok().filter(|len| len.checked_mul(size_of::<T>().max(1)).is_some());
    let len = len.filter(|len| *len * size_of::<T>() <= isize::MAX as usize).ok_or_else(wrong)?;
    if len == 0 {
        return Ok(&[]);
    }
    good(list, what)?;
    // SAFETY: not null and aligned, by `good`; the caller promises `count` items for `'a`, and
    // their bytes fit `isize`.
    Ok(unsafe { std::slice::from_raw_parts(list, len) })
}

/// A text of the caller with its length in bytes; null is allowed if it has none.
///
/// # Safety
/// `text` is null, or has `length` bytes, for `'a`.
pub(super) unsafe fn bytes<'a>(text: *const c_char, length: usize) -> Result<&'a [u8], Refusal> {
    // SAFETY: the contract is that of `list`, and a byte has no invalid values and no alignment.
    unsafe { list(text.cast::<u8>(), i64::try_from(length).unwrap_or(-1), "text") }
}

/// A text of the caller, ended by 0.
///
/// # Safety
/// `text` is null, or ended by 0, for `'a`.
pub(super) unsafe fn string<'a>(text: *const c_char, what: &'static str) -> Result<&'a str, Refusal> {
    good(text, what)?;
    // SAFETY: not null, by `good`; the caller promises a final 0 and that the text does not change
    // for `'a`.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|_| Refusal::new(Code::ARGUMENT).what(format!("`{what}` is not UTF-8")))
}
