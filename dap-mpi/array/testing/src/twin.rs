//! An array, and the same elements as an `ndarray` on each rank: the oracle.

use std::fmt;

use dap_array::{Context, DynArray, Element};
use dap_core::algebra::{Placement, RankMap};
use dap_core::dim::Dim;
use dap_core::random_layouts::layouts_of;
use dap_ndarray::Item;
use ndarray::{ArrayD, Dimension, IxDyn};
use proptest::prelude::*;

/// An array of `f64` with its oracle.
#[derive(Clone)]
pub struct Twin {
    /// The array.
    pub array: DynArray,
    /// All its elements, on each rank.
    pub whole: ArrayD<f64>,
}

/// The value at an index: exact in all floats, of both signs, different for neighbours.
pub fn value(index: &[i64], salt: i64) -> f64 {
    let mixed = index.iter().fold(salt, |mixed, &at| mixed.wrapping_mul(31).wrapping_add(at * 7 + 3));
    (mixed.rem_euclid(1021) - 510) as f64 / 4.0
}

/// The extents as `ndarray` takes them.
///
/// # Panics
/// A negative extent.
pub fn extents(shape: &[i64]) -> Vec<usize> {
    shape.iter().map(|&extent| usize::try_from(extent).expect("no negative extent")).collect()
}

impl Twin {
    /// The array whose elements are [`value`] with this salt. It sends no message.
    ///
    /// # Panics
    /// The array cannot be made.
    pub fn new(context: &Context, placement: &Placement, salt: i64) -> Twin {
        let array = DynArray::from_fn(context, placement.clone(), |index| value(index, salt)).expect("an array");
        let signed = |at: &IxDyn| (0..at.ndim()).map(|dim| at[dim] as i64).collect::<Vec<_>>();
        let whole = ArrayD::from_shape_fn(extents(placement.shape()), |at: IxDyn| value(&signed(&at), salt));
        Twin { array, whole }
    }

    /// Compares the elements, bit for bit. Collective.
    ///
    /// # Panics
    /// They differ.
    pub fn check(&self, what: &str) {
        check(&self.array, &self.whole, what);
    }
}

/// Compares the elements of an array with the expected ones, bit for bit. Collective.
///
/// # Panics
/// They differ.
pub fn check(array: &DynArray, whole: &ArrayD<f64>, what: &str) {
    check_items(array, whole, |item: &f64| item.to_bits(), what);
}

/// As [`check`], for elements of any type: `bits` gives what is compared. Collective.
///
/// # Panics
/// The elements differ, or are not of type `T`.
pub fn check_items<T: Item + Element, B: PartialEq + fmt::Debug>(
    array: &DynArray,
    whole: &ArrayD<T>,
    bits: impl Fn(&T) -> B,
    what: &str,
) {
    let what = || format!("{what}: {array:?}");
    assert_eq!(extents(array.shape()), whole.shape(), "{}", what());
    let gathered = array.gather(0).unwrap_or_else(|error| panic!("{}: {error}", what()));
    if array.context().comm().rank() == 0 {
        let local = gathered.local::<T>().unwrap_or_else(|error| panic!("{}: {error}", what()));
        assert_eq!(local.view().map(&bits), whole.map(&bits), "{}", what());
    }
}

/// Whether an element lies on two ranks: an unstructured dimension has an index twice.
pub fn shares_elements(array: &DynArray) -> bool {
    array.layout().dims().iter().any(|dim| matches!(dim, Dim::Unstructured(it) if !it.is_disjoint()))
}

/// Placements of an array of this shape: any layout over at most `ranks` processes, on the first
/// ranks or on any.
pub fn placements_of(shape: Vec<i64>, ranks: i64) -> BoxedStrategy<Placement> {
    let permuted = Just((0..ranks).collect::<Vec<i64>>()).prop_shuffle();
    (layouts_of(shape, ranks), permuted, any::<bool>())
        .prop_map(|(layout, mut permuted, is_identity)| {
            if is_identity {
                return Placement::new(layout);
            }
            permuted.truncate(layout.processes() as usize);
            let ranks = RankMap::listed(layout.grid(), permuted).expect("different ranks");
            Placement::with_ranks(layout, ranks).expect("as many ranks as processes")
        })
        .boxed()
}

/// Shapes of up to four dimensions, also empty ones.
pub fn shapes() -> impl Strategy<Value = Vec<i64>> {
    use prop::collection::vec;
    prop_oneof![1 => vec(0..30_i64, 0..=1), 3 => vec(0..12_i64, 2), 1 => vec(1..6_i64, 3..=4)]
}

/// The number of ranks of a context.
pub fn ranks_of(context: &Context) -> i64 {
    context.comm().size().into()
}
