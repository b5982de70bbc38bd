//! The sums of many columns, to which rows are added: lanes that stay in the cache.
//!
//! A strip of `WIDTH` columns has one exponent k and one bound for all of its columns; each column
//! has an `s` and a sum of rests, as a lane does (see [`lanes`](super::lanes)).

use std::marker::PhantomData;

use dap_non_temporal::prefetch;

use super::ball::{Ball, UNIT};
use super::lanes::cut;
use super::partial::PartialSum;
use super::real::{Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};

const WIDTH: usize = 256;

/// Rows that are added before the columns are collected, more than in lanes, for each column pays
/// for that; and the logarithm of the factor between 2^k and the greatest term.
const STEPS: usize = 2048;
const ROOM: i32 = 13;

/// Columns to which rows are added at once. Their sums take more than 16 registers; longer pieces
/// of rows are worth that.
const STEP: usize = 32;

/// Rows that are added at once.
const ROWS: usize = 16;

/// The distance, in bytes, from the terms that are added to those of the row that are prefetched.
/// The processor's own prefetchers do not follow short pieces of many rows: on a Zen 5 core the
/// sums of 10000^2 terms took twice as long without.
const AHEAD: usize = 1024;

/// See `lanes`.
const LEAST: i32 = -860;
const GREATEST: i32 = 1010;

/// The sums of columns.
#[derive(Debug, Clone)]
pub struct ColumnSums<T> {
    strips: Vec<Strip>,
    columns: usize,
    rows: u64,
    term: PhantomData<fn(T)>,
}

#[derive(Debug, Clone)]
struct Strip {
    /// Those at `current` are valid. The others are written while rows are added, and become valid
    /// if no term was too great.
    sums: [Sums; 2],
    current: usize,
    exponent: i32,
    top: f64,
    steps: usize,
    balls: Vec<Ball>,
    specials: Vec<Specials>,
}

#[derive(Debug, Clone, Copy)]
struct Sums {
    s: [f64; WIDTH],
    rest: [f64; WIDTH],
}

impl Strip {
    fn new(columns: usize) -> Self {
        let mut strip = Self {
            sums: [Sums { s: [0.0; WIDTH], rest: [0.0; WIDTH] }; 2],
            current: 0,
            exponent: LEAST,
            top: 0.0,
            steps: 0,
            balls: vec![Ball::default(); columns],
            specials: vec![Specials::default(); columns],
        };
        strip.begin(LEAST);
        strip
    }

    fn begin(&mut self, exponent: i32) {
        self.sums[self.current] = Sums { s: [1.5 * power_of_two(exponent); WIDTH], rest: [0.0; WIDTH] };
        self.exponent = exponent;
        self.top = 0.0;
        self.steps = 0;
    }

    /// Moves the columns' sums into the balls.
    fn collect(&mut self) {
        if self.steps > 0 {
            let origin = 1.5 * power_of_two(self.exponent);
            let steps = self.steps as f64;
            let bound = UNIT * power_of_two(self.exponent - 53) * steps * ((steps + 1.0) / 2.0 + 2.0);
            let radius = if self.top > 0.0 { bound } else { 0.0 };
            let Sums { s, rest } = &self.sums[self.current];
            for (((ball, specials), s), rest) in self.balls.iter_mut().zip(&mut self.specials).zip(s).zip(rest) {
                if s.is_nan() {
                    // A NaN among the terms; no infinity is accepted.
                    specials.nan += 1;
                    continue;
                }
                // Both are in one binade, so the difference is exact.
                *ball = ball.add(Ball { hi: s - origin, lo: 0.0, radius }).add(Ball::exact(*rest));
            }
        }
        let wanted = (exponent_of(self.top) + 2 + ROOM).clamp(LEAST, GREATEST);
        self.begin(if self.top > 0.0 && wanted + 4 < self.exponent { wanted } else { self.exponent });
    }
}

struct AddRows<'a, T> {
    strip: &'a mut Strip,
    rows: &'a [&'a [T]],
}

