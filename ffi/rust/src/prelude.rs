//! The names that most programs use.
//!
//! ```
//! use daparray::prelude::*;
//! let layout = Layout::new(vec![Cyclic::new(7, 2, 2)?.into()])?;
//! assert_eq!(layout.local_shape(Rank(0)), Some(vec![4]));
//! # Ok::<(), daparray::error::Error>(())
//! ```

pub use crate::check::{Checker, Profile};
pub use crate::dim::{Block, Cyclic, Dim, Unstructured};
pub use crate::index::{GlobalIndex, GridRank, LocalIndex, Rank};
pub use crate::layout::Layout;
pub use crate::plan::{Plan, Stencil};
pub use crate::{Access, Buffer, Item, Section};

#[cfg(feature = "array")]
pub use crate::array::{Context, DistArray};
#[cfg(feature = "c-abi")]
pub use crate::c_abi::{DapArray, Owned};
#[cfg(feature = "mpi")]
pub use crate::mpi::{Comm, HaloExchange, Redistribution};
