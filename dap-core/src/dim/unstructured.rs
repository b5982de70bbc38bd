//! Unstructured: every process lists the global indices that it holds.
//!
//! Within a process the indices, here also called labels, are distinct; otherwise they are free:
//! they may be unordered, far apart, or negative. Unless the dimension is one to one, several
//! processes may hold the same index. Its *owner* is then the one of the lowest grid rank, so that
//! an index always has one source; every holder is written when data moves.
//!
//! ```
//! use dap_core::dim::Unstructured;
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! let mesh = Unstructured::new(5, false, &[vec![7, 3, 4], vec![0, -2, 7]])?;
//! assert_eq!(mesh.distinct(), 5);
//! assert_eq!(mesh.owner(GlobalIndex(7)), Some((GridRank(0), LocalIndex(0))));
//! assert_eq!(mesh.local(GridRank(1), GlobalIndex(7)), None); // held there, but owned by grid rank 0
//! assert_eq!(mesh.held(GridRank(1), GlobalIndex(7)), Some(LocalIndex(2)));
//! assert_eq!(mesh.global(GridRank(1), LocalIndex(1)), Some(GlobalIndex(-2)));
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! This is the one distribution whose cost grows with its size: for each index 4 bytes (8 where
//! some do not fit 32 bits), and 4 to 16 more from the first question for an owner on. Scattered
//! far apart they take 24 more from the beginning, as ranges next to nothing.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{RunList, Runs};

mod label_runs;
mod labels;
mod lookup;
mod statistics;

use labels::Labels;
use lookup::Lookup;
use statistics::{Index, LabelStatistics};

/// An unstructured dimension: `dist_type` 'u'. Clones share their lists.
#[derive(Clone)]
pub struct Unstructured {
    lists: Arc<Lists>,
}

struct Lists {
    size: i64,
    one_to_one: bool,
    distinct: i64,
    labels: Labels,
    index: Index,
    /// The table that `index` promises, once it is needed.
    table: OnceLock<Lookup>,
}

impl Lists {
    #[inline]
    fn lookup(&self) -> &Lookup {
        match &self.index {
            Index::Ready(lookup) => lookup,
            Index::Table { first, slots } => self.table.get_or_init(|| Lookup::dense(&self.labels, *first, *slots)),
        }
    }

    #[inline]
    fn find(&self, label: i64) -> Option<usize> {
        self.lookup().find(label)
    }
}

/// The lists of all processes with their statistics, before they are compared with the numbers that
/// a dimension declares.
pub(crate) struct CountedLists {
    labels: Labels,
    statistics: LabelStatistics,
}

impl CountedLists {
    /// Counts the indices of all processes.
    ///
    /// # Errors
    /// An index that a process lists twice.
    pub(crate) fn count(lists: &[impl AsRef<[i64]>]) -> Result<CountedLists> {
        let labels = Labels::new(lists);
        let statistics = LabelStatistics::take(&labels)?;
        Ok(CountedLists { labels, statistics })
    }

    /// The number of indices that all processes hold together.
    pub(crate) fn held(&self) -> i64 {
        self.labels.len()
    }

    /// The number of distinct indices.
    pub(crate) fn distinct(&self) -> i64 {
        self.statistics.distinct
    }

    /// The dimension of these lists.
    ///
    /// # Errors
    /// An index on two processes of a one-to-one dimension; a `size` that is neither the number of
    /// indices held nor the number of distinct ones.
    pub(crate) fn into_dim(self, size: i64, one_to_one: bool) -> Result<Unstructured> {
        let CountedLists { labels, statistics: LabelStatistics { distinct, shared, index } } = self;
        if one_to_one && let Some((label, rank)) = shared {
            return Err(Error::new(ErrorKind::NotOneToOne).with_grid_rank(rank).with_value("indices", label));
        }
        if size != labels.len() && size != distinct {
            return Err(Error::new(ErrorKind::SizeMismatch).with_value("size", size).with_expected(labels.len()));
        }
        let lists = Lists { size, one_to_one, distinct, labels, index, table: OnceLock::new() };
        Ok(Unstructured { lists: Arc::new(lists) })
    }
}

impl Unstructured {
    /// A dimension of which grid rank r holds the indices `lists[r]`, in the order of its buffer.
    ///
    /// `size` is the number of indices held by all, or the number of distinct ones.
    ///
    /// # Errors
    /// An index that a process lists twice, an index on two processes of a one-to-one dimension, a
    /// `size` that is neither of the two numbers, or no process at all.
    pub fn new(size: i64, one_to_one: bool, lists: &[impl AsRef<[i64]>]) -> Result<Unstructured> {
        if lists.is_empty() {
            return Err(Error::new(ErrorKind::TooSmall).with_value("proc_grid_size", 0).with_expected(1));
        }
        at_least("size", size, 0)?;
        CountedLists::count(lists)?.into_dim(size, one_to_one)
    }

    /// The number of elements of the whole dimension, as declared: all that are held, or the
    /// distinct ones.
    #[inline]
    pub fn size(&self) -> i64 {
        self.lists.size
    }

    /// The number of processes along the dimension.
    #[inline]
    pub fn grid_size(&self) -> i64 {
        self.lists.labels.ranks()
    }

    /// Whether the dimension promises that no index is on two processes.
    pub fn is_one_to_one(&self) -> bool {
        self.lists.one_to_one
    }

    /// The number of distinct indices.
    pub fn distinct(&self) -> i64 {
        self.lists.distinct
    }

    /// Whether no index is on two processes, promised or not.
    pub fn is_disjoint(&self) -> bool {
        self.distinct() == self.lists.labels.len()
    }

    /// Whether the indices are exactly 0, 1, ... up to `size - 1`, as in a structured dimension, so
    /// that data can move between the two.
    pub fn labels_are_0_to_size(&self) -> bool {
        self.distinct() == self.size() && self.labels_are_0_to_distinct()
    }

    /// The same up to their distinct number, whatever `size` counts.
    pub(crate) fn labels_are_0_to_distinct(&self) -> bool {
        let (first, last) = self.lists.labels.span().unwrap_or((0, -1));
        // The number of distinct labels is that of the integers from the least to the greatest.
        first == 0 && last == self.distinct() - 1
    }

    /// How many elements a process holds; 0 beyond the grid. Shared indices count on each of their
    /// processes.
    #[inline]
    pub fn owned_len(&self, rank: GridRank) -> i64 {
        self.lists.labels.list_len(rank)
    }

    /// The extent of a process's buffer: the number of indices that it lists.
    #[inline]
    pub fn extent(&self, rank: GridRank) -> i64 {
        self.owned_len(rank)
    }

    /// The indices that a process holds, in the order of its buffer.
    pub fn indices(&self, rank: GridRank) -> impl ExactSizeIterator<Item = GlobalIndex> + '_ {
        let range = self.lists.labels.range(rank);
        range.map(|at| GlobalIndex(self.lists.labels.at(at).unwrap_or_default()))
    }

    /// The process of the lowest grid rank that holds an index, and where it lies in its buffer;
    /// `None` when no process holds it.
    #[inline]
    pub fn owner(&self, global: GlobalIndex) -> Option<(GridRank, LocalIndex)> {
        self.lists.labels.place(self.lists.find(global.0)?)
    }

    /// Visits the owners of consecutive indices, in order: the distance of an index from the first
    /// one, and its owner as [`Unstructured::owner`]. Indices without a holder are left out.
    #[inline]
    pub(crate) fn for_each_owner(
        &self,
        first: GlobalIndex,
        len: i64,
        mut visit: impl FnMut(i64, GridRank, LocalIndex),
    ) {
        self.lists.lookup().for_each(first.0, len, |k, place| {
            if let Some((rank, local)) = self.lists.labels.place(place) {
                visit(k, rank, local);
            }
        });
    }

    /// Visits consecutive indices, in order: how far behind the first one an index is, where it
    /// lies in the buffer of the process at `rank` if that owns it, and whether it does.
    #[inline]
    pub(crate) fn for_each_of(
        &self,
        rank: GridRank,
        first: GlobalIndex,
        len: i64,
        mut visit: impl FnMut(i64, LocalIndex, bool),
    ) {
        let range = self.lists.labels.range(rank);
        self.lists.lookup().for_each(first.0, len, |k, place| {
            // A place below the first one of this process wraps round to a number beyond its
            // length.
            let local = place.wrapping_sub(range.start);
            visit(k, LocalIndex(local as i64), local < range.len());
        });
    }

    /// The index at a place of a process's buffer; `None` outside of the buffer.
    #[inline]
    pub fn global(&self, rank: GridRank, local: LocalIndex) -> Option<GlobalIndex> {
        let range = self.lists.labels.range(rank);
        let at = range.start.checked_add(usize::try_from(local.0).ok()?)?;
        if at < range.end { self.lists.labels.at(at).map(GlobalIndex) } else { None }
    }

    /// Where a process holds an index that it owns; `None` when another owns it.
    #[inline]
    pub fn local(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        let (owner, local) = self.owner(global)?;
        (owner == rank).then_some(local)
    }

    /// Where a process holds an index, be it the owner or not. A search through the process's list
    /// when another owns the index.
    pub fn held(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        let (owner, local) = self.owner(global)?;
        if owner == rank {
            return Some(local);
        }
        // The owner has the lowest grid rank of all holders; without shared indices it is the only
        // one.
        if rank < owner || self.is_disjoint() {
            return None;
        }
        let at = self.indices(rank).position(|index| index == global)?;
        i64::try_from(at).ok().map(LocalIndex)
    }

    /// The indices that a process holds, consecutive ones joined to runs.
    pub fn runs(&self, rank: GridRank) -> Runs {
        self.runs_where(rank, |_| true)
    }

    /// The indices that a process is the source of: those that no process of lower grid rank
    /// holds.
    pub fn source_runs(&self, rank: GridRank) -> Runs {
        if self.is_disjoint() {
            return self.runs(rank);
        }
        self.runs_where(rank, |at| self.lists.labels.at(at).and_then(|label| self.lists.find(label)) == Some(at))
    }

    fn runs_where(&self, rank: GridRank, mut keep: impl FnMut(usize) -> bool) -> Runs {
        let range = self.lists.labels.range(rank);
        let start = range.start;
        Runs::list(match &self.lists.labels.store {
            labels::Store::Narrow(labels) => RunList::new(labels.get(range).unwrap_or(&[]), |at| keep(start + at)),
            labels::Store::Wide(labels) => RunList::new(labels.get(range).unwrap_or(&[]), |at| keep(start + at)),
        })
    }
}

impl PartialEq for Unstructured {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&*self.lists, &*other.lists);
        // The rest follows from these.
        Arc::ptr_eq(&self.lists, &other.lists)
            || (a.size, a.one_to_one) == (b.size, b.one_to_one) && a.labels == b.labels
    }
}

impl Eq for Unstructured {}

impl Hash for Unstructured {
    /// Not the lists: equal ones have equal numbers, and hashing stays cheap.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let numbers = (self.size(), self.grid_size(), self.distinct(), self.is_one_to_one(), self.lists.labels.span());
        numbers.hash(state);
    }
}

impl fmt::Debug for Unstructured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unstructured")
            .field("size", &self.size())
            .field("grid_size", &self.grid_size())
            .field("one_to_one", &self.is_one_to_one())
            .field("distinct", &self.distinct())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Unstructured {
    /// `unstructured`, with the number of distinct indices where they are fewer than are held.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unstructured")?;
        if self.is_disjoint() {
            Ok(())
        } else {
            write!(f, "({} held, {} distinct)", self.lists.labels.len(), self.distinct())
        }
    }
}
