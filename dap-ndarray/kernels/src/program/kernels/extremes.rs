//! `maximum` and `minimum`: NaN if one operand is NaN; complex numbers by real, then imaginary
//! part.

use num_complex::Complex;

use super::compare::Ordered;
use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find, functions};
use crate::program::op::Op;

functions! { Maximum Minimum }

binary! {
    // Of 0 and -0 the first operand, hence equal bits from each instruction set.
    Maximum(a, b): f32 f64 => if a >= b || a.is_nan() { a } else { b };
    Minimum(a, b): f32 f64 => if a <= b || a.is_nan() { a } else { b };
    Maximum(a, b): i8 i16 i32 i64 u8 u16 u32 u64 => if a >= b { a } else { b };
    Minimum(a, b): i8 i16 i32 i64 u8 u16 u32 u64 => if a <= b { a } else { b };
    Maximum(a, b): Complex<f32> Complex<f64> => if !a.has_nan() && (b.has_nan() || a.less_equal(b)) { b } else { a };
    Minimum(a, b): Complex<f32> Complex<f64> => if !a.has_nan() && (b.has_nan() || b.less_equal(a)) { b } else { a };
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! all {
        ($function:ident) => {
            find!(OfTwo<$function>, element, isa; F32 f32, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16,
                U32 u32, U64 u64, C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match op {
        Op::Maximum => all!(Maximum),
        Op::Minimum => all!(Minimum),
        _ => None,
    }
}
