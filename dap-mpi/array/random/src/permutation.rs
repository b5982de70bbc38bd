//! Permutations of indices, and of the elements of arrays along an axis.

use dap_array::{Context, DynArray, Indices, Result, argument};
use dap_core::algebra::Placement;
use dap_kernels::random::Permutation;

use crate::fill::{Each, filled};
use crate::generator::Generator;

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
            return argument(format!("a permutation has one axis, the distribution has {}", placement.ndim()));
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
        let at = array.axes(&[axis])?[0];
        // The indices lie as the axis does by itself: on the ranks that have coordinate 0 along the
        // others.
        let others: Vec<i64> = (0..array.ndim()).filter(|&other| other != at).map(|other| other as i64).collect();
        let along = array.placement().reduce(Some(&others), false)?.owners().clone();
        let indices = self.permutation_of(array.context(), &along, array.shape()[at] as u64)?;
        let permuted = array.take_along(&[at as i64], &[Indices::Distributed(&indices)])?;
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
