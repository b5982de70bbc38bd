//! Reductions and scans by a function of the program, in an order that no distribution changes.
//!
//! The n elements of a line are cut into blocks whose lengths are the powers of two in n, the
//! longest first. A block is halved again and again, and its halves are combined; the results of
//! the blocks are combined from the left. So seven elements are
//!
//! ```text
//! f(f(f(f(a0, a1), f(a2, a3)), f(a4, a5)), a6)
//! ```
//!
//! The function should be associative, so that the result does not depend on this order; it need
//! not be commutative. A function that is associative but for rounding, such as a sum of floats,
//! has the same bits on every rank, number of ranks and distribution, because the order is the
//! same. Several axes are reduced one after the other, the last one first.
//!
//! | operation | messages |
//! |---|---|
//! | along an axis in blocks | at most log2(n) elements for each line, from each rank to the next one along the axis |
//! | along another axis | the array in blocks before, and the result of a scan back behind it |

mod chain;
mod pairwise;

use dap_kernels::element::Element;
use dap_mpi::Result;
use dap_ndarray::Item;

use crate::array::DynArray;
use crate::error::argument;
use crate::scalar::Scalar;

impl DynArray {
    /// All elements combined by an associative function, on all ranks; the order is that of the
    /// module. Collective.
    ///
    /// ```no_run
    /// # fn example(x: &dap_array::DynArray) -> dap_array::Result<()> {
    /// let largest = x.reduce_by(f64::max)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Elements of another type than `T`; no element; a failure of an earlier operation on some
    /// rank.
    #[track_caller]
    pub fn reduce_by<T: Element + Item>(&self, f: impl Fn(T, T) -> T) -> Result<Scalar> {
        let _call = self.enter("reduce_by", std::any::type_name_of_val(&f))?;
        let axes: Vec<i64> = (0..self.ndim() as i64).collect();
        self.reduce_along_by(&axes, false, f)?.get(&[])
    }

    /// The elements combined along some axes by an associative function, distributed as
    /// [`reduce_along`](DynArray::reduce_along) says. Collective.
    ///
    /// # Errors
    /// As [`reduce_by`](DynArray::reduce_by); an axis that is not there, or named twice.
    #[track_caller]
    pub fn reduce_along_by<T: Element + Item>(
        &self,
        axes: &[i64],
        keepdims: bool,
        f: impl Fn(T, T) -> T,
    ) -> Result<DynArray> {
        let _call = self.enter("reduce_along_by", (std::any::type_name_of_val(&f), axes, keepdims))?;
        let mut axes = self.axes(axes)?;
        self.check_type::<T>()?;
        if self.reduces_nothing(&axes) {
            return argument("a function of no element: it has no value");
        }
        // From the last axis on, so that the numbers of the others stay.
        axes.sort_unstable_by(|left, right| right.cmp(left));
        axes.into_iter().try_fold(self.clone(), |array, axis| chain::reduce(&array, axis, keepdims, &f))
    }

    /// At each place along an axis the elements up to it, combined by an associative function, in
    /// the distribution of this array. The last one along the axis is that of
    /// [`reduce_along_by`](DynArray::reduce_along_by), bit for bit. Collective.
    ///
    /// # Errors
    /// Elements of another type than `T`; an axis that is not there; a failure of an earlier
    /// operation on some rank.
    #[track_caller]
    pub fn scan_by<T: Element + Item>(&self, axis: i64, f: impl Fn(T, T) -> T) -> Result<DynArray> {
        let _call = self.enter("scan_by", (std::any::type_name_of_val(&f), axis))?;
        let axes = self.axes(&[axis])?;
        self.check_type::<T>()?;
        chain::scan(self, axes[0], &f)
    }
}
