//! The place of each element of an array in a file, and the runs of consecutive bytes that a part
//! of an array occupies.
//!
//! An element's place is affine in its index: `base + sum of index[k] * strides[k]`. That holds for
//! a whole file in C or Fortran order, for a box of it, and for slices with any step.

use dap_core::algebra::{View, ViewAxis};
use dap_core::export::dense_strides;
use dap_core::plan::{OverlapForm, Overlaps, Transfer};
use dap_ndarray::copy::Order;

/// The place of each element of an array in a file.
#[derive(Debug, Clone)]
pub(crate) struct FilePlace {
    /// The byte of the element at index 0.
    base: i64,
    /// Bytes from an index to the next one, along each axis.
    strides: Vec<i64>,
    /// Bytes of an item.
    item: i64,
    /// The order in which the elements are read and written: that of the file.
    order: Order,
}

/// The side of a transfer that lies in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileSide {
    /// The file is read.
    Source,
    /// The file is written.
    Target,
}

/// The runs of one part of an array.
struct ByteRuns {
    /// The offsets of the indices along each axis, the fastest axis first.
    outer: Vec<Vec<i64>>,
    /// Offset and length of the runs at each index of the outer axes.
    inner: Vec<(i64, usize)>,
    base: i64,
}

impl FilePlace {
    /// An array whose items follow one another from byte `base` on; `None` if the last byte is
    /// beyond 2^63 - 1.
    pub(crate) fn dense(base: u64, shape: &[i64], item: i64, order: Order) -> Option<FilePlace> {
        let base = i64::try_from(base).ok()?;
        if shape.contains(&0) {
            // No element has a place.
            return Some(FilePlace { base, strides: vec![0; shape.len()], item, order });
        }
        let strides = dense_strides(shape, item, order.dims(shape.len()).rev())?;
        let bytes = shape.iter().try_fold(item, |bytes, &extent| bytes.checked_mul(extent))?;
        base.checked_add(bytes)?;
        Some(FilePlace { base, strides, item, order })
    }

    /// Bytes of an item.
    pub(crate) fn item(&self) -> i64 {
        self.item
    }

    /// Bytes from an index to the next one.
    pub(crate) fn strides(&self) -> &[i64] {
        &self.strides
    }

    /// The order of the elements in the file.
    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// The box whose first element has this index.
    pub(crate) fn from(&self, first: &[i64]) -> FilePlace {
        let offset: i64 = first.iter().zip(&self.strides).map(|(index, stride)| index * stride).sum();
        FilePlace { base: self.base + offset, ..self.clone() }
    }

    /// The elements of a view of this array. A view without elements has no place.
    pub(crate) fn viewed(&self, view: &View) -> FilePlace {
        let mut place = FilePlace { strides: Vec::with_capacity(view.ndim()), ..self.clone() };
        if view.shape().contains(&0) {
            place.strides.resize(view.ndim(), 0);
            return place;
        }
        for (dim, stride) in self.strides.iter().enumerate() {
            place.base += view.picked(dim).unwrap_or(0) * stride;
        }
        for axis in view.axes() {
            place.strides.push(match axis {
                ViewAxis::Repeated(_) => 0,
                ViewAxis::Dim { dim, slice } => {
                    place.base += slice.start() * self.strides[*dim];
                    // The step between two indices that there are; one index has none.
                    if slice.len() > 1 { slice.step() * self.strides[*dim] } else { 0 }
                }
            });
        }
        place
    }

    /// Calls `body` with the first byte and the number of bytes of each run of a transfer, in the
    /// order of the transfer's elements.
    pub(crate) fn for_each_run<E>(
        &self,
        transfer: &Transfer<'_>,
        side: FileSide,
        mut body: impl FnMut(u64, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        if transfer.elements() == 0 || self.item == 0 {
            return Ok(());
        }
        let ByteRuns { outer, inner, base } = self.byte_runs(transfer.factors(), side);
        let mut at = vec![0; outer.len()];
        loop {
            let offset: i64 = base + outer.iter().zip(&at).map(|(offsets, &at)| offsets[at]).sum::<i64>();
            for &(from, len) in &inner {
                // All elements lie in the file, at places from 0 to 2^63 - 1.
                body((offset + from) as u64, len)?;
            }
            // The next index of the outer axes, the fastest first.
            let turned = outer.iter().zip(&mut at).find_map(|(offsets, at)| {
                *at += 1;
                let has_more = *at < offsets.len();
                if !has_more {
                    *at = 0;
                }
                has_more.then_some(())
            });
            if turned.is_none() {
                return Ok(());
            }
        }
    }

    fn byte_runs(&self, factors: &[&Overlaps], side: FileSide) -> ByteRuns {
        let mut runs = ByteRuns { outer: Vec::new(), inner: Vec::new(), base: self.base };
        // Bytes that are known to be consecutive.
        let mut chunk = self.item;
        for dim in self.order.dims(factors.len()).rev() {
            let (stride, along) = (self.strides[dim], index_runs(factors[dim], side));
            match along[..] {
                [(start, len)] if len == 1 || (stride == chunk && runs.inner.is_empty()) => {
                    runs.base += start * stride;
                    chunk *= len;
                }
                _ if runs.inner.is_empty() && stride == chunk => {
                    runs.inner = along.iter().map(|&(start, len)| (start * stride, (len * chunk) as usize)).collect();
                }
                _ => {
                    let indices = along.iter().flat_map(|&(start, len)| start..start + len);
                    let offsets = indices.map(|index| index * stride);
                    if runs.inner.is_empty() {
                        runs.inner = offsets.map(|offset| (offset, chunk as usize)).collect();
                    } else {
                        runs.outer.push(offsets.collect());
                    }
                }
            }
        }
        if runs.inner.is_empty() {
            runs.inner.push((0, chunk as usize));
        }
        runs
    }
}

/// The first index and the number of consecutive indices of the file, in the order of the
/// overlaps.
fn index_runs(overlaps: &Overlaps, side: FileSide) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let mut push = |start: i64, len: i64| match runs.last_mut() {
        Some((first, count)) if *first + *count == start => *count += len,
        _ => runs.push((start, len)),
    };
    match (overlaps.form(), side) {
        (OverlapForm::Groups(groups), _) => {
            for (_, source, target, len) in groups.iter().flat_map(|group| group.iter()) {
                push(if side == FileSide::Source { source.0 } else { target.0 }, len);
            }
        }
        (OverlapForm::Listed { source: list, .. }, FileSide::Source)
        | (OverlapForm::Listed { target: list, .. }, FileSide::Target) => {
            (0..list.len()).filter_map(|k| list.get(k)).for_each(|index| push(index, 1));
        }
    }
    runs
}
