//! The elements that a mask selects, left on the ranks that own them.
//!
//! The selected elements are numbered in C order; each rank keeps its own, in the order of its
//! section. Where the ranks hold theirs in C order this is the block dimension of
//! [`Placement::compress`]; elsewhere it is unstructured, and its indices depend on the mask.

use super::{Compressed, number};
use crate::algebra::placement::Placement;
use crate::algebra::resized::without_padding;
use crate::dim::{Dim, Unstructured};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, LocalIndex, Rank};
use crate::layout::Layout;

impl Placement {
    /// The distribution of the elements that a mask over the first `ndim` axes selects, each on the
    /// rank that owns it. `selected` has a list for each layout rank of these axes: the indices
    /// that the mask selects there, counted in C order over these axes, in any order.
    ///
    /// Cost and memory follow the number of selected indices.
    ///
    /// ```
    /// use dap_core::algebra::Placement;
    /// use dap_core::layout::{DimSpec, Layout};
    /// let layout = Layout::builder([6]).dims([DimSpec::Cyclic]).processes(2).build()?;
    /// // The mask selects 1, 2, 4 and 5.
    /// let found = Placement::new(layout).compress_in_place(1, &[vec![2, 4], vec![1, 5]])?;
    /// assert_eq!(found.result.to_string(), "(4,) over 2: unstructured");
    /// assert!(!found.moves);
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// More axes than the array has; another number of lists than of ranks along these axes; an
    /// index that is not there, that another rank owns, or that is listed twice; an unstructured
    /// dimension among these axes whose indices are not 0 to `size` - 1.
    pub fn compress_in_place(&self, ndim: usize, selected: &[impl AsRef<[i64]>]) -> Result<Compressed> {
        let counts: Vec<i64> = selected.iter().map(|list| number(list.as_ref().len())).collect();
        let Some(masked) = self.layout().dims().get(..ndim) else { return self.compress(ndim, &counts) };
        if let Some(at) = masked.iter().position(|dim| !dim.indices_are_0_to_size()) {
            return Err(Error::new(ErrorKind::SliceWithoutOrder).with_dim(at).with_value("size", masked[at].size()));
        }
        let masked = Layout::new(masked.to_vec())?;
        if number(selected.len()) != masked.processes() {
            return self.compress(ndim, &counts);
        }
        // Each index with its slot: the lists one behind the other, in the order of the sections.
        let mut slots: Vec<(i64, usize)> = Vec::new();
        for (rank, list) in (0..).map(Rank).zip(selected) {
            for index in in_section_order(&masked, rank, list.as_ref())? {
                slots.push((index, slots.len()));
            }
        }
        if self.ranks_are_in_c_order(ndim) {
            return self.compress(ndim, &counts);
        }
        slots.sort_unstable();
        let mut numbers = vec![0; slots.len()];
        for (number, &(_, slot)) in (0..).zip(&slots) {
            numbers[slot] = number;
        }
        let mut rest = &numbers[..];
        let lists: Vec<&[i64]> = selected
            .iter()
            .map(|list| {
                let (own, behind) = rest.split_at(list.as_ref().len());
                rest = behind;
                own
            })
            .collect();
        let mut dims = vec![Dim::from(Unstructured::new(number(numbers.len()), true, &lists)?)];
        for dim in self.layout().dims().iter().skip(ndim) {
            dims.push(without_padding(dim)?);
        }
        let layout = Layout::new(dims)?;
        let ranks = self.ranks().regrouped(layout.grid())?;
        Ok(Compressed { result: Placement::with_ranks(layout, ranks)?, moves: false })
    }
}

/// The indices of one rank, sorted by their places in its section.
fn in_section_order(masked: &Layout, rank: Rank, list: &[i64]) -> Result<Vec<i64>> {
    let mut placed: Vec<(Vec<LocalIndex>, i64)> = Vec::with_capacity(list.len());
    for &index in list {
        let outside = Error::new(ErrorKind::IndexOutOfBounds).with_rank(rank).with_value("selected", index);
        if !(0..masked.len()).contains(&index) {
            return Err(outside.with_expected((masked.len() - 1).max(0)));
        }
        let mut global = vec![GlobalIndex(0); masked.ndim()];
        let mut rest = index;
        for (at, &extent) in global.iter_mut().zip(masked.shape()).rev() {
            (at.0, rest) = (rest % extent, rest / extent);
        }
        match masked.owner(&global) {
            Some((owner, place)) if owner == rank => placed.push((place, index)),
            _ => return Err(Error::new(ErrorKind::IndexNotOwned).with_rank(rank).with_value("selected", index)),
        }
    }
    placed.sort_unstable();
    if let Some(pair) = placed.windows(2).find(|pair| pair[0].1 == pair[1].1) {
        return Err(Error::new(ErrorKind::IndexRepeated).with_rank(rank).with_value("selected", pair[0].1));
    }
    Ok(placed.into_iter().map(|(_, index)| index).collect())
}
