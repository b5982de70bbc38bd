//! The sums of many columns, to which rows are added: lanes that stay in the cache.
//!
//! A strip of `WIDTH` columns has one exponent k and one bound for all of its columns; each column
//! has an `s` and a sum of rests, as a lane does (see [`lanes`](super::lanes)).

use std::marker::PhantomData;

use super::ball::{Ball, UNIT};
use super::lanes::cut;
use super::partial::PartialSum;
use super::real::{Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::environment::Environment;
use crate::isa::{Kernel, dispatch};

const WIDTH: usize = 256;

/// Rows that are added before the columns are collected, more than in lanes, for each column pays
/// for that; and the logarithm of the factor between 2^k and the greatest term.
const STEPS: usize = 2048;
const ROOM: i32 = 13;

/// Columns that are kept in registers while rows are added.
const STEP: usize = 32;

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
    s: [f64; WIDTH],
    rest: [f64; WIDTH],
    exponent: i32,
    top: f64,
    steps: usize,
    balls: Vec<Ball>,
    specials: Vec<Specials>,
}

impl Strip {
    fn new(columns: usize) -> Self {
        let mut strip = Self {
            s: [0.0; WIDTH],
            rest: [0.0; WIDTH],
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
        self.s = [1.5 * power_of_two(exponent); WIDTH];
        self.rest = [0.0; WIDTH];
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
            for (((ball, specials), s), rest) in
                self.balls.iter_mut().zip(&mut self.specials).zip(&self.s).zip(&self.rest)
            {
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
    /// The greatest term, where it is too great; nothing is added then.
    type Output = Result<(), f64>;

    #[inline(always)]
    fn run(self) -> Result<(), f64> {
        let Self { strip, rows } = self;
        // The greatest term first, which brings the rows into the nearest cache; then the sums, in
        // place. NaN are not seen here: they spoil their column only, and are looked for later.
        let mut top = [0.0; STEP];
        for row in rows {
            let (chunks, tail) = row.as_chunks::<STEP>();
            let mut step = |terms: &[T; STEP]| {
                for lane in 0..STEP {
                    let magnitude = terms[lane].widen().abs();
                    top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
                }
            };
            chunks.iter().for_each(&mut step);
            if !tail.is_empty() {
                step(&padded(tail));
            }
        }
        let top = super::lanes::fold(&top, |left, right| if left > right { left } else { right });
        if top > power_of_two(strip.exponent - ROOM) {
            return Err(top);
        }
        let (s, _) = strip.s.as_chunks_mut::<STEP>();
        let (rest, _) = strip.rest.as_chunks_mut::<STEP>();
        for (at, (s, rest)) in s.iter_mut().zip(rest).enumerate() {
            let from = at * STEP;
            if from >= strip.balls.len() {
                break;
            }
            let (mut s_after, mut rest_after) = (*s, *rest);
            let mut step = |terms: &[T; STEP]| {
                for lane in 0..STEP {
                    let (t, r) = cut(s_after[lane], terms[lane].widen());
                    s_after[lane] = t;
                    rest_after[lane] += r;
                }
            };
            for row in rows {
                match row[from..].first_chunk::<STEP>() {
                    Some(terms) => step(terms),
                    None => step(&padded(&row[from..])),
                }
            }
            (*s, *rest) = (s_after, rest_after);
        }
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
        for rows in rows.chunks(8) {
            for (at, strip) in self.strips.iter_mut().enumerate() {
                let (from, count) = (at * WIDTH, strip.balls.len());
                let terms: [&[T]; 8] =
                    std::array::from_fn(|row| rows.get(row).map_or(&[][..], |row| &row[from..from + count]));
                let rows = &terms[..rows.len()];
                if strip.steps + rows.len() > STEPS {
                    strip.collect();
                }
                if let Err(top) = dispatch(AddRows { strip, rows }) {
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
                    let accepted = dispatch(AddRows { strip, rows });
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
