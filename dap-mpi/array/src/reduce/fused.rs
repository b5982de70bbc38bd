//! Reductions of expressions whose results are not stored.

use dap_mpi::Result;

use super::all::of_all_ranks;
use super::passes::Passes;
use super::{Reduction, needs_elements};
use crate::expr::Expr;
use crate::owned;
use crate::scalar::Scalar;

impl Expr<'_> {
    /// The reduction of all elements of the result, on all ranks: block by block, so that the
    /// result is never stored. Collective.
    ///
    /// # Errors
    /// As [`eval`](Expr::eval) and [`DynArray::reduce`](crate::DynArray::reduce).
    #[track_caller]
    pub fn reduce(&self, reduction: Reduction) -> Result<Scalar> {
        let _call = self.enter(reduction.name(), reduction.ddof())?;
        if let Some(array) = self.as_array() {
            return array.reduce(reduction);
        }
        let ready = self.ready()?;
        let layout = ready.placement.layout();
        // An element that two ranks have counts once: then the result moves.
        if owned::is_shared(layout) {
            return self.computed()?.reduce(reduction);
        }
        needs_elements(reduction, layout.len() == 0)?;
        of_all_ranks(ready.context(), &Passes::of(reduction, ready.element)?, |pass| {
            let mut words = pass.neutral();
            ready.each_block(|block| {
                pass.merge(&mut words, &pass.run(block, None)?);
                Ok(())
            })?;
            Ok(words)
        })
    }
}
