//! Checked shape and strides: the bytes of memory that a buffer reaches, and their order.
//!
//! Strides are in bytes. Strides without a meaning (an extent of 0 or 1, a buffer without items)
//! are replaced by those of C order, so that no caller has to distinguish them.

use smallvec::SmallVec;

use crate::error::{BufferError, BufferErrorKind as Kind};

/// Shape, then strides; up to four dimensions without memory of their own.
type Numbers = SmallVec<[i64; 8]>;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    numbers: Numbers,
    itemsize: i64,
    len: i64,
    /// What [`Geometry::reach`] says.
    reach: (isize, isize),
}

impl Clone for Geometry {
    fn clone(&self) -> Self {
        // In one piece; `SmallVec`'s own way takes one number after the other.
        Self { numbers: Numbers::from_slice(&self.numbers), ..*self }
    }
}

impl Geometry {
    /// Checks a shape and strides in bytes; `None` means C order.
    ///
    /// # Errors
    /// An extent below 0, strides that are not as many, items or a reach beyond `isize::MAX` bytes.
    #[inline]
    pub(crate) fn new(itemsize: i64, shape: &[i64], strides: Option<&[i64]>) -> Result<Self, BufferError> {
        Self::in_units(itemsize, shape, strides, 1)
    }

    /// The same with strides in units of `unit` bytes. Strides without a meaning may be any number.
    ///
    /// # Errors
    /// As [`Geometry::new`].
    #[inline]
    pub(crate) fn in_units(
        itemsize: i64,
        shape: &[i64],
        strides: Option<&[i64]>,
        unit: i64,
    ) -> Result<Self, BufferError> {
        let ndim = shape.len();
        if let Some(strides) = strides.filter(|strides| strides.len() != ndim) {
            return Err(BufferError::new(Kind::Count).with_value(strides.len()).with_expected(ndim));
        }
        let len = len(shape)?;
        if len.checked_mul(itemsize.max(1)).is_none_or(|bytes| isize::try_from(bytes).is_err()) {
            return Err(TOO_LARGE);
        }
        let given = strides.filter(|_| len > 0);
        let mut numbers = zeros(2 * ndim);
        let (extents, strides) = numbers.split_at_mut(ndim);
        extents.copy_from_slice(shape);
        let (mut step, mut first, mut end) = (itemsize, 0_i64, itemsize);
        for (dim, (&mut extent, stride)) in extents.iter_mut().zip(strides).enumerate().rev() {
            *stride = match given {
                Some(given) if extent > 1 => given[dim].checked_mul(unit).ok_or(TOO_LARGE)?,
                _ => step,
            };
            // Only the extents of a buffer without items can be too large for a product.
            step = step.checked_mul(extent.max(1)).unwrap_or(itemsize);
            if extent > 1 && len > 0 {
                let span = stride.checked_mul(extent - 1).ok_or(TOO_LARGE)?;
                let side = if span < 0 { &mut first } else { &mut end };
                *side = side.checked_add(span).ok_or(TOO_LARGE)?;
            }
        }
        let reach = if len == 0 { (0, 0) } else { reach(first, end)? };
        Ok(Self { numbers, itemsize, len, reach })
    }

    pub(crate) fn ndim(&self) -> usize {
        self.numbers.len() / 2
    }

    pub(crate) fn shape(&self) -> &[i64] {
        &self.numbers[..self.ndim()]
    }

    /// Turns the order of the dimensions round.
    pub(crate) fn reverse(&mut self) {
        let turned = |numbers: &[i64]| numbers.iter().rev().copied().collect::<Numbers>();
        // Extents and strides that fitted before do so in any order; where strides mean nothing
        // they become C order's anew.
        if let Ok(turned) = Self::new(self.itemsize, &turned(self.shape()), Some(&turned(self.strides()))) {
            *self = turned;
        }
    }

