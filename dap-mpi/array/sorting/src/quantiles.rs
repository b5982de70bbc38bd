//! Exact quantiles over any axes: elements are counted, or whole lines move; none is gathered.
//!
//! Where each rank has its lines whole, they are partitioned there. Many lines move, some at a
//! time, to ranks that have them whole. Few long lines stay, and ranks add counts of ranges of
//! keys ([`dap_kernels::quantile::Selection`]): up to four rounds of at most 32 MiB each.

use dap_array::{DynArray, ElementType, Result, argument};
use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::dim::Dim;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_kernels::quantile::{Method, NanRule, OrderKey, Quantiles, Selection, quantiles};
use dap_mpi::{Comm, Error, ErrorKind};
use dap_ndarray::Buffer;
use ndarray::{Array1, ArrayD, IxDyn};

use crate::arguments::new_array;
use crate::placement::{in_blocks, is_local, is_partial, whole_axes, with_axes_whole};

/// Words of counts that are added at once.
const WORDS: usize = 1 << 16;
/// Bytes of a rank's part of the lines that are moved at once.
const SLAB: i64 = 24 << 20;

/// Quantiles along some axes, all of them for `None`: each of `q` between 0 and 1, by one of
/// NumPy's methods. The result has the quantiles along its first axis, then the other axes of the
/// array, with their distribution, and items of `f64`. It is exact: the interpolation is the only
/// rounding. Collective.
///
/// A NaN among the elements makes a result NaN, or is left out ([`NanRule::Skip`]). The quantile of
/// no element is NaN.
///
/// # Errors
/// A quantile that is outside of 0 to 1; an axis that is not there, or named twice; booleans,
/// complex numbers, or items that can be moved, not computed with; not enough memory.
#[track_caller]
pub fn quantile(array: &DynArray, q: &[f64], axes: Option<&[i64]>, method: Method, nan: NanRule) -> Result<DynArray> {
    let bits: Vec<u64> = q.iter().map(|q| q.to_bits()).collect();
    let _call = array.enter("quantile", (bits, axes, format!("{method:?} {nan:?}")))?;
    let wanted = Quantiles::new(q, method).map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))?;
    of_type(array, &wanted, axes, nan)
}

/// As [`quantile`], with numbers between 0 and 100.
///
/// # Errors
/// As [`quantile`].
#[track_caller]
pub fn percentile(array: &DynArray, q: &[f64], axes: Option<&[i64]>, method: Method, nan: NanRule) -> Result<DynArray> {
    let parts: Vec<f64> = q.iter().map(|q| q / 100.0).collect();
    quantile(array, &parts, axes, method, nan)
}

/// The medians along some axes, all of them for `None`: the middle element, or the exact mean of
/// the two in the middle. The result has the other axes of the array, with their distribution.
/// Collective.
///
/// # Errors
/// As [`quantile`].
#[track_caller]
pub fn median(array: &DynArray, axes: Option<&[i64]>, nan: NanRule) -> Result<DynArray> {
    let _call = array.enter("median", (axes, nan == NanRule::Skip))?;
    of_type(array, &Quantiles::median(), axes, nan)?.part(&[Subscript::Index(0)])
}

fn of_type(array: &DynArray, wanted: &Quantiles, axes: Option<&[i64]>, nan: NanRule) -> Result<DynArray> {
    let reduced = axes.map_or_else(|| Ok((0..array.ndim()).collect()), |axes| array.axes(axes))?;
    let query = Query { wanted, nan };
    match array.number_type()? {
        ElementType::I8 => query.along::<i8>(array, &reduced),
        ElementType::I16 => query.along::<i16>(array, &reduced),
        ElementType::I32 => query.along::<i32>(array, &reduced),
        ElementType::I64 => query.along::<i64>(array, &reduced),
        ElementType::U8 => query.along::<u8>(array, &reduced),
        ElementType::U16 => query.along::<u16>(array, &reduced),
        ElementType::U32 => query.along::<u32>(array, &reduced),
        ElementType::U64 => query.along::<u64>(array, &reduced),
        ElementType::F32 => query.along::<f32>(array, &reduced),
        ElementType::F64 => query.along::<f64>(array, &reduced),
        other => {
            let message = format!("elements of type {other} have no quantiles: expected integers or real floats");
            argument(message)
        }
    }
}

