//! Each reduction against a loop over the elements, for any strides, axes and numbers of threads.

use proptest::prelude::*;

use super::driver::{reduce_axes_with, reduce_with};
use super::*;
use crate::element::Element;
use crate::sum::{Accumulator, Finish, MomentAccumulator, PartialMoments, PartialSum};
use crate::view::View;

/// A shape, strides within 4000 items about number 2000, and the axes to be reduced.
fn layouts() -> impl Strategy<Value = (Vec<usize>, Vec<isize>, Vec<usize>)> {
    let dims = prop::collection::vec((0_usize..6, -25_isize..26, any::<bool>()), 0..3);
    (dims, 0_usize..4, any::<bool>(), 60_usize..90).prop_map(|(mut dims, kind, reduced, long)| {
        // Often a long dimension of neighbours, reduced or not, in front or behind.
        match kind {
            0 => dims.push((long, 1, reduced)),
            1 => dims.insert(0, (long, 1, reduced)),
            2 => dims.push((long, -2, reduced)),
            _ => {}
        }
        let axes = (0..dims.len()).filter(|axis| dims[*axis].2).collect();
        let (shape, strides) = dims.iter().map(|dim| (dim.0, dim.1)).unzip();
        (shape, strides, axes)
    })
}

/// For each output the elements in C order, and their indices along the reduced axes in C order.
fn groups<T: Element>(view: &View<'_>, axes: &[usize]) -> Vec<Vec<T>> {
    let shape = view.shape();
    let walk = |wanted: bool| -> Vec<Vec<(usize, usize)>> {
        (0..shape.len()).filter(|axis| axes.contains(axis) == wanted).fold(vec![vec![]], |places, axis| {
            places
                .iter()
                .flat_map(|place| (0..shape[axis]).map(move |at| [&place[..], &[(axis, at)]].concat()))
                .collect()
        })
    };
    let inner = walk(true);
    walk(false)
        .iter()
        .map(|kept| {
            inner
                .iter()
                .map(|reduced| {
                    let mut index = vec![0; shape.len()];
                    kept.iter().chain(reduced).for_each(|(axis, at)| index[*axis] = *at);
                    view.get(&index).unwrap()
                })
                .collect()
        })
        .collect()
}

/// The results of all outputs, and of the whole, with the elements of each.
type Results<R> = Vec<(<R as Reducer>::Output, Vec<<R as Reducer>::Item>)>;

fn results<R: Reducer>(
    memory: &[R::Item],
    layout: &(Vec<usize>, Vec<isize>, Vec<usize>),
    reducer: &R,
    threads: usize,
) -> Results<R> {
    let (shape, strides, axes) = layout;
    let view = View::new(memory, memory.len() / 2, shape, strides).unwrap();
    let outputs = reduce_axes_with(&view, axes, reducer, threads).unwrap();
    let all: Vec<usize> = (0..shape.len()).collect();
    let mut groups_found = groups(&view, axes);
    assert_eq!(outputs.len(), groups_found.len());
    groups_found.extend(groups(&view, &all));
    outputs.into_iter().chain([reduce_with(&view, reducer, threads).unwrap()]).zip(groups_found).collect()
}

fn floats() -> impl Strategy<Value = Vec<f64>> {
    let special = prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1e300, 1e-300]);
    (any::<u64>(), special, 0_usize..4).prop_map(|(seed, special, often)| {
        let mut state = seed | 1;
        (0..4000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let number = (state >> 33) as f64 / f64::from(1 << 30) - 1.0;
                match (often, state >> 59) {
                    (1, 0) => special,
                    (2, 0..4) => (number * 4.0).round(),
                    (3, _) => (number * 3.0).trunc(),
                    _ => number,
                }
            })
            .collect()
    })
}

fn same(left: f64, right: f64) -> bool {
    left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
}

fn exact(items: &[f64]) -> MomentAccumulator {
    let mut accumulator = MomentAccumulator::default();
    accumulator.add(items);
    accumulator
}

