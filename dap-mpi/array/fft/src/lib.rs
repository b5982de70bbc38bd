//! Fast Fourier transforms of distributed arrays: any size, any axes, any distribution.
//!
//! | task | here |
//! |---|---|
//! | complex, along one axis, several, two | [`fft`], [`ifft`], [`fftn`], [`ifftn`], [`fft2`], [`ifft2`] |
//! | of real numbers, and back | [`rfft`], [`irfft`], [`rfftn`], [`irfftn`], [`rfft2`], [`irfft2`] |
//! | of half a Hermitian signal, and back | [`hfft`], [`ihfft`] |
//! | frequencies, and their order | [`fftfreq`], [`rfftfreq`], [`fftshift`], [`ifftshift`] |
//! | the factor, where the result lies | [`Norm`], [`Options`], [`Output`] |
//!
//! ```no_run
//! use dap_array::{Context, DistArray};
//! use dap_core::layout::Layout;
//! use dap_fft::{Norm, ifftn, rfftn};
//! # let universe = mpi::initialize().ok_or("MPI runs already")?;
//! let context = Context::new(&dap_mpi::Comm::new(&universe.world())?);
//! let rows = Layout::builder([512, 512]).processes(context.comm().size().into()).build()?;
//! let x = DistArray::<f64>::from_fn(&context, &rows, |index| (index[0] * index[1]) as f64)?;
//! let spectrum = rfftn(&x, None, None, Norm::Backward)?;
//! assert_eq!(spectrum.shape(), [512, 257]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Distribution
//!
//! A result has the distribution of the array that is transformed: each axis the same kind on the
//! same ranks, an axis of another length as
//! [`Placement::resized`](dap_core::algebra::Placement::resized) says. With [`Output::AsComputed`]
//! it stays where the last axis was transformed.
//!
//! # Cost
//!
//! An axis that each rank holds whole is transformed where it is. A distributed axis becomes local
//! by one move, in exchange with another axis; the plan with the least cost is chosen, and a last
//! move leads to the result's distribution. A rank sends at most its section in each move. If the
//! other axes are too short to be distributed, the axis stays distributed (transpose method): three
//! moves, or five of twice the length for a number of points without two factors that are each at
//! least the number of ranks. Nothing is gathered.
//!
//! A rank's memory is that of its sections of the input, of the result, and of one more array of
//! the result's size while elements move; lines are copied through a few MiB. With five moves it
//! is that of up to three complex arrays of twice the length.
//!
//! # Accuracy
//!
//! Errors are those of the fast algorithm: relative to the root mean square of the result about
//! the unit in the last place times the root of the logarithm of the number of points. Results may
//! differ in last bits between distributions, because different algorithms compute them.
#![deny(unsafe_code)]

mod along;
mod bluestein;
mod error;
mod float;
mod frequencies;
mod functions;
mod half;
mod line;
mod lines;
mod long;
mod norm;
mod pencil;
mod roots;
mod sizes;
mod split;
mod steps;
mod transform;

pub use frequencies::{fftfreq, fftshift, ifftshift, rfftfreq};
pub use functions::{fft, fft2, fftn, hfft, ifft, ifft2, ifftn, ihfft, irfft, irfft2, irfftn, rfft, rfft2, rfftn};
pub use norm::{Norm, Options, Output};
