//! `maximum` and `minimum`: NaN if one operand is NaN; complex numbers by real, then imaginary
//! part.

use num_complex::Complex;

use super::compare::Ordered;
use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find_ordered, functions};
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
    match op {
        Op::Maximum => find_ordered!(Maximum, element, isa),
        Op::Minimum => find_ordered!(Minimum, element, isa),
        _ => None,
    }
}
