//! The two dimensions that are drawn, and who owns what is where two bands cross.

use dap_core::index::Rank;

use super::axis::{Axis, Claim, Piece, Pieces};
use super::bands::{Band, Bands};
use super::options::{PlotError, Slice};
use super::palette::{self, RankColors};
use super::subject::Subject;

/// A slice of an array: at most two dimensions are drawn, the others stay at one position.
#[derive(Debug)]
pub(super) struct Board<'a> {
    pub(super) subject: &'a Subject,
    /// The dimension that runs down, and the one that runs to the right.
    pub(super) rows: Option<usize>,
    pub(super) columns: Option<usize>,
    /// The global index of every dimension that is not drawn.
    pub(super) slice: Slice,
    /// The claims to it.
    fixed: Vec<Vec<Claim>>,
}

/// Someone who owns something: a rank, or several in a row that are drawn alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner {
    /// Place on the grid; with groups, the number of the group along each dimension.
    pub(super) coordinates: Vec<i64>,
    /// The rank, unless it stands for a group.
    pub(super) rank: Option<i64>,
}

/// The ownership of the elements where two bands cross.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// The first owns it. Others may hold it as well, which is right in an unstructured dimension.
    Owned(Owner, Vec<Owner>),
    /// No process claims it.
    Gap,
    /// This place of the grid claims it, but there is no such rank.
    Missing(i64),
    /// Too many claim it.
    Overlap(Vec<Owner>),
    /// It lies beyond the array's size.
    Outside(Vec<Owner>),
}

/// Claims beyond this number are not told apart.
const MOST_CLAIMS: usize = 6;

