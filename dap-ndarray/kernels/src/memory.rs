//! Memory for results: aligned, on large pages, and used again.
//!
//! The first write to a new page costs more than computing its elements. So a [`Buffer`] that is
//! dropped goes to a bounded cache, from which the next one of its size class is taken. Large
//! buffers are mapped at multiples of the size of a huge page, which the system is advised to use.
//! A new one that will be overwritten gets its pages at once, by several threads.
//!
//! ```
//! use dap_kernels::element::ElementType;
//! use dap_kernels::memory::Buffer;
//! let mut buffer = Buffer::zeroed(ElementType::F64, 1000)?;
//! buffer.slice_mut::<f64>().unwrap()[3] = 2.0;
//! let mut view = buffer.view_mut();
//! assert_eq!((view.len(), view.as_mut_ptr().addr() % 64), (1000, 0));
//! # Ok::<(), dap_kernels::memory::MemoryError>(())
//! ```
//!
//! # Limits
//!
//! The elements of [`Buffer::stale`] have unspecified values, those of earlier buffers of this
//! process among them; they are initialised memory. The cache holds at most `DAP_CACHE_BYTES`
//! (default: an eighth of the machine's memory); [`release`] empties it. [`reserve`] fills it ahead
//! of time. A buffer from the cache may have up to twice the memory that it needs.
//!
//! The system clears new pages before it gives them, and no process can avoid that: 80 MB took a
//! core 3.3 ms on huge pages and 26 ms on small ones, while a triad that writes them takes 5.8 ms.
//! So the first use of new memory costs about 1.5 times what later ones do, in any order of
//! populating and writing; [`reserve`] moves that cost ahead of the first use.

mod block;
mod buffer;
mod cache;

pub use buffer::{Buffer, MemoryError};
pub use cache::{release, reserve};

/// The alignment of each buffer in bytes: a cache line, and the widest vector.
pub const ALIGNMENT: usize = 64;

/// Results of this number of bytes and above are written past the cache: about a core's share of
/// the last level.
pub(crate) const PAST_CACHE: usize = 8 << 20;
