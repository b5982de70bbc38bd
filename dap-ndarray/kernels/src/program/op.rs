//! The operations, by the names of the array API standard and NumPy.

use std::fmt;

macro_rules! operations {
    ($($name:ident $arity:literal $text:literal,)*) => {
        /// An operation on elements.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Op {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Op {
            /// All operations.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The number of operands: 1, 2, or 3 for [`Op::Where`].
            #[inline]
            #[must_use]
            pub const fn arity(self) -> usize {
                match self { $(Self::$name => $arity,)* }
            }

            /// NumPy's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

operations! {
    Abs 1 "abs",
    Negative 1 "negative",
    Positive 1 "positive",
    Sign 1 "sign",
    Sqrt 1 "sqrt",
    Square 1 "square",
    Cbrt 1 "cbrt",
    Reciprocal 1 "reciprocal",
    Exp 1 "exp",
    Exp2 1 "exp2",
    Expm1 1 "expm1",
    Log 1 "log",
    Log2 1 "log2",
    Log10 1 "log10",
    Log1p 1 "log1p",
    Sin 1 "sin",
    Cos 1 "cos",
    Tan 1 "tan",
    Arcsin 1 "arcsin",
    Arccos 1 "arccos",
    Arctan 1 "arctan",
    Sinh 1 "sinh",
    Cosh 1 "cosh",
    Tanh 1 "tanh",
    Arcsinh 1 "arcsinh",
    Arccosh 1 "arccosh",
    Arctanh 1 "arctanh",
    Erf 1 "erf",
    Floor 1 "floor",
    Ceil 1 "ceil",
    Trunc 1 "trunc",
    Round 1 "round",
    Isnan 1 "isnan",
    Isinf 1 "isinf",
    Isfinite 1 "isfinite",
    LogicalNot 1 "logical_not",
    Invert 1 "invert",
    Conj 1 "conj",
    Real 1 "real",
    Imag 1 "imag",
    Signbit 1 "signbit",
    Add 2 "add",
    Subtract 2 "subtract",
    Multiply 2 "multiply",
    Divide 2 "divide",
    FloorDivide 2 "floor_divide",
    Remainder 2 "remainder",
    Fmod 2 "fmod",
    Power 2 "power",
    Arctan2 2 "arctan2",
    Hypot 2 "hypot",
    Logaddexp 2 "logaddexp",
    Maximum 2 "maximum",
    Minimum 2 "minimum",
    Copysign 2 "copysign",
    Nextafter 2 "nextafter",
    Equal 2 "equal",
    NotEqual 2 "not_equal",
    Less 2 "less",
    LessEqual 2 "less_equal",
    Greater 2 "greater",
    GreaterEqual 2 "greater_equal",
    LogicalAnd 2 "logical_and",
    LogicalOr 2 "logical_or",
    LogicalXor 2 "logical_xor",
    BitwiseAnd 2 "bitwise_and",
    BitwiseOr 2 "bitwise_or",
    BitwiseXor 2 "bitwise_xor",
    LeftShift 2 "left_shift",
    RightShift 2 "right_shift",
    Where 3 "where",
}

impl Op {
    /// The operation of a name; `None` if there is none. `clip`, `isclose` and `cast` are made of
    /// several, by methods of [`Graph`](super::Graph).
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.name() == name)
    }

    /// How the operation is written between its operands, if it is.
    pub(super) fn infix(self) -> Option<&'static str> {
        Some(match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::BitwiseAnd => "&",
            Self::BitwiseOr => "|",
            Self::BitwiseXor => "^",
            Self::LeftShift => "<<",
            Self::RightShift => ">>",
            _ => return None,
        })
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
