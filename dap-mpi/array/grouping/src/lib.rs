//! Groups along an axis: elements whose labels are equal, reduced together.
//!
//! `x.group_by(axis, &labels)` gives one label to each index of the axis. Reductions have one
//! result for each group in place of the axis; [`Grouped::expand`] and [`Grouped::apply`] bring
//! results back to the elements, as in `x - x.group_by(0, &month)?.mean()?`.
//!
//! ```no_run
//! # fn example(context: &dap_array::Context) -> dap_array::Result<()> {
//! use dap_array::{DynArray, Op};
//! use dap_core::layout::Layout;
//! use dap_grouping::GroupBy;
//! let ranks = context.comm().size().into();
//! let days = Layout::builder([365]).processes(ranks).build()?;
//! let field = Layout::builder([365, 180, 360]).processes(ranks).build()?;
//! let temperature = DynArray::from_fn(context, &field, |at| (at[0] + at[1]) as f64)?;
//! let month = DynArray::from_fn(context, &days, |at| at[0] / 31)?;
//! let months = temperature.group_by(0, &month)?;
//! let mean = months.mean()?; // 12 x 180 x 360
//! let anomaly = months.apply(Op::Subtract, &mean)?; // 365 x 180 x 360
//! # Ok(())
//! # }
//! ```
//!
//! # Results
//!
//! Sums, means, variances and standard deviations of floats are exact and rounded once, and first
//! and last elements are those by the global index, so that no bit depends on the distribution. The
//! groups are distributed in even blocks over the ranks of the axis; the other axes keep their
//! distribution.
//!
//! # Cost
//!
//! | step | messages | memory on each rank |
//! |---|---|---|
//! | making the groups | the labels move to the ranks of the axis; the labels of one line of ranks, found once each, and the size of each group go to all | the labels of its indices; label, size, first and last index of each group |
//! | a reduction | the partial results of each group and line, from each rank of the line to the group's owner; sums of floats whose bound does not decide a bit once more | 32 MiB of partial results, 32 MiB of elements in the order of groups |
//! | first, last | one line of elements a group | the result |
//! | expand, apply | the results of all groups go to each rank of a line | these results, and the new array |
//!
//! Each rank reads its elements once, if the partial results of all groups of 2048 lines fit into
//! 32 MiB, or of one line if it has fewer: up to 600 000 groups for sums of one line.

#![forbid(unsafe_code)]

mod edges;
mod keys;
mod labels;
mod line;
mod order;
mod partials;
mod results;
mod spread;

use dap_array::{DynArray, ElementType, Op, Passes, Reduction, Result, Value, argument};
use dap_core::algebra::Placement;
use dap_core::dim::{Block, Dim};
use dap_core::layout::Layout;

use labels::Labels;

/// Groups of the indices of an axis.
pub trait GroupBy {
    /// Groups by labels: the groups are the different labels in ascending order. `axis` may be
    /// negative, counted from the end. `labels` has one axis of the same extent, and any
    /// distribution; it holds integers, booleans or real floats. Indices whose label is NaN are in
    /// no group. Collective.
    ///
    /// # Errors
    /// An axis that is not there; labels of another shape or type; another context.
    fn group_by(&self, axis: i64, labels: &DynArray) -> Result<Grouped>;

    /// As [`group_by`](GroupBy::group_by), with groups that are known: the labels are their
    /// numbers, integers from 0 to `groups` - 1. A group may be empty. Indices with a negative
    /// number are in no group. Collective.
    ///
    /// # Errors
    /// As `group_by`; labels that are no integers, or too large, on some rank; a negative number of
    /// groups.
    fn group_by_numbers(&self, axis: i64, numbers: &DynArray, groups: i64) -> Result<Grouped>;
}

/// An array with groups along an axis: see [`GroupBy`].
#[derive(Debug, Clone)]
pub struct Grouped {
    array: DynArray,
    axis: usize,
    labels: Labels,
}

impl GroupBy for DynArray {
    #[track_caller]
    fn group_by(&self, axis: i64, labels: &DynArray) -> Result<Grouped> {
        let _call = self.enter("group_by", axis)?;
        grouped(self, axis, labels, None)
    }

    #[track_caller]
    fn group_by_numbers(&self, axis: i64, numbers: &DynArray, groups: i64) -> Result<Grouped> {
        let _call = self.enter("group_by_numbers", (axis, groups))?;
        if groups < 0 || !numbers.element().is_some_and(ElementType::is_integer) {
            let found = numbers.dtype().name();
            return argument(format!("{groups} groups by numbers of type {found}: expected integers and at least 0"));
        }
        grouped(self, axis, numbers, Some(groups))
    }
}

