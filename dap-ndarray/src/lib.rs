//! A rank's buffer of a distributed array, without copying: from Rust arrays, foreign memory,
//! DLPack tensors and mapped files, as [`ndarray`] views and back.
//!
//! | task | here |
//! |---|---|
//! | local memory, whoever owns it | [`Buffer`] |
//! | ... with its place in the distributed array | [`Section`] |
//! | an item type at run time, a Rust type at compile time | [`dispatch!`], [`Item`] |
//! | carrying a plan out | [`copy`] |
//! | DLPack's structs | [`dlpack`] |
//! | a slice of Rust as a view | [`local_view`], [`owned_view`] |
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! // 10 elements over 2 processes, with one element of the neighbour on the inner side.
//! let layout = Layout::new(vec![Block::new(10, 2)?.with_halo(1)?.into()])?;
//! let buffer = [0.0, 1.0, 2.0, 3.0, 4.0, -1.0];
//! let local = dap_ndarray::local_view(&layout, Rank(0), &buffer)?;
//! let owned = dap_ndarray::owned_view(&layout, Rank(0), &buffer)?;
//! assert_eq!((local.len(), owned.len()), (6, 5));
//! assert!(std::ptr::eq(&owned[[0]], &buffer[0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Unsafe code
//!
//! Only in the modules named here, each with its argument: `owner`, `dlpack`, and the submodules of
//! `buffer` and `copy`.
#![deny(unsafe_code)]

#[cfg(not(target_pointer_width = "64"))]
compile_error!("the protocol's 64-bit numbers are used as addresses and lengths: 64-bit machines only");

#[expect(unsafe_code, reason = "foreign memory; the argument is in the module and its submodules")]
pub mod buffer;
#[expect(unsafe_code, reason = "copies between checked places; the argument is in the module and its submodules")]
pub mod copy;
#[expect(unsafe_code, reason = "calls deleters through pointers")]
pub mod dlpack;
mod error;
pub mod file;
mod geometry;
pub mod item;
mod order;
#[expect(unsafe_code, reason = "holds what must be released through a pointer")]
mod owner;
pub mod section;
mod view;

pub use buffer::{Access, Buffer};
pub use error::{BufferError, BufferErrorKind};
pub use item::Item;
pub use section::{Section, SectionError};
pub use view::{ViewError, local_view, owned_view};
