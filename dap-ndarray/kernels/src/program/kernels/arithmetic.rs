//! Sums, differences, products, and functions of one operand that need no more.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{
    Binary, Body, Strip, binary, find, functions, kernel, operand, over_one, over_three, over_two, target, unary,
};
use crate::program::lower::Code;
use crate::program::op::Op;

functions! { Add Sub Mul Neg Abs Sign Sqrt Reciprocal }

binary! {
    Add(a, b): f32 f64 => a + b;
    Add(a, b): u8 u16 u32 u64 => a.wrapping_add(b);
    Add(a, b): Complex<f32> Complex<f64> => Complex::new(a.re + b.re, a.im + b.im);
    Sub(a, b): f32 f64 => a - b;
    Sub(a, b): u8 u16 u32 u64 => a.wrapping_sub(b);
    Sub(a, b): Complex<f32> Complex<f64> => Complex::new(a.re - b.re, a.im - b.im);
    Mul(a, b): f32 f64 => a * b;
    Mul(a, b): u8 u16 u32 u64 => a.wrapping_mul(b);
}

unary! {
    Neg(a): f32 f64 => -a;
    Neg(a): u8 u16 u32 u64 => a.wrapping_neg();
    Neg(a): Complex<f32> Complex<f64> => Complex::new(-a.re, -a.im);
    Abs(a): f32 f64 => a.abs();
    Abs(a): i8 i16 i32 i64 => a.wrapping_abs();
    Sign(a): f32 f64 => if a > 0.0 { 1.0 } else if a < 0.0 { -1.0 } else { a + 0.0 };
    Sign(a): i8 i16 i32 i64 => a.signum();
    Sign(a): u8 u16 u32 u64 => T::from(a > 0);
    Sqrt(a): f32 f64 => a.sqrt();
    Reciprocal(a): f32 f64 => 1.0 / a;
    Reciprocal(a): i8 i16 i32 i64 => if a == 1 || a == -1 { a } else { 0 };
    Reciprocal(a): u8 u16 u32 u64 => T::from(a == 1);
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! twin {
        ($body:ident<$function:ident>) => {
            find!($body<$function>, element, isa; F32 f32, F64 f64, I8 u8, I16 u16, I32 u32, I64 u64, U8 u8, U16 u16,
                U32 u32, U64 u64)
        };
    }
    macro_rules! each {
        ($function:ident) => {
            find!(OfOne<$function>, element, isa; F32 f32, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16,
                U32 u32, U64 u64)
        };
    }
    macro_rules! complex {
        ($body:ident<$function:ident>) => {
            find!($body<$function>, element, isa; C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match op {
        Op::Add => twin!(OfTwo<Add>).or_else(|| complex!(OfTwo<Add>)),
        Op::Subtract => twin!(OfTwo<Sub>).or_else(|| complex!(OfTwo<Sub>)),
        Op::Multiply => twin!(OfTwo<Mul>),
        Op::Negative => twin!(OfOne<Neg>).or_else(|| complex!(OfOne<Neg>)),
        Op::Abs => find!(OfOne<Abs>, element, isa; F32 f32, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64),
        Op::Sign => each!(Sign),
        Op::Sqrt => find!(OfOne<Sqrt>, element, isa; F32 f32, F64 f64),
        Op::Reciprocal => each!(Reciprocal),
        _ => None,
    }
}

/// `a * b + c`, `a * b - c`, `c - a * b`, with two roundings.
struct Fused<F>(F);

trait ThreeFloats {
    type T: Copy;
    fn apply(a: Self::T, b: Self::T, c: Self::T) -> Self::T;
}

impl<F: ThreeFloats> Body for Fused<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the type of `F`.
        let (out, a) = unsafe { (target::<F::T>(out, n), operand::<F::T>(a, n)) };
        // SAFETY: the same.
        let (b, c) = unsafe { (operand::<F::T>(b, n), operand::<F::T>(c, n)) };
        over_three(out, a, b, c, F::apply);
    }
}

/// The same with a scalar `a`: one value that is read once.
struct Scaled<F>(F);

impl<F: ThreeFloats> Body for Scaled<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the type of `F`; `n` is not 0.
        let (out, a) = unsafe { (target::<F::T>(out, n), operand::<F::T>(a, 1)[0]) };
        // SAFETY: the same.
        let (b, c) = unsafe { (operand::<F::T>(b, n), operand::<F::T>(c, n)) };
        over_two(out, b, c, |b, c| F::apply(a, b, c));
    }
}

