//! Numbers of elements, and the bytes that they are.

use crate::command::show::in_units;

/// How large an element is, where that is known.
pub(super) struct Amounts {
    pub(super) itemsize: Option<i64>,
}

impl Amounts {
    /// `None` where the size of an item is not known, or the bytes are beyond 64 bits.
    pub(super) fn bytes(&self, elements: i64) -> Option<i64> {
        elements.checked_mul(self.itemsize?)
    }

    /// `1.5 MiB`, or a dash.
    pub(super) fn in_units(&self, elements: i64) -> String {
        self.bytes(elements).map_or_else(|| "-".to_owned(), in_units)
    }
}
