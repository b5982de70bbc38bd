//! Random arrays: the same global array on any number of ranks, in any distribution, without a
//! message.
//!
//! Each element comes from its own place in a stream of words (Philox4x64-10), which its global
//! index in C order names. So a rank makes its elements without those of others, and a longer array
//! of one axis begins with the shorter one. `Generator::new(7)` is
//! `numpy.random.Generator(numpy.random.Philox(7))`: the same seed has the same key, and
//! [`random`](Generator::random) and [`uniform`](Generator::uniform) have NumPy's bits.
//!
//! ```no_run
//! # fn example(context: &dap_array::Context) -> dap_array::Result<()> {
//! use dap_array::ElementType;
//! use dap_core::layout::Layout;
//! use dap_random::Generator;
//! let rows = Layout::builder([4096, 4096]).processes(context.comm().size().into()).build()?;
//! let mut generator = Generator::new(7);
//! let x = generator.random(context, &rows, ElementType::F64)?;
//! let noise = generator.normal(context, &rows, ElementType::F32, 0.0, 0.1)?;
//! // The rows of x in a random order: rows move.
//! let shuffled = generator.permuted(&x, 0)?;
//! # Ok(())
//! # }
//! ```
//!
//! | function | words of the stream for an element | bits |
//! |---|---|---|
//! | [`random`](Generator::random) of `f64` | 1 | NumPy's |
//! | `random` of `f32` | 1/2; a call begins with a new word | NumPy's, of a call that does |
//! | [`uniform`](Generator::uniform) | 1 | NumPy's; an `f32` is the `f64`, rounded |
//! | [`integers`](Generator::integers) | 1 | [`dap_kernels::random::Integers`] |
//! | [`normal`](Generator::normal), real and complex | 1, complex 2 | [`dap_kernels::random::Normal`] |
//! | [`exponential`](Generator::exponential) | 1 | [`dap_kernels::random::Exponential`] |
//! | [`permutation`](Generator::permutation), [`permuted`](Generator::permuted), [`shuffle`](Generator::shuffle) | 2 a call: a key | [`dap_kernels::random::Permutation`] |
//! | [`choice`](Generator::choice) with replacement | 1 | as `integers`; with probabilities NumPy's |
//! | `choice` without replacement | 2 a call; with probabilities 1 a number to choose from | [`Choice`] |
//!
//! # Cost
//!
//! | function | messages | memory |
//! |---|---|---|
//! | all that makes numbers | none | the result; a permutation of n indices also 12 sqrt(n) numbers (n up to 2^16: n) |
//! | `permuted`, `shuffle` | those of [`take_along`](dap_array::DynArray::take_along): each line of elements moves once to its place | the result, and the indices of this rank's lines |
//! | `choice` with probabilities | none | two lists as long as that of the probabilities, on each rank |
//!
//! # Ranks
//!
//! A generator is a value of one rank: all ranks make equal ones and call the same functions in the
//! same order. With `DAP_CHECK=1` a call compares seed and position, so that a seed that differs
//! between ranks (the time of day, say) is an error.
#![forbid(unsafe_code)]

mod choice;
mod fill;
mod generator;
mod permutation;
mod segments;

pub use choice::Choice;
pub use dap_kernels::random::SeedSequence;
pub use generator::Generator;
