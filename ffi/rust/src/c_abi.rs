//! Arrays handed to C, C++, Fortran and Python, and taken from them, without copying.
//!
//! [`Owned`] is a `DapArray` struct that is released when it is dropped. A producer calls
//! [`Owned::new`] and [`Owned::into_raw`]; a consumer calls [`Owned::take`] and
//! [`Owned::into_section`]. The structs and their rules are in `spec/abi.md`.
//!
//! ```
//! use daparray::prelude::*;
//! let layout = Layout::new(vec![Block::new(10, 2)?.into()])?;
//! let section = Section::of(&layout, Rank(0), Buffer::from_array(ndarray::arr1(&[0.0; 5])))?;
//! let mut array: DapArray = Owned::new(section).map_err(|(_, refusal)| refusal)?.into_raw();
//! // SAFETY: the struct is valid, and nothing else uses it.
//! let taken = unsafe { Owned::take(&mut array) }?;
//! let section = taken.into_section().map_err(|(_, refusal)| refusal)?;
//! assert_eq!(section.buffer().shape(), [5]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use dap_ffi::{
    Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapArray, DapBlock, DapDType, DapDim, DapDimSpec, DapError, DapVersion,
    MUST_UNDERSTAND, Owned, PROTOCOL_0_10, Refusal, SPEC_BALANCED, SPEC_BOUNDS_INT32, SPEC_INDICES_INT32, describe,
    lend, transfer,
};
