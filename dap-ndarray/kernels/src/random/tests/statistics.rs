//! Moments and chi-squares with fixed seeds. Each bound is passed by all but one seed in some
//! thousands, and the seeds are fixed, so a failure is a defect.

use num_complex::Complex;

use super::super::{
    ComplexNormal, Distribution, Exponential, Fraction, Integers, Normal, Permutation, Philox, SeedSequence, Uniform,
    fill_run,
};

const COUNT: usize = 200_000;

fn stream(seed: u128) -> Philox {
    Philox::of(&SeedSequence::new(&[seed]))
}

fn drawn<D: Distribution<Item: Default>>(distribution: &D, seed: u128) -> Vec<D::Item> {
    let mut items = vec![D::Item::default(); COUNT];
    fill_run(&stream(seed), distribution, 5, &mut items);
    items
}

/// The distance of a chi-square of these counts from its mean, in standard deviations.
fn deviation(counts: &[usize], expected: impl Fn(usize) -> f64) -> f64 {
    let terms = counts.iter().enumerate().map(|(cell, &count)| {
        let difference = count as f64 - expected(cell);
        difference * difference / expected(cell)
    });
    let freedom = counts.len() as f64 - 1.0;
    (terms.sum::<f64>() - freedom) / (2.0 * freedom).sqrt()
}

/// The first four moments about `mean`, which have these expected values; the bounds are five
/// standard errors of samples of [`COUNT`].
fn check_moments(items: &[f64], mean: f64, expected: [f64; 4], errors: [f64; 4]) {
    for (power, (expected, error)) in (1..).zip(expected.into_iter().zip(errors)) {
        let moment = items.iter().map(|item| (item - mean).powi(power)).sum::<f64>() / items.len() as f64;
        let bound = 5.0 * error / (items.len() as f64).sqrt();
        assert!((moment - expected).abs() < bound, "moment {power}: {moment}, not {expected}");
    }
}

#[test]
fn uniform_numbers_have_equal_counts_and_moments() {
    let doubles = drawn(&Fraction::<f64>::default(), 1);
    let floats: Vec<f64> = drawn(&Fraction::<f32>::default(), 2).into_iter().map(f64::from).collect();
    let wide: Vec<f64> =
        drawn(&Uniform::<f64>::between(-3.0, 5.0).unwrap(), 3).iter().map(|item| (item + 3.0) / 8.0).collect();
    for items in [&doubles, &floats, &wide] {
        let mut counts = vec![0; 1000];
        // Pairs of neighbours as well.
        let mut pairs = vec![0; 1024];
        for (at, item) in items.iter().enumerate() {
            assert!((0.0..1.0).contains(item));
            counts[(item * 1000.0) as usize] += 1;
            let next = items[(at + 1) % COUNT];
            pairs[(item * 32.0) as usize * 32 + (next * 32.0) as usize] += 1;
        }
        assert!(deviation(&counts, |_| COUNT as f64 / 1000.0).abs() < 4.0);
        assert!(deviation(&pairs, |_| COUNT as f64 / 1024.0).abs() < 4.0);
        // The variances of the powers are those of the uniform distribution, rounded up.
        check_moments(items, 0.5, [0.0, 1.0 / 12.0, 0.0, 1.0 / 80.0], [0.289, 0.075, 0.048, 0.0167]);
    }
}

#[test]
fn normal_numbers_have_the_moments_of_their_distribution() {
    let moments = ([0.0, 1.0, 0.0, 3.0], [1.0, 2_f64.sqrt(), 15_f64.sqrt(), 96_f64.sqrt()]);
    let doubles: Vec<f64> = drawn(&Normal::<f64>::new(3.0, 2.0).unwrap(), 4).iter().map(|x| (x - 3.0) / 2.0).collect();
    let floats: Vec<f64> = drawn(&Normal::<f32>::new(0.0, 1.0).unwrap(), 5).into_iter().map(f64::from).collect();
    for items in [&doubles, &floats] {
        check_moments(items, 0.0, moments.0, moments.1);
        // 100 cells of equal probability: quantiles of the cells' bounds come back by erfc.
        let mut counts = vec![0; 100];
        for item in items {
            let below = 0.5 * crate::math::erfc(-item * std::f64::consts::FRAC_1_SQRT_2);
            counts[((below * 100.0) as usize).min(99)] += 1;
        }
        assert!(deviation(&counts, |_| COUNT as f64 / 100.0).abs() < 4.0);
    }
    let mean = Complex::new(1.0, -2.0);
    let complex = drawn(&ComplexNormal::<f64>::new(mean, 2_f64.sqrt()).unwrap(), 6);
    let parts: Vec<Complex<f64>> = complex.iter().map(|item| item - mean).collect();
    check_moments(&parts.iter().map(|it| it.re).collect::<Vec<_>>(), 0.0, moments.0, moments.1);
    check_moments(&parts.iter().map(|it| it.im).collect::<Vec<_>>(), 0.0, moments.0, moments.1);
    let products: Vec<f64> = parts.iter().map(|it| it.re * it.im).collect();
    check_moments(&products[..], 0.0, [0.0, 1.0, 0.0, 9.0], [1.0, 8_f64.sqrt(), 15.0, 105.0]);
}

