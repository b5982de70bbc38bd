//! Reductions: over all axes to a value that all ranks have, over some to an array.
//!
//! Sums, means, variances and norms of floats are the exact result, rounded once: the same bits for
//! every distribution and number of ranks ([`dap_kernels::sum`]). The first pass of each rank gives
//! a partial result with a bound on its error; where the merged bound does not decide the last bit,
//! a second pass does.
//!
//! | reduction | messages |
//! |---|---|
//! | over all axes | one gathering of a partial result (at most 100 bytes) from each rank; seldom a second one |
//! | over some axes | partial results to the owners, the ranks with coordinate 0 along these axes |

mod all;
mod along;
mod arg;
mod complex_product;
mod fused;
mod mapped;
mod partial;
mod pass;
mod passes;

use dap_kernels::program::Value;
use dap_mpi::Result;

use crate::array::DynArray;
use crate::error::argument;
use crate::scalar::Scalar;
pub(crate) use along::sharing;
pub(crate) use complex_product::ComplexProduct;
pub(crate) use partial::{Partial, Word};
pub use pass::Pass;
pub use passes::Passes;

/// A reduction; the type of its result is NumPy's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reduction {
    /// The sum: of floats rounded once, of integers in 64 bits, wrapped.
    Sum,
    /// The sum without NaN.
    NanSum,
    /// The mean, rounded once; NaN without elements.
    Mean,
    /// The mean without NaN.
    NanMean,
    /// The variance: squared distances from the mean, divided by `n - ddof`, rounded once.
    Var {
        /// Delta degrees of freedom.
        ddof: f64,
    },
    /// The root of the variance, rounded once.
    Std {
        /// Delta degrees of freedom.
        ddof: f64,
    },
    /// The root of the sum of squares, rounded once.
    Norm,
    /// The product: of real floats rounded once but for about one in 2^50 / n products.
    Prod,
    /// The least element, NaN if there is one; of real numbers.
    Min,
    /// The greatest element, NaN if there is one; of real numbers.
    Max,
    /// Whether no element is zero.
    All,
    /// Whether an element is not zero.
    Any,
    /// The number of elements that are not zero.
    CountNonzero,
}

impl Reduction {
    /// The name that positions and errors show.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::NanSum => "nansum",
            Reduction::Mean => "mean",
            Reduction::NanMean => "nanmean",
            Reduction::Var { .. } => "var",
            Reduction::Std { .. } => "std",
            Reduction::Norm => "norm",
            Reduction::Prod => "prod",
            Reduction::Min => "min",
            Reduction::Max => "max",
            Reduction::All => "all",
            Reduction::Any => "any",
            Reduction::CountNonzero => "count_nonzero",
        }
    }

    /// A value that adds nothing; `None` if there is none, or the number of elements counts.
    pub(crate) fn neutral(self) -> Option<Value> {
        match self {
            Reduction::Sum | Reduction::NanSum | Reduction::CountNonzero | Reduction::Norm => Some(Value::Int(0)),
            Reduction::Prod => Some(Value::Int(1)),
            Reduction::All => Some(Value::Bool(true)),
            Reduction::Any => Some(Value::Bool(false)),
            _ => None,
        }
    }

    /// The bits of the delta degrees of freedom.
    pub(crate) fn ddof(self) -> u64 {
        match self {
            Reduction::Var { ddof } | Reduction::Std { ddof } => ddof.to_bits(),
            _ => 0,
        }
    }
}

impl DynArray {
    /// The reduction of all elements, on all ranks. Collective.
    ///
    /// # Errors
    /// Elements without this reduction (complex numbers have no least one); the least or greatest
    /// of no element; a failure of an earlier operation on some rank.
    #[track_caller]
    pub fn reduce(&self, reduction: Reduction) -> Result<Scalar> {
        let _call = self.enter(reduction.name(), reduction.ddof())?;
        needs_elements(reduction, self.is_empty())?;
        all::reduce(&once_each(self)?, &Passes::of(reduction, self.number_type()?)?)
    }

    /// The reduction along some axes, negative ones counted from the end. The other axes keep their
    /// distribution; the owners have coordinate 0 of the process grid along the reduced axes. With
    /// `keepdims` reduced axes stay, with one element. Collective.
    ///
    /// # Errors
    /// As [`reduce`](DynArray::reduce); an axis that is not there, or named twice.
    #[track_caller]
    pub fn reduce_along(&self, reduction: Reduction, axes: &[i64], keepdims: bool) -> Result<DynArray> {
        let _call = self.enter(reduction.name(), (reduction.ddof(), axes, keepdims))?;
        let axes = self.axes(axes)?;
        needs_elements(reduction, self.reduces_nothing(&axes))?;
        along::reduce(&once_each(self)?, &Passes::of(reduction, self.number_type()?)?, &axes, keepdims)
    }
}

impl DynArray {
    /// Whether a reduction along these axes has results, each of no element.
    pub(crate) fn reduces_nothing(&self, axes: &[usize]) -> bool {
        let has_outputs = self.shape().iter().enumerate().all(|(axis, &extent)| extent > 0 || axes.contains(&axis));
        has_outputs && axes.iter().any(|&axis| self.shape()[axis] == 0)
    }
}

/// Refuses the least and the greatest of nothing.
fn needs_elements(reduction: Reduction, is_empty: bool) -> Result<()> {
    if is_empty && matches!(reduction, Reduction::Min | Reduction::Max) {
        return argument(format!("{reduction:?} of no element: it has no value"));
    }
    Ok(())
}

/// The array with each element on one rank only. Collective if elements are shared: then they move.
pub(crate) fn once_each(array: &DynArray) -> Result<DynArray> {
    if !array.shares_elements() {
        return Ok(array.clone());
    }
    array.in_blocks()
}

macro_rules! named {
    ($($name:ident $reduction:expr;)*) => {
        impl DynArray {
            $(
                #[doc = concat!("`", stringify!($reduction), "` of all elements, on all ranks. Collective.")]
                ///
                /// # Errors
                /// As [`reduce`](DynArray::reduce).
                #[track_caller]
                pub fn $name(&self) -> Result<Scalar> {
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
    all Reduction::All;
    any Reduction::Any;
    count_nonzero Reduction::CountNonzero;
    norm Reduction::Norm;
}
