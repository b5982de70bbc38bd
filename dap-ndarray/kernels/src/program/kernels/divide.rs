//! Quotients and remainders, which never trap, and integer powers.

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find, find_scalar, functions};
use crate::program::op::Op;

functions! { Divide FloorDivide Remainder Fmod Power }

binary! {
    Divide(a, b): f32 f64 => a / b;
    // Division by zero is 0; `MIN / -1` wraps to `MIN`.
    FloorDivide(a, b): i8 i16 i32 i64 => match b {
        0 => 0,
        _ => {
            let quotient = a.wrapping_div(b);
            let rest = a.wrapping_rem(b);
            quotient.wrapping_sub(T::from(rest != 0 && (rest < 0) != (b < 0)))
        }
    };
    FloorDivide(a, b): u8 u16 u32 u64 => a.checked_div(b).unwrap_or(0);
    // The sign of the divisor.
    Remainder(a, b): i8 i16 i32 i64 => match b {
        0 => 0,
        _ => {
            let rest = a.wrapping_rem(b);
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
    };
    Remainder(a, b): u8 u16 u32 u64 => a.checked_rem(b).unwrap_or(0);
    // The sign of the dividend.
    Fmod(a, b): i8 i16 i32 i64 => if b == 0 { 0 } else { a.wrapping_rem(b) };
    Power(a, b): i8 i16 i32 i64 => match b {
        // The integer part of `1 / a^-b`; 0 for `a = 0`, whose power does not exist.
        ..0 => match a {
            1 => 1,
            -1 => if b % 2 == 0 { 1 } else { -1 },
            _ => 0,
        },
        _ => power!(a, b),
    };
    Power(a, b): u8 u16 u32 u64 => power!(a, b);
}

/// By squaring; wraps.
macro_rules! power {
    ($base:expr, $exponent:expr) => {{
        let (mut base, mut exponent, mut power): (T, T, T) = ($base, $exponent, 1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = power.wrapping_mul(base);
            }
            base = base.wrapping_mul(base);
            exponent >>= 1;
        }
        power
    }};
}
use power;

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! integers {
        ($function:ident) => {
            find_scalar!(OfTwo<$function>, element; I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64)
        };
    }
    match op {
        Op::Divide => find!(OfTwo<Divide>, element, isa; F32 f32, F64 f64),
        Op::FloorDivide => integers!(FloorDivide),
        Op::Remainder => integers!(Remainder),
        Op::Fmod => find_scalar!(OfTwo<Fmod>, element; I8 i8, I16 i16, I32 i32, I64 i64)
            .or_else(|| find(Op::Remainder, element, isa).filter(|_| element.is_integer())),
        Op::Power => integers!(Power),
        _ => None,
    }
}
