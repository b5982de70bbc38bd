//! `.npy` and `.dnpy` files: mapped into memory, read, written.
//!
//! The mapping itself is the one unsafe call; what it relies on is said at [`Buffer::map_npy`].

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::Path;

use dap_core::export::Export;
use dap_core::json;
use dap_formats::dnpy;
use dap_formats::file::{open, open_with};
use dap_formats::npy::{self, Npy};
use memmap2::{Mmap, MmapMut};

use super::{Access, Buffer};
use crate::file::{FileError, FileErrorKind as Kind};
use crate::order::Order;
use crate::section::Section;

impl Buffer {
    /// The items of a `.npy` file, mapped into memory: nothing is read before it is looked at, and
    /// what is written goes to the file. It stays mapped until the buffer is dropped.
    ///
    /// Items may be in any byte order ([`Buffer::to_native`]), and off their alignment where the
    /// header has an odd length.
    ///
    /// # Safety
    /// While the buffer lives no other code writes into the file or shortens it.
    ///
    /// # Errors
    /// A file that is not regular or cannot be opened, a header that cannot be read, items without
    /// a meaning in the protocol, a file cut short. No file is changed.
    pub unsafe fn map_npy(path: impl AsRef<Path>, access: Access) -> Result<Self, FileError> {
        let path = path.as_ref();
        // SAFETY: while the buffer lives no other code writes into the file or shortens it, by this
        // function's contract, which is `map`'s.
        unsafe { map(path, access, read_npy) }.map(|(buffer, ())| buffer).map_err(|kind| kind.at(path))
    }

    /// The section in a `.dnpy` file, its items mapped into memory as by [`Buffer::map_npy`].
    ///
    /// # Safety
    /// As [`Buffer::map_npy`].
    ///
    /// # Errors
    /// As [`Buffer::map_npy`], and dictionaries that the rules for one export are against.
    pub unsafe fn map_dnpy(path: impl AsRef<Path>, access: Access) -> Result<Section, FileError> {
        let path = path.as_ref();
        // SAFETY: while the section's buffer lives no other code writes into the file or shortens
        // it, by this function's contract, which is `map`'s.
        let mapped = unsafe { map(path, access, read_dnpy) };
        let section = mapped.and_then(|(buffer, export)| {
            Section::of_export(&export, buffer).map_err(|error| Kind::Section(Box::new(error)))
        });
        section.map_err(|kind| kind.at(path))
    }

    /// The items of a `.npy` file, copied into memory of their own.
    ///
    /// # Errors
    /// As [`Buffer::map_npy`], and more items than there is memory for.
    pub fn read_npy(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        read(path).map_err(|kind| kind.at(path))
    }

    /// Writes a `.npy` file: in Fortran's order where the items lie in that, else in C order.
    ///
    /// # Errors
    /// Addresses, and structs whose fields overlap; failed writing.
    pub fn write_npy(&self, out: &mut impl Write) -> Result<(), FileError> {
        self.write(out).map_err(|kind| kind.at(Path::new("")))
    }

    fn write(&self, out: &mut impl Write) -> Result<(), Kind> {
        let fortran_order = self.is_f_contiguous() && !self.is_c_contiguous();
        let descr = self.dtype.descr().filter(|_| !self.dtype.is_object());
        let header = descr.and_then(|descr| npy::header(&descr, fortran_order, self.shape()));
        out.write_all(&header.ok_or_else(|| Kind::ItemType(self.dtype.name()))?)?;
        if let Some(bytes) = self.dense_bytes() {
            return Ok(out.write_all(bytes)?);
        }
        let mut outcome = Ok(());
        let mut chunk = Vec::with_capacity(CHUNK + self.itemsize());
        self.for_each_item(|bytes| {
            chunk.extend_from_slice(bytes);
            if chunk.len() >= CHUNK {
                // After the first failure nothing more is tried.
                outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| out.write_all(&chunk));
                chunk.clear();
            }
        })?;
        outcome?;
        Ok(out.write_all(&chunk)?)
    }
}

/// Bytes that are written at a time.
const CHUNK: usize = 1 << 16;

/// The result of a header reader:  the `.npy` header, where the data begin, and what else it read.
type Headers<T> = Result<(Npy, u64, T), Kind>;

fn read_npy(file: &mut BufReader<&File>) -> Headers<()> {
    let npy = Npy::read(file, 0).map_err(|error| Kind::Header(error.to_string()))?;
    let begin = npy.length;
    Ok((npy, begin, ()))
}

