//! The elements of a view as slices: rows where they lie, or gathered into a strip.

use std::ops::Range;
use std::slice;

use super::read::View;
use crate::element::{Element, ElementType};
use crate::loops::{Cursor, Nest, Order};

/// Elements of a gathered strip.
pub const STRIP: usize = 512;

/// Rows shorter than this are gathered, several into one strip.
const SHORT: usize = 64;

impl View<'_> {
    /// Calls `body` with all elements, as slices, in the order that is asked for.
    ///
    /// Returns `None`, and calls nothing, if the elements are not of type `T` or are `bool`, whose
    /// bytes may have any value (see [`View::as_bytes`]).
    pub fn for_each_strip<T: Element>(&self, order: Order, body: impl FnMut(&[T])) -> Option<()> {
        let nest = Nest::new(self.shape(), &[self.strides()], order);
        self.strips_of(&nest, 0..nest.len(), body)
    }

    /// As [`for_each_strip`](Self::for_each_strip), for a range of the elements in that order.
    pub fn for_each_strip_in<T: Element>(
        &self,
        order: Order,
        range: Range<usize>,
        body: impl FnMut(&[T]),
    ) -> Option<()> {
        let nest = Nest::new(self.shape(), &[self.strides()], order);
        let end = range.end.min(nest.len());
        self.strips_of(&nest, range.start.min(end)..end, body)
    }

    fn strips_of<T: Element>(&self, nest: &Nest, range: Range<usize>, mut body: impl FnMut(&[T])) -> Option<()> {
        if T::TYPE != self.element() || T::TYPE == ElementType::Bool {
            return None;
        }
        let (extent, strides) = nest.inner();
        let (stride, mut left) = (strides[0], range.len());
        let mut cursor = nest.cursor(range.start);
        if stride == size_of::<T>() as isize && (extent >= SHORT || nest.shape().len() == 1) {
            while left > 0 {
                let count = cursor.left_in_row().min(left);
                // SAFETY: the cursor's elements are those of the view; `count` of them lie side by
                // side, for the stride is their size. By the view's invariant they are aligned,
                // initialised and not written while it lives.
                body(unsafe { slice::from_raw_parts(self.at::<T>(&cursor), count) });
                cursor.advance(count);
                left -= count;
            }
            return Some(());
        }
        let mut strip = [T::default(); STRIP];
        let mut filled = 0;
        while left > 0 {
            let count = cursor.left_in_row().min(left).min(STRIP - filled);
            let base = self.at::<T>(&cursor);
            for (at, item) in strip[filled..filled + count].iter_mut().enumerate() {
                // SAFETY: an element of the row, aligned and initialised by the view's invariant.
                *item = unsafe { base.wrapping_byte_offset(at as isize * stride).read() };
            }
            cursor.advance(count);
            left -= count;
            filled += count;
            if filled == STRIP || left == 0 {
                body(&strip[..filled]);
                filled = 0;
            }
        }
        Some(())
    }

    fn at<T>(&self, cursor: &Cursor<'_>) -> *const T {
        self.base.wrapping_offset(cursor.offsets()[0]).cast()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strips_are_the_elements_in_order(
            dims in prop::collection::vec((0_usize..7, -30_isize..31), 0..4), wide in 0_usize..700, dense: bool, cut in 0.0..1.0_f64,
        ) {
            let (mut shape, mut strides): (Vec<usize>, Vec<isize>) = dims.into_iter().unzip();
            shape.push(wide);
            strides.push(if dense { 1 } else { -3 });
            let low: isize = shape.iter().zip(&strides).map(|(n, s)| (*n as isize - 1).max(0) * (*s).min(0)).sum();
            let memory: Vec<u32> = (0..8000).collect();
            let view = View::new(&memory, low.unsigned_abs(), &shape, &strides).unwrap();
            let mut expected = vec![low.abs()];
            for (extent, stride) in shape.iter().zip(&strides) {
                expected = expected.iter().flat_map(|base| (0..*extent as isize).map(move |at| base + at * stride)).collect();
            }
            let mut found = Vec::new();
            view.for_each_strip::<u32>(Order::C, |strip| found.extend_from_slice(strip)).unwrap();
            prop_assert_eq!(&found, &expected.iter().map(|at| *at as u32).collect::<Vec<_>>());
            let cut = (cut * found.len() as f64) as usize;
            let mut pieces = Vec::new();
            for range in [0..cut, cut..found.len() + 5] {
                view.for_each_strip_in::<u32>(Order::C, range, |strip| pieces.extend_from_slice(strip)).unwrap();
            }
            prop_assert_eq!(pieces, found);
            prop_assert_eq!(view.for_each_strip::<f32>(Order::C, |_| {}), None);
        }
    }
}
