//! Scans against loops over the items so far, for any parts and lines.

use proptest::prelude::*;

use super::*;
use crate::reduce::{ExactSum, Product, reduce_axes};
use crate::view::{View, ViewErrorKind, ViewMut};

fn items() -> impl Strategy<Value = Vec<f64>> {
    let item = prop_oneof![
        8 => -1.0..1.0_f64,
        2 => prop::sample::select(vec![1e16, -1e16, 1.0, 1e300, -1e300, f64::MAX, -f64::MAX, 1e-300, 0.0, -0.0]),
    ];
    let special = prop::option::weighted(
        0.2,
        (0_usize..300, prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])),
    );
    (prop::collection::vec(item, 0..300), special).prop_map(|(mut items, special)| {
        if let Some((at, special)) = special
            && at < items.len()
        {
            items[at] = special;
        }
        items
    })
}

type Scan = dyn Fn(&[f64], &mut Option<f64>, &mut [f64]);

fn same(left: f64, right: f64) -> bool {
    left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
}

proptest! {
    #[test]
    fn prefixes_are_exact_whatever_the_parts(items in items(), cut in 0_usize..300) {
        let cut = cut.min(items.len());
        let mut sums = vec![0.0; items.len()];
        let mut carry = Accumulator::default();
        let (front, back) = sums.split_at_mut(cut);
        cumsum(&items[..cut], &mut carry, front);
        cumsum(&items[cut..], &mut carry, back);
        let mut exact = Accumulator::default();
        for (at, item) in items.iter().enumerate() {
            exact.add_term(*item);
            prop_assert!(same(sums[at], exact.finish()), "{at}: {} {}", sums[at], exact.finish::<f64>());
        }
        let narrow: Vec<f32> = items.iter().map(|item| *item as f32).collect();
        let (mut sums, mut carry, mut exact) = (vec![0.0; items.len()], Accumulator::default(), Accumulator::default());
        cumsum(&narrow, &mut carry, &mut sums);
        for (sum, item) in sums.iter().zip(&narrow) {
            exact.add_term(*item);
            prop_assert!(same((*sum).into(), exact.finish::<f32>().into()));
        }
    }

    #[test]
    fn running_ends_are_those_of_the_items_so_far(items in items(), cut in 0_usize..300) {
        let cut = cut.min(items.len());
        let run = |scan: &Scan| {
            let (mut out, mut carry) = (vec![0.0; items.len()], None);
            scan(&items[..cut], &mut carry, &mut out[..cut]);
            scan(&items[cut..], &mut carry, &mut out[cut..]);
            out
        };
        let (least, greatest) = (run(&running_min), run(&running_max));
        for at in 0..items.len() {
            let so_far = &items[..=at];
            let nan = so_far.iter().any(|item| item.is_nan());
            let end = |end: Option<f64>| if nan { f64::NAN } else { end.unwrap() };
            prop_assert!(same(least[at], end(so_far.iter().copied().min_by(f64::total_cmp))));
            prop_assert!(same(greatest[at], end(so_far.iter().copied().max_by(f64::total_cmp))));
        }
    }

    #[test]
    fn products_are_those_of_the_items_so_far(items in prop::collection::vec(-3.0..3.0_f64, 0..40)) {
        use num_rational::BigRational;
        let (mut out, mut carry) = (vec![0.0; items.len()], PartialProduct::default());
        cumprod(&items, &mut carry, &mut out);
        let mut exact = BigRational::from_integer(1.into());
        for (out, item) in out.iter().zip(&items) {
            exact *= BigRational::from_float(*item).unwrap();
            let rounded: f64 = crate::sum::oracle::rounded(&exact);
            prop_assert!((out - rounded).abs() <= (rounded.next_up() - rounded).abs());
        }
    }

    #[test]
    fn integers_wrap(items in prop::collection::vec(any::<i32>(), 24)) {
        let (mut sums, mut products) = ([0; 24], [0; 24]);
        cumsum_integers(&items, &mut 5, &mut sums);
        cumprod_integers(&items, &mut 3, &mut products);
        for at in 0..24 {
            let so_far = items[..=at].iter().map(|item| i64::from(*item));
            prop_assert_eq!(sums[at].cast_signed(), so_far.clone().fold(5, i64::wrapping_add));
            prop_assert_eq!(products[at].cast_signed(), so_far.fold(3, i64::wrapping_mul));
        }
    }

    #[test]
    fn axes_are_lines(items in prop::collection::vec(any::<i32>(), 24), axis in 0_usize..3) {
        let (shape, strides) = ([2, 3, 4], [12, 4, 1]);
        let mut out = [0_u64; 24];
        let view = View::shaped(&items, &shape).unwrap();
        let target = ViewMut::shaped(&mut out, &shape).unwrap();
        let mut next = 0;
        along_axis::<i32, u64>(&view, axis, target, |line, items, out| {
            assert_eq!(line, next);
            next += 1;
            cumsum_integers(items, &mut (line as u64), out);
        }).unwrap();
        for at in 0..24 {
            let place = at / strides[axis] % shape[axis];
            let line = at / strides[axis] / shape[axis] * strides[axis] + at % strides[axis];
            let so_far = (0..=place).map(|back| i64::from(items[at - back * strides[axis]]));
            prop_assert_eq!(out[at].cast_signed(), so_far.fold(line as i64, i64::wrapping_add));
        }
    }

    /// Two ranks scan the parts of an array that is cut along the axis: the second one begins with
    /// the totals of the first. The result has the bits of one scan of each whole line.
    #[test]
    fn ranks_scan_lines_with_the_totals_of_the_ranks_before(
        items in items(), dims in prop::collection::vec(1_usize..6, 0..3), long in 1_usize..40, at in 0_usize..3,
        axis in 0_usize..3, cut in 0_usize..40, turned: bool,
    ) {
        let mut shape = dims;
        shape.insert(at.min(shape.len()), long);
        let (axis, len) = (axis.min(shape.len() - 1), shape.iter().product::<usize>());
        let memory: Vec<f64> = items.iter().copied().chain([0.5, -2.0, 1e-7]).cycle().take(len).collect();
        // The array in C order, or a transpose of one.
        let view = |memory| -> View<'_> {
            if !turned {
                return View::shaped(memory, &shape).unwrap();
            }
            let backwards: Vec<usize> = shape.iter().rev().copied().collect();
            let axes: Vec<usize> = (0..shape.len()).rev().collect();
            View::shaped(memory, &backwards).unwrap().permute(&axes).unwrap()
        };
        let whole = view(&memory);
        let cut = cut.min(shape[axis]);
        let parts = [(0, cut), (cut, shape[axis] - cut)].map(|(start, count)| whole.slice_axis(axis, start, count, 1).unwrap());
        let lines = len / shape[axis];
        let mut sums: Vec<Accumulator> = vec![Accumulator::default(); lines];
        let mut products = vec![PartialProduct::default(); lines];
        let (mut found_sums, mut found_products) = (vec![0.0; len], vec![0.0; len]);
        let mut start = 0;
        for part in &parts {
            let target = |out| -> ViewMut<'_> {
                let target = ViewMut::shaped(out, &shape).unwrap();
                target.slice_axis(axis, start, part.shape()[axis], 1).unwrap()
            };
            // Carries as they arrive from the rank before.
            let mut carries: Vec<Accumulator> =
                sums.iter_mut().map(|sum| Accumulator::from_packed(&sum.packed()).unwrap().0).collect();
            along_axis_with(part, axis, &mut carries, target(&mut found_sums), cumsum::<f64>).unwrap();
            let totals = reduce_axes(part, &[axis], &ExactSum::<f64>::default()).unwrap();
            sums.iter_mut().zip(&totals).for_each(|(sum, total)| sum.merge(total));
            for (carry, sum) in carries.iter().zip(&sums) {
                prop_assert!(same(carry.finish(), sum.finish()));
            }
            let mut carries = products.clone();
            along_axis_with(part, axis, &mut carries, target(&mut found_products), cumprod::<f64>).unwrap();
            let totals = reduce_axes(part, &[axis], &Product::<f64>::new()).unwrap();
            products.iter_mut().zip(&totals).for_each(|(product, total)| product.merge(total));
            start += part.shape()[axis];
        }
        let step: usize = shape[axis + 1..].iter().product();
        for line in 0..lines {
            let first = line / step * step * shape[axis] + line % step;
            let index = |at: usize| -> Vec<usize> {
                shape.iter().scan(len, |left, extent| { *left /= extent; Some((first + at * step) / *left % extent) }).collect()
            };
            let (mut exact, mut product) = (Accumulator::default(), PartialProduct::default());
            for at in 0..shape[axis] {
                let item: f64 = whole.get(&index(at)).unwrap();
                exact.add_term(item);
                product.multiply(item);
                prop_assert!(same(found_sums[first + at * step], exact.finish()));
                if product.is_certain::<f64>() {
                    prop_assert!(same(found_products[first + at * step], product.value()));
                }
            }
        }
    }
}