fn read_dnpy(file: &mut BufReader<&File>) -> Headers<Export> {
    let header = dnpy::Header::read(file).map_err(|error| Kind::Header(error.to_string()))?;
    Ok((header.npy, header.data_offset, json::read(&header.json)))
}

/// The places of items in a file, compared with its length.
struct Place {
    dtype: dap_core::dtype::DType,
    shape: Vec<i64>,
    order: Order,
    begin: u64,
    bytes: u64,
}

impl Place {
    fn of(npy: Npy, begin: u64, length: u64) -> Result<Self, Kind> {
        let unknown = || Kind::ItemType(npy.descr.to_json().trim_end().to_owned());
        let bytes = npy.data_length().ok_or_else(unknown)?;
        let dtype = npy.dtype.clone().ok_or_else(unknown)?;
        let there = length.saturating_sub(begin);
        if there < bytes {
            return Err(Kind::CutShort { there, needed: bytes });
        }
        let order = if npy.fortran_order { Order::F } else { Order::C };
        Ok(Self { dtype, order, shape: npy.shape, begin, bytes })
    }
}

/// # Safety
/// As [`Buffer::map_npy`].
unsafe fn map<T>(
    path: &Path,
    access: Access,
    headers: impl FnOnce(&mut BufReader<&File>) -> Headers<T>,
) -> Result<(Buffer, T), Kind> {
    let mut options = OpenOptions::new();
    options.read(true).write(access == Access::ReadWrite);
    let file = open_with(path, &options).map_err(Kind::Access)?;
    let length = file.metadata()?.len();
    let (npy, begin, rest) = headers(&mut BufReader::new(&file))?;
    let place = Place::of(npy, begin, length)?;
    let Place { dtype, shape, order, .. } = place;
    if place.bytes == 0 {
        let nothing = std::ptr::null_mut();
        // SAFETY: there are no items.
        let empty = |shape: &[i64]| unsafe { Buffer::from_raw(nothing, dtype, shape, None, access, ()) };
        return Ok((order.make_buffer(&shape, empty)?, rest));
    }
    // The data begin within the file, which fits memory once it is mapped.
    let begin = usize::try_from(place.begin).map_err(|_| Kind::Access("it is larger than memory".to_owned()))?;
    let buffer = match access {
        Access::ReadOnly => {
            // SAFETY: while the mapping lives no code writes into the file or shortens it, by this
            // function's contract.
            let map = unsafe { Mmap::map(&file) }?;
            let data = map.as_ptr().wrapping_add(begin).cast_mut();
            // SAFETY: the file is as long as the header says, `map` owns the mapping, and any bytes
            // are initialised. Reversed extents have the same product.
            order.make_buffer(&shape, |shape| unsafe { Buffer::from_raw(data, dtype, shape, None, access, map) })?
        }
        Access::ReadWrite => {
            // SAFETY: while the mapping lives no other code writes into the file or shortens it, by
            // this function's contract.
            let mut map = unsafe { MmapMut::map_mut(&file) }?;
            let data = map.as_mut_ptr().wrapping_add(begin);
            // SAFETY: the file is as long as the header says (`Place::of`), `map` owns the mapping,
            // which may be written, and any bytes are initialised. Reversed extents have the same
            // product.
            order.make_buffer(&shape, |shape| unsafe { Buffer::from_raw(data, dtype, shape, None, access, map) })?
        }
    };
    Ok((buffer, rest))
}

fn read(path: &Path) -> Result<Buffer, Kind> {
    let file = open(path).map_err(Kind::Access)?;
    let length = file.metadata()?.len();
    let mut file = BufReader::new(&file);
    let (npy, begin, ()) = read_npy(&mut file)?;
    let place = Place::of(npy, begin, length)?;
    place.order.make_buffer(&place.shape, |shape| {
        let mut buffer = Buffer::zeros(place.dtype, shape)?;
        file.read_exact(buffer.bytes_mut()?)?;
        Ok(buffer)
    })
}

impl Section {
    /// Writes a `.dnpy` file as DistArray reads it: dictionaries, then the buffer as
    /// [`Buffer::write_npy`] writes it.
    ///
    /// # Errors
    /// As [`Buffer::write_npy`], and dictionaries of more than 65,535 bytes, which such a file
    /// cannot hold.
    pub fn write_dnpy(&self, out: &mut impl Write) -> Result<(), FileError> {
        let at = |kind: Kind| kind.at(Path::new(""));
        let header = dnpy::header(self.version(), self.dim_data());
        let header =
            header.ok_or_else(|| at(Kind::Header("the dictionaries are too long for a .dnpy file".to_owned())))?;
        out.write_all(&header).map_err(|error| at(error.into()))?;
        self.buffer().write_npy(out)
    }
}