/// Quantiles, and the rule about NaN.
struct Query<'q> {
    wanted: &'q Quantiles,
    nan: NanRule,
}

impl Query<'_> {
    fn along<T: OrderKey>(&self, array: &DynArray, reduced: &[usize]) -> Result<DynArray> {
        if is_partial(array.layout()) {
            // An index on two ranks is one element: blocks have each once.
            return self.along::<T>(&array.redistribute(in_blocks(array)?)?, reduced);
        }
        let result = new_array::<f64>(array, self.placement(array.placement(), reduced)?)?;
        if reduced.iter().all(|&axis| is_local(&array.layout().dims()[axis])) {
            array.context().comm().agree(self.whole_lines::<T>(array, reduced, &result))?;
        } else if whole_axes(array, reduced)?.is_some() {
            self.in_slabs::<T>(array, reduced, &result)?;
        } else {
            self.by_counts::<T>(array, reduced, &result)?;
        }
        Ok(result)
    }

    /// The placement of a result: the quantiles in front of the axes that stay.
    fn placement(&self, placement: &Placement, reduced: &[usize]) -> Result<Placement> {
        let signed: Vec<i64> = reduced.iter().map(|&axis| axis as i64).collect();
        let owners = placement.reduce(Some(&signed), false)?.owners().clone();
        let mut dims = vec![Dim::undistributed(self.wanted.len() as i64)?];
        dims.extend_from_slice(owners.layout().dims());
        Ok(owners.on_first_ranks(Layout::new(dims)?)?)
    }

    /// Lines that each process has whole. Local.
    fn whole_lines<T: OrderKey>(&self, array: &DynArray, reduced: &[usize], result: &DynArray) -> Result<()> {
        let Some(items) = array.local_items()? else { return Ok(()) };
        let found = quantiles::<T>(&items.elements()?, reduced, self.wanted, self.nan);
        let found = found.map_err(|error| Error::new(ErrorKind::Buffer, error.to_string()))?;
        // The quantiles of an output are side by side, those of a result an axis apart.
        let outputs = found.len() / self.wanted.len().max(1);
        let mut target = result.local_mut::<f64>()?;
        for (at, to) in target.view().iter_mut().enumerate() {
            *to = found[at % outputs * self.wanted.len() + at / outputs];
        }
        Ok(())
    }

    /// Many lines: they move to processes that have them whole, some at a time.
    fn in_slabs<T: OrderKey>(&self, array: &DynArray, reduced: &[usize], result: &DynArray) -> Result<()> {
        let kept: Vec<usize> = (0..array.ndim()).filter(|axis| !reduced.contains(axis)).collect();
        // The longest of the other axes is cut; axes that stay follow the quantiles in the result.
        let Some((at, &cut)) = kept.iter().enumerate().max_by_key(|(_, axis)| array.shape()[**axis]) else {
            return self.by_counts::<T>(array, reduced, result);
        };
        let bytes = array.len().saturating_mul(array.dtype().itemsize().max(1)) / array.layout().processes().max(1);
        let extent = array.shape()[cut];
        let slabs = (bytes / SLAB + 1).clamp(1, extent.max(1));
        for slab in 0..slabs {
            let bound = |slab: i64| extent / slabs * slab + (extent % slabs).min(slab);
            let range = Subscript::Slice(Slice::range(bound(slab), bound(slab + 1)));
            let all = Subscript::Slice(Slice::ALL);
            let of_axis = |ndim: usize, axis: usize| -> Vec<Subscript> {
                (0..ndim).map(|other| if other == axis { range } else { all }).collect()
            };
            let source = array.part(&of_axis(array.ndim(), cut))?;
            let target = result.part(&of_axis(result.ndim(), at + 1))?;
            // A slab of few lines leaves ranks without one.
            let lines = source.redistribute(with_axes_whole(&source, reduced)?)?;
            let found = new_array::<f64>(array, self.placement(lines.placement(), reduced)?)?;
            array.context().comm().agree(self.whole_lines::<T>(&lines, reduced, &found))?;
            target.assign(&found)?;
        }
        Ok(())
    }

    /// Few lines: their elements stay, or move to ranks that have a part of each, and are counted.
    fn by_counts<T: OrderKey>(&self, array: &DynArray, reduced: &[usize], result: &DynArray) -> Result<()> {
        let kept: Vec<usize> = (0..array.ndim()).filter(|axis| !reduced.contains(axis)).collect();
        let array = match kept.iter().all(|&axis| is_local(&array.layout().dims()[axis])) {
            true => array.clone(),
            false => array.redistribute(with_axes_whole(array, &kept)?)?,
        };
        let comm = array.context().comm();
        let outputs: i64 = kept.iter().map(|&axis| array.shape()[axis]).product();
        let items = comm.agree(array.local_items())?;
        let (wanted, nan) = (self.wanted, self.nan);
        let places = |n: u64, to: &mut [u64]| wanted.places(n, to);
        let mut selection = Selection::<T, _>::new(outputs as usize, wanted.places_len(), places);
        while !selection.is_done() {
            let counts = match &items {
                Some(items) => items.elements().and_then(|view| {
                    selection.count(&view, reduced).map_err(|error| Error::new(ErrorKind::Buffer, error.to_string()))
                }),
                None => Ok(vec![0; selection.counters()]),
            };
            selection.answer(&summed(comm, comm.agree(counts)?)?);
        }
        drop(items);
        let shape: Vec<usize> =
            std::iter::once(wanted.len()).chain(kept.iter().map(|&axis| array.shape()[axis] as usize)).collect();
        let values: Vec<Vec<f64>> =
            (0..outputs as usize).map(|output| wanted.values(&selection.selected(output), nan)).collect();
        let side_by_side = (0..wanted.len()).flat_map(|at| values.iter().map(move |values| values[at])).collect();
        let whole = ArrayD::from_shape_vec(IxDyn(&shape), side_by_side);
        let whole = whole.map_err(|error| Error::new(ErrorKind::State, error.to_string()))?;
        let made = DynArray::from_fn(array.context(), result.placement().clone(), |at| {
            whole[&at.iter().map(|&at| at as usize).collect::<Vec<_>>()[..]]
        })?;
        result.assign(&made)
    }
}

/// The sums of all ranks' numbers, on all ranks, some at a time. Collective.
pub(crate) fn summed(comm: &Comm, mut numbers: Vec<u64>) -> Result<Vec<u64>> {
    for part in numbers.chunks_mut(WORDS) {
        let all = comm.gather_words(part)?;
        part.fill(0);
        for other in all.chunks(part.len()) {
            part.iter_mut().zip(other).for_each(|(sum, number)| *sum = sum.wrapping_add(*number));
        }
    }
    Ok(numbers)
}

/// An array of one dimension in blocks over all ranks, of numbers that each rank has.
pub(crate) fn in_one_dimension(like: &DynArray, numbers: &[u64]) -> Result<DynArray> {
    let context = like.context();
    let layout = Layout::builder([numbers.len() as i64]).processes(context.comm().size().into()).build()?;
    let section = Rank(context.comm().rank().into());
    let mine = layout.runs(section).map(|runs| {
        let places = runs[0].iter().flat_map(|run| run.global.0..run.global.0 + run.len);
        Buffer::from_array(Array1::from_iter(places.map(|at| numbers[at as usize] as i64)))
    });
    DynArray::from_buffer(context, layout, &<i64 as dap_ndarray::Item>::dtype(), Ok(mine))
}
