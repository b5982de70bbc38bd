//! One process's local memory: where it is, what is in it, and what keeps it alive.
//!
//! A [`Buffer`] is made without copying, from whatever holds the memory, and handed on without
//! copying:
//!
//! | from | into |
//! |---|---|
//! | a Rust array, [`Buffer::from_array`] | an ndarray view, [`Buffer::view`], [`Buffer::view_mut`] |
//! | foreign memory, [`Buffer::from_raw`] | address, shape, strides: [`Buffer::as_ptr`] |
//! | a DLPack tensor, [`Buffer::from_dlpack`] | a DLPack tensor, [`Buffer::into_dlpack`] |
//! | another buffer, [`Buffer::shared`] | a part of it, [`Buffer::narrow`] |
//!
//! ```
//! use dap_ndarray::Buffer;
//! let array = ndarray::arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
//! let address = array.as_ptr();
//! let mut buffer = Buffer::from_array(array.reversed_axes());
//! assert_eq!((buffer.shape(), buffer.strides()), (&[3, 2][..], &[8, 24][..]));
//! buffer.view_mut::<f64>()?[[2, 0]] = 30.0;
//! buffer.narrow(&[1..3, 0..1])?;
//! assert_eq!(buffer.view::<f64>()?, ndarray::arr2(&[[2.0], [30.0]]).into_dyn());
//! assert_eq!(buffer.as_ptr().cast(), address.wrapping_add(1));
//! # Ok::<(), dap_ndarray::BufferError>(())
//! ```
//!
//! # Design
//!
//! All unsafe code about this type is in its submodules `raw` (foreign memory in, views out) and
//! `tensor` (DLPack), which rely on what every constructor checks: shape and strides stay within
//! the memory that the owner keeps alive, and memory that may be written has no two items in one
//! place. The fields are private to this module, so nothing else can break it.

mod file;
mod native;
mod raw;
mod tensor;

use std::ops::Range;
use std::ptr::NonNull;

use dap_core::dtype::DType;

use crate::error::{BufferError, BufferErrorKind as Kind};
use crate::geometry::Geometry;
use crate::owner::Owner;

/// The most dimensions of foreign memory: those of a PEP-3118 buffer.
pub const MAX_NDIM: usize = dap_core::layout::MAX_NDIM;

/// The access that a buffer's memory allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// It may only be read.
    ReadOnly,
    /// It may be read and written.
    ReadWrite,
}

/// Local memory with an item type, a shape and strides, and its owner, which is released when this
/// is dropped.
///
/// It may be sent to and read from other threads. See the [module](self).
#[derive(Debug)]
pub struct Buffer {
    /// The item at index 0. Dangling if there are no items and no address was given.
    data: NonNull<u8>,
    dtype: DType,
    geometry: Geometry,
    access: Access,
    #[expect(dead_code, reason = "dropped with the buffer, and never used otherwise")]
    owner: Owner,
}

