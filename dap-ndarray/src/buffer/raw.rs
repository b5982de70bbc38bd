//! Foreign memory in, ndarray views out.
//!
//! # What is relied on
//!
//! A caller that makes a [`Buffer`] from an address guarantees the conditions that
//! [`Buffer::from_raw`] lists; everything that can be checked (shape, strides, alignment, access,
//! item type) is checked here, at the latest when a view is made. The rest is Rust's own rule: a
//! view borrows the buffer, the buffer owns the owner, and the owner keeps the memory.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

use dap_core::dtype::DType;
use ndarray::{Array, ArrayViewD, ArrayViewMutD, Axis, Dimension, IxDyn, ShapeBuilder, StrideShape};

use super::{Access, Buffer, MAX_NDIM};
use crate::error::{BufferError, BufferErrorKind as Kind};
use crate::geometry::Geometry;
use crate::item::{Item, ItemType};
use crate::owner::Owner;

// SAFETY: the memory may be used from any thread (`from_raw`'s contract; items are `Send + Sync`),
// and is written only through a `&mut Buffer`; the owner is `Send` and `Sync`.
unsafe impl Send for Buffer {}
// SAFETY: a shared buffer only gives views to read.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// The memory of an array, whatever its order. Nothing is copied, and nothing can fail: an
    /// array that exists has a shape and strides that memory can hold.
    #[must_use]
    pub fn from_array<T: Item, D: Dimension + 'static>(array: Array<T, D>) -> Self {
        let mut numbers = smallvec::SmallVec::<[i64; 8]>::new();
        // Extents and strides fit 64 bits; strides count items.
        numbers.extend(array.shape().iter().map(|&extent| extent as i64));
        numbers.extend(array.strides().iter().map(|&stride| stride as i64 * size_of::<T>() as i64));
        let (shape, strides) = numbers.split_at(array.ndim());
        let geometry = Geometry::new(size_of::<T>() as i64, shape, Some(strides)).expect("the array exists");
        // The items stay where they are when the array, a pointer to them, is moved into its box.
        let mut array = ManuallyDrop::new(array);
        let data = NonNull::new(array.as_mut_ptr().cast()).expect("an array's pointer is not null");
        let owner = Owner::new(ManuallyDrop::into_inner(array));
        Self { data, dtype: T::dtype(), geometry, access: Access::ReadWrite, owner }
    }

    /// Foreign memory: `data` is the address of the item at index 0, `strides` are in bytes
    /// (`None`: C order), `owner` is dropped when the memory is no longer used.
    ///
    /// `data` need not be aligned; without items it may be null. Negative strides are fine. Items
    /// that share memory (a stride of 0) are fine for memory that is only read.
    ///
    /// # Safety
    /// - Until `owner` is dropped, all items that shape and strides reach lie in one allocation,
    ///   are initialised and may be read, and written for [`Access::ReadWrite`]; from any thread.
    /// - While a view of the buffer lives no other code writes them; while a mutable view lives, no
    ///   other code reads them either.
    ///
    /// # Errors
    /// An extent below 0, more than 64 dimensions, strides that are not as many, a reach beyond
    /// what memory can hold, null with items, shared memory that may be written. `owner` is dropped
    /// then.
    pub unsafe fn from_raw(
        data: *mut u8,
        dtype: DType,
        shape: &[i64],
        strides: Option<&[i64]>,
        access: Access,
        owner: impl Send + Sync + 'static,
    ) -> Result<Self, BufferError> {
        let geometry = foreign(&dtype, shape, strides)?;
        if access == Access::ReadWrite && geometry.may_overlap() {
            return Err(BufferError::new(Kind::Overlap));
        }
        let data = address(data, &geometry, &dtype)?;
        Ok(Self { data, dtype, geometry, access, owner: Owner::new(owner) })
    }

    /// New memory in C order, all bytes 0, aligned for any vector instruction.
    ///
    /// # Errors
    /// As [`Buffer::from_raw`], and not enough memory.
    pub fn zeros(dtype: DType, shape: &[i64]) -> Result<Self, BufferError> {
        let geometry = foreign(&dtype, shape, None)?;
        // Both factors and the product fit: the geometry was checked.
        let bytes = (geometry.len() * geometry.itemsize()) as usize;
        let memory = Memory::zeroed(bytes).ok_or(BufferError::new(Kind::TooLarge))?;
        let data = memory.data;
        Ok(Self { data, dtype, geometry, access: Access::ReadWrite, owner: Owner::new(memory) })
    }

    /// The memory of a buffer that several share: it may only be read, through any of them.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use dap_ndarray::Buffer;
    /// let buffer = Arc::new(Buffer::from_array(ndarray::arr1(&[1_u8, 2, 3])));
    /// let other = Buffer::shared(&buffer);
    /// assert_eq!(other.as_ptr(), buffer.as_ptr());
    /// # Ok::<(), dap_ndarray::BufferError>(())
    /// ```
    #[must_use]
    pub fn shared(buffer: &Arc<Buffer>) -> Self {
        // SAFETY: nothing is written through the copy, nor through an `Arc` that is not the only
        // one.
        let copy = unsafe { Self::alias(buffer) };
        copy.into_read_only()
    }

    /// The memory of a buffer that several share, to be written through each of them.
    ///
    /// # Safety
    /// While a view of one of them lives no code writes through another; while a mutable view
    /// lives, no code reads through another either.
    #[must_use]
    pub unsafe fn alias(buffer: &Arc<Buffer>) -> Self {
        Self {
            data: buffer.data,
            dtype: buffer.dtype.clone(),
            geometry: buffer.geometry.clone(),
            access: buffer.access,
            owner: Owner::shared(Arc::clone(buffer)),
        }
    }

    /// The items, without copying.
    ///
    /// # Errors
    /// Items of another type or byte order, or not at multiples of the type's alignment; a stride
    /// that is no multiple of the item size; a boolean that is neither 0 nor 1, for which all are
    /// looked at.
    pub fn view<T: Item>(&self) -> Result<ArrayViewD<'_, T>, BufferError> {
        self.expect_items::<T>()?;
        let parts = self.parts::<T>(Element::Item)?;
        self.expect_bools::<T>()?;
        // SAFETY: `parts` has checked what there is to check; the memory is readable and
        // initialised while `self` is borrowed, and no code writes it, as was promised when `self`
        // was made. A `&mut self` method cannot be called meanwhile.
        let mut view = unsafe { ArrayViewD::from_shape_ptr(parts.shape, parts.lowest.as_ptr()) };
        parts.reversed.for_each(|axis| view.invert_axis(axis));
        Ok(view)
    }

    /// The items, to be written.
    ///
    /// # Errors
    /// As [`Buffer::view`], and memory that may only be read.
    pub fn view_mut<T: Item>(&mut self) -> Result<ArrayViewMutD<'_, T>, BufferError> {
        self.writable()?;
        self.expect_items::<T>()?;
        self.expect_bools::<T>()?;
        let parts = self.parts::<T>(Element::Item)?;
        // SAFETY: `parts` has checked shape, strides and alignment. The memory is there and
        // initialised while `self` is borrowed, no two items share a place where access is
        // `ReadWrite`, and no other code uses them meanwhile, as was promised when `self` was made.
        // `self` is borrowed mutably, so that no other view of it lives.
        let mut view = unsafe { ArrayViewMutD::from_shape_ptr(parts.shape, parts.lowest.as_ptr()) };
        parts.reversed.for_each(|axis| view.invert_axis(axis));
        Ok(view)
    }

    /// The bytes of all items, which lie one behind the other in C order.
    ///
    /// # Errors
    /// They do not.
    pub fn bytes(&self) -> Result<&[u8], BufferError> {
        let len = self.contiguous()?;
        // SAFETY: the memory of `len` items from `data` on is readable and initialised while `self`
        // is borrowed, and not written meanwhile, as was promised; `data` is dangling but not null
        // where there are none. Bytes need no alignment.
        Ok(unsafe { std::slice::from_raw_parts(self.data.as_ptr(), len) })
    }

    /// The bytes of all items, which lie one behind the other in C order, to be written.
    ///
    /// # Errors
    /// They do not, or the memory may only be read.
    pub fn bytes_mut(&mut self) -> Result<&mut [u8], BufferError> {
        self.writable()?;
        let len = self.contiguous()?;
        // SAFETY: the memory of `len` bytes from `data` on may be written and is initialised while
        // `self` is borrowed, and no other code uses it meanwhile, as was promised when `self` was
        // made; `data` is dangling but not null where there are none. `self` is borrowed mutably.
        // Any bytes are allowed: views of booleans look at them.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.data.as_ptr(), len) })
    }

    /// The bytes of all items, which lie one behind the other in C or in Fortran's order.
    pub(super) fn dense_bytes(&self) -> Option<&[u8]> {
        if !self.is_c_contiguous() && !self.is_f_contiguous() {
            return None;
        }
        // SAFETY: in both orders the item at index 0 is the first, and all items follow it without
        // a gap. They are readable and initialised while `self` is borrowed, and not written
        // meanwhile, as was promised when `self` was made.
        Some(unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.len() * self.itemsize()) })
    }

    fn contiguous(&self) -> Result<usize, BufferError> {
        if !self.is_c_contiguous() {
            return Err(BufferError::new(Kind::NotContiguous));
        }
        // The product fits: the geometry was checked.
        Ok(self.len() * self.itemsize())
    }

    fn expect_items<T: Item>(&self) -> Result<(), BufferError> {
        if ItemType::of(&self.dtype) == Some(T::TYPE) {
            return Ok(());
        }
        let wanted = T::dtype();
        let swapped = self.dtype.kind() == wanted.kind() && self.dtype.itemsize() == wanted.itemsize();
        let kind = if swapped { Kind::ByteOrder } else { Kind::ItemType };
        Err(BufferError::new(kind).with_dtype(&self.dtype).with_wanted(wanted))
    }

    /// Refuses bytes that are no Rust `bool`, where `T` is that.
    fn expect_bools<T: Item>(&self) -> Result<(), BufferError> {
        if T::TYPE != ItemType::Bool || self.is_empty() {
            return Ok(());
        }
        match self.byte_arrays::<1>()?.iter().find(|&&[byte]| byte > 1) {
            None => Ok(()),
            Some(&[byte]) => Err(BufferError::new(Kind::NotABool).with_value(byte)),
        }
    }

    /// The items as arrays of their `N` bytes. The axes with negative strides run backwards or
    /// forwards, as they should.
    pub(super) fn byte_arrays<const N: usize>(&self) -> Result<ArrayViewD<'_, [u8; N]>, BufferError> {
        let parts = self.parts::<[u8; N]>(Element::Item)?;
        // SAFETY: `parts` has checked shape and strides; any bytes are such an array, at any
        // address. The memory is readable and initialised while `self` is borrowed, and no code
        // writes it, as was promised when `self` was made.
        let mut view = unsafe { ArrayViewD::from_shape_ptr(parts.shape, parts.lowest.as_ptr()) };
        parts.reversed.for_each(|axis| view.invert_axis(axis));
        Ok(view)
    }

    /// The bytes of the items, those of one item along a last axis of their own.
    pub(super) fn byte_rows(&self) -> Result<ArrayViewD<'_, u8>, BufferError> {
        let parts = self.parts::<u8>(Element::Byte)?;
        // SAFETY: `parts` has checked shape and strides; bytes need no alignment. The memory is
        // readable and initialised while `self` is borrowed, and no code writes it, as was promised
        // when `self` was made.
        let mut view = unsafe { ArrayViewD::from_shape_ptr(parts.shape, parts.lowest.as_ptr()) };
        parts.reversed.for_each(|axis| view.invert_axis(axis));
        Ok(view)
    }

    /// The same, to be written.
    pub(super) fn byte_rows_mut(&mut self) -> Result<ArrayViewMutD<'_, u8>, BufferError> {
        self.writable()?;
        let parts = self.parts::<u8>(Element::Byte)?;
        // SAFETY: `parts` has checked shape and strides; bytes need no alignment. The memory is
        // there and initialised while `self` is borrowed mutably, no two items share a place where
        // access is `ReadWrite`, and no other code uses them meanwhile, as was promised when `self`
        // was made. Any bytes are allowed: views of booleans look at them.
        let mut view = unsafe { ArrayViewMutD::from_shape_ptr(parts.shape, parts.lowest.as_ptr()) };
        parts.reversed.for_each(|axis| view.invert_axis(axis));
        Ok(view)
    }

    /// Shape and strides in ndarray's terms, for elements of type `E`.
    fn parts<E>(&self, element: Element) -> Result<Parts<'_, E>, BufferError> {
        let size = size_of::<E>();
        let (extra, units) = match element {
            Element::Item => (0, 1),
            Element::Byte => (1, self.itemsize()),
        };
        if size * units != self.itemsize() {
            return Err(BufferError::new(Kind::ItemType).with_dtype(&self.dtype));
        }
        let (mut shape, mut strides) = (IxDyn::zeros(self.ndim() + extra), IxDyn::zeros(self.ndim() + extra));
        let mut lowest = self.data.as_ptr();
        let aligned = !self.is_empty() && lowest.addr().is_multiple_of(align_of::<E>());
        for (dim, (&extent, &stride)) in self.shape().iter().zip(self.strides()).enumerate() {
            // Extents are not negative, and 64 bits wide as `usize` is.
            shape[dim] = extent as usize;
            if self.is_empty() {
                continue;
            }
            if extent > 1 && stride.unsigned_abs() % size as u64 != 0 {
                let error = BufferError::new(Kind::Stride).with_dim(dim).with_value(stride).with_expected(size);
                return Err(error.with_wanted(self.dtype.clone()));
            }
            strides[dim] = (stride.unsigned_abs() / size as u64) as usize;
            if stride < 0 && extent > 1 {
                lowest = lowest.wrapping_offset((stride * (extent - 1)) as isize);
            }
        }
        if extra > 0 {
            shape[self.ndim()] = units;
            strides[self.ndim()] = 1;
        }
        if self.is_empty() {
            // Extents beside a 0 may be of any size in a buffer, but not in an ndarray.
            let mut extents = self.shape().iter().filter(|&&extent| extent > 0);
            let elements = extents.try_fold(units.max(1) as i64, |product, &extent| product.checked_mul(extent));
            elements.ok_or(BufferError::new(Kind::TooLarge))?;
            return Ok(Parts { shape: shape.into(), lowest: NonNull::dangling(), reversed: Reversed::none() });
        }
        if !aligned {
            let error = BufferError::new(Kind::Unaligned).with_value(1_i64 << lowest.addr().trailing_zeros());
            return Err(error.with_expected(align_of::<E>()).with_dtype(&self.dtype));
        }
        let lowest = NonNull::new(lowest.cast()).ok_or(BufferError::new(Kind::Null))?;
        let reversed = Reversed { strides: self.strides().iter(), axis: 0 };
        Ok(Parts { shape: shape.strides(strides), lowest, reversed })
    }
}

