//! The factor that a transform multiplies by, and further options.

use std::fmt;
use std::str::FromStr;

use dap_mpi::Error;

use crate::error::argument;

/// The direction that divides by the number of points n: NumPy's `norm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Norm {
    /// The inverse transform divides by n.
    #[default]
    Backward,
    /// Both directions divide by the square root of n.
    Ortho,
    /// The forward transform divides by n.
    Forward,
}

impl Norm {
    /// The factor of a transform of `n` points.
    pub(crate) fn factor(self, direction: Direction, n: i64) -> f64 {
        match (self, direction) {
            (Norm::Ortho, _) => 1.0 / (n as f64).sqrt(),
            (Norm::Backward, Direction::Inverse) | (Norm::Forward, Direction::Forward) => 1.0 / n as f64,
            (Norm::Backward, Direction::Forward) | (Norm::Forward, Direction::Inverse) => 1.0,
        }
    }

    /// The normalisation with both directions exchanged.
    pub(crate) fn swapped(self) -> Norm {
        match self {
            Norm::Backward => Norm::Forward,
            Norm::Ortho => Norm::Ortho,
            Norm::Forward => Norm::Backward,
        }
    }
}

impl FromStr for Norm {
    type Err = Error;

    /// NumPy's words: `backward`, `ortho`, `forward`.
    fn from_str(text: &str) -> Result<Norm, Error> {
        match text {
            "backward" => Ok(Norm::Backward),
            "ortho" => Ok(Norm::Ortho),
            "forward" => Ok(Norm::Forward),
            _ => argument(format!("norm is {text:?}, expected \"backward\", \"ortho\" or \"forward\"")),
        }
    }
}

impl fmt::Display for Norm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Norm::Backward => "backward",
            Norm::Ortho => "ortho",
            Norm::Forward => "forward",
        })
    }
}

/// The sign of the exponent: `Forward` is -1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    Forward,
    Inverse,
}

/// The distribution of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Output {
    /// That of the input: the same kind of distribution along each axis, on the same ranks. An axis
    /// whose length changes is distributed as
    /// [`Placement::resized`](dap_core::algebra::Placement::resized) says.
    #[default]
    AsInput,
    /// The one in which the last axis was transformed. It saves the last move: for a convolution,
    /// whose inverse transform begins where the forward transform ended.
    AsComputed,
}

/// Options of a transform; a [`Norm`] is one with everything else by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// The normalisation.
    pub norm: Norm,
    /// The distribution of the result.
    pub output: Output,
}

impl From<Norm> for Options {
    fn from(norm: Norm) -> Options {
        Options { norm, output: Output::AsInput }
    }
}
