//! Selections against sorted lists, quantiles against their definitions.

use proptest::prelude::*;

use super::*;
use crate::reduce::Ordered;
use crate::view::{View, ViewErrorKind};

/// Numbers with ties, zeros of both signs, infinities and NaN.
fn floats() -> impl Strategy<Value = Vec<f64>> {
    let special = prop::sample::select(vec![f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324]);
    let item = prop_oneof![6 => -1.0..1.0_f64, 3 => (-3..4_i8).prop_map(f64::from), 1 => special];
    prop::collection::vec(item, 1000)
}

/// The order of the elements: NaN last, -0 before +0.
fn sorted<T: Ordered>(items: &[T]) -> Vec<T> {
    let mut sorted = items.to_vec();
    sorted.sort_by(|left, right| {
        let before = |a: &T, b: &T| {
            !a.is_nan()
                && (b.is_nan() || a.less(*b) || (a.is_negative_zero() && b.is_signed_zero() && !b.is_negative_zero()))
        };
        before(right, left).cmp(&before(left, right))
    });
    sorted
}

/// The shape of a view of 1000 items about number 500, its strides, and the reduced axes.
fn layouts() -> impl Strategy<Value = (Vec<usize>, Vec<isize>, Vec<usize>)> {
    let dims = prop::collection::vec((0_usize..5, -8_isize..9, any::<bool>()), 0..3);
    (dims, 0_usize..3, any::<bool>(), 60_usize..110).prop_map(|(mut dims, kind, reduced, long)| {
        match kind {
            0 => dims.push((long, 1, reduced)),
            1 => dims.insert(0, (long, -2, reduced)),
            _ => {}
        }
        let axes = (0..dims.len()).filter(|axis| dims[*axis].2).collect();
        let (shape, strides) = dims.iter().map(|dim| (dim.0, dim.1)).unzip();
        (shape, strides, axes)
    })
}

/// The elements of each output.
fn groups<T: Ordered>(view: &View<'_>, axes: &[usize]) -> Vec<Vec<T>> {
    let split = view.split(axes).unwrap();
    (0..split.outer().len())
        .map(|output| {
            let mut items = Vec::new();
            split.for_each_strip::<T>(output, 0..split.inner().len(), |strip| items.extend_from_slice(strip));
            items
        })
        .collect()
}

/// Each number's bits, all NaN alike.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

/// Finds elements by counts of parts of the view, cut along its first axis if that is reduced.
fn by_counting<T: OrderKey>(
    view: &View<'_>,
    axes: &[usize],
    outputs: usize,
    wanted: &[u64],
    cut: usize,
    threads: usize,
) -> Vec<Selected<T>> {
    let mut selection = Selection::<T, _>::new(outputs, wanted.len(), |_, places| places.copy_from_slice(wanted));
    let mut rounds = 0;
    while !selection.is_done() {
        let counts = if axes.contains(&0) {
            let (extent, cut) = (view.shape()[0], cut.min(view.shape()[0]));
            let [front, back] = [(0, cut), (cut, extent - cut)].map(|(start, count)| {
                let part = view.slice_axis(0, start, count, 1).unwrap();
                selection.count_with(&part, axes, threads).unwrap()
            });
            front.iter().zip(&back).map(|(front, back)| front + back).collect()
        } else {
            selection.count_with(view, axes, threads).unwrap()
        };
        assert_eq!(counts.len(), selection.counters());
        selection.answer(&counts);
        rounds += 1;
    }
    assert!(rounds <= T::BITS.div_ceil(selection::MOST_BITS), "{rounds} rounds");
    (0..outputs).map(|output| selection.selected(output)).collect()
}

/// Checks the third element of each output, or the last one of two, by counting.
fn third_elements<T: OrderKey + Ord>(view: &View<'_>, axes: &[usize], cut: usize, threads: usize, _type: T) {
    let mut groups = groups::<T>(view, axes);
    let found = by_counting::<T>(view, axes, groups.len(), &[2], cut, threads);
    for (found, items) in found.iter().zip(&mut groups) {
        items.sort_unstable();
        assert_eq!(found.values.first(), items.get(2).or(items.last()));
    }
}

