//! Selection by a mask of booleans.
//!
//! Where the ranks hold their elements in C order, no element moves: each keeps those that the mask
//! selects, and the result has irregular bounds. Elsewhere the array moves to blocks first, and the
//! result to even ones. The mask moves to the array's ranks. Which of the two happens follows from
//! the layout, never from the mask.

use dap_core::algebra::{CommRank, Placement, Slice, Subscript};
use dap_core::index::Rank;
use dap_kernels::element::ElementType;
use dap_kernels::index::count_true;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::Buffer;

use super::copy::gather;
use super::in_order::{self, InOrder};
use super::indices::{Indices, spread, spread_to_read};
use crate::align::check_contexts;
use crate::array::DynArray;
use crate::calls::Same;
use crate::error::argument;
use crate::expr::{Expr, IntoExpr};
use crate::owned::{self, in_blocks};
use crate::reduce::Reduction;
use crate::scalar::Scalar;

impl DynArray {
    /// The elements where a mask over the first axes is true, in C order: one axis in the place of
    /// the mask's, and the others. Collective.
    ///
    /// # Errors
    /// A mask that is not of `bool`, has no axis, or has other extents than the first axes; arrays
    /// on several contexts; not enough memory.
    #[track_caller]
    pub fn compress(&self, mask: &DynArray) -> Result<DynArray> {
        let _call = self.enter("compress", Same(mask))?;
        let ndim = self.check_mask(mask)?;
        let is_in_order = self.placement().ranks_are_in_c_order(ndim);
        let ordered = self.redistribute(self.placement().in_c_order(ndim)?)?;
        let (masked, places) = Masked::of(&ordered, mask)?;
        let result = masked.copied(|| Ok(places))?;
        self.context().comm().agree(result.read().map(drop))?;
        if is_in_order {
            return Ok(result);
        }
        result.redistribute(in_blocks(&masked.result, |axis, _| axis == 0)?)
    }

    /// The elements that [`compress`](DynArray::compress) selects, which are copied when they are
    /// needed; `None` where they would move, which depends on the distribution alone. Collective:
    /// the mask moves to the array's ranks, and they exchange how many elements it selects.
    ///
    /// # Errors
    /// As [`compress`](DynArray::compress).
    #[track_caller]
    pub fn masked(&self, mask: &DynArray) -> Result<Option<Masked>> {
        let _call = self.enter("compress", Same(mask))?;
        let ndim = self.check_mask(mask)?;
        let is_in_order = self.placement().ranks_are_in_c_order(ndim);
        is_in_order.then(|| Masked::of(self, mask).map(|(masked, _)| masked)).transpose()
    }

    /// The indices of the elements that are not zero, in C order: an array of `int64` for each
    /// axis, in the distribution of [`compress`](DynArray::compress). Collective.
    ///
    /// # Errors
    /// An array without axes; elements that cannot be computed with; not enough memory.
    #[track_caller]
    pub fn nonzero(&self) -> Result<Vec<DynArray>> {
        let _call = self.enter("nonzero", ())?;
        let is_true = match self.number_type()? {
            ElementType::Bool => self.clone(),
            _ => self.expr().not_equal(0).eval()?,
        };
        let ordered = is_true.placement().in_c_order(is_true.check_mask(&is_true)?)?;
        let chosen = Chosen::of(&spread_to_read(&is_true, &ordered, 0)?, &ordered, self.ndim())?;
        let selected = ordered.compress(self.ndim(), &chosen.counts)?.result;
        let mut indices = Vec::with_capacity(self.ndim());
        for axis in 0..self.ndim() {
            let along = DynArray::empty(self.context(), selected.clone(), &ElementType::I64.dtype())?;
            if let Ok(mut local) = along.local_mut::<i64>() {
                let global = chosen.global(&ordered, self.context().rank(), axis);
                local.view().iter_mut().zip(global).for_each(|(to, index)| *to = index);
            }
            indices.push(along);
        }
        Ok(indices)
    }

