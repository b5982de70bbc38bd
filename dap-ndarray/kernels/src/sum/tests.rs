//! All sums, by both passes, all instruction sets, orders and splits, against rational numbers.

use proptest::prelude::*;

use super::oracle::{self, Bits};
use super::*;
use crate::isa::Isa;

/// Terms of one of many kinds: a few, whose oracle is fast, repeated in another order.
fn terms() -> impl Strategy<Value = Vec<f64>> {
    let uniform = || 0.0..1.0_f64;
    let wide =
        |range: i32| (-1.0..1.0_f64, -range..range).prop_map(|(value, exponent)| value * f64::from(exponent).exp2());
    let term = prop_oneof![
        4 => uniform().boxed().prop_map(Kind::same(0)),
        4 => (-1.0..1.0_f64).prop_map(Kind::same(1)),
        2 => uniform().prop_map(|value| (2, 1e8 + value)),
        2 => Just((3, 0.1)),
        2 => prop::sample::select(vec![1e16, 1.0, -1e16]).prop_map(Kind::same(4)),
        3 => wide(40).prop_map(Kind::same(5)),
        3 => wide(400).prop_map(Kind::same(6)),
        3 => any::<u64>().prop_map(|bits| (7, f64::from_bits(bits))).prop_filter("finite", |(_, value)| value.is_finite()),
        1 => prop::sample::select(vec![f64::MAX, -f64::MAX, f64::MAX / 2.0, 1.0]).prop_map(Kind::same(8)),
        1 => (0_u64..9).prop_map(|bits| (9, f64::from_bits(bits))),
        1 => prop::sample::select(vec![0.0, -0.0]).prop_map(Kind::same(10)),
        1 => prop::sample::select(vec![1e200, 3e199, -2e200, 1e-200]).prop_map(Kind::same(11)),
        1 => prop::sample::select(vec![1e-200, 3e-199, -2e-200]).prop_map(Kind::same(12)),
        2 => (1..100_i32).prop_map(|value| (13, f64::from(value))),
    ];
    // Mostly terms of one kind, sometimes of all.
    (prop::collection::vec(term, 0..50), 0..20_u32, 0..3_usize, any::<bool>()).prop_map(
        |(found, kind, specials, cancel)| {
            let mut terms: Vec<f64> =
                found.iter().filter(|(of, _)| kind > 13 || *of == kind).map(|(_, term)| *term).collect();
            if cancel {
                terms.extend(terms.clone().iter().map(|term| -term));
                terms.push(1e-30);
            }
            let more = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0];
            if kind == 17 {
                terms.extend(found.iter().take(specials).map(|(of, _)| more[*of as usize % 4]));
            }
            terms
        },
    )
}

struct Kind;

impl Kind {
    fn same(kind: u32) -> impl Fn(f64) -> (u32, f64) + Clone {
        move |value| (kind, value)
    }
}

/// Equal bits; all NaN are one.
fn same<T: Bits>(left: T, right: T) -> bool {
    left.bits() == right.bits() || (left.widen().is_nan() && right.widen().is_nan())
}

/// Terms in another order, cut into pieces.
fn shuffled<T: Copy>(terms: &[T], seed: u64) -> (Vec<T>, Vec<std::ops::Range<usize>>) {
    let mut terms = terms.to_vec();
    let mut state = seed | 1;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for at in (1..terms.len()).rev() {
        terms.swap(at, next(at + 1));
    }
    let (mut pieces, mut from) = (Vec::new(), 0);
    while from < terms.len() {
        let to = terms.len().min(from + 1 + next(40));
        pieces.push(from..to);
        from = to;
    }
    // Merged in another order than that of the memory.
    let middle = next(pieces.len() + 1);
    pieces.rotate_left(middle);
    (terms, pieces)
}

/// Checks a first and a second pass against the expected value; whether the first was certain.
fn check<T: Bits>(first: Finish<T>, second: T, expected: T, what: &str, isa: Isa) -> Result<bool, TestCaseError> {
    prop_assert!(same(second, expected), "second pass of {what}, {}: {second:?}, not {expected:?}", isa.name());
    if let Finish::Certain(value) = first {
        prop_assert!(same(value, expected), "first pass of {what}, {}: {value:?}, not {expected:?}", isa.name());
    }
    Ok(matches!(first, Finish::Certain(_)))
}

