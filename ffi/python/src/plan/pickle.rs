//! Plans in pickles: what they were made of. A plan is made again from its two layouts, which is
//! cheap.

use dap_core::plan::Plan as Inner;
use pyo3::prelude::*;

use super::{Plan, ToRank};
use crate::argument::Index;
use crate::layout::Layout;
use crate::pickle::{self, Reduced};

pub(super) fn reduce<'py>(py: Python<'py>, plan: &Inner) -> PyResult<Reduced<'py>> {
    let (source, target) = (Layout::new(plan.from().clone()), Layout::new(plan.to().clone()));
    let rank = |rank: Option<dap_core::index::Rank>| rank.map(|rank| rank.0);
    let ranks = (rank(plan.endpoints().source), rank(plan.endpoints().target));
    pickle::by_function(py, "_plan", (source, target, ranks.0, ranks.1, plan.groups().is_some()))
}

/// The plan of a pickle.
#[pyfunction]
pub(crate) fn _plan(
    source: &Layout,
    target: &Layout,
    rank: Option<Index>,
    to_rank: Option<Index>,
    is_reshape: bool,
) -> PyResult<Plan> {
    let make = if is_reshape { Inner::reshape } else { Inner::new };
    Plan::planned(make, source, target, rank, ToRank::Other(to_rank))
}