fn grouped(array: &DynArray, axis: i64, labels: &DynArray, known: Option<i64>) -> Result<Grouped> {
    let axis = array.axes(&[axis])?[0];
    if !labels.context().is_same(array.context()) {
        return argument("the labels have another context than the array".to_owned());
    }
    if labels.shape() != [array.shape()[axis]] {
        let (found, expected) = (labels.shape(), array.shape()[axis]);
        return argument(format!("the labels have shape {found:?}: expected one for each of {expected} indices"));
    }
    let array = spread::once_each(array)?;
    let labels = Labels::new(&array, axis, labels, known)?;
    Ok(Grouped { array, axis, labels })
}

impl Grouped {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.labels.values.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The labels of the groups, on all ranks.
    pub fn labels(&self) -> &[Value] {
        &self.labels.values
    }

    /// The number of indices of each group, on all ranks.
    pub fn sizes(&self) -> &[i64] {
        &self.labels.sizes
    }

    /// The reduction of each group: the groups stand in place of the axis. Collective.
    ///
    /// # Errors
    /// Elements without this reduction; the least or greatest of a group without an element, if the
    /// elements are no floats, which have NaN there.
    #[track_caller]
    pub fn reduce(&self, reduction: Reduction) -> Result<DynArray> {
        let _call = self.array.enter("groups", (format!("{reduction:?}"), self.axis))?;
        let passes = Passes::of(reduction, self.array.number_type()?)?;
        let has_no_value = matches!(reduction, Reduction::Min | Reduction::Max);
        if has_no_value && !passes.element.is_float() {
            self.needs_elements(&format!("{reduction:?}"))?;
        }
        self.reduced(&passes, has_no_value)
    }

    /// The number of elements of each group, as an array like those of the reductions. It sends no
    /// message.
    ///
    /// # Errors
    /// None of an array that exists.
    pub fn count(&self) -> Result<DynArray> {
        let sizes = &self.labels.sizes;
        DynArray::from_fn(self.array.context(), self.placement()?, |at| sizes[at[self.axis] as usize])
    }

    /// The operation on each element and its group's result, which has the shape of a reduction:
    /// `x - mean` is `apply(Op::Subtract, &mean)`. NaN for elements of no group, if the results are
    /// floats or complex, else 0 as their result. Collective.
    ///
    /// # Errors
    /// As [`expand`](Grouped::expand); an operation that the types do not have.
    #[track_caller]
    pub fn apply(&self, op: Op, results: &DynArray) -> Result<DynArray> {
        let _call = self.array.enter("groups apply", (self.axis, op))?;
        let expanded = self.expand(results)?;
        let expr = self.array.expr().apply2(op, &expanded);
        if Some(expr.element()?) == expanded.element() {
            // In the memory of the expanded results.
            expanded.assign(expr)?;
            return Ok(expanded);
        }
        expr.eval()
    }

    /// Refuses a group without elements.
    fn needs_elements(&self, name: &str) -> Result<()> {
        match self.labels.sizes.iter().position(|&size| size == 0) {
            Some(group) => argument(format!("{name} of group {group}, which has no element: it has no value")),
            None => Ok(()),
        }
    }

    /// The distribution of results: the groups in blocks over the ranks of the axis.
    fn placement(&self) -> Result<Placement> {
        let placement = self.array.placement();
        let mut dims: Vec<Dim> = placement.layout().dims().to_vec();
        let ranks = dims[self.axis].grid_size();
        dims[self.axis] = Block::balanced(self.len() as i64, ranks)?.into();
        Ok(Placement::with_ranks(Layout::new(dims)?, placement.ranks().clone())?)
    }
}

macro_rules! named {
    ($($name:ident $reduction:expr;)*) => {
        impl Grouped {
            $(
                #[doc = concat!("`", stringify!($reduction), "` of each group. Collective.")]
                ///
                /// # Errors
                /// As [`reduce`](Grouped::reduce).
                #[track_caller]
                pub fn $name(&self) -> Result<DynArray> {
                    self.reduce($reduction)
                }
            )*
        }
    };
}
named! {
    sum Reduction::Sum;
    mean Reduction::Mean;
    prod Reduction::Prod;
    min Reduction::Min;
    max Reduction::Max;
}

impl Grouped {
    /// The variance of each group: squared distances from its mean, divided by `n - ddof`.
    /// Collective.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    #[track_caller]
    pub fn var(&self, ddof: f64) -> Result<DynArray> {
        self.reduce(Reduction::Var { ddof })
    }

    /// The root of the variance of each group. Collective.
    ///
    /// # Errors
    /// As [`reduce`](Grouped::reduce).
    #[track_caller]
    pub fn std(&self, ddof: f64) -> Result<DynArray> {
        self.reduce(Reduction::Std { ddof })
    }
}
