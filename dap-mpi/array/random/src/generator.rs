//! The generator, and the arrays of numbers that it makes.

use std::ops::Range;

use dap_array::{Context, DynArray, ElementType, Result, Value, argument};
use dap_core::algebra::Placement;
use dap_kernels::random::{
    ComplexNormal, Distribution, Exponential, Fraction, Integers, Normal, Philox, SeedSequence, Uniform, Unit,
};
use dap_mpi::watch::Call;
use num_complex::Complex;

use crate::fill::{Drawn, Numbered, filled};

/// A stream of random numbers, and the position in it, in words. See the [crate](crate).
///
/// All functions that draw numbers are called by all ranks of the context. They send no message
/// unless they say *collective*. After an error that follows from the arguments the position is the
/// same as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    stream: Philox,
    position: u128,
}

impl Generator {
    /// The generator of a seed: NumPy's `Generator(Philox(seed))`.
    pub fn new(seed: u64) -> Generator {
        Generator::from_seed(&SeedSequence::new(&[seed.into()]))
    }

    /// The generator of one of many independent streams of a seed: NumPy's
    /// `Generator(Philox(SeedSequence(seed, spawn_key=(stream,))))`.
    pub fn with_stream(seed: u64, stream: u64) -> Generator {
        Generator::from_seed(&SeedSequence::with_stream(&[seed.into()], &[stream.into()]))
    }

    /// The generator of a seed of any numbers, with any numbers of a stream.
    pub fn from_seed(seed: &SeedSequence) -> Generator {
        Generator { stream: Philox::of(seed), position: 0 }
    }

    pub(crate) fn stream(&self) -> Philox {
        self.stream
    }

    /// The number of words that were used. The same seed and position give the same numbers.
    pub fn position(&self) -> u128 {
        self.position
    }

    /// Goes to a position.
    pub fn set_position(&mut self, position: u128) {
        self.position = position;
    }

    /// Numbers in [0, 1), `f64` or `f32`, with NumPy's bits.
    ///
    /// # Errors
    /// Another element type; more ranks than the context has.
    #[track_caller]
    pub fn random(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
    ) -> Result<DynArray> {
        let _call = self.enter(context, "random", element)?;
        let placement = placement.into();
        match element {
            ElementType::F64 => self.draw(context, &placement, Some(Fraction::<f64>::default()), ""),
            ElementType::F32 => self.draw(context, &placement, Some(Fraction::<f32>::default()), ""),
            _ => argument(format!("random numbers are float64 or float32, not {element}")),
        }
    }

    /// Numbers in [low, high), `f64` or `f32`: `low + (high - low) * u` with NumPy's bits. The
    /// result may be rounded to `high`.
    ///
    /// # Errors
    /// Another element type; bounds or a difference that are not finite; more ranks than the
    /// context has.
    #[track_caller]
    pub fn uniform(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
        (low, high): (f64, f64),
    ) -> Result<DynArray> {
        let _call = self.enter(context, "uniform", (element, low.to_bits(), high.to_bits()))?;
        let placement = placement.into();
        let refusal = format!("the bounds {low} and {high} and their difference must be finite");
        match element {
            ElementType::F64 => self.draw(context, &placement, Uniform::<f64>::between(low, high), &refusal),
            ElementType::F32 => self.draw(context, &placement, Uniform::<f32>::between(low, high), &refusal),
            _ => argument(format!("uniform numbers are float64 or float32, not {element}")),
        }
    }

    /// Integers from `range.start` to `range.end` (excluded), each with the same probability
    /// exactly, of any integer type.
    ///
    /// # Errors
    /// Another element type; an empty range, or one beyond the type; more ranks than the context
    /// has.
    #[track_caller]
    pub fn integers(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
        range: Range<i128>,
    ) -> Result<DynArray> {
        let _call = self.enter(context, "integers", (element, &range))?;
        let placement = placement.into();
        let (low, high) = (range.start, range.end);
        let refusal = format!("{element} integers from {low} to {high} (excluded): the range is empty or too large");
        macro_rules! by_type {
            ($($name:ident $type:ty),*) => {
                match element {
                    $(ElementType::$name => {
                        self.draw(context, &placement, Integers::<$type>::between(low, high), &refusal)
                    })*
                    _ => argument(format!("integers have an integer type, not {element}")),
                }
            };
        }
        by_type!(I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64)
    }

