//! Arrays and contexts of the cases.

use dap_array::{Context, DynArray};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_mpi::Comm;
use mpi::environment::Universe;

/// A new context on all ranks.
pub(crate) fn context(universe: &Universe) -> Context {
    Context::new(&Comm::new(&universe.world()).expect("a communicator"))
}

/// The last rank.
pub(crate) fn last(context: &Context) -> i32 {
    context.comm().size() - 1
}

pub(crate) fn is_last(context: &Context) -> bool {
    context.comm().rank() == last(context)
}

/// Blocks of rows on this number of ranks.
pub(crate) fn blocks(ranks: i32) -> Placement {
    Layout::builder([12, 2]).processes(ranks.into()).build().expect("a layout").into()
}

/// Numbers on all ranks.
pub(crate) fn array(context: &Context) -> DynArray {
    DynArray::from_fn(context, blocks(context.comm().size()), |at| (at[0] * 2 + at[1]) as f64).expect("an array")
}

/// The sum of [`array`].
pub(crate) const SUM: f64 = 276.0;
