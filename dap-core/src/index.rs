//! The three kinds of number that must not be mixed: global indices, local indices, and places in
//! the process grid.
//!
//! All are 0-based and held in an `i64`, the widest integer of the protocol's integer keys in
//! practice (a value beyond it is refused when an export is read).
//!
//! ```
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! let (owner, local) = (GridRank(1), LocalIndex(3));
//! assert_ne!(owner.0, local.0);
//! assert!(GlobalIndex(4) < GlobalIndex(5));
//! ```

use std::fmt;

macro_rules! index_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

index_type! {
    /// The index of an element along one dimension of the whole array, as if it were not
    /// distributed.
    GlobalIndex
}
index_type! {
    /// The index of an element along one dimension of a process's buffer, padding included.
    LocalIndex
}
index_type! {
    /// A process's coordinate along one dimension of the process grid: the key `proc_grid_rank`.
    GridRank
}
index_type! {
    /// A process's number in the whole array, `0..N`: its grid coordinate in C order.
    Rank
}
