//! Runs of elements along the last dimension, as slices or copied.

use std::slice;

use super::read::{View, read_element};
use super::write::ViewMut;
use crate::element::{Element, ElementType};

/// Whether `len` elements along the last dimension, beginning at `index`, are within the shape.
fn within(shape: &[usize], index: &[usize], len: usize) -> bool {
    let Some(last) = shape.len().checked_sub(1) else { return false };
    index.len() == shape.len()
        && len > 0
        && index.iter().zip(shape).all(|(at, extent)| at < extent)
        && len <= shape[last] - index[last]
}

fn is_plain<T: Element>(element: ElementType) -> bool {
    T::TYPE == element && T::TYPE != ElementType::Bool
}

impl View<'_> {
    /// `len` elements along the last dimension, beginning at `index`, if they lie side by side.
    ///
    /// `None` also if an index is outside, `len` is 0, or the elements are not of type `T`, or
    /// `bool`.
    #[inline]
    #[must_use]
    pub fn line<T: Element>(&self, index: &[usize], len: usize) -> Option<&[T]> {
        let dense = len == 1 || self.strides().last() == Some(&(size_of::<T>() as isize));
        if !dense || !is_plain::<T>(self.element()) || !within(self.shape(), index, len) {
            return None;
        }
        let first = self.base.wrapping_offset(self.geometry.offset(index)?);
        // SAFETY: `len` elements of the view side by side; by its invariant they are aligned,
        // initialised, and not written while it is borrowed.
        Some(unsafe { slice::from_raw_parts(first.cast(), len) })
    }

    /// Copies elements along the last dimension, beginning at `index`, to the end of `to`. `None`,
    /// and nothing is copied, if an index is outside, `len` is 0, or the elements are not of type
    /// `T`.
    pub fn copy_line<T: Element>(&self, index: &[usize], len: usize, to: &mut Vec<T>) -> Option<()> {
        if T::TYPE != self.element() || !within(self.shape(), index, len) {
            return None;
        }
        let first = self.base.wrapping_offset(self.geometry.offset(index)?);
        let stride = *self.strides().last()?;
        // SAFETY: elements of the view, of type `T`; by its invariant they are aligned and
        // initialised.
        to.extend((0..len as isize).map(|at| unsafe { read_element::<T>(first.wrapping_offset(at * stride)) }));
        Some(())
    }
}

impl ViewMut<'_> {
    /// `N` lines at once, or as many as `count` says: line `i` begins at `index` with `i` more in
    /// the last dimension but one. `None` as for [`View::line`].
    pub fn lines_mut<T: Element, const N: usize>(
        &mut self,
        index: &[usize],
        count: usize,
        len: usize,
    ) -> Option<[&mut [T]; N]> {
        let dims = self.shape().len();
        let dense = len == 1 || self.strides().last() == Some(&(size_of::<T>() as isize));
        let fits = count <= N
            && (count == 1
                || (dims > 1
                    && index.len() == dims
                    && count <= self.shape()[dims - 2] - index[dims - 2].min(self.shape()[dims - 2])));
        if !dense || !fits || count == 0 || !is_plain::<T>(self.element()) || !within(self.shape(), index, len) {
            return None;
        }
        let mut place: super::geometry::Shape = index.into();
        let mut firsts = [std::ptr::null_mut::<T>(); N];
        for first in &mut firsts[..count] {
            *first = self.base.wrapping_offset(self.geometry.offset(&place)?).cast();
            if dims > 1 {
                place[dims - 2] += 1;
            }
        }
        Some(std::array::from_fn(|line| {
            if line < count {
                // SAFETY: `len` elements of the view side by side, aligned and initialised by its
                // invariant. Lines have different indices, elements share no byte, and the view is
                // borrowed mutably.
                unsafe { slice::from_raw_parts_mut(firsts[line], len) }
            } else {
                &mut []
            }
        }))
    }

    /// Writes elements along the last dimension, beginning at `index`. `None`, and nothing is
    /// written, as for [`View::copy_line`].
    pub fn write_line<T: Element>(&mut self, index: &[usize], items: &[T]) -> Option<()> {
        if T::TYPE != self.element() || !within(self.shape(), index, items.len()) {
            return None;
        }
        let first = self.base.wrapping_offset(self.geometry.offset(index)?);
        let stride = *self.strides().last()?;
        for (at, item) in items.iter().enumerate() {
            // SAFETY: an element of the view, of type `T`, which may be written and is aligned.
            unsafe { first.wrapping_offset(at as isize * stride).cast::<T>().write(*item) };
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_within_the_view_or_none() {
        let mut items: Vec<i32> = (0..24).collect();
        let view = View::shaped(&items, &[2, 3, 4]).unwrap();
        assert_eq!(view.line::<i32>(&[1, 2, 1], 3), Some(&[21, 22, 23][..]));
        for (index, len) in [([1, 2, 1], 4), ([2, 0, 0], 1), ([0, 0, 4], 1), ([0, 0, 0], 0), ([0, 3, 0], 1)] {
            assert_eq!(view.line::<i32>(&index, len), None, "{index:?} {len}");
        }
        assert_eq!((view.line::<u32>(&[0, 0, 0], 1), view.line::<i32>(&[0, 0], 1)), (None, None));
        let turned = view.permute(&[2, 1, 0]).unwrap();
        assert_eq!(turned.line::<i32>(&[3, 1, 0], 2), None);
        let mut copied: Vec<i32> = Vec::new();
        turned.copy_line(&[3, 1, 0], 2, &mut copied).unwrap();
        assert_eq!(copied, [7, 19]);
        let mut target = ViewMut::shaped(&mut items, &[2, 3, 4]).unwrap();
        assert!(target.lines_mut::<i32, 4>(&[0, 1, 0], 3, 4).is_none());
        let [first, second, third] = target.lines_mut::<i32, 3>(&[0, 1, 1], 2, 3).unwrap();
        first.swap_with_slice(second);
        assert!(third.is_empty());
        target.write_line(&[1, 2, 2], &[-1, -2]).unwrap();
        assert!(target.write_line(&[1, 2, 3], &[0, 0]).is_none());
        assert_eq!(items[4..12], [4, 9, 10, 11, 8, 5, 6, 7]);
        assert_eq!(items[20..], [20, 21, -1, -2]);
    }
}
