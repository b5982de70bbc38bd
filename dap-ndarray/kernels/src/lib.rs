//! Computations of one process with its part of a distributed array. No MPI, no file.
//!
//! | subject | module |
//! |---|---|
//! | the types of elements, and of results | [`element`], [`promote`] |
//! | exactly rounded sums | [`sum`] |
//! | reductions over any axes; medians and quantiles | [`reduce`], [`quantile`] |
//! | radix sorts, sorted memory | [`sort`] |
//! | stencils; scans | [`stencil`], [`scan`] |
//! | gather, scatter, masks | [`index`] |
//! | random numbers by counters | [`random`] |
//! | strided memory, and loops over it | [`view`], [`loops`] |
//! | the instruction set that the kernels use | [`isa`] |
//! | threads that sleep when idle | [`threads`] |
//! | memory that is used again | [`memory`] |
//! | element-wise expressions, compiled and run | [`program`] |
//! | vector mathematics | [`math`] |
//! | closures over elements | [`map`] |
//! | steps repeated until a condition fails | [`iterate`] |
//! | rounding and subnormal numbers | [`environment`] |

pub mod element;
pub mod environment;
pub mod index;
pub mod isa;
pub mod iterate;
pub mod loops;
pub mod map;
pub mod math;
pub mod memory;
pub mod program;
pub mod promote;
pub mod quantile;
pub mod random;
pub mod reduce;
pub mod scan;
pub mod sort;
pub mod stencil;
pub mod sum;
pub mod threads;
pub mod view;