proptest! {
    #[test]
    fn keys_have_the_order_of_the_elements(items in floats(), integers: Vec<i64>) {
        for pair in sorted(&items).windows(2) {
            prop_assert!(pair[0].key() <= pair[1].key(), "{pair:?}");
            prop_assert_eq!(pair[0].key() == pair[1].key(), bits(&pair[..1]) == bits(&pair[1..]), "{:?}", pair);
        }
        for item in &items {
            prop_assert_eq!(bits(&[f64::from_key(item.key())]), bits(&[*item]));
            let narrow = *item as f32;
            prop_assert_eq!(f32::from_key(narrow.key()).to_bits(), if narrow.is_nan() { 0x7fff_ffff } else { narrow.to_bits() });
        }
        for pair in integers.windows(2) {
            let [left, right] = [pair[0], pair[1]];
            prop_assert_eq!(left.cmp(&right), left.key().cmp(&right.key()));
            prop_assert_eq!((left as i16).cmp(&(right as i16)), (left as i16).key().cmp(&(right as i16).key()));
            prop_assert_eq!((i64::from_key(left.key()), u32::from_key((left as u32).key())), (left, left as u32));
            prop_assert_eq!(i8::from_key((left as i8).key()), left as i8);
        }
    }

    #[test]
    fn selected_elements_are_those_of_the_sorted_list(
        items in floats(), (shape, strides, axes) in layouts(), wanted in prop::collection::vec(0_u64..400, 0..4),
        cut in 0_usize..110, threads in 1_usize..4,
    ) {
        let view = View::new(&items, 500, &shape, &strides).unwrap();
        let groups = groups::<f64>(&view, &axes);
        let found = by_counting::<f64>(&view, &axes, groups.len(), &wanted, cut, threads);
        for (found, items) in found.iter().zip(&groups) {
            let nans = items.iter().filter(|item| item.is_nan()).count();
            let numbers = &sorted(items)[..items.len() - nans];
            prop_assert_eq!((found.count, found.nans), (numbers.len() as u64, nans as u64));
            let place = |place: &u64| numbers[(*place as usize).min(numbers.len() - 1)];
            let expected: Vec<f64> = wanted.iter().filter(|_| !numbers.is_empty()).map(place).collect();
            prop_assert_eq!(bits(&found.values), bits(&expected));
        }
        // Narrow types: one round or two.
        let words: Vec<i32> = items.iter().map(|item| (item.to_bits() >> 24) as i32).collect();
        let bytes: Vec<i8> = items.iter().map(|item| (item.to_bits() >> 8) as i8).collect();
        third_elements(&View::new(&words, 500, &shape, &strides).unwrap(), &axes, cut, threads, 0_i32);
        third_elements(&View::new(&bytes, 500, &shape, &strides).unwrap(), &axes, cut, threads, 0_i8);
    }

    /// Counted lines and partitioned ones, some longer than `LONG`, against one sorted list each.
    #[test]
    fn quantiles_along_axes_are_those_of_each_line(
        items in floats(), (shape, strides, axes) in layouts(), q in prop::collection::vec(0.0..=1.0_f64, 0..4),
        method in 0_usize..13, skip: bool,
    ) {
        let view = View::new(&items, 500, &shape, &strides).unwrap();
        let wanted = Quantiles::new(&q, Method::ALL[method].0).unwrap();
        let nan = if skip { NanRule::Skip } else { NanRule::Propagate };
        let mut expected = Vec::new();
        for items in groups::<f64>(&view, &axes) {
            let nans = items.iter().filter(|item| item.is_nan()).count();
            let numbers = &sorted(&items)[..items.len() - nans];
            let mut places = vec![0; wanted.places_len()];
            wanted.places(numbers.len() as u64, &mut places);
            let values = places.iter().filter(|_| !numbers.is_empty()).map(|place| numbers[*place as usize]).collect();
            expected.extend(wanted.values(&Selected { count: numbers.len() as u64, nans: nans as u64, values }, nan));
        }
        prop_assert_eq!(bits(&quantiles::<f64>(&view, &axes, &wanted, nan).unwrap()), bits(&expected));
    }

    /// Continuous methods: the line through the plotting positions of the elements.
    #[test]
    fn quantiles_lie_on_the_line_through_the_positions(
        items in prop::collection::vec(-10.0..10.0_f64, 1..40), q in 0.0..=1.0_f64,
    ) {
        let ordered = sorted(&items);
        let n = items.len() as f64;
        for (method, alpha, beta) in [
            (Method::InterpolatedInvertedCdf, 0.0, 1.0), (Method::Hazen, 0.5, 0.5), (Method::Weibull, 0.0, 0.0),
            (Method::Linear, 1.0, 1.0), (Method::MedianUnbiased, 1.0 / 3.0, 1.0 / 3.0), (Method::NormalUnbiased, 0.375, 0.375),
        ] {
            let position = |k: usize| ((k + 1) as f64 - alpha) / (n + 1.0 - alpha - beta);
            // Of the elements on both sides of `q`.
            let above = (0..ordered.len()).find(|k| position(*k) >= q);
            let expected = match above {
                Some(0) => ordered[0],
                Some(k) => {
                    let share = (q - position(k - 1)) / (position(k) - position(k - 1));
                    ordered[k - 1] * (1.0 - share) + ordered[k] * share
                }
                None => ordered[ordered.len() - 1],
            };
            let wanted = Quantiles::new(&[q], method).unwrap();
            let found = quantiles::<f64>(&View::of(&items), &[0], &wanted, NanRule::Propagate).unwrap()[0];
            prop_assert!((found - expected).abs() < 1e-10, "{method:?} {found} {expected}");
        }
    }

    /// Discontinuous methods, from the share of elements at or below each one.
    #[test]
    fn quantiles_are_where_the_distribution_steps(items in prop::collection::vec(0..50_u8, 1..17), eighths in 0_u32..9) {
        // Eighths of at most 16 elements are exact.
        let q = f64::from(eighths) / 8.0;
        let ordered = sorted(&items);
        let share = |at: usize| (at + 1) as f64 / items.len() as f64;
        let step = (0..ordered.len()).find(|at| share(*at) >= q).unwrap();
        let on_step = share(step) == q && step + 1 < ordered.len();
        let mean = f64::from(u16::from(ordered[step]) + u16::from(ordered[(step + usize::from(on_step)).min(ordered.len() - 1)])) / 2.0;
        let exact = items.len() as f64 * q;
        // Counted from 1: the nearest place, of two the even one.
        let nearest = (1..=ordered.len()).min_by_key(|k| (((exact - *k as f64).abs() * 8.0) as u32, k % 2)).unwrap();
        let inner = (items.len() - 1) as f64 * q;
        let (low, high) = (ordered[inner.floor() as usize], ordered[inner.ceil() as usize]);
        let near = (0..ordered.len()).min_by_key(|k| (((inner - *k as f64).abs() * 8.0) as u32, k % 2)).unwrap();
        for (method, expected) in [
            (Method::InvertedCdf, f64::from(ordered[step])), (Method::AveragedInvertedCdf, mean),
            (Method::ClosestObservation, f64::from(ordered[nearest - 1])), (Method::Lower, f64::from(low)),
            (Method::Higher, f64::from(high)), (Method::Nearest, f64::from(ordered[near])),
            (Method::Midpoint, f64::from(u16::from(low) + u16::from(high)) / 2.0),
        ] {
            let wanted = Quantiles::new(&[q], method).unwrap();
            let found = quantiles::<u8>(&View::of(&items), &[0], &wanted, NanRule::Propagate).unwrap();
            prop_assert_eq!(found, [expected], "{:?} of {:?} at {}", method, ordered, q);
        }
    }

    #[test]
    fn medians_are_rounded_once(mut items in prop::collection::vec(any::<i64>(), 1..30), wide in floats()) {
        use num_rational::BigRational;
        let of = |items: &[i64]| quantiles::<i64>(&View::of(items), &[0], &Quantiles::median(), NanRule::Propagate).unwrap()[0];
        let found = of(&items);
        items.sort_unstable();
        let [low, high] = [items[(items.len() - 1) / 2], items[items.len() / 2]];
        prop_assert_eq!(found, ((i128::from(low) + i128::from(high)) as f64) / 2.0);
        for pair in wide.windows(2).step_by(61).filter(|pair| pair.iter().all(|item| item.is_finite())) {
            for scale in [1.0, f64::MAX, 5e-324] {
                let pair = [pair[0] * scale, pair[1] * scale].map(|item| item.clamp(-f64::MAX, f64::MAX));
                let [low, high] = pair.map(|item| BigRational::from_float(item).unwrap());
                let exact: f64 = crate::sum::oracle::rounded(&((low + high) / BigRational::from_integer(2.into())));
                let found = quantiles::<f64>(&View::of(&pair), &[0], &Quantiles::median(), NanRule::Propagate).unwrap();
                prop_assert_eq!(found, [exact], "{:?}", pair);
            }
        }
    }
}

