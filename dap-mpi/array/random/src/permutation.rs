//! Permutations of indices, and of the elements of arrays along an axis.

use dap_array::{Context, DynArray, Indices, Result};
use dap_core::algebra::{Placement, RankMap};
use dap_core::dim::Dim;
use dap_core::index::GridRank;
use dap_core::layout::Layout;
use dap_kernels::random::Permutation;
use dap_mpi::{Error, ErrorKind};

use crate::fill::{Each, filled};
use crate::generator::{Generator, wrong};

impl Generator {
    /// The numbers from 0 to n - 1 in a random order, where n is the extent of the one axis of
    /// `placement`. It sends no message.
    ///
    /// # Errors
    /// Another number of axes than one; more ranks than the context has.
    #[track_caller]
    pub fn permutation(&mut self, context: &Context, placement: impl Into<Placement>) -> Result<DynArray> {
        let _call = self.enter(context, "permutation", ())?;
        let placement = placement.into();
        let &[len] = placement.shape() else {
            return wrong(format!("a permutation has one axis, the distribution has {}", placement.ndim()));
        };
        self.permutation_of(context, &placement, len as u64)
    }

    /// The first numbers of a permutation of 0 to len - 1, one for each element of the placement.
    pub(crate) fn permutation_of(&mut self, context: &Context, placement: &Placement, len: u64) -> Result<DynArray> {
        let permutation = Permutation::new(&self.child(), len);
        filled(context, placement, &Each(|at| permutation.get(at) as i64))
    }

    /// The elements in a random order along an axis, in a new array with the distribution of
    /// `array`: what stands at one index of the axis stays together. Collective.
    ///
    /// # Errors
    /// An axis that is not there; not enough memory on some rank.
    #[track_caller]
    pub fn permuted(&mut self, array: &DynArray, axis: i64) -> Result<DynArray> {
        let _call = self.enter(array.context(), "permuted", axis)?;
        let ndim = array.ndim() as i64;
        let at = if axis < 0 { axis.saturating_add(ndim) } else { axis };
        if !(0..ndim).contains(&at) {
            return wrong(format!("axis {axis} is not there: the array has {ndim} dimensions"));
        }
        let len = array.shape()[at as usize];
        let along = along(array.placement(), at as usize)?;
        let indices = self.permutation_of(array.context(), &along, len as u64)?;
        let permuted = array.take_along(&[at], &[Indices::Distributed(&indices)])?;
        permuted.redistribute(array.placement())
    }

    /// Puts the elements into a random order along an axis, in place, as [`permuted`] does in a new
    /// array. Collective; nothing is written if a rank fails before.
    ///
    /// [`permuted`]: Generator::permuted
    ///
    /// # Errors
    /// As `permuted`; memory that cannot be written.
    #[track_caller]
    pub fn shuffle(&mut self, array: &DynArray, axis: i64) -> Result<()> {
        let permuted = self.permuted(array, axis)?;
        array.assign(&permuted)
    }
}

/// The distribution of one axis by itself: on the ranks that have coordinate 0 along the others.
fn along(placement: &Placement, axis: usize) -> Result<Placement> {
    let dim: &Dim = &placement.layout().dims()[axis];
    let grid = placement.layout().grid();
    let nowhere = || Error::new(ErrorKind::Layout, "a section of the array lies on no rank");
    let holder = |coordinate: i64| {
        let at: Vec<GridRank> =
            (0..placement.ndim()).map(|other| GridRank(if other == axis { coordinate } else { 0 })).collect();
        grid.rank(&at).and_then(|section| placement.ranks().holder(section)).map(|rank| rank.0)
    };
    let layout = Layout::new(vec![dim.clone()])?;
    let holders = (0..dim.grid_size()).map(|coordinate| holder(coordinate).ok_or_else(nowhere));
    let ranks = RankMap::listed(layout.grid(), holders.collect::<Result<Vec<i64>>>()?)?;
    Ok(Placement::with_ranks(layout, ranks)?)
}
