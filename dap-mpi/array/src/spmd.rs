//! SPMD: messages, collective operations and values of any type among any ranks of a context.
//!
//! | task | here |
//! |---|---|
//! | some ranks in an order, with messages of their own | [`Group`] |
//! | which values can be sent | [`Payload`], [`Serde`] |
//! | values of any type on each rank | [`DData`] |
//! | named values that stay between calls | [`ContextStorage`] |
//! | functions that are called by name | [`Context::register`](crate::Context::register) |
//!
//! A ring, whose ranks exchange numbers with both neighbours:
//!
//! ```text
#![doc = include_str!("../examples/ring.rs")]
//! ```
//!
//! # Errors
//!
//! An error of a point-to-point call is an error on its rank only. A collective operation that
//! fails on one member fails on all members, and the error names the rank. Members that make
//! different collective calls, or give values of different types, get an error that names two of
//! the calls.
//!
//! # Waiting
//!
//! A receive waits until its message comes, and a collective operation until all members have
//! called it. A partner that never comes is not found out here.

mod ddata;
mod functions;
mod group;
mod items;
mod payload;
mod serde;
mod storage;

pub(crate) use functions::Functions;
pub(crate) use items::{bytes_of, items_of};

pub use ddata::DData;
pub use group::Group;
pub use payload::{Decode, Encode, Payload, Typed};
pub use serde::Serde;
pub use storage::ContextStorage;
