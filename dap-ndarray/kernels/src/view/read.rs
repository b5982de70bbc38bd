//! Views that are read.

use std::marker::PhantomData;
use std::slice;

use super::error::{ViewError, ViewErrorKind};
use super::geometry::{Geometry, Strides, geometry};
use crate::element::{Element, ElementType};

/// Strided memory that is read; see the [module](super).
///
/// Invariant: for the lifetime `'a` each byte in `base + geometry.reach` is initialised, may be
/// read, and is not written; the base is aligned to the element type, and so is each
/// stride of a dimension with more than one index.
#[derive(Debug, Clone)]
pub struct View<'a> {
    pub(super) base: *const u8,
    pub(super) geometry: Geometry,
    pub(super) memory: PhantomData<&'a [u8]>,
}

// SAFETY: a view is a shared reference to plain numbers.
unsafe impl Send for View<'_> {}
// SAFETY: as for `Send`.
unsafe impl Sync for View<'_> {}

impl<'a> View<'a> {
    /// The items of a slice, in one dimension.
    #[inline]
    #[must_use]
    pub fn of<T: Element>(items: &'a [T]) -> Self {
        Self { base: items.as_ptr().cast(), geometry: Geometry::line(T::TYPE, items.len()), memory: PhantomData }
    }

    /// Items of a slice: the one at `offset` is the first, `strides` count items.
    ///
    /// # Errors
    /// An element lies outside the slice; shape and strides differ in length.
    pub fn new<T: Element>(
        items: &'a [T],
        offset: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, ViewError> {
        let geometry = in_slice::<T>(items.len(), offset, shape, strides)?;
        let base = items.as_ptr().wrapping_add(offset).cast();
        Ok(Self { base, geometry, memory: PhantomData })
    }

    /// The items of a slice in C order.
    ///
    /// # Errors
    /// The slice has another number of items than the shape.
    pub fn shaped<T: Element>(items: &'a [T], shape: &[usize]) -> Result<Self, ViewError> {
        let geometry = in_shape::<T>(items.len(), shape)?;
        Ok(Self { base: items.as_ptr().cast(), geometry, memory: PhantomData })
    }

    /// Memory of any origin. `strides` count bytes.
    ///
    /// # Errors
    /// The array is larger than the address space, or not aligned.
    ///
    /// # Safety
    /// If no extent is 0, then for the lifetime `'a` the bytes of all elements, and those between
    /// the lowest and the highest one, belong to one allocation; those of the elements are
    /// initialised, may be read, and are not written. (Bytes of a `bool` may have any value.)
    pub unsafe fn from_raw(
        base: *const u8,
        element: ElementType,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, ViewError> {
        let geometry = Geometry::new(element, shape.into(), strides.into())?;
        if geometry.len > 0 && !base.addr().is_multiple_of(element.alignment()) {
            return Err(ViewErrorKind::Misaligned { alignment: element.alignment() }.into());
        }
        Ok(Self { base, geometry, memory: PhantomData })
    }

    fn with(&self, geometry: Geometry, offset: isize) -> View<'a> {
        View { base: self.base.wrapping_offset(offset), geometry, memory: PhantomData }
    }

    geometry!();

    /// The number of dimensions.
    #[inline]
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.geometry.shape.len()
    }

    /// The address of the element whose indices are all 0; any address if there is no element.
    #[inline]
    #[must_use]
    pub fn as_ptr(&self) -> *const u8 {
        self.base
    }

    /// The offsets from [`as_ptr`](Self::as_ptr) of the lowest byte and behind the highest one.
    #[inline]
    #[must_use]
    pub fn reach(&self) -> (isize, isize) {
        self.geometry.reach
    }

