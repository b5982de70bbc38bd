//! Shapes and strides in bytes, apart from memory.

use smallvec::SmallVec;

use super::error::{ViewError, ViewErrorKind};
use crate::element::ElementType;

/// Extents, of the outermost dimension first.
pub type Shape = SmallVec<[usize; 4]>;
/// Distances in bytes, of the outermost dimension first.
pub type Strides = SmallVec<[isize; 4]>;

/// Shape and strides of elements whose number and whose distances are within the address space.
#[derive(Debug, Clone)]
pub(super) struct Geometry {
    pub(super) element: ElementType,
    pub(super) shape: Shape,
    pub(super) strides: Strides,
    pub(super) len: usize,
    /// Whether the elements lie side by side in C order.
    pub(super) contiguous: bool,
    /// The offsets of the first byte and behind the last one, relative to the base; 0 and 0 if
    /// there is no element.
    pub(super) reach: (isize, isize),
}

/// The properties of a view's geometry, for both kinds of views.
macro_rules! geometry {
    () => {
        /// The type of the elements.
        #[inline]
        #[must_use]
        pub fn element(&self) -> ElementType {
            self.geometry.element
        }

        /// The extents, outermost first.
        #[inline]
        #[must_use]
        pub fn shape(&self) -> &[usize] {
            &self.geometry.shape
        }

        /// The distances between neighbours in bytes.
        #[inline]
        #[must_use]
        pub fn strides(&self) -> &[isize] {
            &self.geometry.strides
        }

        /// The number of elements.
        #[inline]
        #[must_use]
        pub fn len(&self) -> usize {
            self.geometry.len
        }

        /// Whether there is no element.
        #[inline]
        #[must_use]
        pub fn is_empty(&self) -> bool {
            self.geometry.len == 0
        }

        /// Whether the elements lie side by side in C order.
        #[inline]
        #[must_use]
        pub fn is_contiguous(&self) -> bool {
            self.geometry.contiguous
        }
    };
}
pub(super) use geometry;

impl Geometry {
    /// C order without gaps. `len` is the product of `shape`, and its bytes are within the address
    /// space.
    pub(super) fn line(element: ElementType, len: usize) -> Geometry {
        let size = element.size();
        let (mut shape, mut strides) = (Shape::new(), Strides::new());
        shape.push(len);
        strides.push(size as isize);
        Geometry { element, shape, strides, len, contiguous: true, reach: (0, (len * size) as isize) }
    }

    pub(super) fn new(element: ElementType, shape: Shape, strides: Strides) -> Result<Geometry, ViewError> {
        if shape.len() != strides.len() {
            return Err(ViewErrorKind::Rank { shape: shape.len(), found: strides.len() }.into());
        }
        let align = element.alignment() as isize;
        let used = |dim: &usize| shape[*dim] > 1;
        let empty = shape.contains(&0);
        let mut geometry = Geometry { element, shape: Shape::new(), strides, len: 0, contiguous: true, reach: (0, 0) };
        if empty {
            geometry.shape = shape;
            return Ok(geometry);
        }
        if (0..shape.len()).filter(used).any(|dim| geometry.strides[dim] % align != 0) {
            return Err(ViewErrorKind::Misaligned { alignment: element.alignment() }.into());
        }
        let (mut len, mut low, mut high) = (1_usize, 0_isize, element.size() as isize);
        for dim in (0..shape.len()).rev().filter(used) {
            geometry.contiguous &= geometry.strides[dim] as i128 == len as i128 * element.size() as i128;
            len =
                len.checked_mul(shape[dim]).filter(|len| *len <= isize::MAX as usize).ok_or(ViewErrorKind::TooLarge)?;
            let last = isize::try_from(shape[dim] - 1).map_err(|_| ViewErrorKind::TooLarge)?;
            let far = last.checked_mul(geometry.strides[dim]).ok_or(ViewErrorKind::TooLarge)?;
            let end = if far < 0 { &mut low } else { &mut high };
            *end = end.checked_add(far).ok_or(ViewErrorKind::TooLarge)?;
        }
        // `high - low` must be a size of memory too: an `isize`.
        high.checked_sub(low).ok_or(ViewErrorKind::TooLarge)?;
        geometry.shape = shape;
        geometry.len = len;
        geometry.reach = (low, high);
        Ok(geometry)
    }

    /// C order without gaps.
    pub(super) fn contiguous(element: ElementType, shape: &[usize]) -> Result<Geometry, ViewError> {
        let mut strides: Strides = SmallVec::from_elem(0, shape.len());
        let mut step = element.size();
        for (stride, &extent) in strides.iter_mut().zip(shape).rev() {
            // Beyond an `isize` only if the array is too large or empty, where strides do not
            // count.
            *stride = isize::try_from(step).unwrap_or(0);
            step = step.saturating_mul(extent.max(1));
        }
        Geometry::new(element, shape.into(), strides)
    }

    /// The offset of an element; `None` if the index is outside.
    pub(super) fn offset(&self, index: &[usize]) -> Option<isize> {
        if index.len() != self.shape.len() || index.iter().zip(&self.shape).any(|(at, extent)| at >= extent) {
            return None;
        }
        // No overflow: `new` added up the largest multiple of each stride.
        Some(index.iter().zip(&self.strides).map(|(&at, stride)| at as isize * stride).sum())
    }

