//! Functions that take more than a few instructions: exponentials, logarithms, angles, remainders
//! and powers of floats, sizes of complex numbers.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find_scalar, functions, unary};
use crate::program::op::Op;

functions! {
    Cbrt Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan Sinh Cosh Tanh Arcsinh Arccosh Arctanh
    Abs Sign FloorDivide Remainder Fmod Power Arctan2 Hypot Logaddexp
}

unary! {
    Cbrt(a): f32 f64 => a.cbrt();
    Exp(a): f32 f64 => a.exp();
    Exp2(a): f32 f64 => a.exp2();
    Expm1(a): f32 f64 => a.exp_m1();
    Log(a): f32 f64 => a.ln();
    Log2(a): f32 f64 => a.log2();
    Log10(a): f32 f64 => a.log10();
    Log1p(a): f32 f64 => a.ln_1p();
    Sin(a): f32 f64 => a.sin();
    Cos(a): f32 f64 => a.cos();
    Tan(a): f32 f64 => a.tan();
    Arcsin(a): f32 f64 => a.asin();
    Arccos(a): f32 f64 => a.acos();
    Arctan(a): f32 f64 => a.atan();
    Sinh(a): f32 f64 => a.sinh();
    Cosh(a): f32 f64 => a.cosh();
    Tanh(a): f32 f64 => a.tanh();
    Arcsinh(a): f32 f64 => a.asinh();
    Arccosh(a): f32 f64 => a.acosh();
    Arctanh(a): f32 f64 => a.atanh();
    Abs(a) -> f32: Complex<f32> => a.re.hypot(a.im);
    Abs(a) -> f64: Complex<f64> => a.re.hypot(a.im);
    Sign(a): Complex<f32> Complex<f64> => {
        let size = a.re.hypot(a.im);
        if size == 0.0 { a } else { Complex::new(a.re / size, a.im / size) }
    };
}

binary! {
    Fmod(a, b): f32 f64 => a % b;
    // NumPy's: the sign of the divisor, also of a zero.
    Remainder(a, b): f32 f64 => {
        let rest = a % b;
        if b == 0.0 {
            rest
        } else if rest == 0.0 {
            T::copysign(0.0, b)
        } else if (rest < 0.0) != (b < 0.0) {
            rest + b
        } else {
            rest
        }
    };
    // NumPy's: the quotient of the exact remainder, to the nearest integer.
    FloorDivide(a, b): f32 f64 => {
        let rest = a % b;
        if b == 0.0 {
            a / b
        } else {
            let down = rest != 0.0 && (rest < 0.0) != (b < 0.0);
            let quotient = (a - rest) / b - if down { 1.0 } else { 0.0 };
            if quotient == 0.0 {
                T::copysign(0.0, a / b)
            } else {
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }
        }
    };
    Power(a, b): f32 f64 => a.powf(b);
    Arctan2(a, b): f32 f64 => a.atan2(b);
    Hypot(a, b): f32 f64 => a.hypot(b);
    Logaddexp(a, b): f32 f64 => {
        let (greater, lesser) = if a > b { (a, b) } else { (b, a) };
        if a.is_nan() || b.is_nan() {
            T::NAN
        } else if greater.is_infinite() {
            greater
        } else {
            greater + (lesser - greater).exp().ln_1p()
        }
    };
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    let _ = isa;
    macro_rules! table {
        ($($body:ident: $($name:ident)+;)*) => {
            match op {
                $($(Op::$name => find_scalar!($body<$name>, element; F32 f32, F64 f64),)+)*
                _ => None,
            }
        };
    }
    match op {
        Op::Abs => find_scalar!(OfOne<Abs>, element; C64 Complex<f32>, C128 Complex<f64>),
        Op::Sign => find_scalar!(OfOne<Sign>, element; C64 Complex<f32>, C128 Complex<f64>),
        _ => table! {
            OfOne: Cbrt Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan Sinh Cosh Tanh Arcsinh
                Arccosh Arctanh;
            OfTwo: FloorDivide Remainder Fmod Power Arctan2 Hypot Logaddexp;
        },
    }
}
