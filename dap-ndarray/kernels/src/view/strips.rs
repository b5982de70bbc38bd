//! The elements of a view as slices: rows where they lie, or gathered into a strip.

use std::ops::Range;
use std::slice;

use super::error::{ViewError, ViewErrorKind};
use super::geometry::{Shape, Strides};
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
        self.strips_of(&nest, 0, 0..nest.len(), body)
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
        self.strips_of(&nest, 0, range.start.min(end)..end, body)
    }

    /// Strips of a range of the nest's elements, whose offsets are counted from `base`.
    fn strips_of<T: Element>(
        &self,
        nest: &Nest,
        base: isize,
        range: Range<usize>,
        mut body: impl FnMut(&[T]),
    ) -> Option<()> {
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
                body(unsafe { slice::from_raw_parts(self.at::<T>(base, &cursor), count) });
                cursor.advance(count);
                left -= count;
            }
            return Some(());
        }
        let mut strip = [T::default(); STRIP];
        let mut filled = 0;
        while left > 0 {
            let count = cursor.left_in_row().min(left).min(STRIP - filled);
            let row = self.at::<T>(base, &cursor);
            for (at, item) in strip[filled..filled + count].iter_mut().enumerate() {
                // SAFETY: an element of the row, aligned and initialised by the view's invariant.
                *item = unsafe { row.wrapping_byte_offset(at as isize * stride).read() };
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

    fn at<T>(&self, base: isize, cursor: &Cursor<'_>) -> *const T {
        self.base.wrapping_offset(base).wrapping_offset(cursor.offsets()[0]).cast()
    }

    /// The dimensions of the view as two nests of loops: over the other axes, in C order, and over
    /// `axes`, in any order.
    ///
    /// # Errors
    /// No such axis, or one that is named twice.
    pub fn split(&self, axes: &[usize]) -> Result<Split<'_>, ViewError> {
        for (at, &axis) in axes.iter().enumerate() {
            if axis >= self.ndim() || axes[..at].contains(&axis) {
                return Err(ViewErrorKind::Axis { axis }.into());
            }
        }
        let nest = |axes: &mut dyn Iterator<Item = usize>, order| {
            let (shape, strides): (Shape, Strides) =
                axes.map(|axis| (self.shape()[axis], self.strides()[axis])).unzip();
            Nest::new(&shape, &[&strides], order)
        };
        let outer = nest(&mut (0..self.ndim()).filter(|axis| !axes.contains(axis)), Order::C);
        Ok(Split { view: self, outer, inner: nest(&mut axes.iter().copied(), Order::Any) })
    }
}

/// The elements of a view, in parts: one for each index of some axes.
///
/// Invariant: both nests are of axes of the view, each axis in one of them. So an offset of one and
/// an offset of the other make that of an element, unless the view is empty.
#[derive(Debug)]
pub struct Split<'v> {
    view: &'v View<'v>,
    outer: Nest,
    inner: Nest,
}

