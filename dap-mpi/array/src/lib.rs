//! The reference distributed array: NumPy's operations on arrays of any distribution, over MPI.
//!
//! | task | here |
//! |---|---|
//! | the communicator that arrays share | [`Context`] |
//! | an array whose element type is known when the program runs | [`DynArray`] |
//! | the same with a type of Rust | [`DistArray`] |
//! | element-wise expressions in one pass | [`Expr`] |
//! | closures over elements | [`DynArray::map`], [`DynArray::zip`], [`DynArray::map_with_index`], [`DynArray::map_local`] |
//! | neighbours of each element | [`Stencil`], [`DynArray::stencil`] |
//! | reductions | [`DynArray::reduce`], [`DynArray::reduce_along`], of expressions [`Expr::reduce`] |
//! | partial results of reductions, for functions of other crates | [`Passes`] |
//! | cumulative sums, products, extremes | [`DynArray::cumulative`] |
//! | elements that a mask selects | [`DynArray::compress`]; to be reduced without a copy [`DynArray::masked`] |
//! | any part, for each rank another | [`DynArray::read_region`], [`DynArray::write_region`]; one-sided [`DynArray::open`] |
//! | parts that the ranks made | [`DynArray::from_local`] |
//! | sections of other libraries, in and out | [`DynArray::import`], [`DynArray::export`] |
//! | a value that all ranks have | [`Scalar`] |
//! | reductions and scans by a function of the program | [`DynArray::reduce_by`], [`DynArray::scan_by`] |
//! | messages among any ranks, values of any type | [`spmd`] |
//!
//! ```no_run
//! use dap_array::{Context, DistArray};
//! use dap_core::layout::{DimSpec, Layout};
//! # let universe = mpi::initialize().ok_or("MPI runs already")?;
//! let context = Context::new(&dap_mpi::Comm::new(&universe.world())?);
//! let rows = Layout::builder([4096, 4096]).processes(context.comm().size().into()).build()?;
//! let x = DistArray::<f64>::from_fn(&context, &rows, |index| (index[0] + index[1]) as f64)?;
//! let y = DistArray::<f64>::full(&context, &rows, 2.0)?;
//! let z: DistArray<f64> = (&x * 0.5 + &y).sqrt().eval()?.typed()?;
//! println!("{}", z.index("1:, ::-1")?.shape()[0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Ranks
//!
//! All ranks of the context's communicator run the same program. *Collective* functions are called
//! by all of them, in the same order, also by ranks that hold nothing of an array. Others are local
//! and never wait. An error that follows from shapes, types or indices is the same on all ranks. A
//! failure of one rank (memory, above all) is returned by all ranks, by the next collective
//! operation with that array, and names the rank.
//!
//! # Memory
//!
//! A [`DynArray`] is a handle: its clones and views share memory, as arrays of NumPy do. Local
//! memory is lent by guards, [`DynArray::local`] and [`DynArray::local_mut`]; while one lives, an
//! operation that would write the same memory returns an error. A [`DistArray`] owns its memory,
//! and the compiler checks who borrows it.
#![deny(unsafe_code)]

mod access;
mod align;
mod array;
mod assemble;
mod calls;
mod context;
mod create;
mod cumulative;
mod error;
mod export;
mod expr;
mod fold;
mod halo;
mod map;
mod open;
mod owned;
mod parts;
mod reduce;
mod region;
mod reshape;
mod root;
mod scalar;
mod select;
pub mod spmd;
mod stencil;
mod storage;
mod transfer;
mod typed;

pub use access::{Local, LocalItems, LocalMut};
pub use array::DynArray;
pub use context::Context;
pub use cumulative::Cumulative;
pub use dap_core::algebra::PadMode;
pub use dap_kernels::element::{Element, ElementType};
pub use dap_kernels::program::{Op, Value};
pub use dap_mpi::{Error, ErrorKind, Result, argument};
pub use export::Exported;
pub use expr::{Expr, IntoExpr};
pub use map::GlobalIndices;
pub use open::{Open, Opened};
pub use reduce::{Pass, Passes, Reduction};
pub use scalar::Scalar;
pub use select::{Indices, Masked};
pub use stencil::{Boundary, Stencil};
pub use typed::DistArray;