    /// Whether two elements may share bytes. Each dimension must step beyond all that the narrower
    /// dimensions reach; a few arrangements that do not overlap otherwise are refused too.
    pub(super) fn may_overlap(&self) -> bool {
        if self.len < 2 || self.contiguous {
            return false;
        }
        let mut dims: SmallVec<[(usize, usize); 4]> = self
            .shape
            .iter()
            .zip(&self.strides)
            .filter(|(extent, _)| **extent > 1)
            .map(|(&extent, stride)| (stride.unsigned_abs(), extent))
            .collect();
        dims.sort_unstable();
        let mut span = self.element.size();
        for (stride, extent) in dims {
            if stride < span {
                return true;
            }
            // At most `high - low` of `new`.
            span += stride * (extent - 1);
        }
        false
    }

    pub(super) fn broadcast_to(&self, shape: &[usize]) -> Result<Geometry, ViewError> {
        let added = shape.len().checked_sub(self.shape.len());
        let added = added.ok_or(ViewErrorKind::Rank { shape: shape.len(), found: self.shape.len() })?;
        let mut strides: Strides = SmallVec::from_elem(0, added);
        for (at, (&extent, &stride)) in self.shape.iter().zip(&self.strides).enumerate() {
            let (dim, wanted) = (added + at, shape[added + at]);
            if extent != wanted && extent != 1 {
                return Err(ViewErrorKind::Broadcast { dim, extent, wanted }.into());
            }
            strides.push(if extent == wanted { stride } else { 0 });
        }
        Geometry::new(self.element, shape.into(), strides)
    }

    /// Complex elements as real ones with one more axis, the last: the real and the imaginary part.
    pub(super) fn with_parts(&self) -> Option<Geometry> {
        if !self.element.is_complex() {
            return None;
        }
        let (mut shape, mut strides) = (self.shape.clone(), self.strides.clone());
        shape.push(2);
        strides.push((self.element.size() / 2) as isize);
        Geometry::new(self.element.part(), shape, strides).ok()
    }

    /// The same bytes in C order of another shape.
    pub(super) fn in_shape(&self, shape: &[usize]) -> Result<Geometry, ViewError> {
        let other = Geometry::contiguous(self.element, shape)?;
        if other.len != self.len || !self.contiguous {
            let bytes = self.len * self.element.size();
            return Err(ViewErrorKind::OutOfBounds { first: other.reach.0, end: other.reach.1, bytes }.into());
        }
        Ok(other)
    }

    pub(super) fn permute(&self, axes: &[usize]) -> Result<Geometry, ViewError> {
        if axes.len() != self.shape.len() {
            return Err(ViewErrorKind::Rank { shape: self.shape.len(), found: axes.len() }.into());
        }
        let (mut shape, mut strides) = (Shape::new(), Strides::new());
        for (at, &axis) in axes.iter().enumerate() {
            if axis >= self.shape.len() || axes[..at].contains(&axis) {
                return Err(ViewErrorKind::Axis { axis }.into());
            }
            shape.push(self.shape[axis]);
            strides.push(self.strides[axis]);
        }
        Geometry::new(self.element, shape, strides)
    }

    /// The geometry of `count` indices from `start` on, `step` apart, and the offset of its base.
    pub(super) fn slice_axis(
        &self,
        axis: usize,
        start: usize,
        count: usize,
        step: isize,
    ) -> Result<(Geometry, isize), ViewError> {
        let error = || ViewError::from(ViewErrorKind::Axis { axis });
        let extent = *self.shape.get(axis).ok_or_else(error)?;
        let (mut shape, mut strides) = (self.shape.clone(), self.strides.clone());
        shape[axis] = count;
        if count == 0 {
            return Ok((Geometry::new(self.element, shape, strides)?, 0));
        }
        let reach = isize::try_from(count - 1).ok().and_then(|last| last.checked_mul(step));
        let last = reach.and_then(|reach| isize::try_from(start).ok()?.checked_add(reach)).ok_or_else(error)?;
        if start >= extent || last < 0 || last as usize >= extent {
            return Err(error());
        }
        if self.len == 0 {
            strides[axis] = 0;
            return Ok((Geometry::new(self.element, shape, strides)?, 0));
        }
        let offset = start as isize * self.strides[axis];
        if count > 1 {
            // No overflow: `count` indices that far apart lie within the axis.
            strides[axis] *= step;
        }
        Ok((Geometry::new(self.element, shape, strides)?, offset))
    }
}

/// The shape that all shapes broadcast to, as NumPy.
///
/// # Errors
/// Two extents of one dimension differ, and neither is 1.
pub fn broadcast_shape<'s>(shapes: impl Iterator<Item = &'s [usize]> + Clone) -> Result<Shape, ViewError> {
    let ndim = shapes.clone().map(<[usize]>::len).max().unwrap_or(0);
    let mut result: Shape = SmallVec::from_elem(1, ndim);
    for shape in shapes {
        let added = ndim - shape.len();
        for (at, &extent) in shape.iter().enumerate() {
            let found = &mut result[added + at];
            if *found == 1 {
                *found = extent;
            } else if extent != 1 && extent != *found {
                return Err(ViewErrorKind::Broadcast { dim: added + at, extent, wanted: *found }.into());
            }
        }
    }
    Ok(result)
}
