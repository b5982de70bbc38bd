//! A dataset: its type, extents, storage and attributes.

use dap_core::dtype::DType;
use hdf5_metno_sys::h5::HADDR_UNDEF;
use hdf5_metno_sys::h5d::{
    H5D_CHUNK_IDX_BTREE, H5D_CHUNKED, H5D_COMPACT, H5D_CONTIGUOUS, H5D_fill_value_t, H5Dget_chunk_index_type,
    H5Dget_chunk_info, H5Dget_create_plist, H5Dget_num_chunks, H5Dget_offset, H5Dget_space, H5Dget_storage_size,
    H5Dget_type, H5Dread, H5Dset_extent, H5Dwrite_chunk,
};
use hdf5_metno_sys::h5p::{
    H5P_DEFAULT, H5Pclose, H5Pfill_value_defined, H5Pget_chunk, H5Pget_external_count, H5Pget_fill_value,
    H5Pget_filter2, H5Pget_layout, H5Pget_nfilters,
};
use hdf5_metno_sys::h5s::{H5S_ALL, H5Sclose};
use hdf5_metno_sys::h5t::H5Tclose;

use crate::apart::allow_more;
use crate::attribute::{self, Attribute};
use crate::datatype;
use crate::error::{Error, Result};
use crate::id::{Id, check, locked};
use crate::space::{extents, extents_and_maxima};
use crate::user_block;

/// Bytes of the largest dataset that lies within the metadata.
const LARGEST_COMPACT: u64 = 1 << 16;
/// Chunks before chunks that the library steps over in a second, at least.
const PAIRS_PER_SECOND: u64 = 10_000_000;
/// Axes of a dataset, as the library has it.
const MOST_AXES: i32 = 32;

/// An open dataset.
#[derive(Debug)]
pub struct Dataset {
    id: Id,
}

/// All that is needed to read the elements of a dataset without the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// The type of the items.
    pub dtype: DType,
    /// The extents.
    pub shape: Vec<u64>,
    /// The place of the elements.
    pub storage: Storage,
    /// The bytes of an element that was never written.
    pub fill: Vec<u8>,
    /// Attributes that are texts or numbers, with their names.
    pub attributes: Vec<(String, Attribute)>,
}

/// The place of the elements of a dataset.
#[derive(Debug, Clone, PartialEq)]
pub enum Storage {
    /// One after the other in C order, from a byte of the file on; `None` if they were never
    /// written.
    Contiguous {
        /// The byte of the first element.
        offset: Option<u64>,
    },
    /// The elements themselves, in C order.
    Compact(Vec<u8>),
    /// In chunks.
    Chunked {
        /// The extents of a chunk.
        extents: Vec<u64>,
        /// The filters that a chunk passes when it is written, in this order.
        filters: Vec<Filter>,
        /// The chunks that there are.
        chunks: Vec<Chunk>,
    },
}

/// A filter of chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Compression by zlib.
    Deflate {
        /// The level, from 0 to 9.
        level: u32,
    },
    /// The first bytes of all items, then the second bytes, and so on.
    Shuffle {
        /// Bytes of an item.
        item: u32,
    },
    /// A checksum behind the bytes.
    Fletcher32,
}

/// A chunk in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The index of its first element along each axis.
    pub first: Vec<u64>,
    /// The byte of the file at which it begins.
    pub address: u64,
    /// Its bytes in the file.
    pub bytes: u64,
    /// The filters that were left out: bit k stands for filter k.
    pub left_out: u32,
}

impl Dataset {
    pub(crate) fn new(id: Id) -> Dataset {
        Dataset { id }
    }

    /// Describes the dataset, which is in a file of `file_bytes` bytes.
    ///
    /// # Errors
    /// A dataset that cannot be read without the library or that is damaged: why.
    pub fn describe(&self, file_bytes: u64) -> Result<Description> {
        let of = self.id.raw();
        // SAFETY: the dataset is open.
        let item = Id::open("the type of its items", H5Tclose, || unsafe { H5Dget_type(of) })?;
        let dtype = datatype::parse(&datatype::message(item.raw())?)?;
        // SAFETY: as above.
        let space = Id::open("its extents", H5Sclose, || unsafe { H5Dget_space(of) })?;
        let shape = extents(&space)?;
        // SAFETY: as above.
        let creation = Id::open("its properties", H5Pclose, || unsafe { H5Dget_create_plist(of) })?;
        // SAFETY: `creation` is an open list of properties of datasets.
        if check("its external files", || unsafe { H5Pget_external_count(creation.raw()) })? != 0 {
            return Err("its elements are in other files (external storage), which are not opened".into());
        }
        let fill = fill(&creation, &item, dtype.itemsize() as usize)?;
        // SAFETY: as above.
        let storage = match locked(|| unsafe { H5Pget_layout(creation.raw()) }) {
            H5D_CONTIGUOUS => {
                // The offset of elements that were never written means nothing behind a user block.
                // SAFETY: the dataset is open.
                let (stored, offset) = locked(|| unsafe { (H5Dget_storage_size(of), H5Dget_offset(of)) });
                let bytes = bytes(&shape, dtype.itemsize() as u64);
                if stored > 0 && bytes.is_none_or(|bytes| bytes > stored) {
                    return Err(format!(
                        "it is damaged: its extents are {shape:?}, and its elements have {stored} bytes"
                    )
                    .into());
                }
                Storage::Contiguous { offset: (stored > 0 && offset != HADDR_UNDEF).then_some(offset) }
            }
            H5D_COMPACT => Storage::Compact(self.compact(&item, &shape, dtype.itemsize() as u64)?),
            H5D_CHUNKED => {
                let extents = chunk_extents(&creation, shape.len())?;
                let filters = filters(&creation)?;
                let chunks = self.chunks(&space, &shape, &extents, file_bytes)?;
                Storage::Chunked { extents, filters, chunks }
            }
            _ => return Err("its elements are in other datasets (a virtual dataset), which are not opened".into()),
        };
        Ok(Description { dtype, shape, storage, fill, attributes: attribute::read_all(of) })
    }

