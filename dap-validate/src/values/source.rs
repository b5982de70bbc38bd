//! The items of an array to be read: one file, or the files of all ranks.

use std::fs::File;

use dap_report::printable;

use super::dump::Dump;
use super::items::FileItems;
use super::region::{Direction, Scratch};
use super::tiles::{Tile, Tiles};

/// The items of an array.
pub(crate) enum ItemSource<'a> {
    /// One file of the whole array.
    Whole {
        items: &'a FileItems,
        /// The file, open.
        file: File,
    },
    /// The files of all ranks.
    Ranks(Dump<'a>),
}

impl ItemSource<'_> {
    /// The dimensions from the slowest to the fastest.
    pub(crate) fn slow_to_fast(&self) -> Vec<usize> {
        match self {
            Self::Whole { items, .. } => items.slow_to_fast(),
            Self::Ranks(dump) => dump.slow_to_fast(),
        }
    }

    /// Reads a tile. The error is a sentence that begins with the place.
    pub(crate) fn read(
        &self,
        tiles: &Tiles,
        tile: &Tile,
        memory: &mut [u8],
        scratch: &mut Scratch,
    ) -> Result<(), String> {
        match self {
            Self::Whole { items, file } => tile
                .copy(Direction::Read, items, file, memory, scratch)
                .map_err(|why| format!("{}: {why}", printable(&items.path.display().to_string()))),
            Self::Ranks(dump) => dump.read(tiles, tile, memory, scratch),
        }
    }
}
