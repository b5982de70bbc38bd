//! Runs, lists and instruction sets give the same elements; quantiles, rejections and permutations
//! are as they are defined.

use num_complex::Complex;
use proptest::prelude::*;

use super::super::{
    ComplexNormal, Distribution, Exponential, Fraction, Integers, Normal, Permutation, Philox, STRIP, Uniform, Unit,
    fill_list, fill_run,
};
use super::super::{exponential, normal};
use crate::math::{Function, unary};

const KEY: [u64; 2] = [0x0123_4567_89ab_cdef, 0xfeed_5eed_dead_beef];

proptest! {
    /// Groups of blocks in vectors, and single blocks at both ends.
    #[test]
    fn words_do_not_depend_on_where_a_call_begins(
        near in prop_oneof![0..600_u128, (1_u128 << 66) - 600..1 << 66, u128::MAX - 600..u128::MAX], len in 0..700_usize,
    ) {
        let stream = Philox::new(KEY);
        let mut words = vec![0; len];
        stream.words(near, &mut words);
        for (at, word) in words.iter().enumerate() {
            prop_assert_eq!(*word, stream.word(near.wrapping_add(at as u128)), "word {}", at);
        }
    }

    /// An element depends on its index alone.
    #[test]
    fn runs_and_lists_have_the_same_elements(from in 0..1000_u128, len in 0..400_usize, step in 1..9_u128) {
        fn check<D: Distribution<Item: Default + PartialEq + std::fmt::Debug>>(it: &D, (from, len, step): (u128, usize, u128)) {
            let stream = Philox::new(KEY);
            let units = D::UNITS as u128;
            let mut run = vec![D::Item::default(); len * step as usize];
            fill_run(&stream, it, from * units, &mut run);
            let list: Vec<u128> = (0..len as u128).map(|at| (from + at * step) * units).collect();
            let mut listed = vec![D::Item::default(); len];
            fill_list(&stream, it, &list, &mut listed);
            let picked: Vec<D::Item> = run.iter().copied().step_by(step as usize).collect();
            assert_eq!(listed, picked);
        }
        let case = (from, len, step);
        check(&Fraction::<f64>::default(), case);
        check(&Fraction::<f32>::default(), case);
        check(&Uniform::<f32>::between(-1.0, 2.0).unwrap(), case);
        // Half of the words are rejected.
        check(&Integers::<i64>::between(i64::MIN.into(), 2).unwrap(), case);
        check(&Integers::<u8>::between(3, 200).unwrap(), case);
        check(&Normal::<f64>::new(0.0, 1.0).unwrap(), case);
        check(&ComplexNormal::<f32>::new(Complex::new(1.0, 2.0), 3.0).unwrap(), case);
        check(&Exponential::<f32>::new(2.0).unwrap(), case);
    }

    #[test]
    fn permutations_have_each_number_once(len in 0..300_u64, key in any::<[u64; 2]>()) {
        let permutation = Permutation::new(&Philox::new(key), len);
        let mut numbers: Vec<u64> = (0..len).map(|at| permutation.get(at)).collect();
        numbers.sort_unstable();
        prop_assert!(numbers.into_iter().eq(0..len));
    }
}

/// Words at the ends, near the bounds of the formulas, and anywhere.
fn words() -> Vec<u64> {
    let mut words: Vec<u64> =
        (0..64).flat_map(|bit| [1 << bit, (1 << bit) - 1, !(1 << bit), u64::MAX >> bit]).collect();
    let mut more = vec![0; 20_000];
    Philox::new(KEY).words(0, &mut more);
    // Far out in the tails, where words seldom are.
    let small: Vec<u64> = more.iter().enumerate().map(|(at, word)| word >> (at % 60)).collect();
    words.extend(more);
    words.extend(small);
    words
}

/// The probability beyond each number is the one that its word says, by the error function.
#[test]
fn normal_numbers_are_quantiles() {
    let words = words();
    for words in words.chunks(STRIP) {
        let mut values = vec![0.0; words.len()];
        normal::standard(words, &mut values);
        let arguments: Vec<f64> = values.iter().map(|value| value.abs() * std::f64::consts::FRAC_1_SQRT_2).collect();
        let mut complements = vec![0.0; words.len()];
        unary(Function::Erfc, &arguments, &mut complements);
        for ((&word, &value), complement) in words.iter().zip(&values).zip(complements) {
            assert_eq!(value.is_sign_negative(), word >> 63 == 1);
            let expected = ((word << 1) as f64 + 1.0) / 2_f64.powi(65);
            let error = (complement / 2.0 - expected).abs() / expected;
            // A unit in the last place of the number moves the probability by about its square.
            assert!(error < (8.0 + 8.0 * value * value) * f64::EPSILON, "{word:#x} {value} {error:e}");
            // Near 0 the number is 1/2 - p times the root of 2 pi.
            if word << 1 > u64::MAX - (1 << 30) {
                let near = ((!word << 1) as f64 + 1.0) / 2_f64.powi(65) * 2.506_628_274_631_000_2;
                assert!((value.abs() - near).abs() <= 8.0 * f64::EPSILON * near, "{word:#x} {value} {near}");
            }
        }
    }
    // The ends.
    let mut ends = [0.0; 4];
    normal::standard(&[0, u64::MAX >> 1, 1 << 63, u64::MAX], &mut ends);
    assert!((9.1..9.4).contains(&ends[0]) && ends[2] == -ends[0], "{ends:?}");
    assert!(ends[1] > 0.0 && ends[1] < 1e-18 && ends[3] == -ends[1], "{ends:?}");
}

