//! The functions of C, `dap_*`: `include/daparray.h` is made from what stands here.
//!
//! Each returns a [`Code`](crate::Code), 0 on success, and fills the `DapError` that its caller
//! gave, which may be null. Text goes into the caller's memory: `capacity` bytes in, what is needed
//! out, always ended by 0; with a null `text` of capacity 0 a function only says what it needs. No
//! function unwinds, aborts, keeps a pointer that it was given (unless it says so), or uses
//! `errno`.
//!
//! # Safety
//!
//! Every function asks for the same: a pointer is null, misaligned, or points to what its type
//! says, for as long as the call takes; structs obey `spec/abi.md`. What can be seen to be wrong is
//! an error. Where a function asks for more, it says so.
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