/// Memory from the allocator.
struct Memory {
    data: NonNull<u8>,
    layout: Layout,
}

/// A cache line, and a vector of 512 bits.
const LINE: usize = 64;

impl Memory {
    fn zeroed(bytes: usize) -> Option<Self> {
        let layout = Layout::from_size_align(bytes, LINE).ok()?;
        let data = match bytes {
            0 => NonNull::new(std::ptr::without_provenance_mut(LINE)),
            // SAFETY: the size is not 0.
            _ => NonNull::new(unsafe { alloc_zeroed(layout) }),
        };
        data.map(|data| Self { data, layout })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if self.layout.size() > 0 {
            // SAFETY: it was allocated with this layout, and is freed once.
            unsafe { dealloc(self.data.as_ptr(), self.layout) };
        }
    }
}

// SAFETY: it is memory, which belongs to no thread.
unsafe impl Send for Memory {}
// SAFETY: a shared `Memory` does nothing.
unsafe impl Sync for Memory {}

/// The element of a view.
#[derive(Clone, Copy)]
enum Element {
    /// An item.
    Item,
    /// A byte of an item, along a last axis.
    Byte,
}

/// The parts of an ndarray view: strides that are not negative, from the lowest address on, and the
/// axes to turn round afterwards.
struct Parts<'b, E> {
    shape: StrideShape<IxDyn>,
    lowest: NonNull<E>,
    reversed: Reversed<'b>,
}