proptest! {
    #[test]
    fn sums_over_axes_are_exact(memory in floats(), layout in layouts(), threads in 1_usize..4) {
        for (sum, items) in results(&memory, &layout, &Sum::<f64>::new(), threads) {
            let expected = exact(&items).sum;
            prop_assert_eq!(sum.count(), items.len() as u64);
            prop_assert!(same(sum.finish().or_else(|| expected.finish()), expected.finish()));
            prop_assert!(same(sum.mean().or_else(|| expected.mean()), expected.mean()));
        }
        for (sum, items) in results(&memory, &layout, &Sum::<f64>::skipping_nan(), threads) {
            let kept: Vec<f64> = items.into_iter().filter(|item| !item.is_nan()).collect();
            let expected = exact(&kept).sum;
            prop_assert!(same(sum.finish().or_else(|| expected.finish()), expected.finish()));
            prop_assert!(same(sum.mean().or_else(|| expected.mean()), expected.mean()));
        }
        for (moments, items) in results(&memory, &layout, &Moments::about(PartialMoments::pivot(&memory)), threads) {
            let expected = [exact(&items)];
            prop_assert_eq!(moments.count(), items.len() as u64);
            let variance = MomentAccumulator::variance(&expected, 1.0);
            prop_assert!(same(PartialMoments::variance(&[moments], 1.0).or_else(|| variance), variance));
        }
        for (squares, items) in results(&memory, &layout, &Squares::<f64>::default(), threads) {
            let expected = exact(&items).squares;
            prop_assert!(same(squares.root().or_else(|| expected.root()), expected.root()));
        }
        for (found, items) in results(&memory, &layout, &ExactMoments::<f64>::default(), threads) {
            let expected = exact(&items);
            prop_assert!(same(found.sum.finish(), expected.sum.finish()) && same(found.squares.root(), expected.squares.root()));
        }
        for (found, items) in results(&memory, &layout, &ExactSum::<f64>::default(), threads) {
            prop_assert!(same(found.mean(), exact(&items).sum.mean()));
        }
        for (found, items) in results(&memory, &layout, &ExactSquares::<f64>::default(), threads) {
            prop_assert!(same(found.root(), exact(&items).squares.root()));
        }
    }

    #[test]
    fn ends_and_counts_agree_with_a_loop(memory in floats(), layout in layouts(), threads in 1_usize..4) {
        for (found, items) in results(&memory, &layout, &Extremes::<f64>::new(), threads) {
            let nan = items.iter().any(|item| item.is_nan());
            // `total_cmp` has -0 below +0, too.
            let least = items.iter().copied().min_by(f64::total_cmp).map(|least| if nan { f64::NAN } else { least });
            let greatest = items.iter().copied().max_by(f64::total_cmp).map(|greatest| if nan { f64::NAN } else { greatest });
            let bits = |value: Option<f64>| value.map(|value| if value.is_nan() { 1 } else { value.to_bits() });
            prop_assert_eq!((bits(found.least()), bits(found.greatest())), (bits(least), bits(greatest)));
        }
        for (found, items) in results(&memory, &layout, &Extremes::<f64>::least(), threads) {
            let nan = items.iter().any(|item| item.is_nan());
            let least = items.iter().copied().min_by(f64::total_cmp).filter(|_| !nan);
            prop_assert!(found.least().map(f64::to_bits) == least.map(f64::to_bits) || nan && found.least().unwrap().is_nan());
        }
        for (found, items) in results(&memory, &layout, &CountNonzero::<f64>::new(), threads) {
            let nonzero = items.iter().filter(|item| **item != 0.0).count();
            prop_assert_eq!((found.nonzero, found.total), (nonzero as u64, items.len() as u64));
            prop_assert_eq!((found.all(), found.any()), (nonzero == items.len(), nonzero > 0));
        }
        for (found, items) in results(&memory, &layout, &CountNonzero::<f64>::all(), threads) {
            prop_assert_eq!(found.all(), items.iter().all(|item| *item != 0.0));
        }
        for (found, items) in results(&memory, &layout, &CountNonzero::<f64>::any(), threads) {
            prop_assert_eq!(found.any(), items.iter().any(|item| *item != 0.0));
        }
    }

    #[test]
    fn places_are_those_of_the_first(memory in floats(), layout in layouts(), both: bool) {
        let (shape, strides, _) = &layout;
        let view = View::new(&memory, memory.len() / 2, shape, strides).unwrap();
        let places = if both { Places::Both } else { Places::Least };
        let first = |items: &[f64], better: &dyn Fn(f64, f64) -> bool| {
            (0..items.len()).reduce(|known, at| {
                let (left, right) = (items[known], items[at]);
                if !left.is_nan() && (right.is_nan() || better(right, left)) { at } else { known }
            })
        };
        let check = |found: &Found<f64>, items: &[f64]| {
            let index = |found: Option<ArgExtreme<f64>>| found.map(|found| found.index as usize);
            prop_assert_eq!(index(found.least), first(items, &|left, right| left < right));
            if both {
                prop_assert_eq!(index(found.greatest), first(items, &|left, right| left > right));
            }
            Ok(())
        };
        let all: Vec<usize> = (0..shape.len()).collect();
        check(&arg_extremes(&view, places).unwrap(), &groups(&view, &all)[0])?;
        for axis in 0..shape.len() {
            let found = arg_extremes_along(&view, axis, places).unwrap();
            let groups = groups(&view, &[axis]);
            prop_assert_eq!(found.len(), groups.len());
            for (found, items) in found.iter().zip(&groups) {
                check(found, items)?;
            }
        }
    }

    /// Parts of a long array, merged in any order, with global places.
    #[test]
    fn places_of_parts_merge(memory in floats(), cuts in prop::collection::vec(0_usize..4000, 0..4), turn in 0_usize..5) {
        let mut cuts = [vec![0], cuts, vec![4000]].concat();
        cuts.sort_unstable();
        let mut parts: Vec<Found<f64>> = cuts.windows(2).map(|range| {
            let part = arg_extremes::<f64>(&View::of(&memory[range[0]..range[1]]), Places::Both).unwrap();
            let global = |found: Option<ArgExtreme<f64>>| {
                found.map(|found| found.at(&[range[1] - range[0]], |index| (range[0] + index[0]) as u64))
            };
            Found { least: global(part.least), greatest: global(part.greatest) }
        }).collect();
        let count = parts.len();
        parts.rotate_left(turn % count);
        let merged = parts.into_iter().fold(Found::default(), |mut all, part| { all.merge(&part); all });
        let whole = arg_extremes::<f64>(&View::of(&memory), Places::Both).unwrap();
        let index = |found: Option<ArgExtreme<f64>>| found.map(|found| found.index);
        prop_assert_eq!((index(merged.least), index(merged.greatest)), (index(whole.least), index(whole.greatest)));
    }

    #[test]
    fn integers_are_summed_and_multiplied_as_wide_ones(seed: u64, layout in layouts(), threads in 1_usize..3) {
        macro_rules! check {
            ($($type:ty)*) => {$({
                let memory: Vec<$type> = (0..4000_u64).map(|at| seed.wrapping_mul(at.wrapping_mul(at) | 1) as $type).collect();
                for (found, items) in results(&memory, &layout, &IntegerSum::<$type>::new(), threads) {
                    let sum: i128 = items.iter().map(|item| *item as i128).sum();
                    prop_assert_eq!((found.sum, found.count), (sum, items.len() as u64));
                    if !items.is_empty() && sum.unsigned_abs() < 1 << 53 {
                        prop_assert_eq!(found.mean::<f64>(), sum as f64 / items.len() as f64);
                    }
                }
                for (found, items) in results(&memory, &layout, &IntegerProduct::<$type>::new(), threads) {
                    prop_assert_eq!(found, items.iter().fold(1_i64, |product, item| product.wrapping_mul(*item as i64)) as u64);
                }
                for (found, items) in results(&memory, &layout, &Extremes::<$type>::new(), threads) {
                    prop_assert_eq!((found.least(), found.greatest()), (items.iter().min().copied(), items.iter().max().copied()));
                }
                for (found, items) in results(&memory, &layout, &CountNonzero::<$type>::new(), threads) {
                    prop_assert_eq!(found.nonzero, items.iter().filter(|item| **item != 0).count() as u64);
                }
            })*};
        }
        check!(i8 u8 i16 u16 i32 u32 i64 u64);
    }

    /// The exact product in rational numbers is the oracle.
    #[test]
    fn products_are_rounded_once(memory in floats(), layout in layouts(), threads in 1_usize..3) {
        use num_rational::BigRational;
        for (found, items) in results(&memory, &layout, &Product::<f64>::new(), threads).into_iter().take(20) {
            let value: f64 = found.value();
            if items.iter().all(|item| item.is_finite()) && items.len() < 100 {
                let exact: BigRational = items.iter().map(|item| BigRational::from_float(*item).unwrap()).product();
                let rounded: f64 = crate::sum::oracle::rounded(&exact);
                if found.is_certain::<f64>() || rounded == 0.0 {
                    prop_assert_eq!(value + 0.0, rounded, "{:?}", items);
                } else {
                    prop_assert!(value == rounded || value == rounded.next_up() || value == rounded.next_down());
                }
            } else if items.len() < 100 {
                let naive: f64 = items.iter().product();
                prop_assert_eq!(value.is_nan(), naive.is_nan());
            }
        }
    }
}

