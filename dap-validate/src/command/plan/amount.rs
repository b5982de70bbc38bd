//! Numbers of elements, and their sizes in bytes.

use crate::command::show::in_units;

/// The size of an element, if it is known.
pub(super) struct Amounts {
    pub(super) itemsize: Option<i64>,
}

impl Amounts {
    /// The size in bytes; `None` if the size of an item is not known, or the result exceeds 64
    /// bits.
    pub(super) fn bytes(&self, elements: i64) -> Option<i64> {
        elements.checked_mul(self.itemsize?)
    }

    /// `1.5 MiB`, or a dash.
    pub(super) fn in_units(&self, elements: i64) -> String {
        self.bytes(elements).map_or_else(|| "-".to_owned(), in_units)
    }
}
