//! Arrays in files of other formats: a `.npy` file, a Zarr array of version 2 or 3.
//!
//! A Zarr array may have the description of its distribution among its attributes. HDF5 files are
//! recognized and not read, because that takes the HDF5 library.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::file::open;
use dap_formats::npy::{self, Npy};
use dap_formats::zarr::{self, ZarrHeader};

/// The first bytes of an HDF5 file.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// An array in a file or a folder.
#[derive(Debug)]
pub(crate) struct StoredArray {
    /// The name of the format.
    pub(crate) format: &'static str,
    pub(crate) shape: Vec<i64>,
    /// The item type, or the text in the file where it has no meaning in the protocol.
    pub(crate) dtype: Result<DType, String>,
    /// The order of the elements, in words.
    pub(crate) order: &'static str,
    /// The extents of a chunk, and the names of the codecs, of a format that has chunks.
    pub(crate) chunk: Option<Vec<i64>>,
    pub(crate) codecs: Option<Vec<String>>,
    /// The distribution that is described.
    pub(crate) layout: Option<Layout>,
}

/// The array that a path names; `None` if it is of no such format.
///
/// # Errors
/// A file of such a format that cannot be read: a sentence.
pub(crate) fn find(path: &Path) -> Result<Option<StoredArray>, String> {
    if path.as_os_str() == "-" {
        // Standard input, whatever is called so.
        return Ok(None);
    }
    let found = if path.is_dir() { zarr_array(path) } else { single_file(path) };
    found.map_err(|problem| format!("`{}`: {problem}", path.display()))
}

/// A `.npy` file. Files that cannot be opened are left to the reader of exports.
fn single_file(path: &Path) -> Result<Option<StoredArray>, String> {
    let Ok(mut file) = open(path) else { return Ok(None) };
    let mut beginning = Vec::new();
    (&mut file)
        .take(HDF5.len() as u64)
        .read_to_end(&mut beginning)
        .map_err(|error| dap_formats::file::words(&error))?;
    if beginning == HDF5 {
        return Err("it is an HDF5 file, which takes the HDF5 library: `h5dump -H -A` lists its arrays, and \
                    daparray.array.load and load_attributes read them"
            .to_owned());
    }
    if !beginning.starts_with(npy::MAGIC) {
        return Ok(None);
    }
    let npy = Npy::read(&mut beginning.chain(file), 0).map_err(|error| error.to_string())?;
    Ok(Some(StoredArray {
        format: "NumPy .npy",
        order: if npy.fortran_order { "Fortran order" } else { "C order" },
        dtype: npy.dtype.ok_or_else(|| npy.descr.to_json().trim_end().to_owned()),
        shape: npy.shape,
        chunk: None,
        codecs: None,
        layout: None,
    }))
}

/// A folder with the metadata of a Zarr array.
fn zarr_array(folder: &Path) -> Result<Option<StoredArray>, String> {
    let header = if let Some(text) = metadata(&folder.join("zarr.json"))? {
        ZarrHeader::read(&text)?
    } else if let Some(text) = metadata(&folder.join(".zarray"))? {
        ZarrHeader::read_version_2(&text, metadata(&folder.join(".zattrs"))?.as_deref())?
    } else {
        return Ok(None);
    };
    let layout = header.layout();
    Ok(Some(StoredArray {
        format: if header.version == 2 { "Zarr v2" } else { "Zarr v3" },
        order: if header.is_fortran { "Fortran order in a chunk" } else { "C order in a chunk" },
        codecs: Some(header.codec_names().map(str::to_owned).collect()),
        dtype: header.dtype.ok_or(header.data_type),
        shape: header.shape,
        chunk: header.chunk,
        layout,
    }))
}

/// All of a file of metadata; `None` if there is none.
fn metadata(path: &Path) -> Result<Option<Vec<u8>>, String> {
    if !path.exists() {
        return Ok(None);
    }
    let file: File = open(path)?;
    let mut text = Vec::new();
    file.take(zarr::LONGEST + 1).read_to_end(&mut text).map_err(|error| dap_formats::file::words(&error))?;
    if text.len() as u64 > zarr::LONGEST {
        return Err(format!("its metadata have more than {} bytes", zarr::LONGEST));
    }
    Ok(Some(text))
}
