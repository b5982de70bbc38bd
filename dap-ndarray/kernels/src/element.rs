//! The types of the elements that can be computed with: bool, integers, floats, complex numbers.
//!
//! [`ElementType`] names one at run time, [`Element`] is the Rust type itself. A [`DType`] that has
//! no element type here (structs, strings, `f16`, bytes in another machine's order) can be moved
//! and stored, not computed with.
//!
//! ```
//! use dap_core::dtype::DType;
//! use dap_kernels::element::{Element, ElementType};
//! let element = ElementType::of(&DType::parse("<f8")?).unwrap();
//! assert_eq!((element, element.size(), element.name()), (f64::TYPE, 8, "float64"));
//! assert_eq!(ElementType::of(&DType::parse(">f8")?), None);
//! # Ok::<(), dap_core::dtype::DTypeError>(())
//! ```

use std::fmt;

use dap_core::dtype::{ByteOrder, DType, Kind, Scalar};
use num_complex::Complex;

mod sealed {
    pub trait Sealed {}
}

/// A type of elements. Its bytes have no padding, and each pattern of bits is a value, `bool`
/// excepted.
pub trait Element: sealed::Sealed + Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The name of this type at run time.
    const TYPE: ElementType;
}

macro_rules! elements {
    ($($name:ident $type:ty, $kind:ident, $text:literal;)*) => {
        /// A type of elements, at run time.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ElementType {
            $(#[doc = concat!("`", stringify!($type), "`, NumPy's `", $text, "`.")] $name,)*
        }

        impl ElementType {
            /// All types, narrow before wide within a kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The size of an element in bytes.
            #[inline]
            #[must_use]
            pub const fn size(self) -> usize {
                match self { $(Self::$name => size_of::<$type>(),)* }
            }

            /// The number of bytes whose multiples are the addresses of elements.
            #[inline]
            #[must_use]
            pub const fn alignment(self) -> usize {
                match self { $(Self::$name => align_of::<$type>(),)* }
            }

            /// NumPy's and the array API's name: `float64`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The kind of number that the bytes are.
            #[inline]
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }

        $(
            impl sealed::Sealed for $type {}
            impl Element for $type {
                const TYPE: ElementType = ElementType::$name;
            }
        )*
    };
}

elements! {
    Bool bool, Bool, "bool";
    I8 i8, Int, "int8";
    I16 i16, Int, "int16";
    I32 i32, Int, "int32";
    I64 i64, Int, "int64";
    U8 u8, Uint, "uint8";
    U16 u16, Uint, "uint16";
    U32 u32, Uint, "uint32";
    U64 u64, Uint, "uint64";
    F32 f32, Float, "float32";
    F64 f64, Float, "float64";
    C64 Complex<f32>, Complex, "complex64";
    C128 Complex<f64>, Complex, "complex128";
}

impl ElementType {
    /// The element type of a `dtype`; `None` if elements of that type cannot be computed with.
    #[must_use]
    pub fn of(dtype: &DType) -> Option<Self> {
        let DType::Scalar(scalar) = dtype else { return None };
        if !scalar.is_native() {
            return None;
        }
        let size = usize::try_from(scalar.itemsize()).ok()?;
        Self::ALL.iter().copied().find(|element| element.kind() == scalar.kind() && element.size() == size)
    }

    /// The `dtype` of this type, in this machine's byte order.
    #[must_use]
    pub fn dtype(self) -> DType {
        let scalar = Scalar::new(self.kind(), self.size() as i64, ByteOrder::NATIVE);
        DType::Scalar(scalar.expect("each element type is a scalar of the protocol"))
    }

    /// Whether the elements are signed or unsigned integers.
    #[inline]
    #[must_use]
    pub const fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::Int | Kind::Uint)
    }

    /// Whether the elements are real floats.
    #[inline]
    #[must_use]
    pub const fn is_float(self) -> bool {
        matches!(self.kind(), Kind::Float)
    }

    /// Whether the elements are complex numbers.
    #[inline]
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self.kind(), Kind::Complex)
    }

    /// The type of the real and imaginary parts of a complex type; any other type itself.
    #[inline]
    #[must_use]
    pub const fn part(self) -> Self {
        match self {
            Self::C64 => Self::F32,
            Self::C128 => Self::F64,
            other => other,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Evaluates an expression in which a name stands for the Rust type of an [`ElementType`]:
/// `with_element!(element, T => size_of::<T>())`.
#[macro_export]
macro_rules! with_element {
    ($element:expr, $T:ident => $body:expr) => {
        $crate::with_element!(@ $element, $T => $body;
            Bool bool, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64, F32 f32, F64 f64,
            C64 $crate::element::ComplexElement<f32>, C128 $crate::element::ComplexElement<f64>)
    };
    (@ $element:expr, $T:ident => $body:expr; $($name:ident $type:ty),*) => {
        match $element {
            $($crate::element::ElementType::$name => {
                #[allow(dead_code, reason = "the expression need not name the type")]
                type $T = $type;
                $body
            })*
        }
    };
}

#[doc(hidden)]
pub use num_complex::Complex as ComplexElement;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_found_from_its_dtype_and_by_the_macro() {
        for &element in ElementType::ALL {
            assert_eq!(ElementType::of(&element.dtype()), Some(element));
            assert_eq!(with_element!(element, T => (T::TYPE, size_of::<T>())), (element, element.size()));
        }
    }

    #[test]
    fn other_types_have_no_element_type() {
        for text in [">f8", ">i2", "<f2", "<f16", "<c32", "|S8", "|V4", "<U2", "|O", "P"] {
            assert_eq!(ElementType::of(&DType::parse(text).unwrap()), None, "{text}");
        }
    }
}