    /// Overwrites the elements where a mask over the first axes is true: `x[mask] = values`. Values
    /// of one axis more than the rest of the array has are taken in C order of the mask; others are
    /// broadcast to the array. Collective.
    ///
    /// # Errors
    /// What [`compress`](DynArray::compress) and [`assign`](DynArray::assign) refuse; another
    /// number of values than the mask selects. Nothing is written then.
    #[track_caller]
    pub fn put_where<'e>(&self, mask: &DynArray, values: impl IntoExpr<'e>) -> Result<()> {
        let _call = self.enter("put_where", Same(mask))?;
        let ndim = self.check_mask(mask)?;
        let values = values.into_expr();
        let rest = self.ndim() - ndim;
        if values.shape()?.len() <= rest {
            let new = std::iter::repeat_n(Subscript::NewAxis, rest);
            let subscripts: Vec<_> = [Subscript::Ellipsis].into_iter().chain(new).collect();
            let mask = mask.part(&subscripts)?;
            let chosen = mask.expr().select(values, self);
            return self.assign(chosen.cast(self.number_type()?));
        }
        let indices = mask.nonzero()?;
        let (found, expected) = (values.shape()?[0], indices[0].len());
        if found != expected && found != 1 {
            return argument(format!("{found} values for the {expected} elements that the mask selects"));
        }
        let axes: Vec<i64> = (0..ndim as i64).collect();
        self.put_along(&axes, &indices.iter().map(Indices::from).collect::<Vec<_>>(), values)
    }

    /// The number of the mask's axes.
    fn check_mask(&self, mask: &DynArray) -> Result<usize> {
        if mask.element() != Some(ElementType::Bool) {
            return argument(format!("a mask has elements of type bool, not {}", mask.dtype().name()));
        }
        check_contexts([mask], self)?;
        if mask.ndim() == 0 || self.shape().get(..mask.ndim()) != Some(mask.shape()) {
            let (found, shape) = (mask.shape(), self.shape());
            return argument(format!(
                "a mask of shape {found:?} has not the first axes of an array of shape {shape:?}"
            ));
        }
        Ok(mask.ndim())
    }
}

/// The elements of an array that a mask selects, not copied yet: see [`DynArray::masked`]. It holds
/// the array and the mask: a write to either changes what it selects, which must not be.
#[derive(Debug, Clone)]
pub struct Masked {
    array: DynArray,
    /// On the array's ranks: along the axes without a mask each of them has a copy.
    mask: DynArray,
    ndim: usize,
    result: Placement,
}

impl Masked {
    /// Of an array whose ranks are in C order along the masked axes; with the places of this
    /// process's selected elements. Collective.
    fn of(array: &DynArray, mask: &DynArray) -> Result<(Masked, Vec<usize>)> {
        let ndim = mask.ndim();
        let mask = spread(mask, array.placement(), 0)?;
        let chosen = Chosen::of(&mask, array.placement(), ndim)?;
        let result = array.placement().compress(ndim, &chosen.counts)?.result;
        Ok((Masked { array: array.clone(), mask, ndim, result }, chosen.places))
    }

    /// The distribution of the selected elements, with irregular bounds.
    pub fn placement(&self) -> &Placement {
        &self.result
    }

    /// The array whose elements are selected.
    pub fn array(&self) -> &DynArray {
        &self.array
    }

    /// Whether the array or the mask shares memory with an array, so that writing that may change
    /// the selection.
    pub fn reads(&self, other: &DynArray) -> bool {
        self.array.shares_memory(other) || self.mask.shares_memory(other)
    }

    /// A copy of the selected elements. Local: a failure of this process is kept, and the next
    /// collective operation returns it.
    ///
    /// # Errors
    /// None of an array that exists.
    pub fn eval(&self) -> Result<DynArray> {
        self.copied(|| Ok(places(in_order::bytes(&InOrder::of(&self.mask)?)?)))
    }

    /// A copy of the selected elements of this process, which are at these places. Local.
    fn copied(&self, places: impl FnOnce() -> Result<Vec<usize>>) -> Result<DynArray> {
        let result = self.array.empty_like_on(&self.result)?;
        let sides = places().and_then(|places| Ok((places, InOrder::of(&self.array)?, result.write()?)));
        let kept = sides.and_then(|(places, elements, writing)| {
            let (Some(elements), Some(mut writing)) = (elements, writing) else { return Ok(()) };
            keep(elements.buffer(), &places, writing.buffer_mut())?;
            writing.finish()
        });
        if let Err(error) = kept {
            result.storage().fail(error);
        }
        Ok(result)
    }