    /// Writes an attribute, which replaces one of this name.
    ///
    /// # Errors
    /// A name or a text with a byte 0, failed writing.
    pub fn set_attribute(&self, name: &str, value: &Attribute) -> Result<()> {
        attribute::write(self.id.raw(), name, value)
    }

    /// Gives the dataset larger extents.
    ///
    /// # Errors
    /// Another number of axes, extents that are smaller than those that it has or larger than those
    /// that it may have, failed writing.
    pub fn grow(&self, shape: &[u64]) -> Result<()> {
        let of = self.id.raw();
        // SAFETY: the dataset is open.
        let space = Id::open("its extents", H5Sclose, || unsafe { H5Dget_space(of) })?;
        let (old, maxima) = extents_and_maxima(&space)?;
        let is_in = |((&new, &old), maximum): ((&u64, &u64), &Option<u64>)| {
            new >= old && (new == old || maximum.is_none_or(|maximum| new <= maximum))
        };
        if shape.len() != old.len() || !shape.iter().zip(&old).zip(&maxima).all(is_in) {
            let maxima: Vec<String> =
                maxima.iter().map(|it| it.map_or("unlimited".to_owned(), |it| it.to_string())).collect();
            let largest = maxima.join(", ");
            return Err(format!(
                "its extents {old:?} cannot become {shape:?}, the largest are [{largest}]: save it with larger ones"
            )
            .into());
        }
        // SAFETY: `shape` has an extent for each axis.
        check("HDF5 cannot extend it", || unsafe { H5Dset_extent(of, shape.as_ptr()) }).map(drop)
    }

    /// Writes the bytes of a chunk, as they are behind the filters.
    ///
    /// # Errors
    /// No such chunk, failed writing.
    pub fn write_chunk(&self, first: &[u64], bytes: &[u8]) -> Result<()> {
        let of = self.id.raw();
        // SAFETY: the dataset is open.
        let space = Id::open("its extents", H5Sclose, || unsafe { H5Dget_space(of) })?;
        if extents(&space)?.len() != first.len() {
            return Err(format!("there is no chunk at {first:?}").into());
        }
        // SAFETY: `first` has an index for each axis, and the call reads `bytes.len()` bytes.
        let write =
            || unsafe { H5Dwrite_chunk(of, H5P_DEFAULT, 0, first.as_ptr(), bytes.len(), bytes.as_ptr().cast()) };
        check("HDF5 cannot write a chunk", write).map(drop)
    }

