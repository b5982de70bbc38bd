//! The first and the last element of each group.

use dap_array::{DynArray, Result};

use crate::Grouped;

impl Grouped {
    /// The element of each group with the least index of the axis. Collective.
    ///
    /// # Errors
    /// A group without an element; not enough memory on some rank.
    #[track_caller]
    pub fn first(&self) -> Result<DynArray> {
        let _call = self.array.enter("groups first", self.axis)?;
        self.needs_elements("first element")?;
        self.at_ends(0)
    }

    /// The element of each group with the greatest index of the axis. Collective.
    ///
    /// # Errors
    /// As [`first`](Grouped::first).
    #[track_caller]
    pub fn last(&self) -> Result<DynArray> {
        let _call = self.array.enter("groups last", self.axis)?;
        self.needs_elements("last element")?;
        self.at_ends(1)
    }

    fn at_ends(&self, end: usize) -> Result<DynArray> {
        let indices = &self.labels.ends[end];
        self.array.take(self.axis as i64, &indices[..])?.redistribute(self.placement()?)
    }
}
