//! Index maps: from the positions along a factor of a transfer to offsets in a buffer (linearized
//! strides).
//!
//! Along a dimension they are its stride apart. Along a group of dimensions, of a
//! [reshape](dap_core::plan::Plan::reshape), positions count the buffer's indices in C order. Where
//! its dimensions lie in this order without gaps, positions are evenly apart all the same: the
//! group is like one dimension. Anywhere else (Fortran's order, gaps) they are so only within a
//! row, and a position has to be taken apart into indices to be found.

use std::ops::Range;

use dap_core::plan::{Group, Overlaps, Transfer};
use smallvec::SmallVec;

use super::CopyError;
use crate::buffer::Buffer;

/// The index map of one factor: levels, the slowest first. Dimensions that follow one another
/// without a gap are one level.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexMap {
    levels: SmallVec<[Level; 1]>,
}

/// `extent` indices, `step` bytes apart.
#[derive(Debug, Clone, Copy)]
struct Level {
    extent: i64,
    step: i64,
}

impl IndexMap {
    /// Along neighbouring dimensions of a buffer.
    fn new(shape: &[i64], strides: &[i64]) -> IndexMap {
        let mut levels: SmallVec<[Level; 1]> = SmallVec::new();
        for (&extent, &step) in shape.iter().zip(strides) {
            match levels.last_mut() {
                // The only index there is 0, wherever the next one would be.
                Some(outer) if outer.extent == 1 => *outer = Level { extent, step },
                Some(_) if extent == 1 => {}
                Some(outer) if step.checked_mul(extent) == Some(outer.step) => {
                    *outer = Level { extent: outer.extent.saturating_mul(extent), step };
                }
                _ => levels.push(Level { extent, step }),
            }
        }
        IndexMap { levels }
    }

    /// The number of positions.
    fn positions(&self) -> i64 {
        self.levels.iter().fold(1, |positions, level| positions.saturating_mul(level.extent))
    }

    /// The distance of neighbours, in bytes, where it is everywhere the same.
    pub(super) fn uniform_step(&self) -> Option<i64> {
        match self.levels[..] {
            [] => Some(0),
            [Level { step, .. }] => Some(step),
            _ => None,
        }
    }

    /// The distance of neighbours in a row, in bytes.
    pub(super) fn step(&self) -> i64 {
        self.levels.last().map_or(0, |row| row.step)
    }

    /// The number of positions from this one to the end of its row.
    pub(super) fn rest_of_row(&self, position: i64) -> i64 {
        self.levels.last().map_or(1, |row| row.extent - position % row.extent.max(1))
    }

    /// The offset of a position, in bytes from the first.
    pub(super) fn offset(&self, position: i64) -> i64 {
        let (mut rest, mut offset) = (position, 0);
        for level in self.levels.iter().rev() {
            offset += rest % level.extent * level.step;
            rest /= level.extent;
        }
        offset
    }
}

/// Which end of a transfer a buffer is.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Source,
    Target,
}

impl End {
    pub(super) fn dims(self, group: &Group) -> Range<usize> {
        match self {
            End::Source => group.source.clone(),
            End::Target => group.target.clone(),
        }
    }

    /// The extents that the positions along groups are counted by.
    fn shape(self, transfer: &Transfer<'_>) -> Option<Vec<i64>> {
        match self {
            End::Source => transfer.source_shape(),
            End::Target => transfer.target_shape(),
        }
    }

    /// The least and the greatest position.
    pub(super) fn bounds(self, overlaps: &Overlaps) -> Option<(i64, i64)> {
        match self {
            End::Source => overlaps.source_bounds(),
            End::Target => overlaps.target_bounds(),
        }
    }
}

/// The index maps of all factors.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexMaps(SmallVec<[IndexMap; 4]>);

impl IndexMaps {
    /// Of a buffer with this shape, and these strides in bytes, whose dimensions fall into
    /// `groups`.
    ///
    /// # Errors
    /// Not one stride a dimension, or not the dimensions of the groups; strides that reach further
    /// than memory does.
    pub(super) fn new(
        shape: &[i64],
        strides: &[i64],
        groups: Option<&[Group]>,
        end: End,
    ) -> Result<IndexMaps, CopyError> {
        if strides.len() != shape.len() {
            return Err(CopyError::Ndim { found: strides.len(), expected: shape.len() });
        }
        let expected = groups.map_or(shape.len(), |groups| groups.last().map_or(0, |last| end.dims(last).end));
        if shape.len() != expected {
            return Err(CopyError::Ndim { found: shape.len(), expected });
        }
        reachable(shape, strides)?;
        let along = |dims: Range<usize>| IndexMap::new(&shape[dims.clone()], &strides[dims]);
        Ok(IndexMaps(match groups {
            None => (0..shape.len()).map(|dim| along(dim..dim + 1)).collect(),
            Some(groups) => groups.iter().map(|group| along(end.dims(group))).collect(),
        }))
    }

