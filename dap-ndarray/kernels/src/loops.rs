//! One order of loops for several operands of one shape: dimensions that lie behind each other in
//! memory become one, and the narrowest strides come innermost.
//!
//! This is the only place that orders and merges dimensions. A [`Nest`] keeps for each dimension
//! the strides of all operands; a [`Cursor`] walks its rows (the runs of the innermost dimension).
//!
//! ```
//! use dap_kernels::loops::{Nest, Order};
//! // A 4 x 6 matrix in C order and one in Fortran order, 8 bytes an element.
//! let nest = Nest::new(&[4, 6], &[&[48, 8], &[8, 32]], Order::Any);
//! assert_eq!((nest.shape(), nest.inner()), (&[4, 6][..], (6, &[8, 32][..])));
//! // Two matrices in Fortran order are one run of 24 elements.
//! let nest = Nest::new(&[4, 6], &[&[8, 32], &[8, 32]], Order::Any);
//! assert_eq!((nest.shape(), nest.inner()), (&[24][..], (24, &[8, 8][..])));
//! ```

use smallvec::{SmallVec, smallvec};

/// Whether loops may visit the elements in another order than C's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// C order: the last dimension varies fastest. Dimensions are merged, not moved.
    C,
    /// Any order: dimensions are sorted by the strides of the first operand, ties by the others;
    /// those along which the first operand runs backwards are turned round.
    Any,
}

/// Loops over the elements of operands that have one shape.
#[derive(Debug, Clone)]
pub struct Nest {
    /// Extents, outermost first; at least one, none is 1 unless it is the only one.
    shape: SmallVec<[usize; 4]>,
    /// `strides[dim * operands + operand]` in bytes.
    strides: SmallVec<[isize; 8]>,
    /// The offset of the first element that is visited, an operand.
    start: SmallVec<[isize; 4]>,
    len: usize,
}

impl Nest {
    /// Loops over `shape`; `operands` are the strides of each.
    ///
    /// # Panics
    /// An operand has not one stride a dimension. (Views that were broadcast to `shape` have.)
    #[must_use]
    pub fn new(shape: &[usize], operands: &[&[isize]], order: Order) -> Self {
        for strides in operands {
            assert_eq!(strides.len(), shape.len(), "one stride for each dimension of {shape:?}");
        }
        let mut start: SmallVec<[isize; 4]> = smallvec![0; operands.len()];
        if shape.contains(&0) {
            return Self { shape: smallvec![0], strides: smallvec![0; operands.len()], start, len: 0 };
        }
        let mut dims: SmallVec<[usize; 4]> = (0..shape.len()).filter(|dim| shape[*dim] > 1).collect();
        let mut turned: SmallVec<[bool; 4]> = smallvec![false; shape.len()];
        if order == Order::Any {
            for &dim in &dims {
                let backwards = operands.iter().map(|strides| strides[dim]).find(|stride| *stride != 0);
                if backwards.is_some_and(|stride| stride < 0) {
                    turned[dim] = true;
                    for (start, strides) in start.iter_mut().zip(operands) {
                        *start += (shape[dim] - 1) as isize * strides[dim];
                    }
                }
            }
            // Stable: where all strides are equal the order stays C's.
            dims.sort_by(|&left, &right| {
                let width = |dim: usize| operands.iter().map(move |strides| strides[dim].unsigned_abs());
                width(right).cmp(width(left))
            });
        }
        let stride = |dim: usize, operand: usize| {
            if turned[dim] { -operands[operand][dim] } else { operands[operand][dim] }
        };
        let count = operands.len();
        let (mut extents, mut strides) = (SmallVec::<[usize; 4]>::new(), SmallVec::<[isize; 8]>::new());
        for dim in dims {
            let extent = shape[dim];
            let last = extents.len().wrapping_sub(1);
            let merges = !extents.is_empty()
                && (0..count).all(|operand| {
                    stride(dim, operand).checked_mul(extent as isize) == Some(strides[last * count + operand])
                });
            if merges {
                extents[last] *= extent;
                strides.truncate(last * count);
            } else {
                extents.push(extent);
            }
            strides.extend((0..count).map(|operand| stride(dim, operand)));
        }
        if extents.is_empty() {
            extents.push(1);
            strides.resize(count, 0);
        }
        let len = extents.iter().product();
        Self { shape: extents, strides, start, len }
    }

    /// One loop over `len` elements of operands that lie side by side, `sizes` bytes each.
    #[must_use]
    pub fn line(len: usize, sizes: &[usize]) -> Self {
        let strides = sizes.iter().map(|size| *size as isize).collect();
        Self { shape: smallvec![len], strides, start: smallvec![0; sizes.len()], len }
    }

    /// The extents of the loops, outermost first; at least one.
    #[inline]
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of elements.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no element.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The strides of all operands in loop `dim`, in bytes.
    #[inline]
    #[must_use]
    pub fn strides(&self, dim: usize) -> &[isize] {
        let count = self.start.len();
        &self.strides[dim * count..][..count]
    }

    /// The extent of the innermost loop, and the strides of all operands in it.
    #[inline]
    #[must_use]
    pub fn inner(&self) -> (usize, &[isize]) {
        let last = self.shape.len() - 1;
        (self.shape[last], self.strides(last))
    }