impl Buffer {
    /// The type of the items.
    #[inline]
    #[must_use]
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// The extents, in items.
    #[inline]
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        self.geometry.shape()
    }

    /// The strides, in bytes. Those of extents of 0 or 1, and of a buffer without items, are what C
    /// order would have.
    #[inline]
    #[must_use]
    pub fn strides(&self) -> &[i64] {
        self.geometry.strides()
    }

    /// The number of dimensions.
    #[inline]
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.geometry.ndim()
    }

    /// The number of items: 1 without dimensions.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.geometry.len()).unwrap_or(0)
    }

    /// The addresses from the first to behind the last byte of the items, those between items
    /// included. Empty without items.
    #[must_use]
    pub fn reach(&self) -> Range<usize> {
        let (first, end) = self.geometry.reach();
        // Within the address space, as was checked when the buffer was made.
        let at = |offset| self.as_ptr().addr().wrapping_add_signed(offset);
        at(first)..at(end)
    }

    /// Whether these addresses meet those from the first to behind the last byte of the items:
    /// false if either are none. Strides may leave the shared bytes between items.
    #[must_use]
    pub fn may_share_memory(&self, addresses: &Range<usize>) -> bool {
        let own = self.reach();
        own.start.max(addresses.start) < own.end.min(addresses.end)
    }

    /// Whether there are no items.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.geometry.len() == 0
    }

    /// The bytes of one item.
    #[inline]
    #[must_use]
    pub fn itemsize(&self) -> usize {
        usize::try_from(self.geometry.itemsize()).unwrap_or(0)
    }

    /// The access that the memory allows.
    #[inline]
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// The same memory, which from now on may only be read.
    #[must_use]
    pub fn into_read_only(mut self) -> Self {
        self.access = Access::ReadOnly;
        self
    }

    /// The address of the item at index 0; with negative strides that is not the lowest. It points
    /// to nothing where there are no items.
    #[inline]
    #[must_use]
    pub fn as_ptr(&self) -> *const u8 {
        self.data.as_ptr()
    }

    /// The address of the item at index 0, to write there.
    ///
    /// # Errors
    /// The memory may only be read.
    #[inline]
    pub fn as_mut_ptr(&mut self) -> Result<*mut u8, BufferError> {
        self.writable()?;
        Ok(self.data.as_ptr())
    }

    /// Whether the items lie one behind the other in C order (the last index varies fastest).
    #[inline]
    #[must_use]
    pub fn is_c_contiguous(&self) -> bool {
        self.geometry.is_c_contiguous()
    }

    /// Whether the items lie one behind the other in Fortran's order (the first index varies
    /// fastest).
    #[inline]
    #[must_use]
    pub fn is_f_contiguous(&self) -> bool {
        self.geometry.is_f_contiguous()
    }

    /// Restricts the buffer to a part: the indices `ranges[i]` of dimension `i`. Nothing is copied;
    /// the owner stays.
    ///
    /// # Errors
    /// Not one range a dimension, or one that does not lie within its dimension. The buffer is as
    /// it was.
    pub fn narrow(&mut self, ranges: &[Range<i64>]) -> Result<(), BufferError> {
        if ranges.len() != self.ndim() {
            return Err(BufferError::new(Kind::Count).with_value(ranges.len()).with_expected(self.ndim()));
        }
        let mut shape = smallvec::SmallVec::<[i64; 4]>::new();
        let mut offset = 0_i64;
        for (dim, (range, (&extent, &stride))) in ranges.iter().zip(self.shape().iter().zip(self.strides())).enumerate()
        {
            if range.start < 0 || range.start > range.end || range.end > extent {
                let error = BufferError::new(Kind::Range).with_dim(dim);
                let is_beyond = range.end > extent && range.start <= range.end;
                return Err(if is_beyond {
                    error.with_value(range.end).with_expected(extent)
                } else {
                    error.with_value(range.start)
                });
            }
            shape.push(range.end - range.start);
            // Within what the geometry reaches, where there are items; where there are none it is
            // not used.
            offset = offset.wrapping_add(stride.wrapping_mul(range.start));
        }
        let geometry = Geometry::new(self.geometry.itemsize(), &shape, Some(self.strides()))?;
        if geometry.len() > 0 {
            let data = self.data.as_ptr().wrapping_offset(isize::try_from(offset).unwrap_or(0));
            self.data = NonNull::new(data).ok_or(BufferError::new(Kind::Null))?;
        }
        self.geometry = geometry;
        Ok(())
    }

    /// The same items with the order of the dimensions reversed: C order becomes Fortran's.
    #[must_use]
    pub fn reversed_dims(mut self) -> Self {
        self.geometry.reverse();
        self
    }

    fn writable(&self) -> Result<(), BufferError> {
        match self.access {
            Access::ReadWrite => Ok(()),
            Access::ReadOnly => Err(BufferError::new(Kind::ReadOnly)),
        }
    }
}
