//! The functions of C, `dap_*`: a test makes `include/daparray.h` from this module.
//!
//! Each returns a [`Code`](crate::Code), 0 on success, and fills the `DapError` that its caller
//! gave, which may be null. Text is written to the caller's memory: `capacity` bytes are given,
//! `needed` is returned, and the text always ends with 0. With a null `text` of capacity 0 a
//! function only returns `needed`. No function unwinds, aborts, keeps a pointer that it was given
//! (unless it says so), or uses `errno`.
//!
//! # Safety
//!
//! Every function demands the same of its caller: a pointer is null, misaligned, or points to an
//! object of its type, for the duration of the call; structs obey `spec/abi.md`. Detectable
//! mistakes are errors. A function that demands more documents it.
#![expect(clippy::missing_safety_doc, reason = "said once, above, for all of them")]

pub mod build;
mod call;
pub mod describe;
pub mod errors;
pub mod layout;
pub mod lifetime;
pub mod local;
pub mod maps;
pub mod parts;
pub mod plan;
pub mod scalapack;
pub mod spec;
pub mod transfer;
pub mod validate;
