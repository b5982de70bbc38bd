//! Conversions that take one step; [`lower`](crate::program::lower) makes the others of several.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{OfOne, Strip, Unary, find, kernel};

/// A conversion from `A` to `R`, as Rust's `as`: integers wrap, floats saturate, NaN gives 0.
struct As<A, R>(std::marker::PhantomData<(A, R)>);

macro_rules! casts {
    ($($from:ty => $($to:ty)+;)*) => {
        $($(
            impl Unary for As<$from, $to> {
                type A = $from;
                type R = $to;
                #[inline(always)]
                fn apply(a: $from) -> $to {
                    a as $to
                }
            }
        )+)*
    };
}

casts! {
    u16 => u8 f32 f64 u32 u64;
    u32 => u8 u16 f32 f64 u64;
    u64 => u8 u16 u32 f32 f64;
    u8 => u16 u32 u64 f32 f64;
    i8 => u16 u32 u64 f32 f64;
    i16 => u32 u64 f32 f64;
    i32 => u64 f32 f64;
    i64 => f32 f64;
    f32 => i8 i16 i32 i64 u8 u16 u32 u64 f64;
    f64 => i8 i16 i32 i64 u8 u16 u32 u64 f32;
}

macro_rules! complex {
    ($($part:ty => $to:ty),*) => {$(
        impl Unary for As<$part, Complex<$to>> {
            type A = $part;
            type R = Complex<$to>;
            #[inline(always)]
            fn apply(a: $part) -> Complex<$to> {
                Complex::new(a as $to, 0.0)
            }
        }

        impl Unary for As<Complex<$part>, Complex<$to>> {
            type A = Complex<$part>;
            type R = Complex<$to>;
            #[inline(always)]
            fn apply(a: Complex<$part>) -> Complex<$to> {
                Complex::new(a.re as $to, a.im as $to)
            }
        }
    )*};
}

complex! { f32 => f32, f32 => f64, f64 => f32, f64 => f64 }

/// Whether an element is not 0; NaN is not.
struct NonZero<A>(std::marker::PhantomData<A>);
/// 1 for a bool that is true, as a number.
struct OfBool<R>(std::marker::PhantomData<R>);

macro_rules! truth {
    ($($type:ty, $zero:expr, $one:expr;)*) => {$(
        impl Unary for NonZero<$type> {
            type A = $type;
            type R = u8;
            #[inline(always)]
            fn apply(a: $type) -> u8 {
                u8::from(a != $zero)
            }
        }

        impl Unary for OfBool<$type> {
            type A = u8;
            type R = $type;
            #[inline(always)]
            fn apply(a: u8) -> $type {
                if a != 0 { $one } else { $zero }
            }
        }
    )*};
}

truth! {
    u8, 0, 1;
    u16, 0, 1;
    u32, 0, 1;
    u64, 0, 1;
    f32, 0.0, 1.0;
    f64, 0.0, 1.0;
    Complex<f32>, Complex::new(0.0, 0.0), Complex::new(1.0, 0.0);
    Complex<f64>, Complex::new(0.0, 0.0), Complex::new(1.0, 0.0);
}

/// The kernel from one type to another; `None` if there is none in one step.
pub(super) fn find(from: ElementType, to: ElementType, isa: Isa) -> Option<Strip> {
    use ElementType::*;
    macro_rules! all {
        ($function:ident, $element:expr) => {
            find!(OfOne<$function>, $element, isa; I8 u8, I16 u16, I32 u32, I64 u64, U8 u8, U16 u16, U32 u32, U64 u64,
                F32 f32, F64 f64, C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    macro_rules! table {
        ($([$($a:ident $b:ident),+] $type:ty => $to:ty;)*) => {
            match (from, to) {
                $($(($a, $b))|+ => Some(kernel::<OfOne<As<$type, $to>>>(isa)),)*
                _ => None,
            }
        };
    }
    match (from, to) {
        (_, Bool) => all!(NonZero, from),
        (Bool, _) => all!(OfBool, to),
        _ if from.is_integer() && to.is_integer() && from.size() == to.size() => super::select::copy(from, isa),
        _ => table! {
            [I16 I8, I16 U8, U16 I8, U16 U8] u16 => u8;
            [I32 I8, I32 U8, U32 I8, U32 U8] u32 => u8;
            [I32 I16, I32 U16, U32 I16, U32 U16] u32 => u16;
            [I64 I8, I64 U8, U64 I8, U64 U8] u64 => u8;
            [I64 I16, I64 U16, U64 I16, U64 U16] u64 => u16;
            [I64 I32, I64 U32, U64 I32, U64 U32] u64 => u32;
            [I8 I16, I8 U16] i8 => u16;
            [I8 I32, I8 U32] i8 => u32;
            [I8 I64, I8 U64] i8 => u64;
            [U8 I16, U8 U16] u8 => u16;
            [U8 I32, U8 U32] u8 => u32;
            [U8 I64, U8 U64] u8 => u64;
            [I16 I32, I16 U32] i16 => u32;
            [I16 I64, I16 U64] i16 => u64;
            [U16 I32, U16 U32] u16 => u32;
            [U16 I64, U16 U64] u16 => u64;
            [I32 I64, I32 U64] i32 => u64;
            [U32 I64, U32 U64] u32 => u64;
            [I8 F32] i8 => f32;
            [I8 F64] i8 => f64;
            [I16 F32] i16 => f32;
            [I16 F64] i16 => f64;
            [I32 F32] i32 => f32;
            [I32 F64] i32 => f64;
            [I64 F32] i64 => f32;
            [I64 F64] i64 => f64;
            [U8 F32] u8 => f32;
            [U8 F64] u8 => f64;
            [U16 F32] u16 => f32;
            [U16 F64] u16 => f64;
            [U32 F32] u32 => f32;
            [U32 F64] u32 => f64;
            [U64 F32] u64 => f32;
            [U64 F64] u64 => f64;
            [F32 I8] f32 => i8;
            [F32 I16] f32 => i16;
            [F32 I32] f32 => i32;
            [F32 I64] f32 => i64;
            [F32 U8] f32 => u8;
            [F32 U16] f32 => u16;
            [F32 U32] f32 => u32;
            [F32 U64] f32 => u64;
            [F32 F64] f32 => f64;
            [F64 I8] f64 => i8;
            [F64 I16] f64 => i16;
            [F64 I32] f64 => i32;
            [F64 I64] f64 => i64;
            [F64 U8] f64 => u8;
            [F64 U16] f64 => u16;
            [F64 U32] f64 => u32;
            [F64 U64] f64 => u64;
            [F64 F32] f64 => f32;
            [F32 C64] f32 => Complex<f32>;
            [F32 C128] f32 => Complex<f64>;
            [F64 C64] f64 => Complex<f32>;
            [F64 C128] f64 => Complex<f64>;
            [C64 C128] Complex<f32> => Complex<f64>;
            [C128 C64] Complex<f64> => Complex<f32>;
        },
    }
}
