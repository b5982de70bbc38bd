//! Functions that take more than a few instructions: those of [`math`](crate::math) on floats, and
//! those of [`math::complex`] on complex numbers.

use std::marker::PhantomData;

use num_complex::Complex;

use crate::element::ElementType::{self, C64, C128, F32, F64};
use crate::isa::Isa;
use crate::math::complex::{ComplexFunction, Part, powers, quotients};
use crate::math::{self, Float, Function, Function2};
use crate::program::kernel::{Body, Strip, find_scalar, functions, kernel, operand, scalar_kernel, target, unary};
use crate::program::op::Op;

/// A function of one operand: the number of a [`Function`] in its list.
struct One<T, const NUMBER: usize>(PhantomData<T>);
/// A function of two operands: the number of a [`Function2`] in its list.
struct Two<T, const NUMBER: usize>(PhantomData<T>);

impl<T: Float, const NUMBER: usize> Body for One<T, NUMBER> {
    #[inline(always)]
    unsafe fn run(isa: Isa, out: *mut u8, a: *const u8, _: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`: `f32` or `f64`.
        let (out, a) = unsafe { (target::<T>(out, n), operand::<T>(a, n)) };
        math::unary_with(isa, Function::ALL[NUMBER], a, out);
    }
}

impl<T: Float, const NUMBER: usize> Body for Two<T, NUMBER> {
    #[inline(always)]
    unsafe fn run(isa: Isa, out: *mut u8, a: *const u8, b: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`: `f32` or `f64`.
        let (out, a, b) = unsafe { (target::<T>(out, n), operand::<T>(a, n), operand::<T>(b, n)) };
        math::binary_with(isa, Function2::ALL[NUMBER], a, b, out);
    }
}

/// A function of one complex operand: the number of a [`ComplexFunction`] in its list.
struct OneComplex<T, const NUMBER: usize>(PhantomData<T>);

impl<T: Part, const NUMBER: usize> Body for OneComplex<T, NUMBER> {
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, _: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`: complex numbers of `T`.
        let (out, a) = unsafe { (target::<Complex<T>>(out, n), operand::<Complex<T>>(a, n)) };
        math::complex::unary(ComplexFunction::ALL[NUMBER], a, out);
    }
}

/// Functions of two complex operands.
struct Quotient<T>(PhantomData<T>);
struct Powers<T>(PhantomData<T>);

macro_rules! two_complex {
    ($($name:ident $function:ident;)+) => {$(
        impl<T: Part> Body for $name<T> {
            unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, _: *const u8, n: usize) {
                // SAFETY: the contract of `Strip`: complex numbers of `T`.
                let (out, a) = unsafe { (target::<Complex<T>>(out, n), operand::<Complex<T>>(a, n)) };
                // SAFETY: the same.
                $function(a, unsafe { operand::<Complex<T>>(b, n) }, out);
            }
        }
    )+};
}

two_complex! {
    Quotient quotients;
    Powers powers;
}

functions! { Abs Sign }

unary! {
    Abs(a) -> f32: Complex<f32> => math::hypot(a.re.into(), a.im.into()) as f32;
    Abs(a) -> f64: Complex<f64> => math::hypot(a.re, a.im);
    Sign(a): Complex<f32> Complex<f64> => {
        let size = Abs::<T>::apply(a);
        if size == 0.0 { a } else { Complex::new(a.re / size, a.im / size) }
    };
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! table {
        ($($body:ident $list:ident: $($name:ident)+;)*) => {
            match (op, element) {
                (Op::Abs, _) => find_scalar!(OfOne<Abs>, element; C64 Complex<f32>, C128 Complex<f64>),
                (Op::Sign, _) => find_scalar!(OfOne<Sign>, element; C64 Complex<f32>, C128 Complex<f64>),
                $($(
                    (Op::$name, F32) => Some(kernel::<$body<f32, { $list::$name as usize }>>(isa)),
                    (Op::$name, F64) => Some(kernel::<$body<f64, { $list::$name as usize }>>(isa)),
                )+)*
                _ => find_complex(op, element),
            }
        };
    }
    table! {
        One Function: Cbrt Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan Sinh Cosh Tanh Arcsinh
            Arccosh Arctanh Erf;
        Two Function2: FloorDivide Remainder Fmod Power Arctan2 Hypot Logaddexp;
    }
}

fn find_complex(op: Op, element: ElementType) -> Option<Strip> {
    macro_rules! table {
        ($($name:ident)+) => {
            match (op, element) {
                (Op::Divide, C64) => Some(scalar_kernel::<Quotient<f32>>()),
                (Op::Divide, C128) => Some(scalar_kernel::<Quotient<f64>>()),
                (Op::Power, C64) => Some(scalar_kernel::<Powers<f32>>()),
                (Op::Power, C128) => Some(scalar_kernel::<Powers<f64>>()),
                $(
                    (Op::$name, C64) => Some(scalar_kernel::<OneComplex<f32, { ComplexFunction::$name as usize }>>()),
                    (Op::$name, C128) => Some(scalar_kernel::<OneComplex<f64, { ComplexFunction::$name as usize }>>()),
                )+
                _ => None,
            }
        };
    }
    table! {
        Sqrt Reciprocal Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan Sinh Cosh Tanh Arcsinh
            Arccosh Arctanh
    }
}
