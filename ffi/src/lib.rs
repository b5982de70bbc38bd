//! The C ABI of the Distributed Array Protocol: so far its structs, and nothing that uses them.
//!
//! A struct owns a distributed array's local part and describes it, so that two libraries in one process can share it
//! without copying. The functions, the header, and the C, C++, Fortran and Python sides come with release 0.3; until
//! then the layout may change, and nothing is exported.
//!
//! # Design
//!
//! Structs are flat, without unions, so that Fortran and Python's `ctypes` can mirror them. Sizes are fixed on 64-bit
//! machines and asserted below; reserved fields are zero. Whoever declares a [`DapArray`] owns the shell; `release`
//! frees what is in it and sets itself to null, as in Arrow's C data interface. The local buffer is a DLPack tensor,
//! whose struct is the user's own: it is only pointed at here.
#![forbid(unsafe_code)]

mod structs;

pub use structs::{DapArray, DapBlock, DapDType, DapDim, DapVersion};
