//! The second pass: terms are cut into levels, whose sums are exact integers.
//!
//! A block of terms is cut at one bit as in the first pass ([`lanes`](super::lanes)), but the rests
//! are kept and cut again, until nothing is left. Each level takes some 42 bits; the sum of a level
//! is an integer, which is added to an accumulator. Data of ordinary range need two to four levels.
//! Rests after `LEVELS`, and blocks with numbers near the ends of the range, are added term by
//! term.

use super::accumulator::Fixed;
use super::ball::two_product;
use super::lanes::{ROOM, STEPS, cut, fold};
use super::real::{Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::isa::{Isa, Kernel, dispatch_to};

/// Terms of a block: `STEPS` for each lane of the least number of lanes.
const BLOCK: usize = STEPS * 8;

const LEVELS: usize = 6;

/// Between these, levels and residuals of products are exact.
const LEAST: f64 = 1e-280;
const GREATEST: f64 = 1e300;

/// Calls a kernel with the number of lanes that an instruction set takes.
macro_rules! dispatch_lanes {
    ($isa:expr, $kernel:ident[$($T:ty)?] $fields:tt) => {
        match $isa {
            Isa::Avx512 => dispatch_to($isa, $kernel::<$($T,)? 32> $fields),
            Isa::Avx2 => dispatch_to($isa, $kernel::<$($T,)? 16> $fields),
            Isa::Baseline => dispatch_to($isa, $kernel::<$($T,)? 8> $fields),
        }
    };
}
pub(super) use dispatch_lanes;

/// Scratch memory for a block of terms, and for what is left of them.
pub(super) struct Block {
    rests: Box<[f64; BLOCK]>,
    /// The residuals of products.
    residuals: Box<[f64; BLOCK]>,
}

impl Default for Block {
    fn default() -> Self {
        Self { rests: Box::new([0.0; BLOCK]), residuals: Box::new([0.0; BLOCK]) }
    }
}

/// Copies terms; returns the greatest, NaN if a term is not finite.
struct Fill<'a, T, const L: usize> {
    terms: &'a [T],
    to: &'a mut [f64; BLOCK],
}

impl<T: Real, const L: usize> Kernel for Fill<'_, T, L> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let (mut top, mut special) = ([0.0; L], [0.0; L]);
        let mut step = |terms: &[T; L], to: &mut [f64; L]| {
            for lane in 0..L {
                let term = terms[lane].widen();
                to[lane] = term;
                special[lane] += term * 0.0;
                let magnitude = term.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        };
        let (chunks, tail) = self.terms.as_chunks::<L>();
        let (to, _) = self.to.as_chunks_mut::<L>();
        for (chunk, to) in chunks.iter().zip(&mut *to) {
            step(chunk, to);
        }
        if !tail.is_empty() {
            let mut last = [T::default(); L];
            last[..tail.len()].copy_from_slice(tail);
            step(&last, &mut to[chunks.len()]);
        }
        fold(&top, |left, right| if left > right { left } else { right }) + fold(&special, |left, right| left + right)
    }
}

/// Products and their residuals; returns the greatest product and the least one of numbers that are
/// not zero. The greatest is NaN if a product is not finite.
struct FillProducts<'a, T, const L: usize> {
    left: &'a [T],
    right: &'a [T],
    products: &'a mut [f64; BLOCK],
    residuals: &'a mut [f64; BLOCK],
}

impl<T: Real, const L: usize> Kernel for FillProducts<'_, T, L> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run(self) -> (f64, f64) {
        let (mut top, mut low, mut special) = ([0.0; L], [1.0_f64; L], [0.0; L]);
        let mut step = |left: &[T; L], right: &[T; L], products: &mut [f64; L], residuals: &mut [f64; L]| {
            for lane in 0..L {
                let (left, right) = (left[lane].widen(), right[lane].widen());
                let (product, residual) = two_product(left, right);
                products[lane] = product;
                residuals[lane] = residual;
                special[lane] += product * 0.0;
                let magnitude = product.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
                let counted = if left == 0.0 || right == 0.0 { 1.0 } else { magnitude };
                low[lane] = if counted < low[lane] { counted } else { low[lane] };
            }
        };
        let (left, left_tail) = self.left.as_chunks::<L>();
        let (right, right_tail) = self.right.as_chunks::<L>();
        let (products, _) = self.products.as_chunks_mut::<L>();
        let (residuals, _) = self.residuals.as_chunks_mut::<L>();
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            step(left, right, &mut products[at], &mut residuals[at]);
        }
        if !left_tail.is_empty() {
            let (mut last, mut other) = ([T::default(); L], [T::default(); L]);
            last[..left_tail.len()].copy_from_slice(left_tail);
            other[..right_tail.len()].copy_from_slice(right_tail);
            step(&last, &other, &mut products[left.len()], &mut residuals[left.len()]);
        }
        let special = fold(&special, |left, right| left + right);
        let top = fold(&top, |left, right| if left > right { left } else { right });
        (top + special, fold(&low, |left, right| if left < right { left } else { right }))
    }
}

