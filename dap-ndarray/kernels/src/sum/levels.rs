//! The second pass: terms are cut into levels, whose sums are exact integers.
//!
//! A block of terms is cut at one bit as in the first pass ([`lanes`](super::lanes)), but the rests
//! are kept and cut again, until nothing is left. Each level takes 43 bits; the sum of a level
//! is an integer, which is added to an accumulator. Two levels are cut in one pass over the block;
//! data of ordinary range need one or two passes.
//! Rests after some passes, and blocks with numbers near the ends of the range, are added term by
//! term.

use super::accumulator::Fixed;
use super::ball::two_product;
use super::lanes::{ROOM, STEPS, cut, fold};
use super::real::{Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::isa::{Isa, Kernel, dispatch_to};

/// Terms of a block: `STEPS` for each lane of the least number of lanes.
const BLOCK: usize = STEPS * 8;

/// Passes over the rests of a block; each takes two levels.
const PASSES: usize = 3;

/// The least exponent k of the first of two levels: the units of both are numbers.
const LOWEST: i32 = -900;

/// The exponent k that the first block tries.
const HIGHEST_GUESS: i32 = 100;

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

/// Cuts terms at two bits and keeps the rests. Returns the sums of the multiples, whether a rest is
/// left, and the greatest term; NaN if a term is.
struct First<'a, T, const L: usize> {
    terms: &'a [T],
    rests: &'a mut [f64; BLOCK],
    exponent: i32,
}

impl<T: Real, const L: usize> Kernel for First<'_, T, L> {
    type Output = (Cut, f64);

    #[inline(always)]
    fn run(self) -> (Cut, f64) {
        let mut lanes = TwoLevels::<L>::new(self.exponent);
        let mut top = [0.0; L];
        let mut step = |terms: &[T; L], rests: &mut [f64; L]| {
            for lane in 0..L {
                let term = terms[lane].widen();
                rests[lane] = lanes.cut(lane, term);
                let magnitude = term.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        };
        let (chunks, tail) = self.terms.as_chunks::<L>();
        let (rests, _) = self.rests.as_chunks_mut::<L>();
        for (chunk, rests) in chunks.iter().zip(&mut *rests) {
            step(chunk, rests);
        }
        if !tail.is_empty() {
            let mut last = [T::default(); L];
            last[..tail.len()].copy_from_slice(tail);
            step(&last, &mut rests[chunks.len()]);
        }
        let nan = fold(&lanes.first, |left, right| left + right);
        let top = fold(&top, |left, right| if left > right { left } else { right });
        (lanes.finish(self.exponent), if nan.is_nan() { nan } else { top })
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

/// Cuts numbers at two bits, in place.
struct Next<'a, const L: usize> {
    rests: &'a mut [f64],
    exponent: i32,
}

impl<const L: usize> Kernel for Next<'_, L> {
    type Output = Cut;

    #[inline(always)]
    fn run(self) -> Cut {
        let mut lanes = TwoLevels::<L>::new(self.exponent);
        let (chunks, _) = self.rests.as_chunks_mut::<L>();
        for chunk in chunks {
            for (lane, rest) in chunk.iter_mut().enumerate() {
                *rest = lanes.cut(lane, *rest);
            }
        }
        lanes.finish(self.exponent)
    }
}

/// The sums of the multiples of two levels, in their units, and whether a rest is left.
struct Cut {
    first: i64,
    second: i64,
    left: bool,
}

/// Lanes of two levels. A rest of the first is at most 2^(k-53), which is the second's limit.
struct TwoLevels<const L: usize> {
    first: [f64; L],
    second: [f64; L],
    left: [u64; L],
}

/// The distance of the exponents k of one level and the next.
const DEPTH: i32 = 53 - ROOM;

impl<const L: usize> TwoLevels<L> {
    #[inline(always)]
    fn new(exponent: i32) -> Self {
        let origin = |exponent| [1.5 * power_of_two(exponent); L];
        Self { first: origin(exponent), second: origin(exponent - DEPTH), left: [0; L] }
    }

    #[inline(always)]
    fn cut(&mut self, lane: usize, term: f64) -> f64 {
        let (t, rest) = cut(self.first[lane], term);
        self.first[lane] = t;
        let (t, rest) = cut(self.second[lane], rest);
        self.second[lane] = t;
        self.left[lane] |= rest.to_bits();
        rest
    }

    #[inline(always)]
    fn finish(&self, exponent: i32) -> Cut {
        let steps = |lanes: &[f64; L], exponent: i32| {
            let origin = (1.5 * power_of_two(exponent)).to_bits();
            lanes.iter().map(|s| s.to_bits().wrapping_sub(origin).cast_signed()).fold(0, i64::wrapping_add)
        };
        // The bit of the sign does not count.
        let left = self.left.iter().fold(0, |all, bits| all | bits) << 1 != 0;
        Cut { first: steps(&self.first, exponent), second: steps(&self.second, exponent - DEPTH), left }
    }
}

/// Adds the first `len` numbers, exactly, none greater than 2^`exponent`. Those behind, up to a
/// multiple of 32, are overwritten.
fn add_rests<const WORDS: usize>(
    isa: Isa,
    fixed: &mut Fixed<WORDS>,
    rests: &mut [f64; BLOCK],
    len: usize,
    exponent: i32,
) {
    let padded = len.next_multiple_of(32).min(BLOCK);
    rests[len..padded].fill(0.0);
    let mut exponent = exponent + ROOM;
    for _ in 0..PASSES {
        if exponent < LOWEST {
            break;
        }
        let rests = &mut rests[..padded];
        let cut = dispatch_lanes!(isa, Next[] { rests, exponent });
        add_cut(fixed, &cut, exponent);
        if !cut.left {
            return;
        }
        exponent -= 2 * DEPTH;
    }
    rests[..len].iter().filter(|rest| **rest != 0.0).for_each(|rest| fixed.add_float(*rest));
}

fn add_cut<const WORDS: usize>(fixed: &mut Fixed<WORDS>, cut: &Cut, exponent: i32) {
    fixed.add(cut.first, exponent - 52);
    fixed.add(cut.second, exponent - DEPTH - 52);
}

/// Adds terms exactly.
pub(super) fn add_terms<T: Real, const WORDS: usize>(
    isa: Isa,
    fixed: &mut Fixed<WORDS>,
    specials: &mut Specials,
    block: &mut Block,
    terms: &[T],
) {
    let mut exponent = HIGHEST_GUESS;
    for terms in terms.chunks(BLOCK) {
        let rests = &mut block.rests;
        let (mut cut, mut top) = dispatch_lanes!(isa, First[T] { terms, rests, exponent });
        // The greatest term needs another k, or a k that is much too great wastes a level.
        let wanted = exponent_of(top) + 1 + ROOM;
        if wanted > exponent || wanted + DEPTH / 2 < exponent {
            exponent = wanted.max(LOWEST);
            if top < GREATEST {
                let rests = &mut block.rests;
                (cut, top) = dispatch_lanes!(isa, First[T] { terms, rests, exponent });
            }
        }
        if top < GREATEST {
            add_cut(fixed, &cut, exponent);
            if cut.left {
                add_rests(isa, fixed, &mut block.rests, terms.len(), exponent - 2 * DEPTH - ROOM);
            }
            continue;
        }
        exponent = HIGHEST_GUESS;
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
            let exponent = exponent_of(top) + 1;
            add_rests(isa, fixed, products, left.len(), exponent);
            // A residual is at most half a unit in the last place of its product.
            add_rests(isa, fixed, residuals, left.len(), exponent - 53);
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
