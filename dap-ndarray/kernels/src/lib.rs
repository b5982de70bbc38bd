//! Kernels that compute with the local part of a distributed array. No MPI, no file.
//!
//! | subject | module |
//! |---|---|
//! | the instruction set that the kernels use | [`isa`] |

pub mod isa;
