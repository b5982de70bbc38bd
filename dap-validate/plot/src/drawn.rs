//! The two dimensions that are drawn, and the ownership of the elements where two bands cross.

use dap_core::index::Rank;

use super::axis::{AxisOwner, BufferPiece, BufferPieces, PlotAxis};
use super::bands::{Band, Bands};
use super::options::{PlotError, Slice};
use super::palette::{self, RankColors};
use super::subject::Subject;

/// The slice of an array that is drawn: at most two dimensions, with the others at one position.
#[derive(Debug)]
pub(super) struct DrawnSlice<'a> {
    pub(super) subject: &'a Subject,
    /// The dimension that runs down, and the one that runs to the right.
    pub(super) rows: Option<usize>,
    pub(super) columns: Option<usize>,
    /// The global index of every dimension that is not drawn.
    pub(super) slice: Slice,
    /// The owners of that index, by dimension.
    fixed: Vec<Vec<AxisOwner>>,
}

/// An owner of elements: a rank, or several consecutive ranks that are drawn alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DrawnOwner {
    /// The grid coordinates; of a group, the number of the group along each dimension.
    pub(super) coordinates: Vec<i64>,
    /// The rank; `None` for a group.
    pub(super) rank: Option<i64>,
}

/// The ownership of the elements where two bands cross.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ownership {
    /// The first owner owns them. The others hold them as well, which is valid in an unstructured
    /// dimension.
    Owned(DrawnOwner, Vec<DrawnOwner>),
    /// No process owns them.
    Gap,
    /// They belong to this place of the grid, but that rank is missing.
    Missing(i64),
    /// Too many processes own them.
    Overlap(Vec<DrawnOwner>),
    /// They lie beyond the array's size.
    Outside(Vec<DrawnOwner>),
}

/// The largest number of owners of a position that are distinguished.
const MOST_OWNERS_OF_A_POSITION: usize = 6;

impl<'a> DrawnSlice<'a> {
    pub(super) fn new(subject: &'a Subject, slice: Option<&Slice>) -> Result<Self, PlotError> {
        let axes = &subject.axes;
        let slice = match slice {
            Some(slice) if slice.0.len() != axes.len() => {
                return Err(PlotError::SliceLength { parts: slice.0.len(), ndim: axes.len() });
            }
            Some(slice) => slice.clone(),
            None => Slice(axes.iter().enumerate().map(|(dim, axis)| (dim > 1).then(|| axis.index(0))).collect()),
        };
        let mut drawn = (0..axes.len()).filter(|dim| slice.0[*dim].is_none());
        let (rows, columns) = match (drawn.next(), drawn.next()) {
            (Some(only), None) => (None, Some(only)),
            pair => pair,
        };
        let mut fixed = Vec::new();
        for (dim, axis) in axes.iter().enumerate() {
            let mut axis_owners = Vec::new();
            if let Some(index) = slice.0[dim] {
                match axis.position(index) {
                    Some(position) => {
                        axis.owners(position, &mut axis_owners);
                    }
                    // An array without elements has a picture, but no index 0.
                    None if axis.len == 0 => {}
                    None => return Err(PlotError::NoSuchIndex { dim, index }),
                }
                axis_owners.truncate(MOST_OWNERS_OF_A_POSITION);
            }
            fixed.push(axis_owners);
        }
        Ok(Self { subject, rows, columns, slice, fixed })
    }

