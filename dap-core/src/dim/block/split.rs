//! Which interval of a block dimension each process owns: closed forms for the regular splits,
//! bounds for the others.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::GridRank;

/// How `0..size` is cut into one interval a process. One split has one representation, so that `==`
/// compares what is owned: the first law that fits, in the order given here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Split {
    size: i64,
    grid_size: i64,
    law: Law,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Law {
    /// Everyone owns this many (at least 1, at most `size` unless that is 0) until they run out.
    Width(i64),
    /// Everyone owns `quotient`, at least 1, the first `extra` one more.
    Balanced { quotient: i64, extra: i64 },
    /// One bound more than there are processes.
    Bounds(Arc<[i64]>),
}

impl Split {
    pub(super) fn regular(size: i64, grid_size: i64) -> Result<Split> {
        check(size, grid_size)?;
        Ok(Split::canonical_width(size, grid_size, ceil_div(size, grid_size)))
    }

    pub(super) fn of_width(size: i64, grid_size: i64, width: i64) -> Result<Split> {
        check(size, grid_size)?;
        at_least("width", width, ceil_div(size, grid_size).max(1))?;
        Ok(Split::canonical_width(size, grid_size, width))
    }

    fn canonical_width(size: i64, grid_size: i64, width: i64) -> Split {
        Split { size, grid_size, law: Law::Width(width.min(size).max(1)) }
    }

    pub(super) fn balanced(size: i64, grid_size: i64) -> Result<Split> {
        check(size, grid_size)?;
        let (quotient, extra) = (size / grid_size, size % grid_size);
        // Where no process, or all but one, own one more, or all own at most one, this is the
        // split of that width.
        if quotient == 0 || extra == 0 || extra == grid_size - 1 {
            return Split::regular(size, grid_size);
        }
        Ok(Split { size, grid_size, law: Law::Balanced { quotient, extra } })
    }

    pub(super) fn from_bounds(bounds: Arc<[i64]>) -> Result<Split> {
        let [first, second, ..] = *bounds else {
            let count = i64::try_from(bounds.len()).unwrap_or(i64::MAX);
            return Err(Error::new(ErrorKind::Count).with_value("bounds", count).with_expected(2));
        };
        if first != 0 {
            return Err(not_abutting(0, "start", first, 0));
        }
        for (rank, pair) in (0..).zip(bounds.windows(2)) {
            if pair[1] < pair[0] {
                return Err(not_abutting(rank, "stop", pair[1], pair[0]));
            }
        }
        let grid_size = i64::try_from(bounds.len() - 1).unwrap_or(i64::MAX);
        let size = bounds.last().copied().unwrap_or(0);
        let fits = |split: &Split| (0..).zip(bounds.iter()).all(|(rank, &bound)| split.start(rank) == bound);
        // The only width that can fit is what the first process owns.
        let by_width = Split::canonical_width(size, grid_size, second);
        if fits(&by_width) {
            return Ok(by_width);
        }
        let balanced = Split::balanced(size, grid_size)?;
        if fits(&balanced) {
            return Ok(balanced);
        }
        Ok(Split { size, grid_size, law: Law::Bounds(bounds) })
    }

    #[inline]
    pub(super) fn size(&self) -> i64 {
        self.size
    }

    #[inline]
    pub(super) fn grid_size(&self) -> i64 {
        self.grid_size
    }

    /// The first index of a process on the grid, or `size` for the rank behind the last.
    #[inline]
    pub(super) fn start(&self, rank: i64) -> i64 {
        match &self.law {
            Law::Width(width) => rank.saturating_mul(*width).min(self.size),
            // At most rank * size / grid_size, so no overflow.
            Law::Balanced { quotient, extra } => rank * quotient + rank.min(*extra),
            Law::Bounds(bounds) => usize::try_from(rank).ok().and_then(|r| bounds.get(r)).copied().unwrap_or(self.size),
        }
    }

    #[inline]
    pub(super) fn len(&self, rank: i64) -> i64 {
        self.start(rank + 1) - self.start(rank)
    }

    /// The owner of an index in `0..size`.
    #[inline]
    pub(super) fn owner(&self, global: i64) -> i64 {
        match &self.law {
            Law::Width(width) => div(global, *width),
            Law::Balanced { quotient, extra } => {
                let larger = extra * (quotient + 1);
                if global < larger { div(global, quotient + 1) } else { extra + div(global - larger, *quotient) }
            }
            // The last of the bounds at or below the index belongs to its owner: what shares the
            // bound before it is empty.
            Law::Bounds(bounds) => {
                i64::try_from(bounds.partition_point(|&bound| bound <= global)).map_or(0, |behind| behind - 1)
            }
        }
    }

    /// The least that a process owns which owns something and has a neighbour that does; `None`
    /// when there are no two such neighbours.
    pub(super) fn narrowest_neighbour(&self) -> Option<(GridRank, i64)> {
        match &self.law {
            Law::Width(width) => {
                let last = (self.size - 1).max(0) / width;
                (last > 0).then(|| (GridRank(last), self.size - last * width))
            }
            Law::Balanced { quotient, extra } => Some((GridRank(*extra), *quotient)),
            Law::Bounds(_) => (1..self.grid_size)
                .filter(|&rank| self.len(rank - 1) > 0 && self.len(rank) > 0)
                .flat_map(|rank| [rank - 1, rank])
                .map(|rank| (GridRank(rank), self.len(rank)))
                .min_by_key(|&(rank, len)| (len, rank)),
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.law {
            Law::Width(width) => write!(f, "({width})"),
            Law::Balanced { quotient, .. } => write!(f, "({quotient} to {})", quotient + 1),
            Law::Bounds(bounds) if bounds.len() <= 8 => write!(f, "{bounds:?}"),
            Law::Bounds(bounds) => write!(f, "[0, {}, {}, ... {}]", bounds[1], bounds[2], self.size),
        }
    }
}

pub(super) fn not_abutting(rank: i64, key: &'static str, value: i64, expected: i64) -> Error {
    Error::new(ErrorKind::NotAbutting).with_grid_rank(GridRank(rank)).with_value(key, value).with_expected(expected)
}

fn check(size: i64, grid_size: i64) -> Result<()> {
    at_least("size", size, 0)?;
    at_least("proc_grid_size", grid_size, 1)?;
    Ok(())
}

fn ceil_div(size: i64, parts: i64) -> i64 {
    size / parts + i64::from(size % parts != 0)
}

/// Division of numbers that are not negative, by a divisor above 0; unsigned division is the faster
/// one.
#[inline]
fn div(dividend: i64, divisor: i64) -> i64 {
    (dividend as u64 / divisor as u64) as i64
}
