//! Comparisons: 1 or 0 for each element. Complex numbers are ordered by real, then imaginary part,
//! as NumPy does.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Strip, binary, find, find_ordered, functions};
use crate::program::op::Op;

functions! { Equal NotEqual Less LessEqual }

/// The order of complex numbers.
pub(super) trait Ordered: Copy {
    fn less(self, other: Self) -> bool;
    fn less_equal(self, other: Self) -> bool;
    fn has_nan(self) -> bool;
}

macro_rules! ordered {
    ($($type:ty)*) => {$(
        impl Ordered for Complex<$type> {
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                let nan = self.im.is_nan() | other.im.is_nan();
                ((self.re < other.re) & !nan) | ((self.re == other.re) & (self.im < other.im))
            }

            #[inline(always)]
            fn less_equal(self, other: Self) -> bool {
                let nan = self.im.is_nan() | other.im.is_nan();
                ((self.re < other.re) & !nan) | ((self.re == other.re) & (self.im <= other.im))
            }

            #[inline(always)]
            fn has_nan(self) -> bool {
                self.re.is_nan() | self.im.is_nan()
            }
        }
    )*};
}

ordered! { f32 f64 }

binary! {
    Equal(a, b) -> u8: f32 f64 u8 u16 u32 u64 => u8::from(a == b);
    Equal(a, b) -> u8: Complex<f32> Complex<f64> => u8::from((a.re == b.re) & (a.im == b.im));
    NotEqual(a, b) -> u8: f32 f64 u8 u16 u32 u64 => u8::from(a != b);
    NotEqual(a, b) -> u8: Complex<f32> Complex<f64> => u8::from((a.re != b.re) | (a.im != b.im));
    Less(a, b) -> u8: f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 => u8::from(a < b);
    Less(a, b) -> u8: Complex<f32> Complex<f64> => u8::from(a.less(b));
    LessEqual(a, b) -> u8: f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 => u8::from(a <= b);
    LessEqual(a, b) -> u8: Complex<f32> Complex<f64> => u8::from(a.less_equal(b));
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! equal {
        ($function:ident) => {
            find!(OfTwo<$function>, element, isa; F32 f32, F64 f64, I8 u8, I16 u16, I32 u32, I64 u64, U8 u8, U16 u16,
                U32 u32, U64 u64, C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match op {
        Op::Equal => equal!(Equal),
        Op::NotEqual => equal!(NotEqual),
        Op::Less => find_ordered!(Less, element, isa),
        Op::LessEqual => find_ordered!(LessEqual, element, isa),
        _ => None,
    }
}
