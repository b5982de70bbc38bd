//! The items of arrays in files: one `.npy` file of a whole array, and the files of all ranks.
//!
//! Arrays are larger than memory, so they are read and written tile by tile. A tile is a box of the
//! whole array; the plan that moves the array to a grid of tiles says which positions of which
//! rank's buffer a tile consists of. Items are bytes: any type in any byte order, in any memory
//! order.
//!
//! | task | module |
//! |---|---|
//! | items of one file, read and written in regions | `items`, `region` |
//! | the tiles of an array | `tiles` |
//! | the data files of all ranks; either form | `dump`, `source` |
//! | two items compared | `compare`, `number` |
//! | a file or folder that appears when it is complete | `beside` |
//!
//! # Limits
//!
//! Memory is a few times the size of a tile (32 MiB), and a hundred bytes for each rank. The
//! indices of an unstructured dimension are counted from 0: others have no place in a `.npy` file.

mod beside;
mod compare;
mod dump;
mod items;
mod number;
mod region;
mod source;
mod tiles;

pub(crate) use beside::Beside;
pub(crate) use compare::{Comparer, Tolerance, shown};
pub(crate) use dump::{Dump, at, ranks_runs};
pub(crate) use items::{FileItems, dense_strides};
pub(crate) use number::Distance;
pub(crate) use region::{Direction, Scratch, ordinal_runs};
pub(crate) use source::ItemSource;
pub(crate) use tiles::{Tile, Tiles, whole_shape};

/// The memory order of items in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemoryOrder {
    /// The last index varies fastest.
    C,
    /// The first index varies fastest.
    Fortran,
}
