//! Functions over slices: the loops that the compiler vectorises, for each instruction set.
//!
//! A slice is computed in blocks of [`BLOCK`] elements, the last one padded, so that each element
//! goes through the same vector code wherever it stands. A function may serve some arguments only
//! in a slow form: the loop notes whether a block holds one, and then repairs the block element by
//! element. The choice depends on the value alone.

use std::marker::PhantomData;

use crate::isa::{Isa, Kernel, dispatch_to};

/// Elements a block: the vectors of a block hide the latency of one another.
const BLOCK: usize = 32;

/// A function of one argument.
pub(super) trait Unary<T> {
    /// The result, for arguments that are served.
    fn fast(x: T) -> T;

    /// Whether `fast` gives the result of `x`.
    #[inline(always)]
    fn served(_: T) -> bool {
        true
    }

    /// The result for the other arguments.
    #[inline(always)]
    fn slow(x: T) -> T {
        Self::fast(x)
    }
}

/// A function of two arguments; as [`Unary`].
pub(super) trait Binary<T> {
    /// The result, for arguments that are served.
    fn fast(x: T, y: T) -> T;

    /// Whether `fast` gives the result of `x` and `y`.
    #[inline(always)]
    fn served(_: T, _: T) -> bool {
        true
    }

    /// The result for the other arguments.
    #[inline(always)]
    fn slow(x: T, y: T) -> T {
        Self::fast(x, y)
    }
}

/// The items and zeros after them.
fn padded<T: Copy + Default>(items: &[T]) -> [T; BLOCK] {
    let mut block = [T::default(); BLOCK];
    block[..items.len()].copy_from_slice(items);
    block
}

/// Over whole blocks.
struct OverOne<'a, F, T>(&'a [[T; BLOCK]], &'a mut [[T; BLOCK]], PhantomData<F>);

impl<F: Unary<T>, T: Copy + Default> Kernel for OverOne<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (x, out) in self.0.iter().zip(self.1) {
            block_of_one::<F, T>(x, out);
        }
    }
}

/// A block. As parameters, `x` and `out` are known to share no memory.
#[inline(always)]
fn block_of_one<F: Unary<T>, T: Copy>(x: &[T; BLOCK], out: &mut [T; BLOCK]) {
    let mut other = 0_u64;
    for lane in 0..BLOCK {
        out[lane] = F::fast(x[lane]);
        other |= u64::from(!F::served(x[lane]));
    }
    if other != 0 {
        for lane in 0..BLOCK {
            if !F::served(x[lane]) {
                out[lane] = F::slow(x[lane]);
            }
        }
    }
}

/// Over whole blocks.
struct OverTwo<'a, F, T>(&'a [[T; BLOCK]], &'a [[T; BLOCK]], &'a mut [[T; BLOCK]], PhantomData<F>);

impl<F: Binary<T>, T: Copy + Default> Kernel for OverTwo<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((x, y), out) in self.0.iter().zip(self.1).zip(self.2) {
            block_of_two::<F, T>(x, y, out);
        }
    }
}

/// A block; as [`block_of_one`].
#[inline(always)]
fn block_of_two<F: Binary<T>, T: Copy>(x: &[T; BLOCK], y: &[T; BLOCK], out: &mut [T; BLOCK]) {
    let mut other = 0_u64;
    for lane in 0..BLOCK {
        out[lane] = F::fast(x[lane], y[lane]);
        other |= u64::from(!F::served(x[lane], y[lane]));
    }
    if other != 0 {
        for lane in 0..BLOCK {
            if !F::served(x[lane], y[lane]) {
                out[lane] = F::slow(x[lane], y[lane]);
            }
        }
    }
}

/// `out = F(x)`, for slices of one length.
pub(super) fn over_one<F: Unary<T>, T: Copy + Default>(isa: Isa, x: &[T], out: &mut [T]) {
    assert_eq!(x.len(), out.len(), "the operand and the result of a function must have one length");
    let (blocks, rest) = x.as_chunks();
    let (out, out_rest) = out.as_chunks_mut();
    dispatch_to(isa, OverOne::<F, T>(blocks, out, PhantomData));
    if !rest.is_empty() {
        let mut result = [[T::default(); BLOCK]];
        dispatch_to(isa, OverOne::<F, T>(&[padded(rest)], &mut result, PhantomData));
        out_rest.copy_from_slice(&result[0][..rest.len()]);
    }
}

/// `out = F(x, y)`, for slices of one length.
pub(super) fn over_two<F: Binary<T>, T: Copy + Default>(isa: Isa, x: &[T], y: &[T], out: &mut [T]) {
    let lengths = (x.len(), y.len());
    assert_eq!(lengths, (out.len(), out.len()), "the operands and the result of a function must have one length");
    let ((blocks, rest), (y_blocks, y_rest)) = (x.as_chunks(), y.as_chunks());
    let (out, out_rest) = out.as_chunks_mut();
    dispatch_to(isa, OverTwo::<F, T>(blocks, y_blocks, out, PhantomData));
    if !rest.is_empty() {
        let mut result = [[T::default(); BLOCK]];
        dispatch_to(isa, OverTwo::<F, T>(&[padded(rest)], &[padded(y_rest)], &mut result, PhantomData));
        out_rest.copy_from_slice(&result[0][..rest.len()]);
    }
}