impl Split<'_> {
    /// The loops over the parts.
    #[must_use]
    pub fn outer(&self) -> &Nest {
        &self.outer
    }

    /// The loops over the elements of a part.
    #[must_use]
    pub fn inner(&self) -> &Nest {
        &self.inner
    }

    /// Whether neighbours of a kept axis are nearer to each other than those of a part: lines of
    /// several parts ([`for_each_lines`](Self::for_each_lines)) then read memory in its order.
    pub(crate) fn by_columns(&self) -> bool {
        let stride = |nest: &Nest| nest.inner().1[0].unsigned_abs();
        let wide = self.outer.inner().0 > 1;
        wide && (self.inner.len() == 1 || stride(&self.outer) < stride(&self.inner))
    }

    /// The offset of a part, or 0 where there is no element.
    fn base(&self, part: usize) -> Option<isize> {
        (part < self.outer.len() && !self.inner.is_empty()).then(|| self.outer.cursor(part).offsets()[0])
    }

    /// Calls `body` with strips of a range of the elements of one part. `None` for another type.
    pub fn for_each_strip<T: Element>(&self, part: usize, range: Range<usize>, body: impl FnMut(&[T])) -> Option<()> {
        let Some(base) = self.base(part) else { return Some(()) };
        let end = range.end.min(self.inner.len());
        self.view.strips_of(&self.inner, base, range.start.min(end)..end, body)
    }

    /// Calls `body` with some lines at a time: line `i` has element `i` of each of `width` parts,
    /// beginning with part number `part`, all in one innermost loop. `None` for another type, or if
    /// the parts are not.
    pub fn for_each_lines<T: Element, const LINES: usize>(
        &self,
        part: usize,
        width: usize,
        range: Range<usize>,
        mut body: impl FnMut(&[&[T]]),
    ) -> Option<()> {
        if T::TYPE != self.view.element() || T::TYPE == ElementType::Bool {
            return None;
        }
        let (extent, strides) = self.outer.inner();
        let Some(base) = self.base(part) else { return Some(()) };
        if width > extent - part % extent {
            return None;
        }
        let stride = strides[0];
        let end = range.end.min(self.inner.len());
        let mut left = range.start.min(end)..end;
        let mut cursor = self.inner.cursor(left.start);
        let mut gathered: [Vec<T>; LINES] = std::array::from_fn(|_| Vec::new());
        while !left.is_empty() {
            let count = left.len().min(LINES);
            let mut firsts = [std::ptr::null(); LINES];
            for first in &mut firsts[..count] {
                *first = self.view.at::<T>(base, &cursor);
                cursor.advance(1);
            }
            if stride != size_of::<T>() as isize {
                for (first, line) in firsts[..count].iter_mut().zip(&mut gathered) {
                    line.clear();
                    // SAFETY: by the invariant these are elements of the view, hence aligned,
                    // initialised and not written.
                    line.extend(
                        (0..width).map(|at| unsafe { first.wrapping_byte_offset(at as isize * stride).read() }),
                    );
                    *first = line.as_ptr();
                }
            }
            let lines: [&[T]; LINES] = std::array::from_fn(|line| {
                // SAFETY: `width` elements side by side: of the view, whose invariant keeps them,
                // or of a vector that is not changed until the lines are dropped.
                if line < count { unsafe { slice::from_raw_parts(firsts[line], width) } } else { &[] }
            });
            body(&lines[..count]);
            left.start += count;
        }
        Some(())
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

        #[test]
        fn parts_have_the_elements_of_their_index(
            dims in prop::collection::vec((0_usize..6, -20_isize..21, any::<bool>()), 1..4), cut in 0_usize..9,
        ) {
            let (shape, strides): (Vec<usize>, Vec<isize>) = dims.iter().map(|dim| (dim.0, dim.1)).unzip();
            let axes: Vec<usize> = (0..dims.len()).filter(|axis| dims[*axis].2).collect();
            let memory: Vec<i64> = (0..1000).collect();
            let view = View::new(&memory, 500, &shape, &strides).unwrap();
            let split = view.split(&axes).unwrap();
            let (extents, steps) = (&shape, &strides);
            let walk = |wanted: bool| -> Vec<isize> {
                (0..dims.len()).filter(|axis| dims[*axis].2 == wanted).fold(vec![0_isize], |offsets, axis| {
                    offsets.iter().flat_map(|base| (0..extents[axis] as isize).map(move |at| base + at * steps[axis])).collect()
                })
            };
            let (outer, inner) = (walk(false), walk(true));
            prop_assert_eq!((split.outer().len(), split.inner().len()), (outer.len(), inner.len()));
            let sorted = |mut items: Vec<i64>| { items.sort_unstable(); items };
            let cut = cut.min(inner.len());
            for (part, base) in outer.iter().enumerate() {
                let expected = sorted(inner.iter().map(|offset| (500 + base + offset) as i64).collect());
                let (mut strips, mut lines) = (Vec::new(), Vec::new());
                for range in [0..cut, cut..inner.len()] {
                    split.for_each_strip::<i64>(part, range.clone(), |strip| strips.extend_from_slice(strip)).unwrap();
                    let width = split.outer().inner().0 - part % split.outer().inner().0;
                    split.for_each_lines::<i64, 3>(part, width, range, |rows| {
                        lines.extend(rows.iter().map(|row| row[0]));
                        assert!(rows.iter().all(|row| (0..width).all(|at| row[at] == row[0] + (outer[part + at] - base) as i64)));
                    }).unwrap();
                }
                prop_assert_eq!(sorted(strips), expected.clone());
                prop_assert_eq!(sorted(lines), expected);
            }
        }
    }
}
