//! An array, and the same elements as an `ndarray` on each rank: the oracle.

use dap_array::{Context, DynArray};
use dap_core::algebra::{Placement, RankMap};
use dap_core::random_layouts::layouts_of;
use ndarray::{ArrayD, Dimension, IxDyn};
use proptest::prelude::*;

/// An array of `f64` with its oracle.
#[derive(Clone)]
pub(crate) struct Twin {
    pub(crate) array: DynArray,
    pub(crate) whole: ArrayD<f64>,
}

/// The value at an index: exact in all floats, of both signs, different for neighbours.
pub(crate) fn value(index: &[i64], salt: i64) -> f64 {
    let mixed = index.iter().fold(salt, |mixed, &at| mixed.wrapping_mul(31).wrapping_add(at * 7 + 3));
    (mixed.rem_euclid(1021) - 510) as f64 / 4.0
}

pub(crate) fn extents(shape: &[i64]) -> Vec<usize> {
    shape.iter().map(|&extent| usize::try_from(extent).expect("no negative extent")).collect()
}

impl Twin {
    pub(crate) fn new(context: &Context, placement: &Placement, salt: i64) -> Twin {
        let array = DynArray::from_fn(context, placement.clone(), |index| value(index, salt)).expect("an array");
        let signed = |at: &IxDyn| (0..at.ndim()).map(|dim| at[dim] as i64).collect::<Vec<_>>();
        let whole = ArrayD::from_shape_fn(extents(placement.shape()), |at: IxDyn| value(&signed(&at), salt));
        Twin { array, whole }
    }

    /// Compares the elements, bit for bit.
    pub(crate) fn check(&self, what: &str) {
        check(&self.array, &self.whole, what);
    }
}

/// Compares the elements of an array with the expected ones, bit for bit.
pub(crate) fn check(array: &DynArray, whole: &ArrayD<f64>, what: &str) {
    let what = || format!("{what}: {array:?}");
    assert_eq!(extents(array.shape()), whole.shape(), "{}", what());
    let gathered = array.gather(0).unwrap_or_else(|error| panic!("{}: {error}", what()));
    if array.context().comm().rank() == 0 {
        let local = gathered.local::<f64>().unwrap_or_else(|error| panic!("{}: {error}", what()));
        let bits = |value: &f64| value.to_bits();
        assert_eq!(local.view().map(bits), whole.map(bits), "{}", what());
    }
}

/// Placements of an array of this shape: any layout over at most `ranks` processes, on the first
/// ranks or on any.
pub(crate) fn placements_of(shape: Vec<i64>, ranks: i64) -> BoxedStrategy<Placement> {
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
pub(crate) fn shapes() -> impl Strategy<Value = Vec<i64>> {
    use prop::collection::vec;
    prop_oneof![1 => vec(0..30_i64, 0..=1), 3 => vec(0..12_i64, 2), 1 => vec(1..6_i64, 3..=4)]
}

pub(crate) fn ranks_of(context: &Context) -> i64 {
    context.comm().size().into()
}
