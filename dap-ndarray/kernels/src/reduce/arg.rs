//! The places of the least and the greatest element.
//!
//! The first in C order wins where several are equal, and the first NaN wins over all, as in NumPy.
//! A distributed array's part gives local places; [`ArgExtreme::at`] makes them global, and partial
//! results of ranks merge: the lowest place wins.

use super::driver::GRAIN;
use super::extremes::{Ordered, SomeEnds, both_ends};
use crate::isa::dispatch;
use crate::loops::Order;
use crate::threads;
use crate::view::{View, ViewError, ViewErrorKind};

/// An element and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArgExtreme<T> {
    /// The element.
    pub value: T,
    /// Its index in C order.
    pub index: u64,
}

/// The least and the greatest element with their places; `None` without elements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<T> {
    /// The least one.
    pub least: Option<ArgExtreme<T>>,
    /// The greatest one.
    pub greatest: Option<ArgExtreme<T>>,
}

/// The ends that are looked for; the other one is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// The least element only.
    Least,
    /// The greatest element only.
    Greatest,
    /// Both, in one pass.
    Both,
}

impl<T: Ordered> ArgExtreme<T> {
    /// Whether `self` is chosen before `other`; `less` compares values that are no NaN.
    fn before(&self, other: &Self, less: impl Fn(T, T) -> bool) -> bool {
        match (self.value.is_nan(), other.value.is_nan()) {
            (true, false) => true,
            (false, true) => false,
            (true, true) => self.index < other.index,
            _ => less(self.value, other.value) || (!less(other.value, self.value) && self.index < other.index),
        }
    }

    fn choose(left: Option<Self>, right: Option<Self>, less: impl Fn(T, T) -> bool) -> Option<Self> {
        match (left, right) {
            (Some(left), Some(right)) => Some(if right.before(&left, less) { right } else { left }),
            (left, right) => left.or(right),
        }
    }

    /// The same element at another index: `global` takes its indices in an array of `shape`.
    #[must_use]
    pub fn at(&self, shape: &[usize], global: impl FnOnce(&[usize]) -> u64) -> Self {
        let mut rest = self.index;
        let mut indices: Vec<usize> = shape
            .iter()
            .rev()
            .map(|extent| {
                let extent = *extent as u64;
                let index = rest % extent;
                rest /= extent;
                index as usize
            })
            .collect();
        indices.reverse();
        Self { index: global(&indices), ..*self }
    }
}

impl<T: Ordered> Default for Found<T> {
    fn default() -> Self {
        Self { least: None, greatest: None }
    }
}

impl<T: Ordered> Found<T> {
    /// Adds the elements of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.least = ArgExtreme::choose(self.least, other.least, |left, right| left.less(right));
        self.greatest = ArgExtreme::choose(self.greatest, other.greatest, |left, right| right.less(left));
    }

    /// Adds elements that follow those that were added; `from` is the index of the first.
    fn add(&mut self, items: &[T], from: u64, places: Places) {
        for (number, block) in items.chunks(BLOCK).enumerate() {
            let from = from + (number * BLOCK) as u64;
            let range = match places {
                Places::Least => dispatch(SomeEnds::<T, true, false> { items: block }),
                Places::Greatest => dispatch(SomeEnds::<T, false, true> { items: block }),
                Places::Both => both_ends(block),
            };
            let place = |known: Option<ArgExtreme<T>>, value: Option<T>, less: &dyn Fn(T, T) -> bool| {
                let Some(value) = value else { return known };
                // Only a block that has a better element is looked at again.
                let better = known.is_none_or(|known| ArgExtreme { value, index: u64::MAX }.before(&known, less));
                if !better {
                    return known;
                }
                let wanted = |item: &T| if value.is_nan() { item.is_nan() } else { *item == value };
                let at = block.iter().position(wanted).unwrap_or(0);
                Some(ArgExtreme { value, index: from + at as u64 })
            };
            if places != Places::Greatest {
                self.least = place(self.least, range.least(), &|left, right| left.less(right));
            }
            if places != Places::Least {
                self.greatest = place(self.greatest, range.greatest(), &|left, right| right.less(left));
            }
        }
    }
}

/// Elements that are compared before it is known whether their places matter: what a block costs
/// beside its elements is little, and it stays in the second-level cache.
const BLOCK: usize = 8192;

/// Finds the places of the ends among all elements: indices in C order.
///
/// # Errors
/// The elements are not of type `T`.
pub fn arg_extremes<T: Ordered>(view: &View<'_>, places: Places) -> Result<Found<T>, ViewError> {
    check::<T>(view)?;
    let parts = threads::parts(view.len(), GRAIN, threads::threads());
    let found = threads::map_parts(parts, |part| {
        let range = threads::range_of(part, parts, view.len(), 64);
        let (mut found, mut at) = (Found::default(), range.start as u64);
        view.for_each_strip_in::<T>(Order::C, range, |strip| {
            found.add(strip, at, places);
            at += strip.len() as u64;
        });
        found
    });
    Ok(found
        .into_iter()
        .reduce(|mut all, part| {
            all.merge(&part);
            all
        })
        .unwrap_or_default())
}

/// Finds the places of the ends along one axis: indices along it, one for each index of the other
/// axes, in C order.
///
/// # Errors
/// The elements are not of type `T`; no such axis; the results are beyond the address space.
pub fn arg_extremes_along<T: Ordered>(
    view: &View<'_>,
    axis: usize,
    places: Places,
) -> Result<Vec<Found<T>>, ViewError> {
    check::<T>(view)?;
    let extent = *view.shape().get(axis).ok_or(ViewErrorKind::Axis { axis })?;
    let others: Vec<usize> = (0..view.ndim()).filter(|other| *other != axis).collect();
    let outputs = others
        .iter()
        .try_fold(1_usize, |product, axis| product.checked_mul(view.shape()[*axis]))
        .filter(|outputs| *outputs <= isize::MAX as usize / size_of::<Found<T>>())
        .ok_or(ViewErrorKind::TooLarge)?;
    let mut found = vec![Found::default(); outputs];
    let stride = view.strides()[axis].unsigned_abs();
    if others.iter().all(|other| view.strides()[*other].unsigned_abs() >= stride) {
        let mut axes = others;
        axes.push(axis);
        let rows = view.permute(&axes)?;
        for (output, found) in found.iter_mut().enumerate() {
            let mut at = 0;
            rows.for_each_strip_in::<T>(Order::C, output * extent..(output + 1) * extent, |strip| {
                found.add(strip, at, places);
                at += strip.len() as u64;
            });
        }
        return Ok(found);
    }
    for index in 0..extent {
        let mut at = 0;
        view.slice_axis(axis, index, 1, 1)?.for_each_strip::<T>(Order::C, |strip| {
            for (found, item) in found[at..].iter_mut().zip(strip) {
                let item = Some(ArgExtreme { value: *item, index: index as u64 });
                found.merge(&match places {
                    Places::Least => Found { least: item, greatest: None },
                    Places::Greatest => Found { least: None, greatest: item },
                    Places::Both => Found { least: item, greatest: item },
                });
            }
            at += strip.len();
        });
    }
    Ok(found)
}

fn check<T: Ordered>(view: &View<'_>) -> Result<(), ViewError> {
    let (found, expected) = (view.element(), T::TYPE);
    if found == expected { Ok(()) } else { Err(ViewErrorKind::Element { found, expected }.into()) }
}