#[test]
fn exponential_numbers_are_quantiles() {
    for words in words().chunks(STRIP) {
        let mut values = vec![0.0; words.len()];
        exponential::standard(words, &mut values);
        for (&word, value) in words.iter().zip(values) {
            let expected = (word as f64 + 0.5) / 2_f64.powi(64);
            let found = if word >> 63 == 0 { (-value).exp() } else { 1.0 + (-value).exp_m1() };
            assert!((found - expected).abs() <= (4.0 + 4.0 * value) * f64::EPSILON * expected, "{word:#x} {value}");
            let rest = (!word as f64 + 0.5) / 2_f64.powi(64);
            assert!((-(-value).exp_m1() - rest).abs() <= 8.0 * f64::EPSILON * rest, "{word:#x} {value}");
        }
    }
}

/// The definition, with all 256 bits of each block in turn.
fn slow_integer(stream: &Philox, number: u128, low: i128, size: u128) -> i128 {
    let first = stream.word(number);
    let attempts = (1..).flat_map(|attempt| stream.block([number as u64, (number >> 64) as u64, attempt, 0]));
    let accepted = |word: &u64| (u128::from(*word) * size) % (1 << 64) >= (1_u128 << 64) % size;
    let word = std::iter::once(first).chain(attempts).find(accepted).expect("attempts do not end");
    low + ((u128::from(word) * size) >> 64) as i128
}

#[test]
fn integers_are_drawn_until_a_word_is_accepted() {
    let stream = Philox::new(KEY);
    let cases = [(i64::MIN.into(), 1 << 63), (0, 1), (-5, 6), (0, (1 << 62) + 1), (-3, (1 << 62) + 12_345)];
    for (low, high) in cases {
        let mut found = [0_i64; 300];
        fill_run(&stream, &Integers::<i64>::between(low, high).expect("a range"), 17, &mut found);
        for (at, value) in found.into_iter().enumerate() {
            assert_eq!(i128::from(value), slow_integer(&stream, 17 + at as u128, low, high.abs_diff(low)));
        }
    }
    let mut all = [0_u64; 5];
    fill_run(&stream, &Integers::<u64>::between(0, 1 << 64).expect("all words"), 0, &mut all);
    assert!(all.iter().enumerate().all(|(at, word)| *word == stream.word(at as u128)));
}

#[test]
fn ranges_beyond_the_type_are_refused() {
    assert!(Integers::<i8>::between(-128, 128).is_some());
    assert!(Integers::<i8>::between(-129, 0).is_none() && Integers::<i8>::between(0, 129).is_none());
    assert!(Integers::<u64>::between(-1, 4).is_none() && Integers::<u64>::between(0, (1 << 64) + 1).is_none());
    assert!(Integers::<i64>::between(4, 4).is_none() && Integers::<i64>::between(5, 4).is_none());
    assert!(Integers::<u64>::between(i128::MIN, i128::MAX).is_none());
    assert!(Uniform::<f64>::between(-f64::MAX, f64::MAX).is_none());
    assert!(Uniform::<f64>::between(f64::NAN, 1.0).is_none());
    assert!(Normal::<f64>::new(0.0, -1.0).is_none() && Exponential::<f64>::new(f64::INFINITY).is_none());
    assert_eq!(<Fraction<f32> as Distribution>::UNIT, Unit::Half);
}

/// The network of large permutations: around squares, with and without tables.
#[test]
fn large_permutations_have_each_number_once() {
    for len in [(1 << 16) + 1, 257 * 257, 257 * 257 + 1, 66_311] {
        let permutation = Permutation::new(&Philox::new(KEY), len);
        let mut seen = vec![false; len as usize];
        for at in 0..len {
            assert!(!std::mem::replace(&mut seen[permutation.get(at) as usize], true), "{len} {at}");
        }
    }
    for len in [1 << 36, (1 << 36) + 1, u64::MAX >> 1] {
        let permutation = Permutation::new(&Philox::new(KEY), len);
        let mut numbers: Vec<u64> = (0..2000).map(|at| permutation.get(len - 1 - at * at)).collect();
        numbers.sort_unstable();
        assert!(numbers.is_sorted_by(|left, right| left < right) && numbers[1999] < len);
    }
}
