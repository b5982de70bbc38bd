//! Making the metadata of a dataset, and the room for elements.

use std::path::Path;

use dap_formats::description;
use dap_hdf5::{Attribute, File, NewChunks, NewDataset};
use dap_mpi::Result;

use super::Save;
use crate::chunks::ChunkGrid;
use crate::direct::NamedFile;
use crate::hdf5::change::{change, finish, take_room};

impl Save<'_> {
    /// Makes the metadata in the file, which has the name `name` meanwhile, and takes the room for
    /// the elements. Returns the first byte of consecutive elements, or the places of the chunks.
    pub(super) fn make(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: Option<&ChunkGrid>,
        old: Option<u64>,
    ) -> Result<Vec<u8>> {
        change(file, self.bytes(old), || {
            let made = if old.is_some() { File::open(name, true)? } else { File::create(name)? };
            if made.has(&self.name)? {
                let problem = format!("it has `{}` already: choose another name, or another file", self.name);
                return Err(problem.into());
            }
            let unsigned = |extents: &[i64]| extents.iter().map(|&extent| extent as u64).collect::<Vec<_>>();
            let chunked = grid.map(|grid| NewChunks {
                extents: unsigned(&grid.chunk),
                deflate: self.deflate,
                shuffle: self.is_shuffled,
            });
            let largest =
                |extents: &Vec<Option<i64>>| extents.iter().map(|extent| extent.map(|it| it as u64)).collect();
            let new = NewDataset {
                dtype: self.array.dtype().clone(),
                shape: unsigned(self.array.shape()),
                max_shape: self.max_shape.as_ref().map(largest),
                chunked,
            };
            let dataset = made.create_dataset(&self.name, &new)?;
            for (name, value) in &self.attributes {
                dataset.set_attribute(name, value)?;
            }
            if let Some(described) = description::write(self.array.layout()) {
                let text = Attribute::Text(described.to_string());
                dataset.set_attribute(description::ATTRIBUTE, &text)?;
            }
            finish(made, dataset, grid)
        })
    }

    /// About the bytes of the file, for a file that is added to of `old` bytes.
    fn bytes(&self, old: Option<u64>) -> u64 {
        (self.array.len() * self.array.dtype().itemsize()) as u64 + old.unwrap_or(0)
    }

    /// Takes the room for compressed chunks: their numbers and bytes, in rising order. Returns
    /// their places.
    pub(super) fn make_room(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: &ChunkGrid,
        chunks: &[(u64, u64)],
    ) -> Result<Vec<u8>> {
        change(file, self.bytes(None), || {
            let made = File::open(name, true)?;
            let dataset = made.dataset(&self.name)?;
            take_room(&dataset, grid, chunks)?;
            finish(made, dataset, Some(grid))
        })
    }
}