#[test]
fn strips_of_a_program_reduce_as_the_array_does() {
    let items: Vec<f64> = (0..10_000).map(|at| f64::from(at) * 0.1).collect();
    let reducer = Sum::<f64>::new();
    let mut sink = Sink::new(&reducer);
    items.chunks(96).for_each(|strip| sink.push(strip));
    let mut accumulator = Accumulator::default();
    accumulator.add(&items);
    assert_eq!(sink.finish().finish::<f64>(), Finish::Certain(accumulator.finish::<f64>()));
    assert_eq!(PartialSum::of(&items).finish::<f64>(), Finish::Certain(accumulator.finish::<f64>()));
}

#[test]
fn errors_name_what_is_wrong() {
    let items = [1.0_f64; 4];
    let view = View::of(&items);
    assert!(reduce(&view, &Sum::<f32>::new()).is_err());
    assert!(reduce_axes(&view, &[1], &Sum::<f64>::new()).is_err());
    assert!(reduce_axes(&view, &[0, 0], &Sum::<f64>::new()).is_err());
    // 2^62 results of an empty axis are no reason to ask for memory.
    let empty = View::new::<f64>(&[], 0, &[usize::MAX / 2, 0], &[0, 0]).unwrap();
    assert!(reduce_axes(&empty, &[1], &Sum::<f64>::new()).is_err());
    assert_eq!(PartialIntegers { sum: i128::from(i64::MAX) * 3, count: 3 }.mean::<f64>(), i64::MAX as f64);
}