/// Cuts numbers at the bit that `exponent` says; returns the sum of the multiples, and the greatest
/// rest.
struct Level<'a, const L: usize> {
    rests: &'a mut [f64],
    exponent: i32,
}

impl<const L: usize> Kernel for Level<'_, L> {
    type Output = (i64, f64);

    #[inline(always)]
    fn run(self) -> (i64, f64) {
        let origin = 1.5 * power_of_two(self.exponent);
        let (mut s, mut top) = ([origin; L], [0.0; L]);
        let (chunks, _) = self.rests.as_chunks_mut::<L>();
        for chunk in chunks {
            for lane in 0..L {
                let (t, rest) = cut(s[lane], chunk[lane]);
                s[lane] = t;
                chunk[lane] = rest;
                let magnitude = rest.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        }
        let steps = s.iter().map(|s| s.to_bits().wrapping_sub(origin.to_bits()).cast_signed()).sum();
        (steps, fold(&top, |left, right| if left > right { left } else { right }))
    }
}

/// Adds the first `len` numbers, exactly; `top` is the greatest. Those behind, up to a multiple of
/// 32, are overwritten.
fn add_levels<const WORDS: usize>(isa: Isa, fixed: &mut Fixed<WORDS>, rests: &mut [f64; BLOCK], len: usize, top: f64) {
    let padded = len.next_multiple_of(32).min(BLOCK);
    rests[len..padded].fill(0.0);
    let mut top = top;
    for _ in 0..LEVELS {
        if top < LEAST {
            break;
        }
        let exponent = exponent_of(top) + 1 + ROOM;
        let rests = &mut rests[..padded];
        let (steps, left) = dispatch_lanes!(isa, Level[] { rests, exponent });
        fixed.add(steps, exponent - 52);
        top = left;
    }
    if top > 0.0 {
        rests[..len].iter().filter(|rest| **rest != 0.0).for_each(|rest| fixed.add_float(*rest));
    }
}

/// Adds terms exactly.
pub(super) fn add_terms<T: Real, const WORDS: usize>(
    isa: Isa,
    fixed: &mut Fixed<WORDS>,
    specials: &mut Specials,
    block: &mut Block,
    terms: &[T],
) {
    for terms in terms.chunks(BLOCK) {
        let top = dispatch_lanes!(isa, Fill[T] { terms, to: &mut block.rests });
        if top < GREATEST {
            add_levels(isa, fixed, &mut block.rests, terms.len(), top);
            continue;
        }
        for term in terms {
            let term = term.widen();
            if term.is_finite() {
                fixed.add_float(term);
            } else {
                specials.count(term);
            }
        }
    }
}

/// Adds products of terms exactly; the slices have one length.
pub(super) fn add_products<T: Real>(
    isa: Isa,
    fixed: &mut Fixed<{ super::accumulator::PRODUCT_WORDS }>,
    specials: &mut Specials,
    block: &mut Block,
    left: &[T],
    right: &[T],
) {
    for (left, right) in left.chunks(BLOCK).zip(right.chunks(BLOCK)) {
        let Block { rests: products, residuals } = block;
        let (top, low) = dispatch_lanes!(isa, FillProducts[T] { left, right, products, residuals });
        if top < GREATEST && low > LEAST {
            add_levels(isa, fixed, products, left.len(), top);
            // A residual is at most half a unit in the last place of its product.
            add_levels(isa, fixed, residuals, left.len(), top * f64::EPSILON);
            continue;
        }
        for (left, right) in left.iter().zip(right) {
            let (left, right) = (left.widen(), right.widen());
            if left.is_finite() && right.is_finite() {
                fixed.add_product(left, right);
            } else {
                specials.count(left * right);
            }
        }
    }
}
