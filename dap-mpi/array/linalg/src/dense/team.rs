//! The ranks that factorize one matrix together, and the columns of each.

use dap_array::spmd::Group;
use dap_array::{Context, Result};
use dap_core::dim::{Cyclic, Dim};
use dap_ndarray::Item;

/// The most bytes of a panel of columns.
pub(crate) const PANEL_BYTES: usize = 16 << 20;
/// The most columns of a panel.
const WIDEST: usize = 48;

/// All ranks of a context, or this rank alone.
pub(crate) struct Team {
    group: Option<Group>,
    rank: usize,
    size: usize,
    /// The number of columns of a panel.
    width: usize,
}

impl Team {
    /// This rank alone.
    pub(crate) fn solo() -> Team {
        Team { group: None, rank: 0, size: 1, width: WIDEST }
    }

    /// All ranks, for matrices with this number of rows, the greatest extent, of items of this
    /// size.
    pub(crate) fn of(context: &Context, extent: i64, itemsize: usize) -> Result<Team> {
        let group = context.all_ranks()?;
        let (rank, size) = (group.member().unwrap_or(0), group.size());
        let extent = usize::try_from(extent).unwrap_or(usize::MAX).max(1);
        // Each rank has several panels, and a panel is not too large.
        let width = (extent / (4 * size)).min(WIDEST).min(PANEL_BYTES / extent.saturating_mul(itemsize));
        Ok(Team { group: (size > 1).then_some(group), rank, size, width: width.max(1) })
    }

    /// The number of ranks.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// This rank.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    /// How columns are distributed.
    ///
    /// # Errors
    /// None of a number of columns that an array can have.
    pub(crate) fn columns(&self, count: i64) -> Result<Dim> {
        Ok(Dim::Cyclic(Cyclic::new(count, self.size as i64, self.width as i64)?))
    }

    /// The first columns of the panels of `count` columns, and the columns behind their last ones.
    pub(crate) fn panels(&self, count: usize) -> impl DoubleEndedIterator<Item = (usize, usize)> + use<> {
        let width = self.width;
        (0..count.div_ceil(width)).map(move |panel| (panel * width, (panel * width + width).min(count)))
    }

    /// The rank that has a column.
    pub(crate) fn owner(&self, column: usize) -> usize {
        column / self.width % self.size
    }

    /// Where its owner has a column.
    pub(crate) fn local(&self, column: usize) -> usize {
        column / self.width / self.size * self.width + column % self.width
    }

    /// The column at a place of this rank.
    pub(crate) fn column(&self, local: usize) -> usize {
        (local / self.width * self.size + self.rank) * self.width + local % self.width
    }

    /// The number of this rank's columns in front of a column.
    pub(crate) fn in_front(&self, column: usize) -> usize {
        let (block, rest) = (column / self.width, column % self.width);
        let own = block / self.size * self.width;
        match (block % self.size).cmp(&self.rank) {
            std::cmp::Ordering::Less => own,
            std::cmp::Ordering::Equal => own + rest,
            std::cmp::Ordering::Greater => own + self.width,
        }
    }

    /// The items of one rank, on all; `make` is called on that rank only. Collective.
    ///
    /// # Errors
    /// A failure of a message.
    pub(crate) fn broadcast<T: Item>(&self, root: usize, make: impl FnOnce() -> Vec<T>) -> Result<Vec<T>> {
        match &self.group {
            None => Ok(make()),
            Some(group) => group.bcast(root, (self.rank == root).then(make)),
        }
    }

    /// The items of all ranks, in order. Collective.
    ///
    /// # Errors
    /// A failure of a message.
    pub(crate) fn gather<T: Item>(&self, items: Vec<T>) -> Result<Vec<Vec<T>>> {
        match &self.group {
            None => Ok(vec![items]),
            Some(group) => group.gather_all(&items),
        }
    }

    /// Sends items to another rank of a team of several; it does not wait.
    ///
    /// # Errors
    /// A failure of a message.
    pub(crate) fn send<T: Item>(&self, to: usize, items: &[T]) -> Result<()> {
        self.group.as_ref().map_or(Ok(()), |group| group.send(to, 0, items))
    }

    /// The next items that another rank has sent to this one.
    ///
    /// # Errors
    /// A failure of a message.
    pub(crate) fn receive<T: Item>(&self, from: usize) -> Result<Vec<T>> {
        self.group.as_ref().map_or_else(|| Ok(Vec::new()), |group| group.recv(from, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_one_place() {
        for (size, width, count) in [(1, 4, 10), (2, 3, 17), (3, 1, 7), (4, 5, 3)] {
            let mut found = Vec::new();
            for rank in 0..size {
                let team = Team { group: None, rank, size, width };
                let own = (0..count).filter(|&column| team.owner(column) == rank).collect::<Vec<_>>();
                for (at, &column) in own.iter().enumerate() {
                    assert_eq!((team.local(column), team.column(at)), (at, column));
                }
                for column in 0..=count {
                    assert_eq!(team.in_front(column), own.iter().filter(|&&it| it < column).count());
                }
                let dim = team.columns(count as i64).unwrap();
                assert_eq!(dim.owned_len(dap_core::index::GridRank(rank as i64)), own.len() as i64);
                found.extend(own);
            }
            found.sort_unstable();
            assert_eq!(found, (0..count).collect::<Vec<_>>());
        }
    }
}