    pub(super) fn axis(&self, dim: Option<usize>) -> Option<&'a PlotAxis> {
        dim.and_then(|dim| self.subject.axes.get(dim))
    }

    /// The colours of an owner; groups have the colours of a coarser grid.
    pub(super) fn colors(&self, owner: &DrawnOwner, groups: [i64; 2]) -> RankColors {
        let mut grid = self.subject.grid();
        for (dim, group) in [(self.rows, groups[0]), (self.columns, groups[1])] {
            if let Some(extent) = dim.and_then(|dim| grid.get_mut(dim)) {
                *extent = (*extent - 1) / group.max(1) + 1;
            }
        }
        palette::of(&owner.coordinates, &grid)
    }

    /// The ownership of the elements where two bands cross.
    pub(super) fn ownership(&self, row: &Band, column: &Band, grouped: bool) -> Ownership {
        let axis_owners: Vec<&[AxisOwner]> = (0..self.subject.axes.len())
            .map(|dim| match Some(dim) {
                dim if dim == self.rows => &row.owners[..],
                dim if dim == self.columns => &column.owners[..],
                _ => &self.fixed[dim][..],
            })
            .map(|axis_owners| &axis_owners[..axis_owners.len().min(MOST_OWNERS_OF_A_POSITION)])
            .collect();
        if axis_owners.iter().any(|axis_owners| axis_owners.is_empty()) {
            return Ownership::Gap;
        }
        let mut owners = Vec::new();
        let mut chosen: Vec<AxisOwner> = Vec::with_capacity(axis_owners.len());
        self.collect(&axis_owners, &mut chosen, grouped, &mut owners);
        owners.dedup();
        if row.outside || column.outside {
            return Ownership::Outside(owners);
        }
        let mut owners = owners.into_iter();
        let Some(first) = owners.next() else {
            let coordinates: Vec<i64> = axis_owners.iter().map(|axis_owners| axis_owners[0].grid_rank).collect();
            // The rank may be present and state something else.
            let missing = self.subject.place(&coordinates).filter(|place| self.subject.ranks_at(*place).is_empty());
            return missing.map_or(Ownership::Gap, Ownership::Missing);
        };
        let others: Vec<DrawnOwner> = owners.collect();
        let may_share =
            self.subject.axes.iter().zip(&axis_owners).all(|(axis, axis_owners)| axis_owners.len() == 1 || axis.shares)
                && others.iter().all(|other| other.coordinates != first.coordinates);
        if others.is_empty() || may_share {
            Ownership::Owned(first, others)
        } else {
            Ownership::Overlap([vec![first], others].concat())
        }
    }

    /// Adds the owner of each combination of one grid rank a dimension, if a rank that is present
    /// stated all of them.
    fn collect(
        &self,
        axis_owners: &[&[AxisOwner]],
        chosen: &mut Vec<AxisOwner>,
        grouped: bool,
        owners: &mut Vec<DrawnOwner>,
    ) {
        let Some((first, rest)) = axis_owners.split_first() else {
            let coordinates: Vec<i64> = chosen.iter().map(|axis_owner| axis_owner.grid_rank).collect();
            if grouped {
                owners.push(DrawnOwner { coordinates, rank: None });
                return;
            }
            let ranks = self.subject.place(&coordinates).map_or_else(Vec::new, |place| self.subject.ranks_at(place));
            for rank in ranks {
                let makes = |(axis, axis_owner): (&PlotAxis, &AxisOwner)| axis.is_owned_by(*axis_owner, rank);
                if self.subject.axes.iter().zip(&*chosen).all(makes) {
                    owners.push(DrawnOwner { coordinates: coordinates.clone(), rank: Some(rank.0) });
                }
            }
            return;
        };
        for axis_owner in *first {
            chosen.push(*axis_owner);
            self.collect(rest, chosen, grouped, owners);
            chosen.pop();
        }
    }

    /// The beginning of a part of the grid with these extents that shows the first fault; 0 if
    /// there is none.
    pub(super) fn first_wrong(&self, extents: [i64; 2]) -> [i64; 2] {
        let begin = |dim: Option<usize>, extent: i64| {
            let axis = self.axis(dim)?;
            let (start, _, _) = *axis.faults(1).first()?;
            let mut axis_owners = Vec::new();
            axis.owners((start - 1).max(0), &mut axis_owners);
            Some((axis_owners.first()?.grid_rank - extent / 2 + 1).clamp(0, (axis.grid_size - extent).max(0)))
        };
        [begin(self.rows, extents[0]), begin(self.columns, extents[1])].map(Option::unwrap_or_default)
    }

    /// The ranks of a part of the grid that hold elements of the slice.
    pub(super) fn ranks(&self, from: [i64; 2], extents: [i64; 2]) -> Vec<BufferHolder> {
        let mut holders = Vec::new();
        let fixed: Option<Vec<i64>> = (0..self.subject.axes.len())
            .map(|dim| {
                let drawn = Some(dim) == self.rows || Some(dim) == self.columns;
                if drawn { Some(0) } else { self.fixed[dim].first().map(|axis_owner| axis_owner.grid_rank) }
            })
            .collect();
        let Some(mut coordinates) = fixed else { return holders };
        let [rows, columns] = extents;
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            for (dim, at) in [(self.rows, from[0] + row), (self.columns, from[1] + column)] {
                if let Some(coordinate) = dim.and_then(|dim| coordinates.get_mut(dim)) {
                    *coordinate = at;
                }
            }
            let Some(place) = self.subject.place(&coordinates) else { continue };
            for rank in self.subject.ranks_at(place) {
                let pieces = |dim: Option<usize>| match self.axis(dim) {
                    Some(axis) => axis.pieces(coordinates[dim.unwrap_or(0)], rank),
                    None => Some(BufferPieces::single()),
                };
                if let (Some(rows), Some(columns)) = (pieces(self.rows), pieces(self.columns)) {
                    let owner = DrawnOwner { coordinates: coordinates.clone(), rank: Some(rank.0) };
                    holders.push(BufferHolder { owner, grid: [row, column], rows, columns });
                }
            }
        }
        holders
    }

    /// The numbers of processes along the dimension that runs down, and along the one that runs to
    /// the right.
    pub(super) fn grid(&self) -> [i64; 2] {
        [self.rows, self.columns].map(|dim| self.axis(dim).map_or(1, |axis| axis.grid_size))
    }

    /// The owner of one element, by its global indices.
    pub(super) fn owner_at(&self, row: i64, column: i64) -> Option<DrawnOwner> {
        let band = |dim: Option<usize>, index: i64| {
            let mut axis_owners = Vec::new();
            if let Some(axis) = self.axis(dim) {
                axis.owners(axis.position(index)?, &mut axis_owners);
            }
            Some(Band { start: 0, stop: 1, from: 0, to: 0, owners: axis_owners, outside: false })
        };
        match self.ownership(&band(self.rows, row)?, &band(self.columns, column)?, false) {
            Ownership::Owned(owner, _) => Some(owner),
            _ => None,
        }
    }

    /// The number of elements of the whole array that a rank owns; `None` if it did not state it.
    pub(super) fn owned(&self, owner: &DrawnOwner) -> Option<i64> {
        let rank = Rank(owner.rank?);
        let along = |(axis, at): (&PlotAxis, &i64)| axis.owned(*at, rank);
        let owned: Option<Vec<i64>> = self.subject.axes.iter().zip(&owner.coordinates).map(along).collect();
        owned?.into_iter().try_fold(1_i64, i64::checked_mul)
    }

    /// The drawn elements that a rank owns, as slices of Python; `None` if they are not one range
    /// in each dimension.
    pub(super) fn range(&self, owner: &DrawnOwner) -> Option<String> {
        let rank = Rank(owner.rank?);
        let of = |dim: &usize| {
            let axis = self.axis(Some(*dim))?;
            axis.pieces(*owner.coordinates.get(*dim)?, rank)?.range()
        };
        let drawn: Vec<usize> = [self.rows, self.columns].into_iter().flatten().collect();
        let ranges: Option<Vec<String>> = drawn.iter().map(of).collect();
        ranges.filter(|ranges| !ranges.is_empty()).map(|ranges| format!("[{}]", ranges.join(", ")))
    }

    /// The bands of one of the drawn dimensions.
    pub(super) fn bands(&self, dim: Option<usize>, window: std::ops::Range<i64>, pixels: i32, most: usize) -> Bands {
        self.axis(dim).map_or_else(|| Bands::single(pixels), |axis| Bands::new(axis, window, pixels, most))
    }
}

/// A rank, and the part of its buffer that belongs to the slice.
#[derive(Debug)]
pub(super) struct BufferHolder {
    pub(super) owner: DrawnOwner,
    /// Its place in the part of the grid, along the drawn dimensions.
    pub(super) grid: [i64; 2],
    pub(super) rows: BufferPieces,
    pub(super) columns: BufferPieces,
}

impl BufferHolder {
    /// The rectangles of its buffer.
    pub(super) fn parts(&self) -> impl Iterator<Item = (BufferPiece, BufferPiece)> + '_ {
        self.rows.list.iter().flat_map(|row| self.columns.list.iter().map(move |column| (*row, *column)))
    }
}

impl DrawnOwner {
    /// `rank 3 (1, 1)`.
    pub(super) fn words(&self) -> String {
        let coordinates: Vec<String> = self.coordinates.iter().map(ToString::to_string).collect();
        match self.rank {
            Some(rank) if coordinates.is_empty() => format!("rank {rank}"),
            Some(rank) if coordinates.len() == 1 && coordinates[0] == rank.to_string() => format!("rank {rank}"),
            Some(rank) => format!("rank {rank} ({})", coordinates.join(", ")),
            None => format!("group ({})", coordinates.join(", ")),
        }
    }
}
