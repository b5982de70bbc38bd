//! Complex functions, by formulas on the parts that hold at the edges: C99 Annex G's special
//! values, no overflow on the way, no cancellation that the result does not have.
//!
//! ```
//! use dap_kernels::math::complex::{ComplexFunction, unary};
//! use num_complex::Complex;
//!
//! let mut out = [Complex::new(0.0, 0.0)];
//! unary(ComplexFunction::Sqrt, &[Complex::new(-4.0, -0.0)], &mut out);
//! assert_eq!(out[0], Complex::new(0.0, -2.0));
//! ```
//!
//! They are computed one element at a time, in `f64` for both types. The error of each part is a
//! few units in the last place; where a part is a difference of nearly equal
//! numbers, it is a few units of the greater part.

mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod power;
mod quotient;
mod root;

use num_complex::Complex;

use crate::isa::{Kernel, dispatch};

pub use exponential::{exp, exp2, expm1};
pub use hyperbolic::{cos, cosh, sin, sinh, tan, tanh};
pub use inverse::{arccos, arccosh, arcsin, arcsinh, arctan, arctanh};
pub use logarithm::{log, log1p, log2, log10};
pub use power::power;
pub use quotient::{divide, reciprocal};
pub use root::{sqrt, square};

/// A complex number.
pub(super) type C = Complex<f64>;

/// `f32` or `f64`, as a part of a complex number.
pub trait Part: Copy + Into<f64> {
    /// The nearest number of this type.
    fn rounded(x: f64) -> Self;
}

impl Part for f64 {
    #[inline(always)]
    fn rounded(x: f64) -> Self {
        x
    }
}

impl Part for f32 {
    #[inline(always)]
    fn rounded(x: f64) -> Self {
        x as f32
    }
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $f:path;)*) => {
        /// A function of one complex argument with a complex result.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ComplexFunction {
            $($(#[$doc])* $variant,)*
        }

        impl ComplexFunction {
            /// All functions.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name, as NumPy has it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            fn each<T: Part>(self, z: &[Complex<T>], out: &mut [Complex<T>]) {
                match self {
                    $(Self::$variant => dispatch(Each { f: $f, z, out }),)*
                }
            }

            /// The function itself.
            #[must_use]
            pub fn of_f64(self) -> fn(C) -> C {
                match self {
                    $(Self::$variant => $f,)*
                }
            }
        }
    };
}

functions! {
    /// The square root with a real part that is not negative.
    Sqrt "sqrt" sqrt;
    /// `z * z`.
    Square "square" square;
    /// `1 / z`.
    Reciprocal "reciprocal" reciprocal;
    /// `e^z`.
    Exp "exp" exp;
    /// `2^z`.
    Exp2 "exp2" exp2;
    /// `e^z - 1`.
    Expm1 "expm1" expm1;
    /// The natural logarithm, of imaginary part -pi to pi.
    Log "log" log;
    /// The logarithm to base 2.
    Log2 "log2" log2;
    /// The logarithm to base 10.
    Log10 "log10" log10;
    /// `ln(1 + z)`.
    Log1p "log1p" log1p;
    /// The sine.
    Sin "sin" sin;
    /// The cosine.
    Cos "cos" cos;
    /// The tangent.
    Tan "tan" tan;
    /// The arc sine.
    Arcsin "arcsin" arcsin;
    /// The arc cosine.
    Arccos "arccos" arccos;
    /// The arc tangent.
    Arctan "arctan" arctan;
    /// The hyperbolic sine.
    Sinh "sinh" sinh;
    /// The hyperbolic cosine.
    Cosh "cosh" cosh;
    /// The hyperbolic tangent.
    Tanh "tanh" tanh;
    /// The inverse hyperbolic sine.
    Arcsinh "arcsinh" arcsinh;
    /// The inverse hyperbolic cosine.
    Arccosh "arccosh" arccosh;
    /// The inverse hyperbolic tangent.
    Arctanh "arctanh" arctanh;
}

#[inline(always)]
fn widen<T: Part>(z: Complex<T>) -> C {
    C::new(z.re.into(), z.im.into())
}

