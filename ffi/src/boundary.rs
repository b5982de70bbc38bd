//! The common frame of every C function, here and in libraries beside this one: catches panics, and
//! fills the caller's error.

use std::ffi::c_char;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::consume::good;
use crate::{Code, DapError, Refusal};

/// Runs the body of a function, fills `error`, and gives the code to return.
pub(crate) fn call(error: *mut DapError, body: impl FnOnce() -> Result<(), Refusal>) -> i32 {
    call_with_warning(error, || body().map(|()| None))
}

/// The same for a function that can warn: a refusal with [`Code::OK`]. The warning's sentence is in
/// `error`, beside code 0. Without `error` it goes to stderr, so that no warning is lost.
pub(crate) fn call_with_warning(error: *mut DapError, body: impl FnOnce() -> Result<Option<Refusal>, Refusal>) -> i32 {
    let result = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        // The payload of the panic may itself panic when it is dropped.
        std::mem::forget(panic);
        Err(Refusal::new(Code::INTERNAL).what("a panic"))
    });
    let code = result.as_ref().err().map_or(Code::OK, Refusal::code);
    if !error.is_null() && error.is_aligned() {
        let filled = match &result {
            Ok(None) => DapError { code: 0, dim: -1, rank: -1, message: [0; 240] },
            Ok(Some(refusal)) | Err(refusal) => fill(refusal),
        };
        // SAFETY: `error` is neither null nor misaligned, and a pointer that a caller gives as
        // `error` points to a `DapError` that may be written.
        unsafe { error.write(filled) };
    } else if let Ok(Some(warning)) = &result {
        let dim = warning.dim().map_or_else(String::new, |dim| format!("dimension {dim}: "));
        // A closed stderr is not an error.
        let _ = writeln!(std::io::stderr(), "daparray: {dim}{}", warning.message());
    }
    code.0
}

/// Runs the body of a function, fills `error`, and gives the code to return.
///
/// # Safety
/// `error` is null, misaligned, or may be written.
pub unsafe fn run(error: *mut DapError, body: impl FnOnce() -> Result<(), Refusal>) -> i32 {
    call(error, body)
}

fn fill(refusal: &Refusal) -> DapError {
    let mut message = [0; 240];
    // The sentence is truncated between two characters, with room for the 0.
    let text = refusal.sentence();
    let mut len = text.len().min(message.len() - 1);
    while !text.is_char_boundary(len) {
        len -= 1;
    }
    for (to, from) in message.iter_mut().zip(&text.as_bytes()[..len]) {
        *to = *from as c_char;
    }
    DapError {
        code: refusal.code().0,
        dim: refusal.dim().and_then(|dim| i32::try_from(dim).ok()).unwrap_or(-1),
        rank: refusal.rank().map_or(-1, |rank| rank.0),
        message,
    }
}

/// Frees a handle that a C function gave away; null and misaligned pointers are left alone.
///
/// # Safety
/// `handle` is null, misaligned, or comes from `Box::into_raw`, and is neither used nor freed
/// again.
pub unsafe fn free<T>(handle: *mut T) {
    if good(handle, "handle").is_ok() {
        // SAFETY: neither null nor misaligned, so `Box::into_raw` gave it, and the caller
        // guarantees that it is freed once and used no more.
        let content = unsafe { Box::from_raw(handle) };
        // A panic must not reach C.
        call(std::ptr::null_mut(), || {
            drop(content);
            Ok(())
        });
    }
}

/// Writes through a pointer of the caller; `what` names it.
///
/// # Safety
/// `to` is null, misaligned, or may be written.
///
/// # Errors
/// A pointer that is null or misaligned.
pub unsafe fn set<T>(to: *mut T, what: &'static str, value: T) -> Result<(), Refusal> {
    good(to, what)?;
    // SAFETY: `good` refused null and misaligned pointers; the caller of this unsafe function
    // guarantees that any other may be written.
    unsafe { to.write(value) };
    Ok(())
}