    /// Normal numbers with mean 0 and variance 1, real or complex; the parts of a complex number
    /// have variance 1/2 each.
    ///
    /// # Errors
    /// Another element type; more ranks than the context has.
    #[track_caller]
    pub fn standard_normal(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
    ) -> Result<DynArray> {
        self.normal(context, placement, element, 0.0, 1.0)
    }

    /// Normal numbers, real or complex. The squared distance of complex numbers from their mean is
    /// `deviation` squared on average.
    ///
    /// # Errors
    /// Another element type; a complex mean of real numbers; numbers that are not finite; a
    /// negative deviation; more ranks than the context has.
    #[track_caller]
    pub fn normal(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
        mean: impl Into<Value>,
        deviation: f64,
    ) -> Result<DynArray> {
        let mean: Value = mean.into();
        let (re, im) = match mean {
            Value::Bool(value) => (f64::from(u8::from(value)), None),
            Value::Int(value) => (value as f64, None),
            Value::Float(value) => (value, None),
            Value::Complex(re, im) => (re, Some(im)),
        };
        let bits = (re.to_bits(), im.map(f64::to_bits), deviation.to_bits());
        let _call = self.enter(context, "normal", (element, bits))?;
        let placement = placement.into();
        let refusal = format!("the mean {re} and the deviation {deviation} must be finite, the latter not negative");
        let complex = Complex::new(re, im.unwrap_or(0.0));
        match (element, im) {
            (ElementType::F64, None) => self.draw(context, &placement, Normal::<f64>::new(re, deviation), &refusal),
            (ElementType::F32, None) => self.draw(context, &placement, Normal::<f32>::new(re, deviation), &refusal),
            (ElementType::C128, _) => {
                self.draw(context, &placement, ComplexNormal::<f64>::new(complex, deviation), &refusal)
            }
            (ElementType::C64, _) => {
                self.draw(context, &placement, ComplexNormal::<f32>::new(complex, deviation), &refusal)
            }
            (ElementType::F64 | ElementType::F32, Some(_)) => {
                argument(format!("the mean is complex, the numbers are {element}"))
            }
            _ => argument(format!("normal numbers are floats or complex, not {element}")),
        }
    }

    /// Exponential numbers with mean `scale`, `f64` or `f32`.
    ///
    /// # Errors
    /// Another element type; a scale that is negative or not finite; more ranks than the context
    /// has.
    #[track_caller]
    pub fn exponential(
        &mut self,
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
        scale: f64,
    ) -> Result<DynArray> {
        let _call = self.enter(context, "exponential", (element, scale.to_bits()))?;
        let placement = placement.into();
        let refusal = format!("the scale {scale} must be finite and not negative");
        match element {
            ElementType::F64 => self.draw(context, &placement, Exponential::<f64>::new(scale), &refusal),
            ElementType::F32 => self.draw(context, &placement, Exponential::<f32>::new(scale), &refusal),
            _ => argument(format!("exponential numbers are float64 or float32, not {element}")),
        }
    }

    /// Begins a call. With `DAP_CHECK=1` seed and position are compared, too.
    #[track_caller]
    pub(crate) fn enter(&self, context: &Context, name: &'static str, arguments: impl std::hash::Hash) -> Result<Call> {
        context.enter(name, (self.stream, self.position, arguments))
    }

    /// The elements of a distribution from this position on.
    pub(crate) fn draw<D>(
        &mut self,
        context: &Context,
        placement: &Placement,
        distribution: Option<D>,
        refusal: &str,
    ) -> Result<DynArray>
    where
        D: Distribution,
        for<'d> Drawn<'d, D>: Numbered,
    {
        let Some(distribution) = &distribution else { return argument(refusal.to_owned()) };
        let drawn = Drawn { stream: self.stream, word: self.position, distribution };
        let array = filled(context, placement, &drawn)?;
        let units = array.len() as u128 * D::UNITS as u128;
        self.use_words(if D::UNIT == Unit::Half { units.div_ceil(2) } else { units });
        Ok(array)
    }

    /// The stream and its position, before `count` words are used.
    pub(crate) fn use_words(&mut self, count: u128) -> (Philox, u128) {
        let position = self.position;
        self.position = position.wrapping_add(count);
        (self.stream, position)
    }

    /// A stream whose key the next two words are.
    pub(crate) fn child(&mut self) -> Philox {
        let (stream, position) = self.use_words(2);
        Philox::new([stream.word(position), stream.word(position.wrapping_add(1))])
    }
}