impl<'a> Board<'a> {
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
            let mut claims = Vec::new();
            if let Some(index) = slice.0[dim] {
                match axis.position(index) {
                    Some(position) => {
                        axis.claims(position, &mut claims);
                    }
                    // An array without elements has nothing at index 0, but a picture.
                    None if axis.len == 0 => {}
                    None => return Err(PlotError::NoSuchIndex { dim, index }),
                }
                claims.truncate(MOST_CLAIMS);
            }
            fixed.push(claims);
        }
        Ok(Self { subject, rows, columns, slice, fixed })
    }

    pub(super) fn axis(&self, dim: Option<usize>) -> Option<&'a Axis> {
        dim.and_then(|dim| self.subject.axes.get(dim))
    }

    /// The colours of an owner; groups are colours of a coarser grid.
    pub(super) fn colors(&self, owner: &Owner, groups: [i64; 2]) -> RankColors {
        let mut grid = self.subject.grid();
        for (dim, group) in [(self.rows, groups[0]), (self.columns, groups[1])] {
            if let Some(extent) = dim.and_then(|dim| grid.get_mut(dim)) {
                *extent = (*extent - 1) / group.max(1) + 1;
            }
        }
        palette::of(&owner.coordinates, &grid)
    }

    /// The owner of the crossing of two bands.
    pub(super) fn verdict(&self, row: &Band, column: &Band, grouped: bool) -> Verdict {
        let claims: Vec<&[Claim]> = (0..self.subject.axes.len())
            .map(|dim| match Some(dim) {
                dim if dim == self.rows => &row.claims[..],
                dim if dim == self.columns => &column.claims[..],
                _ => &self.fixed[dim][..],
            })
            .map(|claims| &claims[..claims.len().min(MOST_CLAIMS)])
            .collect();
        if claims.iter().any(|claims| claims.is_empty()) {
            return Verdict::Gap;
        }
        let mut owners = Vec::new();
        let mut chosen: Vec<Claim> = Vec::with_capacity(claims.len());
        self.collect(&claims, &mut chosen, grouped, &mut owners);
        owners.dedup();
        if row.outside || column.outside {
            return Verdict::Outside(owners);
        }
        let mut owners = owners.into_iter();
        let Some(first) = owners.next() else {
            let coordinates: Vec<i64> = claims.iter().map(|claims| claims[0].grid_rank).collect();
            // The rank may be there and say something else.
            let missing = self.subject.place(&coordinates).filter(|place| self.subject.ranks_at(*place).is_empty());
            return missing.map_or(Verdict::Gap, Verdict::Missing);
        };
        let others: Vec<Owner> = owners.collect();
        let may_share = self.subject.axes.iter().zip(&claims).all(|(axis, claims)| claims.len() == 1 || axis.shares)
            && others.iter().all(|other| other.coordinates != first.coordinates);
        if others.is_empty() || may_share {
            Verdict::Owned(first, others)
        } else {
            Verdict::Overlap([vec![first], others].concat())
        }
    }

    /// Every combination of one claim a dimension that a rank which is there makes.
    fn collect(&self, claims: &[&[Claim]], chosen: &mut Vec<Claim>, grouped: bool, owners: &mut Vec<Owner>) {
        let Some((first, rest)) = claims.split_first() else {
            let coordinates: Vec<i64> = chosen.iter().map(|claim| claim.grid_rank).collect();
            if grouped {
                owners.push(Owner { coordinates, rank: None });
                return;
            }
            let ranks = self.subject.place(&coordinates).map_or_else(Vec::new, |place| self.subject.ranks_at(place));
            for rank in ranks {
                let makes = |(axis, claim): (&Axis, &Claim)| axis.is_claimed_by(*claim, rank);
                if self.subject.axes.iter().zip(&*chosen).all(makes) {
                    owners.push(Owner { coordinates: coordinates.clone(), rank: Some(rank.0) });
                }
            }
            return;
        };
        for claim in *first {
            chosen.push(*claim);
            self.collect(rest, chosen, grouped, owners);
            chosen.pop();
        }
    }

    /// Where on the grid to begin, so that a part of this extent shows the first fault; at 0 where
    /// there is none.
    pub(super) fn first_wrong(&self, extents: [i64; 2]) -> [i64; 2] {
        let begin = |dim: Option<usize>, extent: i64| {
            let axis = self.axis(dim)?;
            let (start, _, _) = *axis.faults(1).first()?;
            let mut claims = Vec::new();
            axis.claims((start - 1).max(0), &mut claims);
            Some((claims.first()?.grid_rank - extent / 2 + 1).clamp(0, (axis.grid_size - extent).max(0)))
        };
        [begin(self.rows, extents[0]), begin(self.columns, extents[1])].map(Option::unwrap_or_default)
    }

    /// The ranks of a part of the grid that hold what is drawn.
    pub(super) fn ranks(&self, from: [i64; 2], extents: [i64; 2]) -> Vec<Holder> {
        let mut holders = Vec::new();
        let fixed: Option<Vec<i64>> = (0..self.subject.axes.len())
            .map(|dim| {
                let drawn = Some(dim) == self.rows || Some(dim) == self.columns;
                if drawn { Some(0) } else { self.fixed[dim].first().map(|claim| claim.grid_rank) }
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
                    None => Some(Pieces::single()),
                };
                if let (Some(rows), Some(columns)) = (pieces(self.rows), pieces(self.columns)) {
                    let owner = Owner { coordinates: coordinates.clone(), rank: Some(rank.0) };
                    holders.push(Holder { owner, grid: [row, column], rows, columns });
                }
            }
        }
        holders
    }

    /// How many processes there are along what runs down, and along what runs to the right.
    pub(super) fn grid(&self) -> [i64; 2] {
        [self.rows, self.columns].map(|dim| self.axis(dim).map_or(1, |axis| axis.grid_size))
    }

    /// The owner of one element, by its global indices.
    pub(super) fn owner_at(&self, row: i64, column: i64) -> Option<Owner> {
        let band = |dim: Option<usize>, index: i64| {
            let mut claims = Vec::new();
            if let Some(axis) = self.axis(dim) {
                axis.claims(axis.position(index)?, &mut claims);
            }
            Some(Band { start: 0, stop: 1, from: 0, to: 0, claims, outside: false })
        };
        match self.verdict(&band(self.rows, row)?, &band(self.columns, column)?, false) {
            Verdict::Owned(owner, _) => Some(owner),
            _ => None,
        }
    }

    /// How many elements of the whole array a rank owns; nothing where it did not say.
    pub(super) fn owned(&self, owner: &Owner) -> Option<i64> {
        let rank = Rank(owner.rank?);
        let along = |(axis, at): (&Axis, &i64)| axis.owned(*at, rank);
        let owned: Option<Vec<i64>> = self.subject.axes.iter().zip(&owner.coordinates).map(along).collect();
        owned?.into_iter().try_fold(1_i64, i64::checked_mul)
    }

    /// The drawn elements that a rank owns, as slices of Python; `None` where they are not one
    /// range a dimension.
    pub(super) fn range(&self, owner: &Owner) -> Option<String> {
        let rank = Rank(owner.rank?);
        let of = |dim: &usize| {
            let axis = self.axis(Some(*dim))?;
            axis.pieces(*owner.coordinates.get(*dim)?, rank)?.range()
        };
        let drawn: Vec<usize> = [self.rows, self.columns].into_iter().flatten().collect();
        let ranges: Option<Vec<String>> = drawn.iter().map(of).collect();
        ranges.filter(|ranges| !ranges.is_empty()).map(|ranges| format!("[{}]", ranges.join(", ")))
    }

    /// The bands of one of the dimensions drawn.
    pub(super) fn bands(&self, dim: Option<usize>, window: std::ops::Range<i64>, pixels: i32, most: usize) -> Bands {
        self.axis(dim).map_or_else(|| Bands::single(pixels), |axis| Bands::new(axis, window, pixels, most))
    }
}

/// A rank and what its buffer holds of what is drawn.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) owner: Owner,
    /// Its place along the dimensions drawn.
    pub(super) grid: [i64; 2],
    pub(super) rows: Pieces,
    pub(super) columns: Pieces,
}

impl Holder {
    /// The rectangles of its buffer.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Piece, Piece)> + '_ {
        self.rows.list.iter().flat_map(|row| self.columns.list.iter().map(move |column| (*row, *column)))
    }
}

impl Owner {
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