    /// The elements of a dataset within the metadata.
    fn compact(&self, item: &Id, shape: &[u64], itemsize: u64) -> Result<Vec<u8>> {
        let bytes = bytes(shape, itemsize);
        // SAFETY: the dataset is open.
        let stored = locked(|| unsafe { H5Dget_storage_size(self.id.raw()) });
        let bytes = bytes.filter(|&bytes| bytes <= LARGEST_COMPACT && bytes <= stored);
        let mut elements = vec![0; bytes.ok_or("its extents are larger than its elements")? as usize];
        let buffer = elements.as_mut_ptr();
        // SAFETY: the buffer has room for all elements of this type, whose number and size were
        // just asked for. Memory and file have the same type, so that nothing is converted.
        let read = || unsafe { H5Dread(self.id.raw(), item.raw(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.cast()) };
        check("its elements", read)?;
        Ok(elements)
    }

    fn chunks(&self, space: &Id, shape: &[u64], extents: &[u64], file_bytes: u64) -> Result<Vec<Chunk>> {
        let grid = shape.iter().zip(extents).map(|(&extent, &chunk)| extent.div_ceil(chunk));
        let grid = grid.fold(1_u64, u64::saturating_mul);
        let damaged =
            || Error::from(format!("it is damaged: it says that it has {grid} chunks, and has {file_bytes} bytes"));
        let mut index = 0;
        // SAFETY: the dataset is open and chunked.
        check("its chunks", || unsafe { H5Dget_chunk_index_type(self.id.raw(), &mut index) })?;
        // Other indices than trees have an entry for each chunk of the grid, written or not. The
        // library counts them one by one.
        if index != H5D_CHUNK_IDX_BTREE && index < BEHIND_ARRAYS && grid > file_bytes {
            return Err(damaged());
        }
        let mut count = 0;
        // SAFETY: as above; `space` is the dataset's own.
        check("its chunks", || unsafe { H5Dget_num_chunks(self.id.raw(), space.raw(), &mut count) })?;
        if count > file_bytes || count > grid {
            return Err(damaged());
        }
        // The library looks for each chunk from the first one on.
        allow_more(count.saturating_mul(count) / PAIRS_PER_SECOND);
        let missing = user_block::missing_in_chunks(self.id.raw())?;
        let chunk = |number| {
            let mut chunk = self.chunk(space, shape, extents, number)?;
            chunk.address = chunk.address.saturating_add(missing);
            Ok(chunk)
        };
        (0..count).map(chunk).collect()
    }

    fn chunk(&self, space: &Id, shape: &[u64], extents: &[u64], number: u64) -> Result<Chunk> {
        let mut chunk = Chunk { first: vec![0; shape.len()], address: 0, bytes: 0, left_out: 0 };
        let (of, first) = (self.id.raw(), chunk.first.as_mut_ptr());
        // SAFETY: `first` has an element for each axis; the others are single numbers. The dataset
        // is open and chunked, and `space` is its own.
        let ask = || unsafe {
            let (mask, address, bytes) = (&mut chunk.left_out, &mut chunk.address, &mut chunk.bytes);
            H5Dget_chunk_info(of, space.raw(), number, first, mask, address, bytes)
        };
        check("a chunk", ask)?;
        let is_in = |((&first, &extent), &chunk): ((&u64, &u64), &u64)| first < extent && first % chunk == 0;
        if chunk.address == HADDR_UNDEF || !chunk.first.iter().zip(shape).zip(extents).all(is_in) {
            return Err(format!("it is damaged: there is no chunk at {:?}", chunk.first).into());
        }
        Ok(chunk)
    }
}

/// The first number of the library's chunk indices that grow with the chunks that there are:
/// extensible arrays and trees of the second version.
const BEHIND_ARRAYS: u32 = 4;

/// Bytes of all items; `None` from 2^64 on.
fn bytes(shape: &[u64], itemsize: u64) -> Option<u64> {
    shape.iter().try_fold(itemsize, |bytes, &extent| bytes.checked_mul(extent))
}

fn chunk_extents(creation: &Id, rank: usize) -> Result<Vec<u64>> {
    let mut extents = vec![0; MOST_AXES as usize + 1];
    // SAFETY: `extents` has room for `MOST_AXES` extents; the call writes no more.
    let found = check("its chunks", || unsafe { H5Pget_chunk(creation.raw(), MOST_AXES, extents.as_mut_ptr()) })?;
    extents.truncate(found as usize);
    if extents.len() != rank || extents.contains(&0) {
        return Err(format!("it is damaged: it has {rank} axes and chunks of {extents:?}").into());
    }
    Ok(extents)
}

/// The filters of chunks, all of which are known here.
fn filters(creation: &Id) -> Result<Vec<Filter>> {
    // SAFETY: the list is open and one of datasets.
    let count = check("its filters", || unsafe { H5Pget_nfilters(creation.raw()) })?;
    let filter = |number: i32| {
        let (mut flags, mut count, mut value, mut name, mut config) = (0, 1, 0, [0_u8; 64], 0);
        let (room, buffer) = (name.len() - 1, name.as_mut_ptr());
        // SAFETY: `count` says that there is room for one value; `name` has more than `room` bytes.
        let ask = || unsafe {
            let (list, number) = (creation.raw(), number as u32);
            H5Pget_filter2(list, number, &mut flags, &mut count, &mut value, room, buffer.cast(), &mut config)
        };
        match check("its filters", ask)? {
            1 => Ok(Filter::Deflate { level: value.min(9) }),
            2 => Ok(Filter::Shuffle { item: value }),
            3 => Ok(Filter::Fletcher32),
            other => {
                let name = String::from_utf8_lossy(&name);
                let name = name.trim_end_matches('\0');
                let found = format!("its chunks are written by filter {other} ({name:?})");
                Err(format!("{found}; deflate, shuffle and fletcher32 are read: rewrite it with these").into())
            }
        }
    };
    (0..count).map(filter).collect()
}

/// The bytes of an element that was never written.
fn fill(creation: &Id, item: &Id, itemsize: usize) -> Result<Vec<u8>> {
    let mut fill = vec![0; itemsize];
    let mut defined = H5D_fill_value_t::H5D_FILL_VALUE_UNDEFINED;
    // SAFETY: the list is open and one of datasets.
    check("its fill value", || unsafe { H5Pfill_value_defined(creation.raw(), &mut defined) })?;
    if defined == H5D_fill_value_t::H5D_FILL_VALUE_USER_DEFINED {
        let buffer = fill.as_mut_ptr();
        // SAFETY: the buffer has room for one item of this type.
        check("its fill value", || unsafe { H5Pget_fill_value(creation.raw(), item.raw(), buffer.cast()) })?;
    }
    Ok(fill)
}
