//! `where`, copies and constants: by the size of an element.

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Body, OfOne, OfThree, Strip, Ternary, Unary, functions, kernel, target};
use crate::program::lower::Code;

functions! { Select Copy Truth }

macro_rules! sizes {
    ($($type:ty)*) => {$(
        impl Ternary for Select<$type> {
            type A = u8;
            type R = $type;
            #[inline(always)]
            fn apply(condition: u8, yes: $type, no: $type) -> $type {
                if condition != 0 { yes } else { no }
            }
        }

        impl Unary for Copy<$type> {
            type A = $type;
            type R = $type;
            #[inline(always)]
            fn apply(a: $type) -> $type {
                a
            }
        }
    )*};
}

// Complex elements have the alignment of their parts.
sizes! { u8 u16 u32 u64 [u32; 2] [u64; 2] }

impl Unary for Truth<u8> {
    type A = u8;
    type R = u8;
    #[inline(always)]
    fn apply(a: u8) -> u8 {
        u8::from(a != 0)
    }
}

/// Bytes of one value.
struct Fill<const BYTE: u8>;

impl<const BYTE: u8> Body for Fill<BYTE> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, _: *const u8, _: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`: a result of bools.
        unsafe { target::<u8>(out, n) }.fill(BYTE);
    }
}

/// Zeros of any element of `N` bytes.
struct Zeros<const N: usize>;

impl<const N: usize> Body for Zeros<N> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, _: *const u8, _: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`: `n` elements of `N` bytes.
        unsafe { target::<[u8; N]>(out, n) }.fill([0; N]);
    }
}

/// Evaluates an expression with the type of `sizes!` for an element type.
macro_rules! by_size {
    ($element:expr, $body:ident<$function:ident>, $isa:expr) => {
        match $element {
            ElementType::C64 => kernel::<$body<$function<[u32; 2]>>>($isa),
            ElementType::C128 => kernel::<$body<$function<[u64; 2]>>>($isa),
            other => match other.size() {
                1 => kernel::<$body<$function<u8>>>($isa),
                2 => kernel::<$body<$function<u16>>>($isa),
                4 => kernel::<$body<$function<u32>>>($isa),
                _ => kernel::<$body<$function<u64>>>($isa),
            },
        }
    };
}

/// `where`; the condition is a bool, the other operands are of type `element`.
pub(super) fn find(element: ElementType, isa: Isa) -> Option<Strip> {
    Some(by_size!(element, OfThree<Select>, isa))
}

/// A copy; of bools one of 0 and 1.
pub(super) fn copy(element: ElementType, isa: Isa) -> Option<Strip> {
    if element == ElementType::Bool {
        return Some(kernel::<OfOne<Truth<u8>>>(isa));
    }
    Some(by_size!(element, OfOne<Copy>, isa))
}

pub(super) fn constant(code: Code, element: ElementType, isa: Isa) -> Option<Strip> {
    Some(match (code, element.size()) {
        (Code::False, _) => kernel::<Fill<0>>(isa),
        (Code::True, _) => kernel::<Fill<1>>(isa),
        (_, 1) => kernel::<Zeros<1>>(isa),
        (_, 2) => kernel::<Zeros<2>>(isa),
        (_, 4) => kernel::<Zeros<4>>(isa),
        (_, 8) => kernel::<Zeros<8>>(isa),
        _ => kernel::<Zeros<16>>(isa),
    })
}
