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

pub(crate) fn random(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, subscripts(), any::<bool>(), any::<u64>());
    let path = shared.file("region.npy");
    for (number, (placement, parts, is_f, seed)) in values(cases, 24, 82).into_iter().enumerate() {
        let twin = Twin::new(context, &placement, 23);
        let order = if is_f { Order::F } else { Order::C };
        Save::new(&twin.array).order(order).synced(false).to(&path).expect("a file");
        // The last axes first, so that an index does not change the numbers of the others.
        let mut whole = twin.whole.clone();
        let mut region = vec![Subscript::Ellipsis];
        for (axis, &(is_index, at, slice)) in parts.iter().enumerate().take(twin.whole.ndim()).rev() {
            let size = twin.whole.shape()[axis];
            if is_index && size > 0 {
                let at = at % size as i64;
                whole = whole.index_axis(Axis(axis), at as usize).to_owned();
                region.insert(1, Subscript::Index(at));
            } else {
                whole = whole.select(Axis(axis), &indices(slice, size as i64));
                region.insert(1, Subscript::Slice(slice));
            }
        }
        if number % 5 == 0 {
            region.push(Subscript::NewAxis);
            let last = Axis(whole.ndim());
            whole = whole.insert_axis(last);
        }
        let shape: Vec<i64> = whole.shape().iter().map(|&extent| extent as i64).collect();
        let to: Placement = values(placements_of(shape, ranks), 1, seed as u8).remove(0);
        let what = format!("{number}: {placement}[{region:?}] -> {to}");
        let file = NpyFile::open(context, &path).expect(&what);
        let loaded = file.load_region(&region, &to).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&loaded, &whole, &what);
    }
    let file = NpyFile::open(context, &path).expect("a file");
    let scalar = Layout::builder([]).processes(1).build().expect("a layout");
    let refused = file.load_region(&vec![Subscript::Index(1 << 40); file.shape().len() + 1], scalar);
    assert!(refused.is_err());
}