/// The axes with negative strides.
struct Reversed<'b> {
    strides: std::slice::Iter<'b, i64>,
    axis: usize,
}

impl Reversed<'_> {
    fn none() -> Self {
        Self { strides: [].iter(), axis: 0 }
    }
}

impl Iterator for Reversed<'_> {
    type Item = Axis;

    fn next(&mut self) -> Option<Axis> {
        let skipped = self.strides.position(|&stride| stride < 0)?;
        self.axis += skipped + 1;
        Some(Axis(self.axis - 1))
    }
}

/// Checks what a foreigner says of shape and strides (in bytes).
pub(super) fn foreign(dtype: &DType, shape: &[i64], strides: Option<&[i64]>) -> Result<Geometry, BufferError> {
    if shape.len() > MAX_NDIM {
        return Err(BufferError::new(Kind::Ndim).with_value(shape.len()).with_expected(MAX_NDIM));
    }
    Geometry::new(dtype.itemsize(), shape, strides)
}

/// Checks that all items have an address; without items, null is replaced by an address that is
/// not.
pub(super) fn address(data: *mut u8, geometry: &Geometry, dtype: &DType) -> Result<NonNull<u8>, BufferError> {
    let Some(data) = NonNull::new(data) else {
        if geometry.len() > 0 && geometry.itemsize() > 0 {
            return Err(BufferError::new(Kind::Null));
        }
        let alignment = usize::try_from(dtype.alignment()).unwrap_or(1);
        return Ok(NonNull::new(std::ptr::without_provenance_mut(alignment)).unwrap_or(NonNull::dangling()));
    };
    let (first, end) = geometry.reach();
    let begins = data.addr().get().checked_add_signed(first).is_some_and(|address| address > 0);
    if !begins || data.addr().get().checked_add_signed(end).is_none() {
        return Err(BufferError::new(Kind::TooLarge));
    }
    Ok(data)
}