/// `numpy.percentile(items, [10, 35, 50, 90], method=name)` of NumPy 2.4.6.
#[test]
fn methods_give_the_numbers_of_numpy() {
    let items = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    for (name, expected) in [
        ("inverted_cdf", [1.0, 2.0, 3.0, 9.0]),
        ("averaged_inverted_cdf", [1.0, 2.0, 3.5, 9.0]),
        ("closest_observation", [1.0, 2.0, 3.0, 6.0]),
        ("interpolated_inverted_cdf", [1.0, 1.8, 3.0, 6.6]),
        ("hazen", [1.0, 2.3, 3.5, 8.1]),
        ("weibull", [1.0, 2.15, 3.5, 9.0]),
        ("linear", [1.0, 2.45, 3.5, 6.9]),
        ("median_unbiased", [1.0, 2.25, 3.5, 8.5]),
        ("normal_unbiased", [1.0, 2.2625, 3.5, 8.4]),
        ("lower", [1.0, 2.0, 3.0, 6.0]),
        ("higher", [1.0, 3.0, 4.0, 9.0]),
        ("nearest", [1.0, 2.0, 4.0, 6.0]),
        ("midpoint", [1.0, 2.5, 3.5, 7.5]),
    ] {
        let wanted = Quantiles::new(&[0.1, 0.35, 0.5, 0.9], Method::named(name).unwrap()).unwrap();
        let found = quantiles::<f64>(&View::of(&items), &[0], &wanted, NanRule::Propagate).unwrap();
        assert!(
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-14),
            "{name} {found:?}"
        );
    }
    assert_eq!(Method::named("median"), None);
}

