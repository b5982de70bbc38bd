//! Views that are written.

use std::marker::PhantomData;
use std::slice;

use super::error::{ViewError, ViewErrorKind};
use super::geometry::{Geometry, geometry};
use super::read::{View, in_shape, in_slice};
use crate::element::{Element, ElementType};

/// Strided memory that is written and read; see the [module](super).
///
/// Invariant: for the lifetime `'a` each byte of an element is initialised and used through this
/// view only, and no two elements share a byte; base and strides are aligned as those of a
/// [`View`].
#[derive(Debug)]
pub struct ViewMut<'a> {
    pub(super) base: *mut u8,
    pub(super) geometry: Geometry,
    memory: PhantomData<&'a mut [u8]>,
}

// SAFETY: a view is a unique reference to plain numbers.
unsafe impl Send for ViewMut<'_> {}
// SAFETY: as for `Send`; a shared reference to a view only reads.
unsafe impl Sync for ViewMut<'_> {}

impl<'a> ViewMut<'a> {
    /// The items of a slice, in one dimension.
    #[inline]
    #[must_use]
    pub fn of<T: Element>(items: &'a mut [T]) -> Self {
        let geometry = Geometry::line(T::TYPE, items.len());
        Self { base: items.as_mut_ptr().cast(), geometry, memory: PhantomData }
    }

    /// Items of a slice: the one at `offset` is the first, `strides` count items.
    ///
    /// # Errors
    /// An element lies outside the slice; two elements may overlap; shape and strides differ in
    /// length.
    pub fn new<T: Element>(
        items: &'a mut [T],
        offset: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, ViewError> {
        let geometry = in_slice::<T>(items.len(), offset, shape, strides)?;
        if geometry.may_overlap() {
            return Err(ViewErrorKind::Overlap.into());
        }
        Ok(Self { base: items.as_mut_ptr().wrapping_add(offset).cast(), geometry, memory: PhantomData })
    }

    /// The items of a slice in C order.
    ///
    /// # Errors
    /// The slice has another number of items than the shape.
    pub fn shaped<T: Element>(items: &'a mut [T], shape: &[usize]) -> Result<Self, ViewError> {
        let geometry = in_shape::<T>(items.len(), shape)?;
        Ok(Self { base: items.as_mut_ptr().cast(), geometry, memory: PhantomData })
    }

    /// Memory of any origin. `strides` count bytes.
    ///
    /// # Errors
    /// The array is larger than the address space, not aligned, or two elements may overlap.
    ///
    /// # Safety
    /// If no extent is 0, then for the lifetime `'a` the bytes of all elements, and those between
    /// the lowest and the highest one, belong to one allocation; those of the elements are
    /// initialised, may be read and written, and are used through this view only. The owner of
    /// `bool` memory accepts that only 0 and 1 are written.
    pub unsafe fn from_raw(
        base: *mut u8,
        element: ElementType,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, ViewError> {
        let geometry = Geometry::new(element, shape.into(), strides.into())?;
        if geometry.len > 0 && !base.addr().is_multiple_of(element.alignment()) {
            return Err(ViewErrorKind::Misaligned { alignment: element.alignment() }.into());
        }
        if geometry.may_overlap() {
            return Err(ViewErrorKind::Overlap.into());
        }
        Ok(Self { base, geometry, memory: PhantomData })
    }

    fn with<'b>(base: *mut u8, geometry: Geometry) -> ViewMut<'b> {
        ViewMut { base, geometry, memory: PhantomData }
    }

    /// The elements to be read.
    #[inline]
    #[must_use]
    pub fn as_view(&self) -> View<'_> {
        View { base: self.base, geometry: self.geometry.clone(), memory: PhantomData }
    }

    /// The elements to be read, for as long as they were borrowed.
    #[inline]
    #[must_use]
    pub fn into_view(self) -> View<'a> {
        View { base: self.base, geometry: self.geometry, memory: PhantomData }
    }