#[test]
fn exponential_numbers_have_the_moments_of_their_distribution() {
    for items in [
        drawn(&Exponential::<f64>::new(0.5).unwrap(), 7).iter().map(|x| x * 2.0).collect::<Vec<f64>>(),
        drawn(&Exponential::<f32>::new(1.0).unwrap(), 8).into_iter().map(f64::from).collect(),
    ] {
        check_moments(&items, 0.0, [1.0, 2.0, 6.0, 24.0], [1.0, 20_f64.sqrt(), 684_f64.sqrt(), 39_744_f64.sqrt()]);
        let mut counts = vec![0; 50];
        for item in items {
            counts[((-(-item).exp_m1() * 50.0) as usize).min(49)] += 1;
        }
        assert!(deviation(&counts, |_| COUNT as f64 / 50.0).abs() < 4.0);
    }
}

#[test]
fn integers_have_equal_counts() {
    let mut counts = vec![0; 37];
    drawn(&Integers::<i8>::between(-20, 17).unwrap(), 9).iter().for_each(|item| counts[(item + 20) as usize] += 1);
    assert!(deviation(&counts, |_| COUNT as f64 / 37.0).abs() < 4.0);
    // Without rejections, half of the numbers below 3 * 2^62 were multiples of three.
    let mut rests = vec![0; 3];
    drawn(&Integers::<u64>::between(0, 3 << 62).unwrap(), 10).iter().for_each(|item| rests[(item % 3) as usize] += 1);
    assert!(deviation(&rests, |_| COUNT as f64 / 3.0).abs() < 4.0, "{rests:?}");
}

#[test]
fn permutations_are_equally_frequent() {
    let mut counts = vec![0; 24];
    for key in 0..24_000 {
        let permutation = Permutation::new(&Philox::new([key, 11]), 4);
        let numbers: [u64; 4] = std::array::from_fn(|at| permutation.get(at as u64));
        // The number of the permutation: at each place, how many later numbers are less.
        let less = |at: usize| numbers[at + 1..].iter().filter(|number| **number < numbers[at]).count();
        counts[less(0) * 6 + less(1) * 2 + less(2)] += 1;
    }
    assert!(deviation(&counts, |_| 1000.0).abs() < 4.0, "{counts:?}");
}

/// The network: numbers at single places over many keys, and all numbers of one key.
#[test]
fn large_permutations_look_random() {
    const LEN: u64 = 70_001;
    let (mut first, mut both, mut fixed) = (vec![0; 50], vec![0; 64], 0);
    let cell = |number: u64, cells: u64| (number * cells / LEN) as usize;
    for key in 0..200 {
        let permutation = Permutation::new(&Philox::new([key, 12]), LEN);
        // A sample of places, neighbours among them.
        for at in (0..200).map(|step| step * 350) {
            let (here, next) = (permutation.get(at), permutation.get(at + 1));
            first[cell(here, 50)] += 1;
            both[cell(here, 8) * 8 + cell(next, 8)] += 1;
        }
        fixed += (0..LEN).step_by(7).filter(|&at| permutation.get(at) == at).count();
    }
    assert!(deviation(&first, |_| 40_000.0 / 50.0).abs() < 4.0, "{first:?}");
    assert!(deviation(&both, |_| 40_000.0 / 64.0).abs() < 4.0, "{both:?}");
    // One fixed place for each permutation, of which a seventh is looked at.
    assert!((200.0 / 7.0 - fixed as f64).abs() < 5.0 * (200.0_f64 / 7.0).sqrt(), "{fixed}");
    let permutation = Permutation::new(&Philox::new([5, 13]), LEN);
    let numbers: Vec<u64> = (0..LEN).map(|at| permutation.get(at)).collect();
    let rises = numbers.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64;
    // The number of rises has the variance (n + 1) / 12.
    assert!((rises - (LEN - 1) as f64 / 2.0).abs() < 4.0 * ((LEN + 1) as f64 / 12.0).sqrt());
    let (mut columns, mut moved) = (vec![0; 64], vec![0; 64]);
    for (at, &number) in numbers.iter().enumerate() {
        columns[cell(at as u64, 8) * 8 + cell(number, 8)] += 1;
        moved[(number as usize + LEN as usize - at) % LEN as usize * 64 / LEN as usize] += 1;
    }
    assert!(deviation(&columns, |_| LEN as f64 / 64.0).abs() < 8.0, "{columns:?}");
    assert!(deviation(&moved, |_| LEN as f64 / 64.0).abs() < 5.0, "{moved:?}");
}
