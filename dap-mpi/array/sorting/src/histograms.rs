//! Numbers of elements: in bins, of each value, and the bins of elements.

use dap_array::{DynArray, Element, ElementType, Indices, Reduction, Result, argument};
use dap_core::layout::Layout;
use dap_grouping::GroupBy;
use dap_kernels::quantile::OrderKey;
use dap_mpi::{Error, ErrorKind};
use dap_ndarray::Item;
use ndarray::ArrayViewD;

use crate::arguments::new_array;
use crate::placement::{in_blocks, is_partial};
use crate::quantiles::{in_one_dimension, summed};

/// Bins that each rank counts for itself; for more of them elements go to the ranks of their bins.
const COUNTED: i64 = 1 << 20;

/// The bins of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bins<'e> {
    /// A number of bins of equal width, from the least element to the greatest one.
    Count(i64),
    /// A number of bins of equal width in a range.
    Within(i64, [f64; 2]),
    /// The edges of the bins, none less than the one before it.
    Edges(&'e [f64]),
}

/// A histogram: see [`histogram`].
#[derive(Debug)]
pub struct Histogram {
    /// A number for each bin, in blocks over all ranks: of elements (`i64`), or their exact weight
    /// or density, rounded once (`f64`).
    pub counts: DynArray,
    /// The edges, one more than bins, on all ranks.
    pub edges: Vec<f64>,
}

/// The number of elements in each bin, or the sum of their weights; as a `density`, divided by the
/// width of the bin and the sum over all bins. A bin has its lower edge, the last one also its
/// upper edge. Elements outside, and NaN, are not counted. Collective: counts are added, elements
/// move only if they have weights or there are more than 2^20 bins.
///
/// # Errors
/// No bin, edges that decrease or are NaN; a range that is not finite, or of an array without
/// elements; weights of another shape; complex numbers; not enough memory.
#[track_caller]
pub fn histogram(array: &DynArray, bins: Bins<'_>, weights: Option<&DynArray>, density: bool) -> Result<Histogram> {
    let bits = match bins {
        Bins::Count(count) => vec![count as u64],
        Bins::Within(count, [low, high]) => vec![count as u64, low.to_bits(), high.to_bits()],
        Bins::Edges(edges) => edges.iter().map(|edge| edge.to_bits()).collect(),
    };
    let _call = array.enter("histogram", (bits, weights.is_some(), density))?;
    let array = floats(&once_each(array)?)?;
    let edges = edges_of(&array, bins)?;
    let bins = edges.len() as i64 - 1;
    // Elements outside are in a bin behind the others.
    let bin = |item: f64| bin_of(&edges, item).unwrap_or(edges.len() - 1);
    let counts = counted(&array, bins, bin, weights)?;
    if !density {
        return Ok(Histogram { counts, edges });
    }
    let total = counts.expr().cast(ElementType::F64).eval()?.sum()?.to_f64();
    let widths: Vec<f64> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let widths = DynArray::from_fn(array.context(), counts.placement().clone(), |at| widths[at[0] as usize])?;
    let counts = (counts.expr().cast(ElementType::F64) / &widths / total).eval()?;
    Ok(Histogram { counts, edges })
}

/// The number of elements with each value from 0 to the greatest one, and at least `minlength` of
/// them; or the exact sums of their weights, rounded once. The result is in blocks over all ranks.
/// Collective.
///
/// # Errors
/// Elements that are no integers, or less than 0; weights of another shape; not enough memory.
#[track_caller]
pub fn bincount(array: &DynArray, weights: Option<&DynArray>, minlength: i64) -> Result<DynArray> {
    let _call = array.enter("bincount", (weights.is_some(), minlength))?;
    let array = once_each(array)?;
    let element = array.number_type()?;
    if !element.is_integer() {
        return argument(format!("the elements are {element}, expected integers: convert them"));
    }
    let extreme = |reduction| match array.is_empty() {
        true => Ok(-1),
        false => array.reduce(reduction).map(|scalar| scalar.to_i128().unwrap_or(0)),
    };
    if let (least @ ..=-1, false) = (extreme(Reduction::Min)?, array.is_empty()) {
        return argument(format!("the least element is {least}, expected 0 or more"));
    }
    let bins = (extreme(Reduction::Max)? + 1).max(minlength.into());
    let Some(bins) = i64::try_from(bins).ok().filter(|bins| *bins < i64::MAX) else {
        return argument(format!("the greatest element is {}: there is no array of so many values", bins - 1));
    };
    let array = if element == ElementType::I64 { array } else { array.expr().cast(ElementType::I64).eval()? };
    counted(&array, bins, |item: i64| item as usize, weights)
}

/// The bin of each element: `i` where `bins[i - 1] <= x < bins[i]`, or with `right` where
/// `bins[i - 1] < x <= bins[i]`; of decreasing bins the other way round, as NumPy's `digitize`. The
/// result has the distribution of the array, and items of `i64`. Nothing moves; collective.
///
/// # Errors
/// Bins that neither increase nor decrease; complex numbers.
#[track_caller]
pub fn digitize(array: &DynArray, bins: &[f64], right: bool) -> Result<DynArray> {
    let bits: Vec<u64> = bins.iter().map(|edge| edge.to_bits()).collect();
    let _call = array.enter("digitize", (bits, right))?;
    let increases = bins.is_sorted_by(|left, right| left.key() <= right.key());
    if !increases && !bins.is_sorted_by(|left, right| left.key() >= right.key()) {
        return argument("the bins neither increase nor decrease: sort them");
    }
    let array = floats(array)?;
    mapped(&array, |item: f64| {
        let key = (item + 0.0).key();
        let is_before = |edge: &f64| match (increases, right) {
            (true, false) => (edge + 0.0).key() <= key,
            (true, true) => (edge + 0.0).key() < key,
            (false, false) => (edge + 0.0).key() > key,
            (false, true) => (edge + 0.0).key() >= key,
        };
        bins.partition_point(is_before) as i64
    })
}

