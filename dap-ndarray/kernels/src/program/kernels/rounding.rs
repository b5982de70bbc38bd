//! Rounding to integers, and neighbours and signs of floats.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find, functions, unary};
use crate::program::op::Op;

functions! { Floor Ceil Trunc Round Copysign Nextafter }

unary! {
    Floor(a): f32 f64 => a.floor();
    Ceil(a): f32 f64 => a.ceil();
    Trunc(a): f32 f64 => a.trunc();
    Round(a): f32 f64 => a.round_ties_even();
    Round(a): Complex<f32> Complex<f64> => Complex::new(a.re.round_ties_even(), a.im.round_ties_even());
}

binary! {
    Copysign(a, b): f32 f64 => a.copysign(b);
    Nextafter(a, b): f32 f64 => if a.is_nan() || b.is_nan() {
        T::NAN
    } else if a == b {
        b
    } else if a < b {
        a.next_up()
    } else {
        a.next_down()
    };
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    match op {
        Op::Floor => find!(OfOne<Floor>, element, isa; F32 f32, F64 f64),
        Op::Ceil => find!(OfOne<Ceil>, element, isa; F32 f32, F64 f64),
        Op::Trunc => find!(OfOne<Trunc>, element, isa; F32 f32, F64 f64),
        Op::Round => find!(OfOne<Round>, element, isa; F32 f32, F64 f64, C64 Complex<f32>, C128 Complex<f64>),
        Op::Copysign => find!(OfTwo<Copysign>, element, isa; F32 f32, F64 f64),
        Op::Nextafter => find!(OfTwo<Nextafter>, element, isa; F32 f32, F64 f64),
        _ => None,
    }
}