#[test]
fn mistakes_of_axes_and_shapes_are_errors() {
    let items = [1_u8; 6];
    let view = View::shaped(&items, &[2, 3]).unwrap();
    let scan = |axis: usize, shape: &[usize]| {
        let mut out = [0_u64; 6];
        let target = ViewMut::shaped(&mut out, shape).unwrap();
        along_axis_with(&view, axis, &mut [0; 3], target, cumsum_integers::<u8>).map_err(|error| error.kind())
    };
    assert_eq!(scan(0, &[2, 3]), Ok(()));
    assert_eq!(scan(2, &[2, 3]), Err(ViewErrorKind::Axis { axis: 2 }));
    assert!(matches!(scan(0, &[3, 2]), Err(ViewErrorKind::Rank { .. })));
    let mut wrong = [0_u32; 6];
    let target = ViewMut::shaped(&mut wrong, &[2, 3]).unwrap();
    let error = along_axis_with(&view, 0, &mut [0; 3], target, cumsum_integers::<u8>).unwrap_err();
    assert!(matches!(error.kind(), ViewErrorKind::Element { .. }));
}

#[test]
#[should_panic(expected = "one carry for each line")]
fn lines_without_a_carry_are_refused() {
    let mut out = [0_u64; 6];
    let target = ViewMut::shaped(&mut out, &[2, 3]).unwrap();
    let _ = along_axis_with(&View::shaped(&[1_u8; 6], &[2, 3]).unwrap(), 0, &mut [0; 2], target, cumsum_integers::<u8>);
}
