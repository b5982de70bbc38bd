//! Questions about one element: 1 or 0.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, find, functions, unary};
use crate::program::op::Op;

functions! { Isnan Isinf Isfinite Signbit }

unary! {
    Isnan(a) -> u8: f32 f64 => u8::from(a.is_nan());
    Isnan(a) -> u8: Complex<f32> Complex<f64> => u8::from(a.re.is_nan() | a.im.is_nan());
    Isinf(a) -> u8: f32 f64 => u8::from(a.abs() == T::INFINITY);
    Isinf(a) -> u8: Complex<f32> Complex<f64> => u8::from(a.re.is_infinite() | a.im.is_infinite());
    Isfinite(a) -> u8: f32 f64 => u8::from(a.abs() < T::INFINITY);
    Isfinite(a) -> u8: Complex<f32> Complex<f64> => u8::from(a.re.is_finite() & a.im.is_finite());
    Signbit(a) -> u8: f32 f64 => u8::from(a.is_sign_negative());
    Signbit(a) -> u8: i8 i16 i32 i64 => u8::from(a < 0);
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! inexact {
        ($function:ident) => {
            find!(OfOne<$function>, element, isa; F32 f32, F64 f64, C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match op {
        Op::Isnan => inexact!(Isnan),
        Op::Isinf => inexact!(Isinf),
        Op::Isfinite => inexact!(Isfinite),
        Op::Signbit => {
            find!(OfOne<Signbit>, element, isa; F32 f32, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64)
        }
        _ => None,
    }
}