    /// This view for a while.
    #[inline]
    #[must_use]
    pub fn reborrow(&mut self) -> ViewMut<'_> {
        Self::with(self.base, self.geometry.clone())
    }

    /// Complex elements as real ones with one more axis, the last, of extent 2: the real and the
    /// imaginary part. `None` of other elements.
    ///
    /// ```
    /// use dap_kernels::view::ViewMut;
    /// use num_complex::Complex;
    /// let mut items = [Complex::new(1.0, 2.0), Complex::new(3.0, 4.0)];
    /// let mut parts = ViewMut::shaped(&mut items, &[2]).unwrap().with_parts().unwrap();
    /// assert_eq!(parts.shape(), [2, 2]);
    /// parts.write_line(&[1, 0], &[5.0, 6.0]);
    /// assert_eq!(items[1], Complex::new(5.0, 6.0));
    /// ```
    #[must_use]
    pub fn with_parts(self) -> Option<ViewMut<'a>> {
        // The parts are the bytes of the elements, each of them once.
        self.geometry.with_parts().map(|geometry| Self::with(self.base, geometry))
    }

    geometry!();

    /// The address of the element whose indices are all 0; any address if there is no element.
    #[inline]
    #[must_use]
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        self.base
    }

    /// The elements in C order, if they are of type `T` and lie side by side; `None` for `bool` if
    /// a byte is neither 0 nor 1.
    #[inline]
    #[must_use]
    pub fn slice_mut<T: Element>(&mut self) -> Option<&mut [T]> {
        let len = self.as_view().slice::<T>()?.len();
        if len == 0 {
            return Some(&mut []);
        }
        // SAFETY: `View::slice` found `len` valid elements of this type side by side; by the
        // invariant of `ViewMut` they are used through this view only, which is borrowed.
        Some(unsafe { slice::from_raw_parts_mut(self.base.cast(), len) })
    }

    /// Writes one element; `None`, and nothing is written, if the type is another one or the index
    /// is outside.
    pub fn set<T: Element>(&mut self, index: &[usize], value: T) -> Option<()> {
        let offset = self.geometry.offset(index).filter(|_| T::TYPE == self.geometry.element)?;
        // SAFETY: `offset` is that of an element, which by the invariant of `ViewMut` is aligned
        // and may be written.
        unsafe { self.base.wrapping_offset(offset).cast::<T>().write(value) };
        Some(())
    }

    /// Elements that lie side by side in another shape, see [`View::in_shape`].
    ///
    /// # Errors
    /// As [`View::in_shape`].
    pub fn in_shape(self, shape: &[usize]) -> Result<ViewMut<'a>, ViewError> {
        Ok(Self::with(self.base, self.geometry.in_shape(shape)?))
    }

    /// The dimensions in another order, see [`View::permute`].
    ///
    /// # Errors
    /// `axes` is no permutation.
    pub fn permute(self, axes: &[usize]) -> Result<ViewMut<'a>, ViewError> {
        Ok(Self::with(self.base, self.geometry.permute(axes)?))
    }

    /// `count` indices of one axis, see [`View::slice_axis`].
    ///
    /// # Errors
    /// No such axis, an index beyond it, or `step` is 0 for more than one index.
    pub fn slice_axis(self, axis: usize, start: usize, count: usize, step: isize) -> Result<ViewMut<'a>, ViewError> {
        let (geometry, offset) = self.geometry.slice_axis(axis, start, count, step)?;
        if step == 0 && count > 1 {
            return Err(ViewErrorKind::Overlap.into());
        }
        Ok(Self::with(self.base.wrapping_offset(offset), geometry))
    }

    /// The indices of `axis` below `at`, and the others.
    ///
    /// # Errors
    /// No such axis, or `at` beyond its extent.
    pub fn split_at(self, axis: usize, at: usize) -> Result<(ViewMut<'a>, ViewMut<'a>), ViewError> {
        let extent = *self.shape().get(axis).ok_or(ViewErrorKind::Axis { axis })?;
        let rest = extent.checked_sub(at).ok_or(ViewErrorKind::Axis { axis })?;
        let (front, _) = self.geometry.slice_axis(axis, 0, at, 1)?;
        let (back, offset) = self.geometry.slice_axis(axis, at, rest, 1)?;
        // The two have no element in common, and elements share no byte.
        Ok((Self::with(self.base, front), Self::with(self.base.wrapping_offset(offset), back)))
    }
}