/// A function of two elements, the first of which is a scalar.
struct WithScalar<F>(F);

impl<F: Binary> Body for WithScalar<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the types of `F`; `n` is not 0.
        let (out, a, b) = unsafe { (target::<F::R>(out, n), operand::<F::A>(a, 1)[0], operand::<F::A>(b, n)) };
        over_one(out, b, |b| F::apply(a, b));
    }
}

functions! { MulAdd MulSub SubMul }

macro_rules! fused {
    ($($name:ident($a:ident, $b:ident, $c:ident) => $body:expr;)*) => {
        $(fused!(@one $name($a, $b, $c) f32 => $body);
        fused!(@one $name($a, $b, $c) f64 => $body);)*
    };
    (@one $name:ident($a:ident, $b:ident, $c:ident) $type:ty => $body:expr) => {
        impl ThreeFloats for $name<$type> {
            type T = $type;
            #[inline(always)]
            fn apply($a: $type, $b: $type, $c: $type) -> $type {
                $body
            }
        }
    };
}

fused! {
    MulAdd(a, b, c) => a * b + c;
    MulSub(a, b, c) => a * b - c;
    SubMul(a, b, c) => c - a * b;
}

/// Kernels of several operations, and those that read what they overwrite: floats only.
pub(super) fn find_fused(code: Code, element: ElementType, isa: Isa) -> Option<Strip> {
    match (code, element) {
        (Code::MulAdd, ElementType::F32) => Some(kernel::<Fused<MulAdd<f32>>>(isa)),
        (Code::MulAdd, ElementType::F64) => Some(kernel::<Fused<MulAdd<f64>>>(isa)),
        (Code::MulSub, ElementType::F32) => Some(kernel::<Fused<MulSub<f32>>>(isa)),
        (Code::MulSub, ElementType::F64) => Some(kernel::<Fused<MulSub<f64>>>(isa)),
        (Code::SubMul, ElementType::F32) => Some(kernel::<Fused<SubMul<f32>>>(isa)),
        (Code::SubMul, ElementType::F64) => Some(kernel::<Fused<SubMul<f64>>>(isa)),
        (Code::Accumulate(Op::Add), _) => find!(InPlace<Add>, element, isa; F32 f32, F64 f64),
        (Code::Accumulate(Op::Subtract), _) => find!(InPlace<Sub>, element, isa; F32 f32, F64 f64),
        (Code::Accumulate(Op::Multiply), _) => find!(InPlace<Mul>, element, isa; F32 f32, F64 f64),
        _ => None,
    }
}

/// Kernels whose first operand is a scalar: floats only.
pub(super) fn find_scaled(code: Code, element: ElementType, isa: Isa) -> Option<Strip> {
    match (code, element) {
        (Code::ScaleAdd, ElementType::F32) => Some(kernel::<Scaled<MulAdd<f32>>>(isa)),
        (Code::ScaleAdd, ElementType::F64) => Some(kernel::<Scaled<MulAdd<f64>>>(isa)),
        (Code::ScaleSub, ElementType::F32) => Some(kernel::<Scaled<MulSub<f32>>>(isa)),
        (Code::ScaleSub, ElementType::F64) => Some(kernel::<Scaled<MulSub<f64>>>(isa)),
        (Code::SubScale, ElementType::F32) => Some(kernel::<Scaled<SubMul<f32>>>(isa)),
        (Code::SubScale, ElementType::F64) => Some(kernel::<Scaled<SubMul<f64>>>(isa)),
        (Code::WithScalar(Op::Add), ElementType::F32) => Some(kernel::<WithScalar<Add<f32>>>(isa)),
        (Code::WithScalar(Op::Add), ElementType::F64) => Some(kernel::<WithScalar<Add<f64>>>(isa)),
        (Code::WithScalar(Op::Multiply), ElementType::F32) => Some(kernel::<WithScalar<Mul<f32>>>(isa)),
        (Code::WithScalar(Op::Multiply), ElementType::F64) => Some(kernel::<WithScalar<Mul<f64>>>(isa)),
        _ => None,
    }
}
