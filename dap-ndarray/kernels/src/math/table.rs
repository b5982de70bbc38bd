//! The functions by name: which formula, for which type, with which slow form.
//!
//! A function for `f32` is computed in `f64` and rounded, so it is right to within a hair of half a
//! unit in the last place; `native` functions are exact or one instruction, in each type.

use super::slices::{Binary, Unary, over_one, over_two};
use super::{
    addition, error_function, exp, hyperbolic, inverse_trigonometric, log, neighbour, power, remainder, root,
    trigonometric,
};
use crate::isa::Isa;

/// `f64` or `f32`.
pub trait Float: Copy + Default + private::Sealed {
    #[doc(hidden)]
    fn unary(isa: Isa, function: Function, x: &[Self], out: &mut [Self]);
    #[doc(hidden)]
    fn binary(isa: Isa, function: Function2, x: &[Self], y: &[Self], out: &mut [Self]);
}

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// The implementations for a formula in `f64` that holds for all arguments.
macro_rules! total {
    ($($marker:ident = $f:path;)*) => {$(
        impl Unary<f64> for $marker {
            #[inline(always)]
            fn fast(x: f64) -> f64 {
                $f(x)
            }
        }
        impl Unary<f32> for $marker {
            #[inline(always)]
            fn fast(x: f32) -> f32 {
                $f(f64::from(x)) as f32
            }
        }
    )*};
}

/// As `total`, with a slow form for some arguments.
macro_rules! partial {
    ($($marker:ident = $fast:path, $served:path, $slow:path;)*) => {$(
        impl Unary<f64> for $marker {
            #[inline(always)]
            fn fast(x: f64) -> f64 {
                $fast(x)
            }
            #[inline(always)]
            fn served(x: f64) -> bool {
                $served(x)
            }
            fn slow(x: f64) -> f64 {
                $slow(x)
            }
        }
        impl Unary<f32> for $marker {
            #[inline(always)]
            fn fast(x: f32) -> f32 {
                $fast(f64::from(x)) as f32
            }
            #[inline(always)]
            fn served(x: f32) -> bool {
                $served(f64::from(x))
            }
            fn slow(x: f32) -> f32 {
                $slow(f64::from(x)) as f32
            }
        }
    )*};
}

/// The implementations for a body that is the same in both types.
macro_rules! native {
    ($($marker:ident = |$x:ident| $body:expr;)*) => {$(
        native! { @impl $marker, f64, $x, $body }
        native! { @impl $marker, f32, $x, $body }
    )*};
    (@impl $marker:ident, $type:ty, $x:ident, $body:expr) => {
        impl Unary<$type> for $marker {
            #[inline(always)]
            fn fast($x: $type) -> $type {
                $body
            }
        }
    };
}

/// The implementations of a function of two arguments, from its parts in `f64`.
macro_rules! partial2 {
    ($($marker:ident = $fast:expr, $served:expr, $slow:expr;)*) => {$(
        impl Binary<f64> for $marker {
            #[inline(always)]
            fn fast(x: f64, y: f64) -> f64 {
                $fast(x, y)
            }
            #[inline(always)]
            fn served(x: f64, y: f64) -> bool {
                $served(x, y)
            }
            fn slow(x: f64, y: f64) -> f64 {
                $slow(x, y)
            }
        }
        impl Binary<f32> for $marker {
            #[inline(always)]
            fn fast(x: f32, y: f32) -> f32 {
                $fast(f64::from(x), f64::from(y)) as f32
            }
            #[inline(always)]
            fn served(x: f32, y: f32) -> bool {
                $served(f64::from(x), f64::from(y))
            }
            fn slow(x: f32, y: f32) -> f32 {
                $slow(f64::from(x), f64::from(y)) as f32
            }
        }
    )*};
}