    /// The reduction of the selected elements without a copy of them: the others count as a value
    /// that adds nothing. `None`, and no message, if there is no such value, or the number of
    /// elements counts: reduce a copy then. Collective; it is the same call as
    /// [`DynArray::reduce`] of a copy, which other ranks may make.
    ///
    /// # Errors
    /// As [`DynArray::reduce`].
    #[track_caller]
    pub fn reduce(&self, reduction: Reduction) -> Result<Option<Scalar>> {
        let element = self.array.number_type()?;
        let Some(neutral) = reduction.neutral().filter(|value| value.bytes(element).is_some()) else { return Ok(None) };
        let call = (self.array.dtype(), &self.result, reduction.ddof());
        let _call = self.array.context().enter(reduction.name(), call)?;
        self.filled(Scalar { element, value: neutral })?.reduce(reduction).map(Some)
    }

    /// The whole array with `otherwise` in the place of elements that are not selected.
    fn filled(&self, otherwise: Scalar) -> Result<Expr<'static>> {
        // The mask's copies along the other axes have one element each, on each rank of the grid.
        let one = |axis: usize| if axis < self.ndim { Subscript::Slice(Slice::ALL) } else { Subscript::Index(0) };
        let new = std::iter::repeat_n(Subscript::NewAxis, self.array.ndim() - self.ndim);
        let mask = self.mask.part(&(0..self.array.ndim()).map(one).chain(new).collect::<Vec<_>>())?;
        Ok(mask.into_expr().select(self.array.clone(), Expr::scalar(otherwise)))
    }
}

/// The elements that a mask selects.
struct Chosen {
    /// On each rank of the masked axes, in order.
    counts: Vec<i64>,
    /// The places in C order of those in this process's part of the masked axes.
    places: Vec<usize>,
    ndim: usize,
}

impl Chosen {
    /// Of a mask over the first axes of `array`, on its ranks. Collective.
    fn of(mask: &DynArray, array: &Placement, ndim: usize) -> Result<Chosen> {
        let context = mask.context();
        let elements = context.comm().agree(InOrder::of(mask))?;
        let places = places(in_order::bytes(&elements)?);
        let all = context.comm().gather_words(&[places.len() as u64])?;
        let grid = array.layout().grid().shape();
        let others: i64 = grid.iter().skip(ndim).product();
        let masked: i64 = grid.iter().take(ndim).product();
        let count = |rank: i64| {
            let holder = array.ranks().holder(Rank(rank * others)).and_then(|holder| usize::try_from(holder.0).ok());
            let count = holder.and_then(|holder| all.get(holder)).copied();
            let unknown = || Error::new(ErrorKind::Layout, "a section of the array is on no rank of the communicator");
            count.map(|count| count as i64).ok_or_else(unknown)
        };
        Ok(Chosen { counts: (0..masked).map(count).collect::<Result<_>>()?, places, ndim })
    }

    /// The indices along one axis of the elements that this process's part has.
    fn global(&self, array: &Placement, rank: CommRank, axis: usize) -> Vec<i64> {
        let layout = array.layout();
        let Some(section) = array.ranks().section(rank) else { return Vec::new() };
        let (Some(shape), Some(ranks)) = (layout.owned_shape(section), layout.grid().coordinates(section)) else {
            return Vec::new();
        };
        let inner: i64 = shape[axis + 1..self.ndim].iter().product();
        let indices = owned::indices(&layout.dims()[axis], ranks[axis]);
        let (inner, extent) = (inner as usize, shape[axis] as usize);
        // Divisions take longer than all else.
        match (axis, inner) {
            (0, 1) => self.places.iter().map(|&place| indices[place]).collect(),
            (0, _) => self.places.iter().map(|&place| indices[place / inner]).collect(),
            (_, 1) => self.places.iter().map(|&place| indices[place % extent]).collect(),
            _ => self.places.iter().map(|&place| indices[place / inner % extent]).collect(),
        }
    }
}

/// The places of the bytes of a mask that are true.
fn places(bytes: &[u8]) -> Vec<usize> {
    let count = count_true(bytes);
    // Each place is written, and kept if the byte is true: without a branch. The last one that is
    // not kept has room, too.
    let mut places = vec![0; count + 1];
    let mut kept = 0;
    for (at, byte) in bytes.iter().enumerate() {
        places[kept] = at;
        kept += usize::from(*byte != 0);
    }
    places.truncate(count);
    places
}

/// Copies the rows at some places.
fn keep(elements: &Buffer, places: &[usize], to: &mut Buffer) -> Result<()> {
    let to = to.bytes_mut()?;
    let Some(bytes) = to.len().checked_div(places.len()) else { return Ok(()) };
    gather(elements.bytes()?, bytes, places.iter().copied(), to);
    Ok(())
}