    /// For each operand the offset of the first element that is visited, in bytes.
    #[inline]
    #[must_use]
    pub fn start(&self) -> &[isize] {
        &self.start
    }

    /// A cursor at element number `at` in the order of the loops, `at <= len`.
    #[must_use]
    pub fn cursor(&self, at: usize) -> Cursor<'_> {
        debug_assert!(at <= self.len);
        let mut cursor = Cursor { nest: self, index: smallvec![0; self.shape.len()], offsets: self.start.clone() };
        let mut rest = at;
        for dim in (0..self.shape.len()).rev() {
            if rest == 0 {
                break;
            }
            // The outermost index may be the extent: behind the last element.
            let extent = if dim == 0 { usize::MAX } else { self.shape[dim] };
            cursor.index[dim] = rest % extent;
            rest /= extent;
            for (offset, stride) in cursor.offsets.iter_mut().zip(self.strides(dim)) {
                *offset += cursor.index[dim] as isize * stride;
            }
        }
        cursor
    }
}

/// A place in a [`Nest`]: indices, and the offset of each operand's element in bytes.
#[derive(Debug, Clone)]
pub struct Cursor<'n> {
    nest: &'n Nest,
    index: SmallVec<[usize; 4]>,
    offsets: SmallVec<[isize; 4]>,
}

impl Cursor<'_> {
    /// The offsets of the operands' elements in bytes.
    #[inline]
    #[must_use]
    pub fn offsets(&self) -> &[isize] {
        &self.offsets
    }

    /// The indices of the loops, outermost first.
    #[inline]
    #[must_use]
    pub fn index(&self) -> &[usize] {
        &self.index
    }

    /// The number of elements from here to the end of the row, this one included.
    #[inline]
    #[must_use]
    pub fn left_in_row(&self) -> usize {
        let last = self.index.len() - 1;
        self.nest.shape[last] - self.index[last]
    }

    /// Advances by `count` elements, at most [`left_in_row`](Self::left_in_row): behind the last
    /// element of a row stands the first of the next one.
    #[inline]
    pub fn advance(&mut self, count: usize) {
        let mut dim = self.index.len() - 1;
        self.step(dim, count);
        while self.index[dim] >= self.nest.shape[dim] && dim > 0 {
            let back = self.index[dim];
            for (offset, stride) in self.offsets.iter_mut().zip(self.nest.strides(dim)) {
                *offset -= back as isize * stride;
            }
            self.index[dim] = 0;
            dim -= 1;
            self.step(dim, 1);
        }
    }

    #[inline]
    fn step(&mut self, dim: usize, count: usize) {
        self.index[dim] += count;
        for (offset, stride) in self.offsets.iter_mut().zip(self.nest.strides(dim)) {
            *offset += count as isize * stride;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The offsets of all operands, an element after the other in C order.
    fn visited(shape: &[usize], operands: &[&[isize]]) -> Vec<Vec<isize>> {
        let len: usize = shape.iter().product();
        (0..len)
            .map(|at| {
                let (mut rest, mut offsets) = (at, vec![0; operands.len()]);
                for dim in (0..shape.len()).rev() {
                    for (offset, strides) in offsets.iter_mut().zip(operands) {
                        *offset += (rest % shape[dim]) as isize * strides[dim];
                    }
                    rest /= shape[dim];
                }
                offsets
            })
            .collect()
    }

    proptest! {
        #[test]
        fn each_element_is_visited_once(
            dims in prop::collection::vec((0_usize..5, -20_isize..21, -20_isize..21), 0..5),
            from in 0_usize..50, piece in 1_usize..9, any in any::<bool>(), dense in any::<bool>(),
        ) {
            let shape: Vec<usize> = dims.iter().map(|dim| dim.0).collect();
            let mut first: Vec<isize> = dims.iter().map(|dim| dim.1).collect();
            let second: Vec<isize> = dims.iter().map(|dim| dim.2).collect();
            if dense {
                let mut step = 4;
                for (stride, &extent) in first.iter_mut().zip(&shape).rev() {
                    *stride = step;
                    step *= extent as isize;
                }
            }
            let operands = [&first[..], if dense { &first } else { &second }];
            let nest = Nest::new(&shape, &operands, if any { Order::Any } else { Order::C });
            let mut expected = visited(&shape, &operands);
            prop_assert_eq!(nest.len(), expected.len());
            if dense && !shape.contains(&0) {
                prop_assert_eq!(nest.shape().len(), 1);
            }
            let walk = |from: usize| {
                let (mut cursor, mut at, mut found) = (nest.cursor(from), from, Vec::new());
                while at < nest.len() {
                    let count = cursor.left_in_row().min(piece);
                    for step in 0..count as isize {
                        found.push(cursor.offsets().iter().zip(nest.inner().1).map(|(o, s)| o + step * s).collect::<Vec<_>>());
                    }
                    cursor.advance(count);
                    at += count;
                }
                found
            };
            let mut found = walk(0);
            let from = from.min(nest.len());
            prop_assert_eq!(&found[from..], &walk(from)[..]);
            if any {
                found.sort_unstable();
                expected.sort_unstable();
            }
            prop_assert_eq!(found, expected);
        }
    }
}
