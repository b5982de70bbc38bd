//! Memory for elements of one type.

use std::fmt;
use std::mem::ManuallyDrop;

use super::block::{Block, HUGE};
use super::cache;
use crate::element::{Element, ElementType};
use crate::threads;
use crate::view::{View, ViewMut};

/// Memory for a number of elements of one type, aligned to 64 bytes.
pub struct Buffer {
    block: ManuallyDrop<Block>,
    element: ElementType,
    len: usize,
}

/// No memory for a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryError {
    element: ElementType,
    len: usize,
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { element, len } = self;
        write!(f, "no memory for {len} elements of {element}; release arrays or use more processes")
    }
}

impl std::error::Error for MemoryError {}

impl Buffer {
    /// A buffer whose elements have unspecified values, for a result that overwrites all of them.
    ///
    /// # Errors
    /// The memory cannot be had.
    pub fn stale(element: ElementType, len: usize) -> Result<Self, MemoryError> {
        let (mut buffer, new) = Self::take(element, len)?;
        if new {
            buffer.block.populate(len * element.size());
        }
        Ok(buffer)
    }

    /// A buffer of zeros.
    ///
    /// # Errors
    /// The memory cannot be had.
    pub fn zeroed(element: ElementType, len: usize) -> Result<Self, MemoryError> {
        let (mut buffer, zero) = Self::take(element, len)?;
        if !zero {
            buffer.block.zero(len * element.size());
        }
        Ok(buffer)
    }

    fn take(element: ElementType, len: usize) -> Result<(Self, bool), MemoryError> {
        let error = MemoryError { element, len };
        let bytes = len.checked_mul(element.size()).ok_or(error)?;
        let (block, zero) = cache::take(bytes).ok_or(error)?;
        Ok((Self { block: ManuallyDrop::new(block), element, len }, zero))
    }

    /// The type of the elements.
    #[must_use]
    pub fn element(&self) -> ElementType {
        self.element
    }

    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The elements to be read, in one dimension.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        // SAFETY: the block has `len * size` initialised bytes (the class is no smaller), aligned
        // to 64, which live as long as `self` and are not written while it is borrowed.
        let view =
            unsafe { View::from_raw(self.block.base(), self.element, &[self.len], &[self.element.size() as isize]) };
        view.expect("a buffer is aligned and within the address space")
    }

    /// The elements to be written, in one dimension.
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_> {
        let strides = [self.element.size() as isize];
        // SAFETY: as in `view`; `self` is borrowed mutably, so the view is the only access.
        let view = unsafe { ViewMut::from_raw(self.block.base(), self.element, &[self.len], &strides) };
        view.expect("a buffer is aligned and within the address space")
    }

    /// The elements, if `T` is their type; see [`View::slice`].
    #[must_use]
    pub fn slice<T: Element>(&self) -> Option<&[T]> {
        self.view().slice()
    }

    /// The elements, if `T` is their type; see [`ViewMut::slice_mut`].
    #[must_use]
    pub fn slice_mut<T: Element>(&mut self) -> Option<&mut [T]> {
        if T::TYPE == ElementType::Bool {
            self.view().slice::<bool>()?;
        }
        if T::TYPE != self.element {
            return None;
        }
        // SAFETY: as in `view_mut`; the type is the elements', and each `bool` was found to be
        // valid.
        Some(unsafe { std::slice::from_raw_parts_mut(self.block.base().cast(), self.len) })
    }

    /// The address of the first element, aligned to 64 bytes, for as long as the buffer lives.
    #[must_use]
    pub fn as_ptr(&self) -> *const u8 {
        self.block.base()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: `self.block` is not used again.
        cache::give(unsafe { ManuallyDrop::take(&mut self.block) });
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer").field("element", &self.element).field("len", &self.len).finish_non_exhaustive()
    }
}

impl Block {
    /// Writes zeros to the first `bytes` bytes, by several threads when there are many.
    fn zero(&mut self, bytes: usize) {
        self.fill(bytes.min(self.class()), 1);
    }

