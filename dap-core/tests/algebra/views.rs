//! Views, and views of views.

use dap_core::algebra::{Placement, Slice, Subscript, View};
use dap_core::dim::{Block, Cyclic, CyclicSlice, Dim, Unstructured};
use dap_core::error::ErrorKind;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::{DimSpec, Layout};
use proptest::prelude::*;

use crate::dense::{Choices, Dense, compare, placements, shapes, step};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Any steps after one another, on any layout and on what they made of it.
    #[test]
    fn any_steps(
        base in shapes().prop_flat_map(placements), steps in 0..4_usize, more in 0..3_usize,
        choices in prop::collection::vec(any::<u16>(), 0..80),
    ) {
        let mut choices = Choices::new(choices);
        let mut state = (View::of(&base), Dense::of(base.shape()));
        for _ in 0..steps {
            state = step(&state.0, &state.1, &mut choices);
        }
        compare(&state.0, &state.1);
        // The view's placement as that of a new array.
        let base = state.0.placement().unwrap();
        let mut state = (View::of(&base), Dense::of(base.shape()));
        for _ in 0..more {
            state = step(&state.0, &state.1, &mut choices);
        }
        compare(&state.0, &state.1);
    }

    /// One dimension on several processes, each slice.
    #[test]
    fn slices(
        base in (0..60_i64).prop_flat_map(|size| placements(vec![size])), start in -60..60_i64, stop in -60..60_i64,
        step in prop_oneof![-60..0_i64, 1..60_i64, Just(-1), Just(1)], ends in 0..4_u8,
    ) {
        let bound = |bit: u8, bound: i64| (ends & bit == 0).then_some(bound);
        let slice = Slice { start: bound(1, start), stop: bound(2, stop), step: Some(step) };
        let view = View::of(&base).index(&[Subscript::Slice(slice)]).unwrap();
        let found = slice.of(base.shape()[0]).unwrap();
        let dense = Dense::build(&[found.len()], |k| vec![found.start() + k[0] * found.step()]);
        compare(&view, &dense);
    }
}

/// Where the cells of a slice go round between two elements of a slice of it, the elements between
/// are not equally many.
#[test]
fn a_slice_of_a_slice_that_goes_round() {
    let base = line(CyclicSlice::new(40, 2, 4, 0, 3).unwrap().into());
    for step in [3, -3, 5, 7] {
        let slice = Slice { step: Some(step), ..Slice::ALL };
        let view = View::of(&base).index(&[Subscript::Slice(slice)]).unwrap();
        let found = slice.of(40).unwrap();
        compare(&view, &Dense::build(&[found.len()], |k| vec![found.start() + k[0] * found.step()]));
    }
}

fn line(dim: Dim) -> Placement {
    Placement::new(Layout::new(vec![dim]).unwrap())
}

fn sliced(base: &Placement, index: &str) -> String {
    let view = View::of(base).index(&Subscript::parse(index).unwrap()).unwrap();
    view.placement().map_or_else(|error| error.to_string(), |placement| placement.to_string())
}

#[test]
fn closed_forms() {
    let block = line(Block::new(10, 4).and_then(|block| block.with_halo(1)).unwrap().into());
    assert_eq!(sliced(&block, ":"), "(10,) over 4: block(3) halo 1");
    assert_eq!(sliced(&block, "1:"), "(9,) over 4: block[0, 2, 5, 8, 9]");
    assert_eq!(sliced(&block, "3:"), "(7,) over 4: block[0, 0, 3, 6, 7]");
    assert_eq!(sliced(&block, "::-1"), "(10,) over 4: block[0, 1, 4, 7, 10] on ranks 3, 2, 1, 0");
    assert_eq!(sliced(&block, "7"), "() over 1 on ranks 2");
    let cyclic = line(Cyclic::new(20, 4, 1).unwrap().into());
    assert_eq!(sliced(&cyclic, "1:"), "(19,) over 4: cyclic on ranks 1, 2, 3, 0");
    assert_eq!(sliced(&cyclic, "::2"), "(10,) over 2: cyclic on ranks 0, 2");
    assert_eq!(sliced(&cyclic, "::3"), "(7,) over 4: cyclic on ranks 0, 3, 2, 1");
    assert_eq!(sliced(&cyclic, "::-1"), "(20,) over 4: cyclic on ranks 3, 2, 1, 0");
    assert_eq!(sliced(&cyclic, "1::4"), "(5,) over 1: block(5) on ranks 1");
    let cyclic = line(Cyclic::new(20, 3, 4).and_then(|dim| dim.with_source(GridRank(1))).unwrap().into());
    assert_eq!(sliced(&cyclic, "4:"), "(16,) over 3: cyclic(4) on ranks 2, 0, 1");
    assert_eq!(sliced(&cyclic, "1::2"), "(10,) over 3: cyclic(2) on ranks 1, 2, 0");
    assert_eq!(sliced(&cyclic, "::-1"), "(20,) over 3: cyclic(4) on ranks 2, 1, 0");
    assert_eq!(sliced(&cyclic, "::8"), "(3,) over 3: cyclic on ranks 1, 0, 2");
    assert_eq!(sliced(&cyclic, "3:9"), "(6,) over 3: block[0, 1, 5, 6] on ranks 1, 2, 0");
    assert_eq!(sliced(&cyclic, "1:"), "(19,) over 3: cyclic(4)[5:]");
    assert_eq!(sliced(&cyclic, "18::-1"), "(19,) over 3: cyclic(4)[10::-1]");
}

#[test]
fn refusals() {
    let base = Placement::new(Layout::builder([10, 4]).dims([DimSpec::Block]).processes(2).build().unwrap());
    let refused = |index: &str| View::of(&base).index(&Subscript::parse(index).unwrap()).unwrap_err();
    let error = refused("1, 7");
    assert_eq!(error.to_string(), "dimension 1: the index is outside of the dimension: `index` is 7, at most 3");
    assert_eq!(refused("0, 0, 0").to_string(), "there are more indices than dimensions: `indices` is 3, at most 2");
    assert_eq!(refused("..., 0, ...").kind(), ErrorKind::EllipsisRepeated);
    let view = View::of(&base);
    assert_eq!(view.transpose(&[0, 0]).unwrap_err().kind(), ErrorKind::AxisRepeated);
    assert_eq!(view.transpose(&[0]).unwrap_err().kind(), ErrorKind::Count);
    assert_eq!(view.flip(&[2]).unwrap_err().to_string(), "there is no such axis: `axis` is 2, at most 1");
    assert_eq!(view.broadcast_to(&[3, 10, 5]).unwrap_err().dim(), Some(2));
    assert_eq!(view.broadcast_to(&[4]).unwrap_err().kind(), ErrorKind::NotBroadcastable);
    assert_eq!(view.index(&[]).unwrap().broadcast_to(&[i64::MAX, 10, 4]).unwrap().placement().unwrap_err().kind(), {
        ErrorKind::Overflow
    });
    // Labels without an order can be taken whole only.
    let mesh = line(Unstructured::new(3, true, &[vec![7, 2], vec![9]]).unwrap().into());
    assert_eq!(sliced(&mesh, "None, :"), "(1, 3) over 1x2: block(1), unstructured");
    for index in ["1:", "0"] {
        assert!(sliced(&mesh, index).starts_with("dimension 0: only unstructured indices"), "{}", sliced(&mesh, index));
    }
    let view = View::of(&mesh).index(&[Subscript::Slice(Slice::range(0, 2))]).unwrap();
    assert_eq!(view.window(Rank(0)).unwrap_err().kind(), ErrorKind::SliceWithoutOrder);
}
