//! A rank's buffer of a distributed array as an [`ndarray`] view, without copying.
//!
//! This is a beginning: views of Rust slices in C order. Foreign pointers, DLPack tensors, runtime item types, other
//! memory orders and memory-mapped files come with release 0.3.
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
#![forbid(unsafe_code)]

mod error;
mod view;

pub use error::ViewError;
pub use view::{local_view, owned_view};