fn all_sums<T: Bits>(terms: &[T], seed: u64, ddof: f64) -> Result<(), TestCaseError> {
    let sum = oracle::sum(terms);
    let mean = oracle::mean(terms);
    let (variance, deviation) = oracle::variance(terms, ddof);
    let (norm, dot) = (oracle::norm(terms), oracle::dot(terms, &terms.iter().rev().copied().collect::<Vec<_>>()));
    let (terms, pieces) = (terms, shuffled(terms, seed));
    let reversed: Vec<T> = terms.iter().rev().copied().collect();
    // A dot product's order is that of pairs.
    let indices: Vec<usize> = (0..terms.len()).collect();
    let order = shuffled(&indices, seed).0;
    let (left, right): (Vec<T>, Vec<T>) = order.iter().map(|at| (terms[*at], reversed[*at])).unzip();
    let (mixed, pieces) = pieces;
    for &isa in Isa::available() {
        let mut sums = (PartialSum::default(), Accumulator::default());
        let mut moments = (PartialMoments::default(), MomentAccumulator::default());
        let mut squares = (PartialSquares::default(), ProductAccumulator::default());
        let mut products = (PartialProducts::default(), ProductAccumulator::default());
        for piece in &pieces {
            let part = &mixed[piece.clone()];
            sums.0.merge(&PartialSum::from_words(&PartialSum::of_with(isa, part).words()));
            let mut accumulator = Accumulator::default();
            accumulator.add_with(isa, part);
            sums.1.merge(&Accumulator::from_words(&accumulator.words()));
            let pivot = PartialMoments::pivot(part);
            moments.0.merge(&PartialMoments::from_words(&PartialMoments::of_with(isa, pivot, part).words()));
            moments.1.add_with(isa, part);
            squares.0.merge(&PartialSquares::from_words(&PartialSquares::of_with(isa, part).words()));
            squares.1.add_with(isa, part, part);
            let (left, right) = (&left[piece.clone()], &right[piece.clone()]);
            products.0.merge(&PartialProducts::from_words(&PartialProducts::of_with(isa, left, right).words()));
            products.1.add_with(isa, left, right);
        }
        check(sums.0.finish(), sums.1.finish(), sum, "sum", isa)?;
        check(sums.0.mean(), sums.1.mean(), mean, "mean", isa)?;
        check(moments.0.mean(), moments.1.sum.mean(), mean, "mean with variance", isa)?;
        let (parts, exact) = ([moments.0], [moments.1]);
        check(
            PartialMoments::variance(&parts, ddof),
            MomentAccumulator::variance(&exact, ddof),
            variance,
            "variance",
            isa,
        )?;
        check(
            PartialMoments::deviation(&parts, ddof),
            MomentAccumulator::deviation(&exact, ddof),
            deviation,
            "deviation",
            isa,
        )?;
        check(squares.0.root(), squares.1.root(), norm, "norm", isa)?;
        check(products.0.finish(), products.1.finish(), dot, "dot", isa)?;
    }
    Ok(())
}

proptest! {
    #[test]
    fn sums_are_the_exact_sums_rounded(terms in terms(), seed: u64, ddof in prop::sample::select(vec![0.0, 1.0, 0.5, 3.0])) {
        all_sums(&terms, seed, ddof)?;
        let narrow: Vec<f32> = terms.iter().map(|term| *term as f32).collect();
        all_sums(&narrow, seed, ddof)?;
    }
}

/// Many terms made of few: the exact results follow from those of the few.
fn many(kind: u32) -> Vec<f64> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut uniform = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..40_000_i32)
        .map(|at| match kind {
            0 => uniform(),
            1 => uniform() - 0.5,
            2 => 1e8 + uniform(),
            3 => 0.1,
            4 => [1e16, 1.0, -1e16][usize::try_from(at % 3).unwrap()],
            5 => (uniform() - 0.5) * 2.0_f64.powi(at % 80 - 40),
            6 => (uniform() - 0.5) * 2.0_f64.powi(at % 200 - 100),
            7 => {
                if at == 30_000 {
                    0.0
                } else {
                    1e8 + uniform()
                }
            }
            _ => {
                if at < 20_000 {
                    1e-3 * uniform()
                } else {
                    1e3 * uniform()
                }
            }
        })
        .collect()
}

