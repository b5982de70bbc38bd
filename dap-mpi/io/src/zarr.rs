//! Zarr v3: one array in a folder of chunks, each of which one rank writes (feature `zarr`).
//!
//! ```no_run
//! # fn store(x: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! use dap_io::zarr::{self, Save, ZarrArray};
//! Save::new(x).chunks([256, 256]).zstd(3).attribute("unit", "kg/m3".into()).to("field.zarr")?;
//! let same = zarr::load(x.context(), "field.zarr")?;
//! let stored = ZarrArray::open(x.context(), "field.zarr")?;
//! println!("{:?} in chunks of {:?}: {:?}", stored.shape(), stored.chunks(), stored.attributes());
//! # Ok(())
//! # }
//! ```
//!
//! # Ways of the elements
//!
//! Elements move, in pieces of 8 MiB a rank or of one chunk a rank, such that each rank has whole
//! chunks; it then packs, encodes and writes them, or reads, decodes and unpacks them. So no two
//! ranks ever write one file.
//!
//! # The distribution
//!
//! The attribute `distarray` has the protocol's description: for each dimension a list of exports,
//! one for each process along it, as those of an array of that dimension alone. [`load`] restores
//! this distribution if there are ranks for it, and otherwise makes dimensions of the same kinds
//! over the ranks that there are. Descriptions of more than 1 MiB are left out.
//!
//! # Safety of stores
//!
//! A save makes a folder `.NAME.dap-PID-NUMBER.part` beside the store, and exchanges the two when
//! all chunks are written. A folder that is no Zarr array is not replaced. Metadata are at most 16
//! MiB long, a chunk at most 1 GiB; a chunk that decompresses to more than its size is an error
//! before memory is taken for it.
//!
//! # Appending
//!
//! [`append`] adds elements behind those of a store, along one axis:
//!
//! ```no_run
//! # fn store(steps: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
//! dap_io::zarr::append(steps, "field.zarr", 0)?;
//! # Ok(())
//! # }
//! ```
//!
//! New chunks are written into a folder beside the store, and renamed into it when all are there;
//! the metadata come last. A reader, a failure or a killed process sees the old array or the new
//! one. Chunks that a killed process has renamed already lie beyond the shape, and the next append
//! replaces them. One program at a time appends; a second one has an error, where the file system
//! has locks.
//!
//! # Limits
//!
//! Booleans, integers, floats and complex numbers. Of codecs: `bytes`, `transpose`, `crc32c`,
//! `gzip`, `zstd`, and `sharding_indexed` with shards that are not compressed within. Regular chunk
//! grids. The array is at the root of its store.

mod append;
mod codecs;
mod load;
mod metadata;
mod save;

pub use append::{Append, append};
pub use load::{ZarrArray, load};
pub use save::{Save, save};
pub use serde_json::Value;
