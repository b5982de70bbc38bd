//! Operators of Rust, and the operations with names.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

use dap_kernels::element::Element;
use dap_kernels::program::Op;

use super::{Expr, IntoExpr};
use crate::array::DynArray;
use crate::scalar::Scalar;
use crate::typed::DistArray;

impl<'a> IntoExpr<'a> for Expr<'a> {
    fn into_expr(self) -> Expr<'a> {
        self
    }
}

impl<'a> IntoExpr<'a> for &Expr<'a> {
    fn into_expr(self) -> Expr<'a> {
        self.clone()
    }
}

impl<'a> IntoExpr<'a> for &'a DynArray {
    fn into_expr(self) -> Expr<'a> {
        self.expr()
    }
}

/// A handle of its own: the expression borrows nothing.
impl IntoExpr<'static> for DynArray {
    fn into_expr(self) -> Expr<'static> {
        Expr::array(&self)
    }
}

impl<'a, T: Element> IntoExpr<'a> for &'a DistArray<T> {
    fn into_expr(self) -> Expr<'a> {
        self.expr()
    }
}

impl<'a> IntoExpr<'a> for Scalar {
    fn into_expr(self) -> Expr<'a> {
        Expr::scalar(self)
    }
}

macro_rules! numbers {
    ($($type:ty)*) => {
        $(impl<'a> IntoExpr<'a> for $type {
            fn into_expr(self) -> Expr<'a> {
                Expr::number(self)
            }
        })*
    };
}
numbers!(bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

macro_rules! operators {
    ($($trait:ident $method:ident $op:ident;)*) => {
        $(
            impl<'a, R: IntoExpr<'a>> $trait<R> for Expr<'a> {
                type Output = Expr<'a>;
                fn $method(self, right: R) -> Expr<'a> {
                    self.apply2(Op::$op, right)
                }
            }

            impl<'a, R: IntoExpr<'a>> $trait<R> for &Expr<'a> {
                type Output = Expr<'a>;
                fn $method(self, right: R) -> Expr<'a> {
                    self.apply2(Op::$op, right)
                }
            }

            impl<'a, R: IntoExpr<'a>> $trait<R> for &'a DynArray {
                type Output = Expr<'a>;
                fn $method(self, right: R) -> Expr<'a> {
                    self.expr().apply2(Op::$op, right)
                }
            }

            impl<'a, T: Element, R: IntoExpr<'a>> $trait<R> for &'a DistArray<T> {
                type Output = Expr<'a>;
                fn $method(self, right: R) -> Expr<'a> {
                    self.expr().apply2(Op::$op, right)
                }
            }
        )*
    };
}
operators! {
    Add add Add;
    Sub sub Subtract;
    Mul mul Multiply;
    Div div Divide;
    Rem rem Remainder;
    BitAnd bitand BitwiseAnd;
    BitOr bitor BitwiseOr;
    BitXor bitxor BitwiseXor;
    Shl shl LeftShift;
    Shr shr RightShift;
}

impl<'a> Neg for Expr<'a> {
    type Output = Expr<'a>;
    fn neg(self) -> Expr<'a> {
        self.apply(Op::Negative)
    }
}

impl<'a> Not for Expr<'a> {
    type Output = Expr<'a>;
    fn not(self) -> Expr<'a> {
        self.apply(Op::Invert)
    }
}

macro_rules! unary {
    ($($method:ident $op:ident)*) => {
        impl<'a> Expr<'a> {
            $(
                #[doc = concat!("The operation `", stringify!($method), "` of NumPy.")]
                pub fn $method(&self) -> Expr<'a> {
                    self.apply(Op::$op)
                }
            )*
        }
    };
}
unary! {
    abs Abs sign Sign sqrt Sqrt square Square cbrt Cbrt reciprocal Reciprocal exp Exp exp2 Exp2 expm1 Expm1 log Log
    log2 Log2 log10 Log10 log1p Log1p sin Sin cos Cos tan Tan arcsin Arcsin arccos Arccos arctan Arctan sinh Sinh
    cosh Cosh tanh Tanh arcsinh Arcsinh arccosh Arccosh arctanh Arctanh erf Erf floor Floor ceil Ceil trunc Trunc
    round Round isnan Isnan isinf Isinf isfinite Isfinite logical_not LogicalNot conj Conj real Real imag Imag
    signbit Signbit
}

macro_rules! binary {
    ($($method:ident $op:ident)*) => {
        impl<'a> Expr<'a> {
            $(
                #[doc = concat!("The operation `", stringify!($method), "` of NumPy.")]
                pub fn $method(&self, other: impl IntoExpr<'a>) -> Expr<'a> {
                    self.apply2(Op::$op, other)
                }
            )*
        }
    };
}
binary! {
    floor_divide FloorDivide fmod Fmod power Power arctan2 Arctan2 hypot Hypot logaddexp Logaddexp maximum Maximum
    minimum Minimum copysign Copysign nextafter Nextafter equal Equal not_equal NotEqual less Less
    less_equal LessEqual greater Greater greater_equal GreaterEqual logical_and LogicalAnd logical_or LogicalOr
    logical_xor LogicalXor
}
