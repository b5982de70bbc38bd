//! The files of all ranks: headers, exports, and room for the data.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use dap_core::dtype::DType;
use dap_core::export::{DimDict, Export, Field};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::{Edition, Layout};
use dap_formats::{dnpy, file, npy};

use crate::cli::DumpFormat;
use crate::values::{FileItems, MemoryOrder};

/// The files of all ranks, in order of rank; the data are zero at first.
pub(super) struct RankFiles {
    files: Vec<FileItems>,
    order: MemoryOrder,
}

impl RankFiles {
    pub(super) fn create(
        folder: &Path,
        layout: &Layout,
        dtype: &DType,
        order: MemoryOrder,
        format: DumpFormat,
        stem: &OsStr,
    ) -> Result<Self, String> {
        let of_rank = |rank| {
            let create = match format {
                DumpFormat::Npy => npy_of_rank,
                DumpFormat::Dnpy => dnpy_of_rank,
            };
            let edition = layout.export_edition();
            let export = layout.export_in(edition, Rank(rank), dtype).map_err(|error| error.to_string())?;
            let (path, header) = create(folder, rank, export, edition, order, stem)?;
            let shape = layout.local_shape(Rank(rank)).unwrap_or_default();
            let items = FileItems::dense(&path, header.len() as u64, shape, dtype, order);
            let length = items.length().ok_or("a buffer has more than 2^63 bytes")?;
            let mut file = File::create_new(&path).map_err(|error| file::words(&error))?;
            let written = file.write_all(&header).and_then(|()| file.set_len(length));
            written.map_err(|error| file::words(&error)).map(|()| items)
        };
        let of_rank = |rank| of_rank(rank).map_err(|why: String| format!("rank {rank}: {why}"));
        Ok(Self { files: (0..layout.processes()).map(of_rank).collect::<Result<_, _>>()?, order })
    }

    /// The file of a rank of the layout.
    pub(super) fn of(&self, rank: Rank) -> &FileItems {
        &self.files[usize::try_from(rank.0).unwrap_or(usize::MAX)]
    }

    /// The dimensions of the files from the slowest to the fastest.
    pub(super) fn slow_to_fast(&self, shape: &[i64], dtype: &DType) -> Vec<usize> {
        FileItems::dense(Path::new(""), 0, shape.to_vec(), dtype, self.order).slow_to_fast()
    }
}

/// Writes the export of a rank. Returns the path and the header of its data file.
fn npy_of_rank(
    folder: &Path,
    rank: i64,
    mut export: Export,
    _: Edition,
    order: MemoryOrder,
    _: &OsStr,
) -> Result<(PathBuf, Vec<u8>), String> {
    let header = npy_header(&export, order)?;
    let name = format!("rank-{rank}.npy");
    if let Field::Is(buffer) = &mut export.buffer {
        let shape = buffer.shape.get().cloned().unwrap_or_default();
        let itemsize = buffer.dtype.get().and_then(|dtype| dtype.as_ref().ok()).map_or(1, DType::itemsize);
        if order == MemoryOrder::Fortran && shape.len() > 1 {
            buffer.strides = Field::Is(crate::values::dense_strides(&shape, itemsize, order));
        }
        buffer.data = Field::Is(name.clone().into());
    }
    let text = json::write(&export).ok_or("the export has no text")?;
    let written = fs::write(folder.join(format!("rank-{rank}.json")), text + "\n");
    written.map_err(|error| file::words(&error))?;
    Ok((folder.join(name), header))
}

/// The path and both headers of a rank's `.dnpy` file.
fn dnpy_of_rank(
    folder: &Path,
    rank: i64,
    export: Export,
    edition: Edition,
    order: MemoryOrder,
    stem: &OsStr,
) -> Result<(PathBuf, Vec<u8>), String> {
    let dims: Vec<DimDict> = export.dim_data.get().into_iter().flatten().filter_map(|dim| dim.get().cloned()).collect();
    let header = dnpy::header(edition.version(), &dims);
    let mut header = header.ok_or("its dictionaries have more than 65,535 bytes, which a .dnpy file cannot hold")?;
    header.extend(npy_header(&export, order)?);
    let mut name = stem.to_owned();
    name.push(format!("_{rank}.dnpy"));
    Ok((folder.join(name), header))
}

fn npy_header(export: &Export, order: MemoryOrder) -> Result<Vec<u8>, String> {
    let buffer = export.buffer.get();
    let dtype = buffer.and_then(|buffer| buffer.dtype.get()?.as_ref().ok()).filter(|dtype| !dtype.is_object());
    let shape = buffer.and_then(|buffer| buffer.shape.get());
    let header = dtype
        .and_then(DType::descr)
        .zip(shape)
        .and_then(|(descr, shape)| npy::header(&descr, order == MemoryOrder::Fortran, shape));
    header.ok_or_else(|| "a .npy file cannot hold such items".to_owned())
}