/// The range of lanes is kept over many blocks, whose exponents change; ordinary data are certain.
#[test]
fn many_terms_are_summed_exactly_and_ordinary_ones_in_one_pass() {
    for kind in 0..9 {
        let terms = many(kind as u32);
        let expected = (oracle::sum(&terms), oracle::mean(&terms), oracle::variance(&terms, 1.0), oracle::norm(&terms));
        for &isa in Isa::available() {
            let partial = PartialSum::of_with(isa, &terms);
            let mut exact = MomentAccumulator::default();
            exact.add_with(isa, &terms);
            let sum = check(partial.finish(), exact.sum.finish(), expected.0, "sum", isa).unwrap();
            let mean = check(partial.mean(), exact.sum.mean(), expected.1, "mean", isa).unwrap();
            let moments = [PartialMoments::of_with(isa, PartialMoments::pivot(&terms), &terms)];
            let exact = [exact];
            let variance = check(
                PartialMoments::variance(&moments, 1.0),
                MomentAccumulator::variance(&exact, 1.0),
                expected.2.0,
                "variance",
                isa,
            )
            .unwrap();
            let deviation = check(
                PartialMoments::deviation(&moments, 1.0),
                MomentAccumulator::deviation(&exact, 1.0),
                expected.2.1,
                "deviation",
                isa,
            )
            .unwrap();
            let norm =
                check(PartialSquares::of_with(isa, &terms).root(), exact[0].squares.root(), expected.3, "norm", isa)
                    .unwrap();
            if [0, 1, 2, 3, 7, 8].contains(&kind) {
                assert!(sum && mean && norm, "kind {kind}, {}: {:?}", isa.name(), (sum, mean, norm));
                assert!(variance && deviation, "kind {kind}, {}: {:?}", isa.name(), (variance, deviation));
            }
        }
    }
}

#[test]
fn special_values_follow_the_rules() {
    let sum = |terms: &[f64]| {
        let first = PartialSum::of(terms).finish::<f64>();
        let mut accumulator = Accumulator::default();
        accumulator.add(terms);
        let second: f64 = accumulator.finish();
        if let Finish::Certain(value) = first {
            assert!(same(value, second), "{terms:?}: {value} {second}");
        }
        second
    };
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    assert_eq!(sum(&[1.7e308, 1.7e308, -1.7e308]), 1.7e308);
    assert_eq!(sum(&[1.7e308, 1.7e308]), inf);
    assert_eq!((sum(&[inf, 1.0]), sum(&[-inf, 1e308, 1e308])), (inf, -inf));
    assert!(sum(&[inf, -inf]).is_nan() && sum(&[1.0, nan, inf]).is_nan());
    assert_eq!(sum(&[-0.0, -0.0]).to_bits(), 0);
    assert_eq!(sum(&[1e300, -1e300]).to_bits(), 0);
    assert_eq!((sum(&[]).to_bits(), sum(&[f64::from_bits(1); 3])), (0, f64::from_bits(3)));
    assert_eq!(PartialSum::of::<f64>(&[]).finish::<f64>(), Finish::Certain(0.0));
    assert!(matches!(PartialSum::of::<f64>(&[]).mean::<f64>(), Finish::Certain(mean) if mean.is_nan()));
    assert_eq!(PartialMoments::variance::<f64>(&[PartialMoments::of(&[2.5; 700])], 0.0), Finish::Certain(0.0));
    let large = [1e200, 3e200];
    assert_eq!(PartialSquares::of(&large).root::<f64>(), Finish::Certain(oracle::norm(&large)));
    assert_eq!(PartialMoments::deviation::<f64>(&[PartialMoments::of(&large)], 0.0), Finish::Certain(1e200));
}