    /// The elements in C order, if they are of type `T` and lie side by side.
    ///
    /// `None` for `bool` if a byte is neither 0 nor 1, which takes a pass over the bytes to see.
    #[inline]
    #[must_use]
    pub fn slice<T: Element>(&self) -> Option<&'a [T]> {
        if T::TYPE != self.geometry.element || !self.geometry.contiguous {
            return None;
        }
        if self.geometry.len == 0 {
            return Some(&[]);
        }
        if T::TYPE == ElementType::Bool && !self.has_valid_bools() {
            return None;
        }
        // SAFETY: by the invariant of `View` the base is aligned and `len` contiguous elements of
        // this type may be read for `'a`; a `bool` was found to be 0 or 1.
        Some(unsafe { slice::from_raw_parts(self.base.cast(), self.geometry.len) })
    }

    fn has_valid_bools(&self) -> bool {
        // SAFETY: as in `slice`; each byte is a `u8`.
        let bytes: &[u8] = unsafe { slice::from_raw_parts(self.base, self.geometry.len) };
        bytes.iter().fold(0, |all, byte| all | byte) <= 1
    }

    /// One element; `None` if the type is another one or the index is outside.
    #[must_use]
    pub fn get<T: Element>(&self, index: &[usize]) -> Option<T> {
        let offset = self.geometry.offset(index).filter(|_| T::TYPE == self.geometry.element)?;
        // SAFETY: `offset` is that of an element, which by the invariant of `View` is aligned and
        // may be read.
        Some(unsafe { read_element(self.base.wrapping_offset(offset)) })
    }

    /// A view of `bool` as one of `u8`, whose items may have any value; of other types `None`.
    #[must_use]
    pub fn as_bytes(&self) -> Option<View<'a>> {
        (self.geometry.element == ElementType::Bool)
            .then(|| self.with(Geometry { element: ElementType::U8, ..self.geometry.clone() }, 0))
    }

    /// The real and the imaginary parts of complex numbers; of other types `None`.
    ///
    /// ```
    /// # use dap_kernels::view::View;
    /// # use num_complex::Complex;
    /// let items = [Complex::new(1.0, 2.0), Complex::new(3.0, 4.0)];
    /// let [re, im] = View::of(&items).real_and_imaginary().unwrap();
    /// assert_eq!((re.get(&[1]), im.get(&[1])), (Some(3.0), Some(4.0)));
    /// ```
    #[must_use]
    pub fn real_and_imaginary(&self) -> Option<[View<'a>; 2]> {
        let element = self.geometry.element;
        let Geometry { shape, strides, .. } = &self.geometry;
        let part = Geometry::new(element.part(), shape.clone(), strides.clone()).ok()?;
        // A part has half of an element's bytes, and its alignment: it lies within the element.
        let imaginary = (element.size() / 2) as isize;
        element.is_complex().then(|| [self.with(part.clone(), 0), self.with(part, imaginary)])
    }

    /// Complex elements as real ones with one more axis, the last, of extent 2: the real and the
    /// imaginary part. `None` of other elements.
    #[must_use]
    pub fn with_parts(&self) -> Option<View<'a>> {
        self.geometry.with_parts().map(|geometry| self.with(geometry, 0))
    }

    /// The same elements in a larger shape: dimensions of extent 1, and new ones in front, are
    /// repeated.
    ///
    /// # Errors
    /// The shapes do not fit together.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<View<'a>, ViewError> {
        Ok(self.with(self.geometry.broadcast_to(shape)?, 0))
    }

    /// Elements that lie side by side, in C order of another shape.
    ///
    /// # Errors
    /// The elements do not lie side by side; another number of elements.
    pub fn in_shape(&self, shape: &[usize]) -> Result<View<'a>, ViewError> {
        Ok(self.with(self.geometry.in_shape(shape)?, 0))
    }

    /// The dimensions in another order: dimension `d` of the result is `axes[d]` of this one.
    ///
    /// # Errors
    /// `axes` is no permutation.
    pub fn permute(&self, axes: &[usize]) -> Result<View<'a>, ViewError> {
        Ok(self.with(self.geometry.permute(axes)?, 0))
    }

    /// `count` indices of one axis: `start`, `start + step`, ...
    ///
    /// # Errors
    /// No such axis, or an index beyond it.
    pub fn slice_axis(&self, axis: usize, start: usize, count: usize, step: isize) -> Result<View<'a>, ViewError> {
        let (geometry, offset) = self.geometry.slice_axis(axis, start, count, step)?;
        Ok(self.with(geometry, offset))
    }
}

/// Checks that elements lie within a slice of `items` items.
pub(super) fn in_slice<T: Element>(
    items: usize,
    offset: usize,
    shape: &[usize],
    strides: &[isize],
) -> Result<Geometry, ViewError> {
    let size = size_of::<T>() as isize;
    let bytes = |stride: &isize| stride.checked_mul(size).or(shape.contains(&0).then_some(0));
    let strides: Option<Strides> = strides.iter().map(bytes).collect();
    let geometry = Geometry::new(T::TYPE, shape.into(), strides.ok_or(ViewErrorKind::TooLarge)?)?;
    if geometry.len > 0 {
        let at =
            isize::try_from(offset).ok().and_then(|offset| offset.checked_mul(size)).ok_or(ViewErrorKind::TooLarge)?;
        let first = at.checked_add(geometry.reach.0).ok_or(ViewErrorKind::TooLarge)?;
        let end = at.checked_add(geometry.reach.1).ok_or(ViewErrorKind::TooLarge)?;
        let bytes = items * size_of::<T>();
        if first < 0 || end as usize > bytes {
            return Err(ViewErrorKind::OutOfBounds { first, end, bytes }.into());
        }
    }
    Ok(geometry)
}

/// Checks that a slice of `items` items has the number of elements of `shape`.
pub(super) fn in_shape<T: Element>(items: usize, shape: &[usize]) -> Result<Geometry, ViewError> {
    let geometry = Geometry::contiguous(T::TYPE, shape)?;
    if geometry.len != items {
        let (first, end) = geometry.reach;
        return Err(ViewErrorKind::OutOfBounds { first, end, bytes: items * size_of::<T>() }.into());
    }
    Ok(geometry)
}

/// Reads one element; each byte but 0 is a `bool` that is true.
///
/// # Safety
/// An initialised element of a view of this type is at `at`, aligned.
#[inline(always)]
pub(crate) unsafe fn read_element<T: Element>(at: *const u8) -> T {
    if T::TYPE == ElementType::Bool {
        // SAFETY: this function's contract; each byte is a `u8`.
        let value = unsafe { at.read() } != 0;
        // SAFETY: `T` is `bool`: the only element type with that name.
        return unsafe { std::mem::transmute_copy(&value) };
    }
    // SAFETY: this function's contract; but for `bool` each pattern of bits is a value.
    unsafe { at.cast::<T>().read() }
}
