//! Parts of files, beside Python's slices on the whole array.

use dap_array::Context;
use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::layout::Layout;
use dap_io::npy::{NpyFile, Save};
use dap_launch::values;
use dap_ndarray::copy::Order;
use ndarray::Axis;
use proptest::prelude::*;

use crate::folder::Shared;
use dap_array_testing::indices;
use dap_array_testing::{Twin, check, placements_of, ranks_of, shapes};

/// A subscript for one axis; an index is reduced to what the axis has.
fn subscripts() -> impl Strategy<Value = Vec<(bool, i64, Slice)>> {
    let bound = prop::option::of(-14..14_i64);
    let step = prop_oneof![3 => Just(None), 3 => (1..4_i64).prop_map(Some), 2 => (-3..0_i64).prop_map(Some)];
    let slice = (bound.clone(), bound, step).prop_map(|(start, stop, step)| Slice { start, stop, step });
    prop::collection::vec((prop::bool::weighted(0.2), 0..99_i64, slice), 4)
}

/// An array, a part of it, and a distribution of the part.
pub(crate) struct Region {
    pub(crate) twin: Twin,
    pub(crate) subscripts: Vec<Subscript>,
    /// The elements that the subscripts select.
    pub(crate) part: ndarray::ArrayD<f64>,
    pub(crate) to: Placement,
    /// A random choice between two ways to store the array.
    pub(crate) choice: bool,
    pub(crate) what: String,
}

/// Random regions.
pub(crate) fn regions(context: &Context, count: usize, salt: u8) -> impl Iterator<Item = Region> {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, subscripts(), any::<bool>(), any::<u64>());
    values(cases, count, salt).into_iter().enumerate().map(move |(number, (placement, parts, choice, seed))| {
        let twin = Twin::new(context, &placement, 23);
        // The last axes first, so that an index does not change the numbers of the others.
        let mut part = twin.whole.clone();
        let mut subscripts = vec![Subscript::Ellipsis];
        for (axis, &(is_index, at, slice)) in parts.iter().enumerate().take(twin.whole.ndim()).rev() {
            let size = twin.whole.shape()[axis];
            if is_index && size > 0 {
                let at = at % size as i64;
                part = part.index_axis(Axis(axis), at as usize).to_owned();
                subscripts.insert(1, Subscript::Index(at));
            } else {
                part = part.select(Axis(axis), &indices(slice, size as i64));
                subscripts.insert(1, Subscript::Slice(slice));
            }
        }
        if number % 5 == 0 {
            subscripts.push(Subscript::NewAxis);
            let last = Axis(part.ndim());
            part = part.insert_axis(last);
        }
        let shape: Vec<i64> = part.shape().iter().map(|&extent| extent as i64).collect();
        let to: Placement = values(placements_of(shape, ranks), 1, seed as u8).remove(0);
        let what = format!("{number}: {placement}[{subscripts:?}] -> {to}");
        Region { twin, subscripts, part, to, choice, what }
    })
}

pub(crate) fn random(context: &Context, shared: &Shared) {
    let path = shared.file("region.npy");
    for Region { twin, subscripts, part, to, choice, what } in regions(context, 24, 82) {
        let order = if choice { Order::F } else { Order::C };
        Save::new(&twin.array).order(order).synced(false).to(&path).expect("a file");
        let file = NpyFile::open(context, &path).expect(&what);
        let loaded = file.load_region(&subscripts, &to).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&loaded, &part, &what);
    }
    let file = NpyFile::open(context, &path).expect("a file");
    let scalar = Layout::builder([]).processes(1).build().expect("a layout");
    let refused = file.load_region(&vec![Subscript::Index(1 << 40); file.shape().len() + 1], scalar);
    assert!(refused.is_err());
}
