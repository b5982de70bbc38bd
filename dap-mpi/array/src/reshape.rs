//! The same elements in another shape.

use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::layout::Layout;
use dap_mpi::Result;

use crate::array::DynArray;
use crate::error::argument;

impl DynArray {
    /// The same elements in C order, in another shape; one extent may be -1 and follows from the
    /// others. A view where only axes of one element come or go. Elsewhere the elements move to
    /// blocks along the first axes, on the same ranks, and the call is collective.
    ///
    /// # Errors
    /// Another number of elements; several extents of -1; not enough memory.
    #[track_caller]
    pub fn reshape(&self, shape: &[i64]) -> Result<DynArray> {
        let _call = self.enter("reshape", shape)?;
        let shape = self.whole_shape(shape)?;
        if let Some(view) = self.with_axes_of_one(&shape)? {
            return Ok(view);
        }
        let processes = self.layout().processes();
        let layout = Layout::builder(shape).processes(processes).build()?;
        let to = self.placement().on_first_ranks(layout)?;
        let reshaped = self.empty_like_on(&to)?;
        reshaped.move_from(self)?;
        Ok(reshaped)
    }

    /// The same elements in C order, in the shape and on the ranks of a placement, in memory of
    /// their own. They move once. Collective.
    ///
    /// ```no_run
    /// # fn example(array: &dap_array::DynArray) -> Result<(), Box<dyn std::error::Error>> {
    /// use dap_core::layout::Layout;
    /// // 1000 x 60 elements as 20 x 50 x 60, in blocks along the second axis of four ranks.
    /// let blocks = Layout::builder([20, 50, 60]).grid([1, 4, 1]).build()?;
    /// let reshaped = array.reshape_to(&blocks)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Another number of elements; ranks that the communicator does not have; not enough memory.
    #[track_caller]
    pub fn reshape_to(&self, to: impl Into<Placement>) -> Result<DynArray> {
        let to = to.into();
        let _call = self.enter("reshape_to", &to)?;
        if to.layout().len() != self.len() {
            return argument(format!("an array of shape {:?} has no shape {:?}", self.shape(), to.shape()));
        }
        let reshaped = self.empty_like_on(&to)?;
        reshaped.move_from(self)?;
        Ok(reshaped)
    }

    /// A shape with its extent of -1 filled in.
    fn whole_shape(&self, shape: &[i64]) -> Result<Vec<i64>> {
        let mut whole = shape.to_vec();
        let known: Option<i64> = shape
            .iter()
            .filter(|&&extent| extent != -1)
            .try_fold(1_i64, |product, &extent| product.checked_mul(extent));
        let open: Vec<usize> = (0..shape.len()).filter(|&axis| shape[axis] == -1).collect();
        let wrong = || argument(format!("an array of shape {:?} has no shape {shape:?}", self.shape()));
        let Some(known) = known.filter(|_| shape.iter().all(|&extent| extent >= -1)) else { return wrong() };
        match open[..] {
            [] if known == self.len() => {}
            [axis] if known > 0 && self.len() % known == 0 => whole[axis] = self.len() / known,
            _ => return wrong(),
        }
        Ok(whole)
    }

    /// The view that has this shape, if it differs by axes of one element only.
    fn with_axes_of_one(&self, shape: &[i64]) -> Result<Option<DynArray>> {
        let others = |shape: &[i64]| shape.iter().copied().filter(|&extent| extent != 1).collect::<Vec<i64>>();
        if others(self.shape()) != others(shape) {
            return Ok(None);
        }
        let whole = Subscript::Slice(Slice::ALL);
        let dropped = self.shape().iter().map(|&extent| if extent == 1 { Subscript::Index(0) } else { whole });
        let added = shape.iter().map(|&extent| if extent == 1 { Subscript::NewAxis } else { whole });
        Ok(Some(self.part(&dropped.collect::<Vec<_>>())?.part(&added.collect::<Vec<_>>())?))
    }
}