    /// Of the buffer at one end of a transfer.
    ///
    /// # Errors
    /// As [`IndexMaps::new`]; another extent of a dimension that is counted together with others.
    pub(super) fn of(transfer: &Transfer<'_>, buffer: &Buffer, end: End) -> Result<IndexMaps, CopyError> {
        let Some(groups) = transfer.groups() else {
            return Self::new(buffer.shape(), buffer.strides(), None, end);
        };
        let maps = Self::new(buffer.shape(), buffer.strides(), Some(groups), end)?;
        // Along several dimensions uniform_step a larger buffer would have other indices at the
        // same positions.
        let expected = end.shape(transfer).unwrap_or_default();
        if expected.len() != buffer.ndim() {
            return Err(CopyError::Ndim { found: buffer.ndim(), expected: expected.len() });
        }
        let several = groups.iter().map(|group| end.dims(group)).filter(|dims| dims.len() > 1);
        for dim in several.flatten() {
            let (found, expected) = (buffer.shape()[dim], expected[dim]);
            if found != expected {
                return Err(CopyError::Extent { dim, found, expected });
            }
        }
        Ok(maps)
    }

    /// The number of factors.
    pub(super) fn factors(&self) -> usize {
        self.0.len()
    }

    /// The index map of a factor.
    pub(super) fn map(&self, factor: usize) -> &IndexMap {
        &self.0[factor]
    }

    /// The number of positions along a factor.
    pub(super) fn positions(&self, factor: usize) -> i64 {
        self.0[factor].positions()
    }

    /// The distances of neighbours along all factors, in bytes; `None` where some lie in rows.
    pub(super) fn uniform_steps(&self) -> Option<SmallVec<[i64; 4]>> {
        self.0.iter().map(IndexMap::uniform_step).collect()
    }
}

/// Refuses strides by which indices reach further than memory does, on either side of the first
/// item.
fn reachable(shape: &[i64], strides: &[i64]) -> Result<(), CopyError> {
    if shape.contains(&0) {
        return Ok(());
    }
    let mut reach = 0_i64;
    for (dim, (&extent, &stride)) in shape.iter().zip(strides).enumerate().filter(|(_, (extent, _))| **extent > 1) {
        // One stride more than there is between indices: also the end of a run is computed.
        let further = stride.checked_abs().and_then(|stride| stride.checked_mul(extent)?.checked_add(reach));
        reach = further.ok_or(CopyError::Strides { dim, found: stride })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every position lies where its indices say, and so do its neighbours in the row.
        #[test]
        fn places_are_taken_apart(dims in prop::collection::vec((1..5_i64, 0..3_i64, any::<bool>()), 0..4), f in any::<bool>()) {
            let shape: Vec<i64> = dims.iter().map(|(extent, ..)| *extent).collect();
            let mut strides = vec![0; dims.len()];
            let mut step = 8;
            for k in 0..dims.len() {
                let dim = if f { k } else { dims.len() - 1 - k };
                let (extent, gap, backwards) = dims[dim];
                strides[dim] = if backwards { -step } else { step };
                step *= extent + gap;
            }
            let index_map = IndexMap::new(&shape, &strides);
            prop_assert_eq!(reachable(&shape, &strides), Ok(()));
            let positions: i64 = shape.iter().product();
            prop_assert_eq!(index_map.positions(), positions);
            for position in 0..positions {
                let (mut rest, mut offset) = (position, 0);
                for dim in (0..shape.len()).rev() {
                    offset += rest % shape[dim] * strides[dim];
                    rest /= shape[dim];
                }
                prop_assert_eq!(index_map.offset(position), offset);
                prop_assert!(index_map.uniform_step().is_none_or(|step| step * position == offset));
                if index_map.rest_of_row(position) > 1 {
                    prop_assert_eq!(index_map.offset(position + 1), offset + index_map.step());
                }
            }
            let dense = !f && dims.iter().all(|(_, gap, backwards)| *gap == 0 && !backwards);
            prop_assert!(!dense || index_map.uniform_step().is_some());
        }
    }

    #[test]
    fn strides_beyond_memory() {
        assert_eq!(reachable(&[2, 1 << 40], &[8, 1 << 30]), Err(CopyError::Strides { dim: 1, found: 1 << 30 }));
        assert_eq!(reachable(&[2, 2], &[i64::MIN, 8]), Err(CopyError::Strides { dim: 0, found: i64::MIN }));
        assert!(reachable(&[2, 2], &[1 << 60, -(1 << 61)]).is_ok());
        assert!(reachable(&[2, 2], &[-(1 << 61), 1 << 61]).is_err());
        // The stride of a single index, and those of an empty buffer, mean nothing.
        assert!(reachable(&[1, 2], &[i64::MIN, 8]).is_ok());
        assert!(reachable(&[0, 1 << 40], &[8, i64::MAX]).is_ok());
    }

    #[test]
    fn another_number_of_strides() {
        let error = |found, expected| Err(CopyError::Ndim { found, expected });
        assert_eq!(IndexMaps::new(&[2, 3], &[8], None, End::Source).map(|_| ()), error(1, 2));
        let groups = [Group { source: 0..2, target: 0..1 }];
        assert_eq!(IndexMaps::new(&[2, 3], &[8, 8], Some(&groups), End::Target).map(|_| ()), error(2, 1));
        assert!(IndexMaps::new(&[2, 3], &[8, 8], Some(&groups), End::Source).is_ok());
    }
}