    /// The extents, for a struct of C that has a pointer to them.
    pub(crate) fn shape_mut(&mut self) -> &mut [i64] {
        let ndim = self.ndim();
        &mut self.numbers[..ndim]
    }

    pub(crate) fn strides(&self) -> &[i64] {
        &self.numbers[self.ndim()..]
    }

    pub(crate) fn itemsize(&self) -> i64 {
        self.itemsize
    }

    /// The number of items.
    pub(crate) fn len(&self) -> i64 {
        self.len
    }

    /// The extents and strides of the dimensions that have a second index.
    fn steps(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let dims = self.shape().iter().copied().zip(self.strides().iter().copied());
        dims.filter(|&(extent, _)| extent > 1 && self.len > 0)
    }

    /// The bytes that items lie in, relative to the item at index 0: the first, and the one behind
    /// the last. Both 0 without items.
    pub(crate) fn reach(&self) -> (isize, isize) {
        self.reach
    }

    /// Whether items lie in C order, one behind the other.
    pub(crate) fn is_c_contiguous(&self) -> bool {
        self.is_dense(self.shape().iter().zip(self.strides()).rev())
    }

    /// Whether items lie in Fortran's order, one behind the other.
    pub(crate) fn is_f_contiguous(&self) -> bool {
        self.is_dense(self.shape().iter().zip(self.strides()))
    }

    fn is_dense<'a>(&self, dims: impl Iterator<Item = (&'a i64, &'a i64)>) -> bool {
        let mut step = self.itemsize;
        for (&extent, &stride) in dims {
            if extent > 1 && stride != step && self.len > 0 {
                return false;
            }
            step = step.wrapping_mul(extent);
        }
        true
    }

    /// Whether items may share memory.
    ///
    /// Exact for strides that are nested: sorted by size, each steps over all that the smaller ones
    /// reach. Others, such as (8, 12) bytes for 3 by 2 items of 4, count as sharing though they may
    /// not: no library makes such, and to know it for certain takes time that grows exponentially
    /// with the number of dimensions.
    pub(crate) fn may_overlap(&self) -> bool {
        if self.itemsize == 0 || self.is_c_contiguous() {
            return false;
        }
        let mut steps: SmallVec<[(u64, u64); 4]> =
            self.steps().map(|(extent, stride)| (stride.unsigned_abs(), extent.unsigned_abs())).collect();
        steps.sort_unstable();
        let mut reach = self.itemsize.unsigned_abs();
        for (stride, extent) in steps {
            if stride < reach {
                return true;
            }
            // Below the whole reach, which fits.
            reach += stride * (extent - 1);
        }
        false
    }
}

fn zeros(count: usize) -> Numbers {
    const FEW: [i64; 8] = [0; 8];
    if count <= FEW.len() { Numbers::from_buf_and_len(FEW, count) } else { Numbers::from_elem(0, count) }
}

/// The number of items of a shape.
fn len(shape: &[i64]) -> Result<i64, BufferError> {
    let (mut len, mut empty) = (Some(1_i64), false);
    for (dim, &extent) in shape.iter().enumerate() {
        match extent {
            0 => empty = true,
            ..0 => return Err(BufferError::new(Kind::NegativeExtent).with_dim(dim).with_value(extent)),
            _ => len = len.and_then(|len| len.checked_mul(extent)),
        }
    }
    if empty { Ok(0) } else { len.ok_or(TOO_LARGE) }
}

/// Where items begin and end, if memory can be so large.
fn reach(first: i64, end: i64) -> Result<(isize, isize), BufferError> {
    let bytes = end.checked_sub(first).ok_or(TOO_LARGE)?;
    match (isize::try_from(bytes), isize::try_from(first), isize::try_from(end)) {
        (Ok(_), Ok(first), Ok(end)) => Ok((first, end)),
        _ => Err(TOO_LARGE),
    }
}

const TOO_LARGE: BufferError = BufferError::new(Kind::TooLarge);