/// The enumeration of the functions of one argment count, their names, and the call of each.
macro_rules! functions {
    ($(#[$doc:meta])* $enum:ident, $($(#[$variant_doc:meta])* $variant:ident $name:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $enum {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $enum {
            /// All functions.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name, as NumPy has it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        $(struct $variant;)*
    };
}

functions! {
    /// A function of one real argument.
    Function,
    /// The square root.
    Sqrt "sqrt";
    /// The cube root.
    Cbrt "cbrt";
    /// `x * x`.
    Square "square";
    /// `1 / x`.
    Reciprocal "reciprocal";
    /// `e^x`.
    Exp "exp";
    /// `2^x`.
    Exp2 "exp2";
    /// `e^x - 1`.
    Expm1 "expm1";
    /// The natural logarithm.
    Log "log";
    /// The logarithm to base 2.
    Log2 "log2";
    /// The logarithm to base 10.
    Log10 "log10";
    /// `ln(1 + x)`.
    Log1p "log1p";
    /// The sine.
    Sin "sin";
    /// The cosine.
    Cos "cos";
    /// The tangent.
    Tan "tan";
    /// The arc sine.
    Arcsin "arcsin";
    /// The arc cosine.
    Arccos "arccos";
    /// The arc tangent.
    Arctan "arctan";
    /// The hyperbolic sine.
    Sinh "sinh";
    /// The hyperbolic cosine.
    Cosh "cosh";
    /// The hyperbolic tangent.
    Tanh "tanh";
    /// The inverse hyperbolic sine.
    Arcsinh "arcsinh";
    /// The inverse hyperbolic cosine.
    Arccosh "arccosh";
    /// The inverse hyperbolic tangent.
    Arctanh "arctanh";
    /// The error function.
    Erf "erf";
    /// The complementary error function.
    Erfc "erfc";
    /// The greatest integer that is not above.
    Floor "floor";
    /// The least integer that is not below.
    Ceil "ceil";
    /// The integer part.
    Trunc "trunc";
    /// The nearest integer; halves go to the even one.
    Round "round";
}

functions! {
    /// A function of two real arguments.
    Function2,
    /// `x` to the power `y`.
    Power "power";
    /// The angle of the point with the coordinates `(y, x)`, in this order: `x1` is the ordinate.
    Arctan2 "arctan2";
    /// `sqrt(x^2 + y^2)` without overflow.
    Hypot "hypot";
    /// `ln(e^x + e^y)` without overflow.
    Logaddexp "logaddexp";
    /// The remainder with the sign of `x`.
    Fmod "fmod";
    /// The remainder with the sign of `y`, as Python's `%`.
    Remainder "remainder";
    /// The floor of the quotient, as Python's `//`.
    FloorDivide "floor_divide";
    /// The magnitude of `x` with the sign of `y`.
    Copysign "copysign";
    /// The number next to `x` on the way to `y`.
    Nextafter "nextafter";
}

total! {
    Cbrt = root::cbrt;
    Exp = exp::exp;
    Exp2 = exp::exp2;
    Expm1 = exp::expm1;
    Log2 = log::log2;
    Log10 = log::log10;
    Log1p = log::log1p;
    Arcsin = inverse_trigonometric::arcsin;
    Arccos = inverse_trigonometric::arccos;
    Arctan = inverse_trigonometric::arctan;
    Sinh = hyperbolic::sinh;
    Cosh = hyperbolic::cosh;
    Tanh = hyperbolic::tanh;
    Arcsinh = hyperbolic::arcsinh;
    Arccosh = hyperbolic::arccosh;
    Arctanh = hyperbolic::arctanh;
    Erf = error_function::erf;
    Erfc = error_function::erfc;
}

partial! {
    Log = log::log_fast, log::is_positive_normal, log::log_any;
    Sin = trigonometric::sin_fast, trigonometric::served, trigonometric::sin_large;
    Cos = trigonometric::cos_fast, trigonometric::served, trigonometric::cos_large;
    Tan = trigonometric::tan_fast, trigonometric::served, trigonometric::tan_large;
}

native! {
    Sqrt = |x| x.sqrt();
    Square = |x| x * x;
    Reciprocal = |x| 1.0 / x;
    Floor = |x| x.floor();
    Ceil = |x| x.ceil();
    Trunc = |x| x.trunc();
    Round = |x| x.round_ties_even();
}

partial2! {
    Power = power::power_fast, power::served, power::power_special;
    Arctan2 = inverse_trigonometric::arctan2_fast, inverse_trigonometric::served, inverse_trigonometric::arctan2_special;
    Hypot = root::hypot, |_, _| true, root::hypot;
    Logaddexp = addition::logaddexp, |_, _| true, addition::logaddexp;
    Fmod = remainder::fmod_fast, remainder::served, remainder::fmod_exact;
}

/// Functions of two arguments with a body for each type.
macro_rules! by_type {
    ($($type:ident, $next:path;)*) => {$(
        impl Binary<$type> for Remainder {
            #[inline(always)]
            fn fast(x: $type, y: $type) -> $type {
                remainder::$type::remainder_of(<Fmod as Binary<$type>>::fast(x, y), y)
            }
            #[inline(always)]
            fn served(x: $type, y: $type) -> bool {
                <Fmod as Binary<$type>>::served(x, y)
            }
            fn slow(x: $type, y: $type) -> $type {
                remainder::$type::remainder_of(<Fmod as Binary<$type>>::slow(x, y), y)
            }
        }
        impl Binary<$type> for FloorDivide {
            #[inline(always)]
            fn fast(x: $type, y: $type) -> $type {
                remainder::$type::floor_divide_of(<Fmod as Binary<$type>>::fast(x, y), x, y)
            }
            #[inline(always)]
            fn served(x: $type, y: $type) -> bool {
                <Fmod as Binary<$type>>::served(x, y)
            }
            fn slow(x: $type, y: $type) -> $type {
                remainder::$type::floor_divide_of(<Fmod as Binary<$type>>::slow(x, y), x, y)
            }
        }
        impl Binary<$type> for Copysign {
            #[inline(always)]
            fn fast(x: $type, y: $type) -> $type {
                x.copysign(y)
            }
        }
        impl Binary<$type> for Nextafter {
            #[inline(always)]
            fn fast(x: $type, y: $type) -> $type {
                $next(x, y)
            }
        }
    )*};
}

by_type! {
    f64, neighbour::nextafter;
    f32, neighbour::nextafter_f32;
}

macro_rules! float {
    ($type:ident, [$($unary:ident)*], [$($binary:ident)*]) => {
        impl Float for $type {
            fn unary(isa: Isa, function: Function, x: &[Self], out: &mut [Self]) {
                match function {
                    $(Function::$unary => over_one::<$unary, Self>(isa, x, out),)*
                }
            }

            fn binary(isa: Isa, function: Function2, x: &[Self], y: &[Self], out: &mut [Self]) {
                match function {
                    $(Function2::$binary => over_two::<$binary, Self>(isa, x, y, out),)*
                }
            }
        }
    };
    ($($type:ident)*) => {$(
        float! {
            $type,
            [Sqrt Cbrt Square Reciprocal Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan
             Sinh Cosh Tanh Arcsinh Arccosh Arctanh Erf Erfc Floor Ceil Trunc Round],
            [Power Arctan2 Hypot Logaddexp Fmod Remainder FloorDivide Copysign Nextafter]
        }
    )*};
}

float! { f64 f32 }
