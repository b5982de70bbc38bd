//! The item types that Rust has a type for, and the one place that goes from a [`DType`] at run
//! time to one of them.
//!
//! ```
//! use dap_core::dtype::DType;
//! use dap_ndarray::{Item, dispatch};
//! fn bytes_of(dtype: &DType) -> Option<usize> {
//!     dispatch!(dtype, T => Some(size_of::<T>()), _ => None)
//! }
//! assert_eq!(bytes_of(&DType::parse("<c16")?), Some(16));
//! assert_eq!(bytes_of(&DType::parse(">c16")?), None); // another machine's byte order
//! assert_eq!(f64::dtype(), DType::parse("<f8")?);
//! # Ok::<(), dap_core::dtype::DTypeError>(())
//! ```
//!
//! # Limits
//!
//! Structs, strings, `long double` and bytes in another order have no item here: they are moved as
//! bytes. `bfloat16` has no item type in the protocol, because neither NumPy nor PEP 3118 has one.
//!
//! `bool` is a trap: a byte of foreign memory may be neither 0 nor 1, and reading such a byte as a
//! Rust `bool` is undefined behaviour. So every typed view of booleans looks at all of them first
//! ([`BufferErrorKind::NotABool`](crate::BufferErrorKind::NotABool)). An item type of our own was
//! rejected: functions of other crates would not take it.

use dap_core::dtype::{ByteOrder, DType, Kind, Scalar};
use num_complex::Complex;

mod sealed {
    pub trait Sealed {}
}

/// A Rust type whose values are items of a buffer, in this machine's byte order.
///
/// Sealed: every type that implements it has no padding and, but for `bool`, any bytes are one of
/// its values. The views of foreign memory rely on that.
pub trait Item: sealed::Sealed + Copy + Send + Sync + 'static {
    /// Which of the item types it is.
    const TYPE: ItemType;

    /// The item type as the protocol describes it.
    #[inline]
    fn dtype() -> DType {
        Self::TYPE.dtype()
    }

    /// The alignment of an item's address, in bytes.
    #[inline]
    fn alignment() -> usize {
        align_of::<Self>()
    }
}

macro_rules! items {
    ($($(#[$attribute:meta])* $name:ident: $type:ty = $kind:ident, $itemsize:literal, $words:literal;)*) => {
        /// The item types that are [`Item`]s.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ItemType {
            $(#[doc = $words] $(#[$attribute])* $name,)*
        }

        impl ItemType {
            /// All of them.
            pub const ALL: &[ItemType] = &[$($(#[$attribute])* ItemType::$name,)*];

            /// The one of a dtype; `None` for another byte order, and where Rust has no type.
            #[inline]
            #[must_use]
            pub fn of(dtype: &DType) -> Option<ItemType> {
                let DType::Scalar(scalar) = dtype else { return None };
                if !scalar.is_native() {
                    return None;
                }
                match (scalar.kind(), scalar.itemsize()) {
                    $($(#[$attribute])* (Kind::$kind, $itemsize) => Some(ItemType::$name),)*
                    _ => None,
                }
            }

            /// The item type as the protocol describes it.
            #[inline]
            #[must_use]
            pub fn dtype(self) -> DType {
                let (kind, itemsize) = match self {
                    $($(#[$attribute])* ItemType::$name => (Kind::$kind, $itemsize),)*
                };
                DType::Scalar(Scalar::new(kind, itemsize, ByteOrder::NATIVE).expect("a size that the kind has"))
            }
        }

        $(
            $(#[$attribute])*
            impl sealed::Sealed for $type {}
            $(#[$attribute])*
            impl Item for $type {
                const TYPE: ItemType = ItemType::$name;
            }
            $(#[$attribute])*
            const _: () = assert!(size_of::<$type>() == $itemsize);
        )*
    };
}

items! {
    Bool: bool = Bool, 1, "`bool`: one byte, 0 or 1.";
    I8: i8 = Int, 1, "`i8`";
    I16: i16 = Int, 2, "`i16`";
    I32: i32 = Int, 4, "`i32`";
    I64: i64 = Int, 8, "`i64`";
    U8: u8 = Uint, 1, "`u8`";
    U16: u16 = Uint, 2, "`u16`";
    U32: u32 = Uint, 4, "`u32`";
    U64: u64 = Uint, 8, "`u64`";
    #[cfg(feature = "half")]
    F16: half::f16 = Float, 2, "`half::f16`";
    F32: f32 = Float, 4, "`f32`";
    F64: f64 = Float, 8, "`f64`";
    C64: Complex<f32> = Complex, 8, "`Complex<f32>`";
    C128: Complex<f64> = Complex, 16, "`Complex<f64>`";
}

/// `dispatch!(dtype, T => expression, _ => other)`: the expression with `T` standing for the
/// [`Item`] of the dtype, or the other expression if there is none.
///
/// See the [module](crate::item) for an example.
#[macro_export]
macro_rules! dispatch {
    ($dtype:expr, $T:ident => $body:expr, _ => $other:expr $(,)?) => {
        $crate::__dispatch!($crate::item::ItemType::of($dtype), $T => $body, $other)
    };
}

/// The arms of [`dispatch`]; which there are depends on this crate's features, not on those of its
/// user.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "half")]
macro_rules! __dispatch {
    ($item:expr, $T:ident => $body:expr, $other:expr) => {
        $crate::__dispatch_arms!($item, $T => $body, $other; F16 $crate::item::f16)
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "half"))]
macro_rules! __dispatch {
    ($item:expr, $T:ident => $body:expr, $other:expr) => {
        $crate::__dispatch_arms!($item, $T => $body, $other;)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dispatch_arms {
    ($item:expr, $T:ident => $body:expr, $other:expr; $($name:ident $type:path),*) => {
        $crate::__dispatch_arms!(@ $item, $T => $body, $other;
            Bool bool, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64, F32 f32, F64 f64,
            C64 $crate::item::ComplexItem<f32>, C128 $crate::item::ComplexItem<f64> $(, $name $type)*)
    };
    (@ $item:expr, $T:ident => $body:expr, $other:expr; $($name:ident $type:ty),*) => {
        match $item {
            $(Some($crate::item::ItemType::$name) => {
                #[allow(dead_code, reason = "the expression need not name the type")]
                type $T = $type;
                $body
            })*
            _ => $other,
        }
    };
}

#[doc(hidden)]
pub use ::num_complex::Complex as ComplexItem;
#[cfg(feature = "half")]
#[doc(hidden)]
pub use half::f16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_type_is_dispatched_to_its_own_type() {
        for &item in ItemType::ALL {
            let dtype = item.dtype();
            assert_eq!(ItemType::of(&dtype), Some(item));
            let found = dispatch!(&dtype, T => Some((T::TYPE, T::dtype(), size_of::<T>() as i64)), _ => None);
            assert_eq!(found, Some((item, dtype.clone(), dtype.itemsize())));
        }
    }

    #[test]
    fn what_rust_has_no_type_for_is_none() {
        for text in [">f8", ">i2", "<f16", "<c32", "|S8", "|V4", "<U2", "|O", "P"] {
            let dtype = DType::parse(text).unwrap();
            assert_eq!(ItemType::of(&dtype), None, "{text}");
            assert!(dispatch!(&dtype, T => T::TYPE == ItemType::Bool, _ => true), "{text}");
        }
    }
}
