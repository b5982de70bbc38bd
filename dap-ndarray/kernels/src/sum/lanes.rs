//! The first pass of a sum: terms are cut at a fixed bit, in vector lanes.
//!
//! Each lane holds `s`, which starts at 3 * 2^(k-1) and stays between 2^k and 2^(k+1). Adding a
//! term x to it rounds x to a multiple of 2^(k-52), whatever was added before: with t = s + x, the
//! difference q = t - s is that multiple, exactly, and r = x - q is the rest, exactly (Dekker's
//! Fast2Sum, for s is the greater). So three operations give what 2Sum gives with six. The rests
//! are added in a second lane, where they round.
//!
//! The steps of all lanes, as integers, are the exact sum of the multiples. The rounding of the
//! rests has a bound that depends on k and the number of terms only: |r| <= h = 2^(k-53), so c
//! rests sum to at most c h, and each addition rounds by at most u times that. No operation is
//! spent on the bound; only the greatest term of each block is watched, because `s` stays in its
//! range if `STEPS` terms, each at most 2^(k-2) / `STEPS`, are added. A block with a greater term
//! is done again with a greater k.
//!
//! 2Sum in lanes, with the greatest |s| or the sum of errors for a bound, takes nine operations a
//! term where this takes six; at the same speed of memory that is the difference between AVX2
//! machines waiting for the adder and waiting for memory.

use std::ops::RangeInclusive;

