//! Logic on bools and bits on integers; shifts, also beyond the width.

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find, functions, unary};
use crate::program::op::Op;

functions! { And Or Xor Not LogicalAnd LogicalOr LogicalXor LogicalNot Left Right }

binary! {
    And(a, b): u8 u16 u32 u64 => a & b;
    Or(a, b): u8 u16 u32 u64 => a | b;
    Xor(a, b): u8 u16 u32 u64 => a ^ b;
    LogicalAnd(a, b): u8 => u8::from((a != 0) & (b != 0));
    LogicalOr(a, b): u8 => u8::from((a | b) != 0);
    LogicalXor(a, b): u8 => u8::from((a != 0) != (b != 0));
    // A negative number of bits is a large one without sign. The mask keeps the shift itself
    // defined, and one instruction.
    Left(a, b): u8 u16 u32 u64 => if b < T::BITS as T { a << (b & (T::BITS - 1) as T) } else { 0 };
    Right(a, b): u8 u16 u32 u64 => if b < T::BITS as T { a >> (b & (T::BITS - 1) as T) } else { 0 };
    Right(a, b): i8 i16 i32 i64 => {
        let beyond = !(0..T::BITS as T).contains(&b);
        a >> (if beyond { (T::BITS - 1) as T } else { b })
    };
}

unary! {
    Not(a): u8 u16 u32 u64 => !a;
    LogicalNot(a): u8 => u8::from(a == 0);
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! bits {
        ($body:ident<$function:ident>) => {
            find!($body<$function>, element, isa; I8 u8, I16 u16, I32 u32, I64 u64, U8 u8, U16 u16, U32 u32, U64 u64)
        };
    }
    macro_rules! bools {
        ($body:ident<$function:ident>) => {
            find!($body<$function>, element, isa; Bool u8)
        };
    }
    match op {
        Op::LogicalAnd => bools!(OfTwo<LogicalAnd>),
        Op::LogicalOr => bools!(OfTwo<LogicalOr>),
        Op::LogicalXor => bools!(OfTwo<LogicalXor>),
        Op::LogicalNot => bools!(OfOne<LogicalNot>),
        Op::BitwiseAnd => bits!(OfTwo<And>),
        Op::BitwiseOr => bits!(OfTwo<Or>),
        Op::BitwiseXor => bits!(OfTwo<Xor>),
        Op::Invert => bits!(OfOne<Not>),
        Op::LeftShift => bits!(OfTwo<Left>),
        Op::RightShift => find!(OfTwo<Right>, element, isa; I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32,
            U64 u64),
        _ => None,
    }
}