#[test]
fn infinite_elements_give_no_nan_of_their_own() {
    let found = |items: &[f64], q: f64| {
        let wanted = Quantiles::new(&[q], Method::Linear).unwrap();
        quantiles::<f64>(&View::of(items), &[0], &wanted, NanRule::Propagate).unwrap()[0]
    };
    let (least, greatest) = (f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!([0.3, 0.5, 0.7].map(|q| found(&[greatest, greatest], q)), [greatest; 3]);
    assert_eq!([0.3, 0.5, 0.7].map(|q| found(&[1.0, greatest], q)), [greatest; 3]);
    assert_eq!([0.3, 0.5, 0.7].map(|q| found(&[1.0, least], q)), [least; 3]);
    assert!([0.3, 0.5, 0.7].iter().all(|q| found(&[least, greatest], *q).is_nan()));
    assert!((found(&[-f64::MAX, f64::MAX], 0.75) / f64::MAX - 0.5).abs() < 1e-15);
}

#[test]
fn mistakes_are_named() {
    assert_eq!(
        Quantiles::new(&[0.5, 1.5], Method::Linear).unwrap_err().to_string(),
        "quantile 1.5 at place 1, expected 0 to 1; a percentage is divided by 100"
    );
    assert_eq!(Quantiles::new(&[f64::NAN], Method::Linear).unwrap_err().at, 0);
    let view = View::of(&[1_i32, 2]);
    let median = Quantiles::median();
    let error = quantiles::<f64>(&view, &[0], &median, NanRule::Skip).unwrap_err();
    assert!(matches!(error.kind(), ViewErrorKind::Element { .. }));
    let error = quantiles::<i32>(&view, &[1], &median, NanRule::Skip).unwrap_err();
    assert_eq!(error.kind(), ViewErrorKind::Axis { axis: 1 });
    assert!(quantiles::<i32>(&View::of::<i32>(&[]), &[0], &median, NanRule::Skip).unwrap()[0].is_nan());
}

#[test]
#[should_panic(expected = "not those of this round")]
fn counts_of_another_round_are_refused() {
    let mut selection = Selection::<u32, _>::new(1, 1, |_, places| places[0] = 1);
    let mut counts = selection.count(&View::of(&[7_u32, 8]), &[0]).unwrap();
    selection.answer(&counts);
    counts = vec![0; selection.counters()];
    selection.answer(&counts);
}