use super::ball::{Ball, UNIT};
use super::real::{Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::isa::Isa;

/// The greatest number of lanes.
pub(super) const LANES: usize = 32;

/// Terms that a lane takes before its steps are collected.
pub(super) const STEPS: usize = 256;

/// The logarithm of the factor between 2^k and the greatest term: `STEPS`, and two bits.
pub(super) const ROOM: i32 = 10;

/// The range of k: what is computed from 2^k neither overflows nor is subnormal. A term above
/// 2^1000 needs the second pass, and so do sums whose certificate asks for bits below 2^-1000.
const LEAST: i32 = -860;
const GREATEST: i32 = 1010;

/// The lanes, with what they have collected.
#[derive(Debug, Clone)]
pub(super) struct Lanes {
    s: [f64; LANES],
    rest: [f64; LANES],
    /// The exponent k.
    exponent: i32,
    /// The greatest term that k allows, and the greatest one since the lanes were collected.
    limit: f64,
    top: f64,
    /// Terms in each lane, at most.
    steps: usize,
    /// The sums of all terms that were collected: of the even and the odd lanes, if these differ.
    balls: [Ball; 2],
    pub(crate) specials: [Specials; 2],
}

impl Default for Lanes {
    fn default() -> Self {
        let mut lanes = Self {
            s: [0.0; LANES],
            rest: [0.0; LANES],
            exponent: 0,
            limit: 0.0,
            top: 0.0,
            steps: 0,
            balls: [Ball::default(); 2],
            specials: [Specials::default(); 2],
        };
        lanes.begin(LEAST);
        lanes
    }
}

/// Cuts a term at the unit of `s`, in three operations: the new `s`, and the rest.
#[inline(always)]
pub(super) fn cut(s: f64, term: f64) -> (f64, f64) {
    let t = s + term;
    (t, term - (t - s))
}

/// The greatest of the first terms, for a guess; 0 if one is not finite.
#[inline(always)]
pub(super) fn greatest<T: Real>(terms: &[T]) -> f64 {
    let mut top = [0.0; 8];
    for terms in terms[..terms.len().min(64)].chunks(8) {
        for (top, term) in top.iter_mut().zip(terms) {
            let magnitude = term.widen().abs();
            *top = if magnitude > *top { magnitude } else { *top };
        }
    }
    let top = fold(&top, |left, right| if left > right { left } else { right });
    if top < f64::INFINITY { top } else { 0.0 }
}

/// Folds lanes, some at a time.
#[inline(always)]
pub(super) fn fold<const L: usize>(lanes: &[f64; L], with: impl Fn(f64, f64) -> f64) -> f64 {
    let (chunks, _) = lanes.as_chunks::<8>();
    let mut eight = chunks[0];
    for chunk in &chunks[1..] {
        for lane in 0..8 {
            eight[lane] = with(eight[lane], chunk[lane]);
        }
    }
    let four: [f64; 4] = std::array::from_fn(|lane| with(eight[lane], eight[lane + 4]));
    with(with(four[0], four[2]), with(four[1], four[3]))
}

/// Terms of a block of squares or products: half of [`STEPS`] for each lane of the set.
pub(super) fn block_len(isa: Isa) -> usize {
    let lanes = match isa {
        Isa::Avx512 => 32,
        Isa::Avx2 => 16,
        Isa::Baseline => 8,
    };
    STEPS * lanes / 2
}

/// Deposits a block with an exponent for its greatest term, or with a greater one if that was too
/// little, and leaves the exponent that the next block tries. `deposit` returns the sum, unknown if
/// the exponent was too little, and the greatest term.
pub(super) fn adapt(exponent: &mut i32, range: RangeInclusive<i32>, deposit: impl Fn(i32) -> (Ball, f64)) -> Ball {
    let fitting = |top| exponent_of(top) + 2;
    let (mut ball, mut top) = deposit(*exponent);
    if !ball.is_finite() && top.is_finite() && fitting(top) <= *range.end() {
        *exponent = fitting(top).max(*range.start());
        (ball, top) = deposit(*exponent);
    }
    if ball.is_finite() && fitting(top) + 3 < *exponent {
        *exponent = fitting(top).max(*range.start());
    }
    ball
}

/// The sum of lanes that took `steps` terms each since they began at 3 * 2^(k-1): the multiples,
/// exactly, and the rests, with a bound for rests that are at most `factor` times 2^(k-53).
///
/// A rest has at most `factor` roundings before it is added, each at most u times its bound.
#[inline(always)]
pub(super) fn rests_and_steps<const L: usize>(
    s: &[f64; L],
    rest: &[f64; L],
    exponent: i32,
    steps: usize,
    factor: f64,
) -> Ball {
    // Numbers of one binade are as far apart as their bits.
    let origin = (1.5 * power_of_two(exponent)).to_bits();
    let multiple: i64 = s.iter().map(|s| s.to_bits().wrapping_sub(origin).cast_signed()).sum();
    let high = multiple as f64;
    let low = (multiple - high as i64) as f64;
    let unit = power_of_two(exponent - 52);
    // Lanes are added in at most L / 8 + 2 levels; each level rounds by u times the sum of all
    // magnitudes, at most.
    let total = fold(rest, |left, right| left + right);
    let terms = steps as f64;
    let roundings = (terms + 1.0) / 2.0 + factor + (L / 8 + 2) as f64;
    let radius = UNIT * power_of_two(exponent - 53) * factor * L as f64 * terms * roundings;
    Ball::exact(high * unit).add(Ball::exact(low * unit)).add(Ball { hi: total, lo: 0.0, radius })
}

impl Lanes {
    /// Empty lanes with the exponent k.
    fn begin(&mut self, exponent: i32) {
        self.s = [1.5 * power_of_two(exponent); LANES];
        self.rest = [0.0; LANES];
        self.exponent = exponent;
        self.limit = power_of_two(exponent - ROOM);
        self.top = 0.0;
        self.steps = 0;
    }

    /// Adds terms; of `parts` = 2 sums, terms alternate between them, beginning with the first.
    ///
    /// `L` lanes are used, always the same number.
    #[inline(always)]
    pub(crate) fn add<T: Real, const L: usize>(&mut self, terms: &[T], parts: usize) {
        if self.top == 0.0 && self.exponent == LEAST {
            self.begin((exponent_of(greatest(terms)) + 2 + ROOM).clamp(LEAST, GREATEST));
        }
        for block in terms.chunks(STEPS * L / 2) {
            let steps = block.len().div_ceil(L);
            if self.steps + steps > STEPS {
                self.collect(L, parts);
            }
            if let Err(top) = self.deposit::<T, L>(block)
                && self.prepare(block, top, L, parts)
            {
                let accepted = self.deposit::<T, L>(block);
                debug_assert!(accepted.is_ok(), "the exponent was chosen for this block");
            }
        }
    }

    /// Adds a block; or does nothing and returns the greatest term, which is too great, or NaN
    /// where a term is.
    #[inline(always)]
    fn deposit<T: Real, const L: usize>(&mut self, block: &[T]) -> Result<(), f64> {
        let mut s: [f64; L] = *self.s.first_chunk().expect("at most LANES");
        let mut rest: [f64; L] = *self.rest.first_chunk().expect("at most LANES");
        let mut top = [0.0; L];
        let mut step = |terms: &[T; L]| {
            for lane in 0..L {
                let term = terms[lane].widen();
                let (t, r) = cut(s[lane], term);
                s[lane] = t;
                rest[lane] += r;
                let magnitude = term.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        };
        let (chunks, tail) = block.as_chunks::<L>();
        for chunk in chunks {
            step(chunk);
        }
        if !tail.is_empty() {
            let mut last = [T::default(); L];
            last[..tail.len()].copy_from_slice(tail);
            step(&last);
        }
        let top = fold(&top, |left, right| if left > right { left } else { right });
        // A NaN among the terms stays in `s`.
        let nan = fold(&s, |left, right| left + right);
        if nan.is_nan() {
            return Err(nan);
        }
        if top > self.limit {
            return Err(top);
        }
        self.s[..L].copy_from_slice(&s);
        self.rest[..L].copy_from_slice(&rest);
        self.top = self.top.max(top);
        self.steps += block.len().div_ceil(L);
        Ok(())
    }

    /// Chooses k for a block that was not accepted, whose greatest term is `top`; false if the
    /// block is accounted for without.
    #[cold]
    #[inline(never)]
    fn prepare<T: Real>(&mut self, block: &[T], top: f64, lanes: usize, parts: usize) -> bool {
        self.collect(lanes, parts);
        if !top.is_finite() {
            for (at, term) in block.iter().enumerate() {
                self.specials[at % parts].count(term.widen());
            }
        }
        let exponent = exponent_of(top) + 1 + ROOM;
        if exponent > GREATEST {
            // The finite terms beside an infinity matter to the other part of a complex number, and
            // that goes to the second pass.
            self.balls = [Ball::UNKNOWN; 2];
            return false;
        }
        self.begin((exponent + 1).clamp(LEAST, GREATEST));
        true
    }

    /// Moves what the lanes hold into the balls.
    #[inline(never)]
    fn collect(&mut self, lanes: usize, parts: usize) {
        if self.top > 0.0 {
            for part in 0..parts {
                let ball = self.total(lanes, parts, part);
                self.balls[part] = self.balls[part].add(ball);
            }
        }
        // A k that is much too great costs certainty.
        let wanted = (exponent_of(self.top) + 2 + ROOM).clamp(LEAST, GREATEST);
        let exponent = if self.top > 0.0 && wanted + 4 < self.exponent { wanted } else { self.exponent };
        self.begin(exponent);
    }

    /// The sum of the lanes of one part.
    fn total(&self, lanes: usize, parts: usize, part: usize) -> Ball {
        if parts == 1 {
            // Lanes that are not used are empty.
            return rests_and_steps(&self.s, &self.rest, self.exponent, self.steps, 1.0);
        }
        let origin = 1.5 * power_of_two(self.exponent);
        let of_part = |values: &[f64; LANES], empty: f64| -> [f64; LANES] {
            std::array::from_fn(|lane| if lane * parts + part < lanes { values[lane * parts + part] } else { empty })
        };
        rests_and_steps(&of_part(&self.s, origin), &of_part(&self.rest, 0.0), self.exponent, self.steps, 1.0)
    }

    /// The sums of the parts.
    pub(crate) fn finish<const L: usize>(mut self, parts: usize) -> ([Ball; 2], [Specials; 2]) {
        self.collect(L, parts);
        (self.balls, self.specials)
    }
}
