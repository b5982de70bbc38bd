//! Cumulative functions along one axis: each element of the result reduces all elements up to its
//! place.
//!
//! Along the axis a rank needs the partial results of the ranks before it, one for each line: it
//! receives them from each of these ranks, some lines at a time. Then it scans its own elements.
//! Sums are exact and rounded once, so that no bit depends on the distribution.

mod by_type;
mod lines;
mod parts;

use dap_core::algebra::{Placement, Replicas};
use dap_core::dim::Dim;
use dap_kernels::element::ElementType;
use dap_kernels::view::View;
use dap_mpi::{Comm, Error, ErrorKind, Pieces, Result};
use dap_ndarray::copy::Order;
use lines::Lines;

use crate::access::{agreed, in_ranges, in_ranges_mut};
use crate::array::DynArray;
use crate::owned::in_blocks;
use crate::reduce::sharing;

/// A cumulative function; the type of its result is NumPy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cumulative {
    /// Sums: of floats exact, rounded once each, of integers in 64 bits, wrapped.
    Sum,
    /// Products: of real floats rounded as [`Reduction::Prod`](crate::Reduction::Prod).
    Prod,
    /// The least elements so far, of real numbers; NaN from the first NaN on.
    Min,
    /// The greatest elements so far, of real numbers; NaN from the first NaN on.
    Max,
}

/// Words of partial results that are on their way at once.
const MOST_WORDS: usize = 1 << 19;

impl DynArray {
    /// The reductions of all elements up to each place along an axis, a negative one counted from
    /// the end, in the array's distribution. Collective. Along a block-distributed axis each rank
    /// sends a partial result of each line to the ranks behind it; an axis that is distributed
    /// otherwise moves to blocks first, and the result moves back.
    ///
    /// # Errors
    /// An axis that is not there; elements without this function (complex numbers have no least
    /// one); not enough memory.
    #[track_caller]
    pub fn cumulative(&self, function: Cumulative, axis: i64) -> Result<DynArray> {
        let _call = self.enter("cumulative", (function, axis))?;
        let axis = self.axes(&[axis])?[0];
        let element = self.number_type()?;
        if element == ElementType::Bool {
            return self.cumulative_of_booleans(function, axis as i64);
        }
        let lines = by_type::of(function, element)?;
        let ordered = self.redistribute(in_order(self.placement(), axis)?)?;
        let result = DynArray::empty(self.context(), ordered.placement().clone(), &lines.output().dtype())?;
        scan(&ordered, &result, &*lines, axis)?;
        result.redistribute(self.placement().clone())
    }

    /// Booleans are added and multiplied as integers, and compared as bytes.
    fn cumulative_of_booleans(&self, function: Cumulative, axis: i64) -> Result<DynArray> {
        let through = |element| self.expr().cast(element).eval()?.cumulative(function, axis);
        match function {
            Cumulative::Sum | Cumulative::Prod => through(ElementType::I64),
            Cumulative::Min | Cumulative::Max => through(ElementType::U8)?.expr().cast(ElementType::Bool).eval(),
        }
    }
}

/// The placement with blocks along an axis whose ranks do not hold its indices one behind the other
/// already.
pub(crate) fn in_order(placement: &Placement, axis: usize) -> Result<Placement> {
    let is_in_order =
        |dim: &Dim| matches!(dim, Dim::Block(_)) || (dim.grid_size() == 1 && matches!(dim, Dim::Cyclic(_)));
    in_blocks(placement, |at, dim| at == axis && !is_in_order(dim))
}

/// Writes the result of an array in the same placement.
fn scan(array: &DynArray, result: &DynArray, lines: &dyn Lines, axis: usize) -> Result<()> {
    let (reading, mut writing) = agreed(array, result)?;
    let neighbours = Neighbours::of(array, &array.placement().reduce(Some(&[axis as i64]), true)?);
    if let (Some(neighbours), Some(reading), Some(writing)) = (neighbours, &reading, &mut writing) {
        let view = reading.view()?;
        // Of the other axes, with one index of this one: pieces of lines.
        let mut heads: Vec<i64> = view.shape().iter().map(|&extent| extent as i64).collect();
        heads[axis] = 1;
        let axes: Vec<usize> = (0..view.ndim()).collect();
        let pieces = Pieces::new(&heads, Order::C, (MOST_WORDS / lines.words()).max(1) as i64);
        for number in 0..pieces.count() {
            let mut ranges = pieces.get(number);
            ranges[axis] = None;
            let input = in_ranges(&view, &axes, &ranges)?;
            let carries = neighbours.carries(lines, &input, axis)?;
            lines.scan(&input, axis, in_ranges_mut(writing.view_mut()?, &axes, &ranges)?, &carries)?;
        }
    }
    writing.map_or(Ok(()), crate::access::Writing::finish)
}

/// The ranks that hold the other parts of this process's lines.
struct Neighbours<'c> {
    comm: &'c Comm,
    before: Vec<i32>,
    behind: Vec<i32>,
}

impl Neighbours<'_> {
    /// `None` if this rank has no section.
    fn of<'c>(array: &'c DynArray, replicas: &Replicas) -> Option<Neighbours<'c>> {
        let comm = array.context().comm();
        let mut before = sharing(replicas, comm)?;
        let here = before.iter().position(|&rank| rank == comm.rank())?;
        let behind = before.split_off(here + 1);
        before.truncate(here);
        Some(Neighbours { comm, before, behind })
    }

    /// The partial results of the lines' elements on the ranks before this one.
    fn carries(&self, lines: &dyn Lines, input: &View<'_>, axis: usize) -> Result<Vec<u64>> {
        let count = input.shape().iter().enumerate().filter(|&(at, _)| at != axis).map(|(_, &extent)| extent).product();
        let mut carries = lines.start(count);
        let totals = if self.behind.is_empty() { Vec::new() } else { lines.totals(input, axis)? };
        let sends: Vec<(i32, &[u64])> = self.behind.iter().map(|&rank| (rank, &totals[..])).collect();
        let receives: Vec<(i32, usize)> = self.before.iter().map(|&rank| (rank, carries.len())).collect();
        for received in self.comm.exchange_words(&sends, &receives)? {
            lines.merge(&mut carries, &received);
        }
        Ok(carries)
    }
}

fn missing() -> Error {
    Error::new(ErrorKind::State, "the elements are no complex numbers")
}