/// An array in which no element lies on two ranks.
fn once_each(array: &DynArray) -> Result<DynArray> {
    if is_partial(array.layout()) { array.redistribute(in_blocks(array)?) } else { Ok(array.clone()) }
}

/// The elements as `f64`.
fn floats(array: &DynArray) -> Result<DynArray> {
    match array.number_type()? {
        ElementType::F64 => Ok(array.clone()),
        element if element.is_complex() => Err(Error::new(
            ErrorKind::Argument,
            format!("elements of type {element} have no bins: expected real numbers"),
        )),
        _ => array.expr().cast(ElementType::F64).eval(),
    }
}

/// The edges of bins.
fn edges_of(array: &DynArray, bins: Bins<'_>) -> Result<Vec<f64>> {
    let (count, range) = match bins {
        Bins::Edges(edges) => {
            if edges.len() < 2 || !edges.is_sorted() {
                return argument("the edges decrease, or are NaN, or fewer than 2: sort them".to_owned());
            }
            return Ok(edges.to_vec());
        }
        Bins::Count(count) if array.is_empty() => (count, [0.0, 1.0]),
        Bins::Count(count) => (count, [array.reduce(Reduction::Min)?.to_f64(), array.reduce(Reduction::Max)?.to_f64()]),
        Bins::Within(count, range) => (count, range),
    };
    let [low, high] = range;
    if !low.is_finite() || !high.is_finite() || low > high {
        return argument(format!("the range from {low} to {high} has no bins: give a finite one"));
    }
    if !(1..=i64::from(i32::MAX)).contains(&count) {
        return argument(format!("{count} bins: expected 1 to 2^31 - 1"));
    }
    // As NumPy.
    let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
    let step = (high - low) / count as f64;
    let edge = |at: i64| if at == count { high } else { low + at as f64 * step };
    Ok((0..=count).map(edge).collect())
}

/// The bin of a number; `None` outside of all, and of NaN.
fn bin_of(edges: &[f64], item: f64) -> Option<usize> {
    let last = edges.len() - 1;
    if !(edges[0] <= item && item <= edges[last]) {
        return None;
    }
    // The last bin has its upper edge.
    Some(edges.partition_point(|edge| *edge <= item).min(last).saturating_sub(1))
}

/// Counts or sums by bins; elements in bin number `bins` are left out. Collective.
fn counted<T: Item + Element>(
    array: &DynArray,
    bins: i64,
    bin: impl Fn(T) -> usize,
    weights: Option<&DynArray>,
) -> Result<DynArray> {
    if let Some(weights) = weights
        && weights.shape() != array.shape()
    {
        let message = format!("the weights have shape {:?}, the elements {:?}", weights.shape(), array.shape());
        return argument(message);
    }
    if weights.is_none() && bins <= COUNTED {
        let mut counts = vec![0; bins as usize + 1];
        let local = array.section_rank().map(|_| array.local::<T>()).transpose();
        if let Some(local) = array.context().comm().agree(local)? {
            local.view().iter().for_each(|item| counts[bin(*item)] += 1);
        }
        let counts = summed(array.context().comm(), counts)?;
        return in_one_dimension(array, &counts[..bins as usize]);
    }
    let indices = mapped(array, |item: T| bin(item) as i64)?.reshape(&[-1])?;
    if let Some(weights) = weights
        && bins <= COUNTED
    {
        // Each rank sums its own weights first.
        let groups = floats(weights)?.reshape(&[-1])?.group_by_numbers(0, &indices, bins + 1)?;
        return groups.sum()?.index(":-1")?.balance();
    }
    let processes = array.context().comm().size().into();
    let layout = Layout::builder([bins + 1]).processes(processes).build()?;
    let sums = match weights {
        Some(weights) => {
            let sums = DynArray::zeros(array.context(), layout, &<f64 as Item>::dtype())?;
            let weights = floats(weights)?.reshape(&[-1])?;
            sums.add_along(&[0], &[Indices::from(&indices)], &weights)?;
            sums
        }
        None => {
            let sums = DynArray::zeros(array.context(), layout, &<i64 as Item>::dtype())?;
            sums.add_along(&[0], &[Indices::from(&indices)], 1_i64)?;
            sums
        }
    };
    sums.index(":-1")?.balance()
}

/// A number for each element, in the distribution of the array. Collective.
fn mapped<T: Item + Element>(array: &DynArray, number: impl Fn(T) -> i64) -> Result<DynArray> {
    let result = new_array::<i64>(array, array.placement().clone())?;
    let sides = array.section_rank().map(|_| Ok((array.local::<T>()?, result.local_mut::<i64>()?))).transpose();
    if let Some((source, mut target)) = array.context().comm().agree(sides)? {
        let source: ArrayViewD<'_, T> = source.view();
        target.view().iter_mut().zip(&source).for_each(|(to, item)| *to = number(*item));
    }
    Ok(result)
}