#[inline(always)]
fn narrow<T: Part>(z: C) -> Complex<T> {
    Complex::new(T::rounded(z.re), T::rounded(z.im))
}

/// `out = function(z)`.
///
/// # Panics
/// If the lengths differ.
pub fn unary<T: Part>(function: ComplexFunction, z: &[Complex<T>], out: &mut [Complex<T>]) {
    assert_eq!(z.len(), out.len(), "the operand and the result of a function must have one length");
    match function {
        ComplexFunction::Exp => dispatch(Exponentials { z, out }),
        _ => function.each(z, out),
    }
}

/// `e^z`, some elements side by side where none of them is special.
struct Exponentials<'a, T> {
    z: &'a [Complex<T>],
    out: &'a mut [Complex<T>],
}

/// Elements side by side.
const LANES: usize = 32;

impl<T: Part> Kernel for Exponentials<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (z, out) in self.z.chunks(LANES).zip(self.out.chunks_mut(LANES)) {
            // Lanes without an element are served, too.
            let (mut re, mut im) = ([0.0; LANES], [1.0; LANES]);
            let mut all_served = true;
            for ((z, re), im) in z.iter().zip(&mut re).zip(&mut im) {
                (*re, *im) = (z.re.into(), z.im.into());
                all_served &= exponential::served(widen(*z));
            }
            if !all_served {
                z.iter().zip(out).for_each(|(&z, out)| *out = narrow(exp(widen(z))));
                continue;
            }
            for lane in 0..LANES {
                let exp = exponential::exp_fast(C::new(re[lane], im[lane]));
                (re[lane], im[lane]) = (exp.re, exp.im);
            }
            for ((out, re), im) in out.iter_mut().zip(re).zip(im) {
                *out = narrow(C::new(re, im));
            }
        }
    }
}

/// A function of each element, compiled for each instruction set: a fused multiply-add is a call of
/// the C library in the baseline.
struct Each<'a, T, F> {
    f: F,
    z: &'a [Complex<T>],
    out: &'a mut [Complex<T>],
}

impl<T: Part, F: Fn(C) -> C> Kernel for Each<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (&z, out) in self.z.iter().zip(self.out) {
            *out = narrow((self.f)(widen(z)));
        }
    }
}

/// As [`Each`], of two elements.
struct EachTwo<'a, T, F> {
    f: F,
    z: &'a [Complex<T>],
    w: &'a [Complex<T>],
    out: &'a mut [Complex<T>],
}

impl<T: Part, F: Fn(C, C) -> C> Kernel for EachTwo<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((&z, &w), out) in self.z.iter().zip(self.w).zip(self.out) {
            *out = narrow((self.f)(widen(z), widen(w)));
        }
    }
}

/// `out = z ^ w`.
///
/// # Panics
/// If the lengths differ.
pub fn powers<T: Part>(z: &[Complex<T>], w: &[Complex<T>], out: &mut [Complex<T>]) {
    binary(power, z, w, out);
}

/// `out = z / w`.
///
/// # Panics
/// If the lengths differ.
pub fn quotients<T: Part>(z: &[Complex<T>], w: &[Complex<T>], out: &mut [Complex<T>]) {
    binary(divide, z, w, out);
}

fn binary<T: Part>(f: impl Fn(C, C) -> C, z: &[Complex<T>], w: &[Complex<T>], out: &mut [Complex<T>]) {
    let lengths = (z.len(), w.len());
    assert_eq!(lengths, (out.len(), out.len()), "the operands and the result of a function must have one length");
    dispatch(EachTwo { f, z, w, out });
}

/// `out = |z|`, without overflow.
///
/// # Panics
/// If the lengths differ.
pub fn abs<T: Part>(z: &[Complex<T>], out: &mut [T]) {
    assert_eq!(z.len(), out.len(), "the operand and the result of a function must have one length");
    for (&z, out) in z.iter().zip(out) {
        *out = T::rounded(super::hypot(z.re.into(), z.im.into()));
    }
}
