//! Items that are not structs: numbers, strings of a fixed length, raw bytes, and addresses.

use super::MAX_ITEMSIZE;
use super::error::DTypeErrorKind;

/// The order of an item's bytes in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// Least significant byte first: `<`.
    Little,
    /// Most significant byte first: `>`.
    Big,
    /// The item has no order: single bytes, byte strings, raw bytes, addresses, structs.
    NotApplicable,
}

impl ByteOrder {
    /// This machine's.
    pub const NATIVE: ByteOrder = if cfg!(target_endian = "big") { ByteOrder::Big } else { ByteOrder::Little };
}

/// The meaning of an item's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One byte, 0 or 1: `b1`.
    Bool,
    /// A signed integer of 1, 2, 4 or 8 bytes: `i`.
    Int,
    /// An unsigned integer of 1, 2, 4 or 8 bytes: `u`.
    Uint,
    /// A float of 2, 4, 8 or 16 bytes: `f`. Of 16 it is C's `long double`, whose bits differ
    /// between machines.
    Float,
    /// Two floats, real and imaginary, together 8, 16 or 32 bytes: `c`.
    Complex,
    /// A byte string of a fixed length: `S`.
    Bytes,
    /// A text of a fixed number of characters, 4 bytes each: `U`.
    Unicode,
    /// Raw bytes: `V`.
    Void,
    /// The address of a Python object, 8 bytes: `O`.
    Object,
    /// Another address, 8 bytes: a format's `P`, `&` and `X{}`. NumPy has no such type. It is kept
    /// apart from [`Kind::Object`] because a Python that takes it for an object crashes.
    Pointer,
}

/// An item that is not a struct: a kind, a size and a byte order that fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scalar {
    kind: Kind,
    order: ByteOrder,
    itemsize: u32,
}

impl Scalar {
    /// An item of `itemsize` bytes.
    ///
    /// As in NumPy the order is dropped where it means nothing, and one that is missing is this
    /// machine's.
    ///
    /// # Errors
    /// When the kind does not come in that size.
    #[inline]
    pub fn new(kind: Kind, itemsize: i64, order: ByteOrder) -> Result<Scalar, DTypeErrorKind> {
        use DTypeErrorKind::{BadSize, TooLarge};
        let bad = |kind, sizes| Err(BadSize { kind, sizes, found: itemsize });
        match (kind, itemsize) {
            (Kind::Bool, 1) | (Kind::Int | Kind::Uint, 1 | 2 | 4 | 8) => {}
            (Kind::Float, 2 | 4 | 8 | 16) | (Kind::Complex, 8 | 16 | 32) => {}
            (Kind::Object | Kind::Pointer, 8) | (Kind::Bytes | Kind::Void, 0..) => {}
            (Kind::Unicode, 0..) if itemsize % 4 == 0 => {}
            (Kind::Bool, _) => return bad("a bool", "1 byte"),
            (Kind::Int, _) => return bad("an integer", "1, 2, 4 or 8 bytes"),
            (Kind::Uint, _) => return bad("an unsigned integer", "1, 2, 4 or 8 bytes"),
            (Kind::Float, _) => return bad("a float", "2, 4, 8 or 16 bytes"),
            (Kind::Complex, _) => return bad("a complex number", "8, 16 or 32 bytes"),
            (Kind::Object, _) => return bad("an object", "8 bytes"),
            (Kind::Pointer, _) => return bad("a pointer", "8 bytes"),
            (Kind::Unicode, _) => return bad("a text", "4 bytes for each character"),
            (Kind::Bytes, _) => return bad("a byte string", "0 bytes or more"),
            (Kind::Void, _) => return bad("raw memory", "0 bytes or more"),
        }
        if itemsize > MAX_ITEMSIZE {
            return Err(TooLarge);
        }
        let itemsize = u32::try_from(itemsize).map_err(|_| TooLarge)?;
        let order = match kind {
            Kind::Bool | Kind::Bytes | Kind::Void | Kind::Object | Kind::Pointer => ByteOrder::NotApplicable,
            _ if itemsize == 1 => ByteOrder::NotApplicable,
            _ if order == ByteOrder::NotApplicable => ByteOrder::NATIVE,
            _ => order,
        };
        Ok(Scalar { kind, order, itemsize })
    }

    /// The meaning of the bytes.
    #[inline]
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// The item's size in bytes.
    #[inline]
    pub fn itemsize(self) -> i64 {
        i64::from(self.itemsize)
    }

    /// The order of its bytes.
    #[inline]
    pub fn byte_order(self) -> ByteOrder {
        self.order
    }

    /// Whether this machine reads it as it stands.
    #[inline]
    pub fn is_native(self) -> bool {
        self.order == ByteOrder::NotApplicable || self.order == ByteOrder::NATIVE
    }

    /// The alignment of its address when a C compiler for a 64-bit Unix places it, in bytes.
    #[inline]
    pub fn alignment(self) -> i64 {
        match self.kind {
            Kind::Bool | Kind::Bytes | Kind::Void => 1,
            Kind::Int | Kind::Uint | Kind::Float | Kind::Object | Kind::Pointer => self.itemsize(),
            Kind::Complex => self.itemsize() / 2,
            Kind::Unicode => 4,
        }
    }

    /// C's `long double`, or two of them: PEP-3118 gives it no standard size, so it travels in
    /// native order only.
    pub(super) fn is_long_double(self) -> bool {
        matches!((self.kind, self.itemsize), (Kind::Float, 16) | (Kind::Complex, 32))
    }
}