impl<T: Real> Kernel for AddRows<'_, T> {
    /// The greatest term, where it is too great; nothing counts as added then.
    type Output = Result<(), f64>;

    #[inline(always)]
    fn run(self) -> Result<(), f64> {
        let Self { strip, rows } = self;
        // NaN are not seen by the comparison: they spoil their column only, and are looked for
        // later.
        let mut top = [0.0; STEP];
        let [first, second] = &mut strip.sums;
        let (before, after) = if strip.current == 0 { (&*first, second) } else { (&*second, first) };
        for from in (0..strip.balls.len()).step_by(STEP) {
            let mut s: [f64; STEP] = *before.s[from..].first_chunk().expect("WIDTH is a multiple of STEP");
            let mut rest: [f64; STEP] = *before.rest[from..].first_chunk().expect("the same");
            let mut step = |terms: &[T; STEP]| {
                for lane in 0..STEP {
                    let term = terms[lane].widen();
                    let magnitude = term.abs();
                    top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
                    let (t, r) = cut(s[lane], term);
                    s[lane] = t;
                    rest[lane] += r;
                }
            };
            for row in rows {
                let terms = &row[from..];
                prefetch(terms.as_ptr().cast::<u8>().wrapping_add(AHEAD), size_of::<[T; STEP]>());
                match terms.first_chunk::<STEP>() {
                    Some(terms) => step(terms),
                    None => step(&padded(terms)),
                }
            }
            after.s[from..from + STEP].copy_from_slice(&s);
            after.rest[from..from + STEP].copy_from_slice(&rest);
        }
        let top = super::lanes::fold(&top, |left, right| if left > right { left } else { right });
        if top > power_of_two(strip.exponent - ROOM) {
            return Err(top);
        }
        strip.current = 1 - strip.current;
        strip.top = strip.top.max(top);
        strip.steps += rows.len();
        Ok(())
    }
}

#[inline(always)]
fn padded<T: Real>(terms: &[T]) -> [T; STEP] {
    let mut all = [T::default(); STEP];
    all[..terms.len()].copy_from_slice(terms);
    all
}

impl<T: Real> ColumnSums<T> {
    /// Empty sums.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        let strips = (0..columns).step_by(WIDTH).map(|from| Strip::new(WIDTH.min(columns - from))).collect();
        Self { strips, columns, rows: 0, term: PhantomData }
    }

    /// Adds rows.
    ///
    /// # Panics
    /// A row has not one term a column.
    pub fn add_rows(&mut self, rows: &[&[T]]) {
        assert!(rows.iter().all(|row| row.len() == self.columns), "one term for each of {} columns", self.columns);
        let _environment = Environment::new();
        // Bound by memory: 512 bits took 1.13 times as long as 256 on a Zen 5 core.
        let isa = Isa::in_use().min(Isa::Avx2);
        for rows in rows.chunks(ROWS) {
            for (at, strip) in self.strips.iter_mut().enumerate() {
                let (from, count) = (at * WIDTH, strip.balls.len());
                let terms: [&[T]; ROWS] =
                    std::array::from_fn(|row| rows.get(row).map_or(&[][..], |row| &row[from..from + count]));
                let rows = &terms[..rows.len()];
                if strip.steps + rows.len() > STEPS {
                    strip.collect();
                }
                if let Err(top) = dispatch_to(isa, AddRows { strip, rows }) {
                    strip.collect();
                    let exponent = exponent_of(top) + 1 + ROOM;
                    if exponent > GREATEST {
                        // An infinity, or a term near the end of the range.
                        for (column, (ball, specials)) in strip.balls.iter_mut().zip(&mut strip.specials).enumerate() {
                            *ball = Ball::UNKNOWN;
                            rows.iter().for_each(|row| specials.count(row[column].widen()));
                        }
                        continue;
                    }
                    strip.begin((exponent + 1).clamp(LEAST, GREATEST));
                    let accepted = dispatch_to(isa, AddRows { strip, rows });
                    debug_assert!(accepted.is_ok(), "the exponent was chosen for these rows");
                }
            }
            self.rows += rows.len() as u64;
        }
    }

    /// The partial results, one a column.
    #[must_use]
    pub fn finish(self) -> Vec<PartialSum> {
        let count = self.rows;
        let mut sums = Vec::with_capacity(self.columns);
        for mut strip in self.strips {
            strip.collect();
            let columns = strip.balls.into_iter().zip(strip.specials);
            sums.extend(columns.map(|(ball, specials)| PartialSum { ball, specials, count }));
        }
        sums
    }
}