    /// Has the system give the pages of a mapped block's first `bytes` bytes at once, by several
    /// threads: cheaper than a fault for each page, and shared also if one thread writes them.
    fn populate(&mut self, bytes: usize) {
        if self.is_mapped() {
            let block = &*self;
            threads::for_ranges(bytes.min(self.class()).div_ceil(HUGE), 2, threads::threads(), |pages| {
                block.populate_pages(pages);
            });
        }
    }

    /// Writes a byte to each page, by several threads.
    pub(super) fn touch(&mut self) {
        self.populate(self.class());
        self.fill(self.class(), 4096);
    }

    /// Writes a zero to every `step`-th byte of the first `bytes`.
    fn fill(&mut self, bytes: usize, step: usize) {
        struct Base(*mut u8);
        // SAFETY: the address of memory that this call has to itself.
        unsafe impl Sync for Base {}
        impl Base {
            fn at(&self, offset: usize) -> *mut u8 {
                self.0.wrapping_add(offset)
            }
        }
        let base = Base(self.base());
        threads::for_ranges(bytes, 1 << 20, threads::threads(), |range| {
            if step == 1 {
                // SAFETY: the range is within the first `bytes` bytes, at most the class; ranges of
                // several threads have nothing in common.
                unsafe { base.at(range.start).write_bytes(0, range.len()) };
            } else {
                for at in range.step_by(step) {
                    // SAFETY: as above.
                    unsafe { base.at(at).write(0) };
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{MAPPED, class_of};
    use super::*;

    #[test]
    fn classes_waste_at_most_an_eighth() {
        for bytes in (0..5000).chain([MAPPED - 1, MAPPED, MAPPED + 1, (1 << 40) + 1]) {
            let class = class_of(bytes).unwrap();
            assert!(class >= bytes && class.is_multiple_of(64), "{bytes} {class}");
            assert!(class <= 64.max(bytes + bytes / 8 + 64), "{bytes} {class}");
            assert_eq!(class_of(class), Some(class));
        }
        assert_eq!((class_of(usize::MAX), class_of(isize::MAX as usize)), (None, None));
    }

    /// One test, for the cache is the process's: what it keeps is used again, stale or zeroed.
    #[test]
    fn buffers_are_used_again_and_zeros_are_zeros() {
        // A mapped block of at most twice the size serves, a larger one does not.
        for (len, serves) in [(2 * MAPPED, true), (2 * MAPPED + MAPPED / 2, false)] {
            let large = Buffer::stale(ElementType::U8, len).unwrap();
            let place = large.as_ptr();
            drop(large);
            assert_eq!(Buffer::stale(ElementType::U8, MAPPED).unwrap().as_ptr() == place, serves);
            cache::release();
        }
        for len in [1000, MAPPED / 8 + 3] {
            let mut first = Buffer::zeroed(ElementType::F64, len).unwrap();
            assert!(first.as_ptr().addr().is_multiple_of(64));
            assert!(first.slice::<f64>().unwrap().iter().all(|item| *item == 0.0));
            assert!(first.slice::<f32>().is_none() && first.slice_mut::<i64>().is_none());
            first.slice_mut::<f64>().unwrap().fill(7.0);
            let place = first.as_ptr();
            drop(first);
            assert!(cache::waiting() >= len * 8);
            let again = Buffer::stale(ElementType::U64, len - 1).unwrap();
            assert_eq!(again.as_ptr(), place);
            drop(again);
            let zeros = Buffer::zeroed(ElementType::F64, len).unwrap();
            assert_eq!(zeros.as_ptr(), place);
            assert!(zeros.slice::<f64>().unwrap().iter().all(|item| *item == 0.0));
        }
        cache::release();
        assert_eq!(cache::waiting(), 0);
        cache::reserve(1 << 24);
        assert_eq!(cache::waiting(), 1 << 24);
        assert!(Buffer::stale(ElementType::F64, usize::MAX / 8).is_err());
        assert!(Buffer::zeroed(ElementType::C128, usize::MAX).is_err());
        assert!(Buffer::zeroed(ElementType::F32, 0).unwrap().is_empty());
    }
}
