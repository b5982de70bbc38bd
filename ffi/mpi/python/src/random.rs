//! Generators of random arrays.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dap_array::{Context, DynArray};
use dap_core::algebra::Placement;
use dap_random::{Choice, SeedSequence};
use pyo3::prelude::*;

use crate::array::{Array, element_named, in_memory, written};
use crate::context::Context as PyContext;
use crate::error::{Raised, value_error};
use crate::layout::placement_of;
use crate::operand::value_for;
use crate::thread::without_gil;

/// A stream of random numbers, and the position in it. See `daparray.array.random.Generator`.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Generator {
    generator: Mutex<dap_random::Generator>,
}

impl Generator {
    fn lock(&self) -> MutexGuard<'_, dap_random::Generator> {
        // A panic leaves a position, and any position is one.
        self.generator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An array of numbers from this position on.
    fn drawn<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        draw: impl FnOnce(&mut dap_random::Generator, &Context, Placement) -> dap_array::Result<DynArray>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (context, placement) = (context.get().get()?, placement_of(placement)?);
        let made = without_gil(py, || draw(&mut self.lock(), context, placement)).raised()?;
        in_memory(py, made)
    }
}

#[pymethods]
impl Generator {
    /// The generator of a seed, and of one of its streams.
    #[new]
    fn new(seed: Vec<u128>, stream: Vec<u128>) -> Generator {
        let seed = SeedSequence::with_stream(&seed, &stream);
        Generator { generator: Mutex::new(dap_random::Generator::from_seed(&seed)) }
    }

    #[getter]
    fn position(&self) -> u128 {
        self.lock().position()
    }

    #[setter]
    fn set_position(&self, position: u128) {
        self.lock().set_position(position);
    }

    fn random<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        dtype: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let element = element_named(dtype)?;
        self.drawn(py, context, placement, |it, context, placement| it.random(context, placement, element))
    }

    fn uniform<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        dtype: &str,
        bounds: (f64, f64),
    ) -> PyResult<Bound<'py, PyAny>> {
        let element = element_named(dtype)?;
        self.drawn(py, context, placement, |it, context, placement| it.uniform(context, placement, element, bounds))
    }

    fn integers<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        dtype: &str,
        low: i128,
        high: i128,
    ) -> PyResult<Bound<'py, PyAny>> {
        let element = element_named(dtype)?;
        self.drawn(py, context, placement, |it, context, placement| it.integers(context, placement, element, low..high))
    }

    fn normal<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        dtype: &str,
        mean: &Bound<'py, PyAny>,
        deviation: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let element = element_named(dtype)?;
        let mean = value_for(mean, element)?;
        self.drawn(py, context, placement, |it, context, placement| {
            it.normal(context, placement, element, mean, deviation)
        })
    }

    fn exponential<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        dtype: &str,
        scale: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let element = element_named(dtype)?;
        self.drawn(py, context, placement, |it, context, placement| it.exponential(context, placement, element, scale))
    }

    /// Indices from 0 to n - 1: `once` each at most; with probabilities if there are some.
    fn choice<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
        n: i64,
        once: bool,
        probabilities: Option<Vec<f64>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let from = match (&probabilities, once) {
            (Some(p), _) if i64::try_from(p.len()) != Ok(n) => {
                return value_error(format!("{} probabilities for {n} elements", p.len()));
            }
            (Some(p), true) => Choice::WeightedOnce(p),
            (Some(p), false) => Choice::Weighted(p),
            (None, true) => Choice::Once(n),
            (None, false) => Choice::Repeated(n),
        };
        self.drawn(py, context, placement, |it, context, placement| it.choice(context, placement, from))
    }

    fn permutation<'py>(
        &self,
        py: Python<'py>,
        context: &Bound<'py, PyContext>,
        placement: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.drawn(py, context, placement, dap_random::Generator::permutation)
    }

    fn permuted<'py>(&self, py: Python<'py>, array: &Bound<'py, Array>, axis: i64) -> PyResult<Bound<'py, PyAny>> {
        let array = array.get().settled(py)?;
        let made = without_gil(py, || self.lock().permuted(&array, axis)).raised()?;
        in_memory(py, made)
    }

    fn shuffle(&self, py: Python<'_>, array: &Bound<'_, Array>, axis: i64) -> PyResult<()> {
        let array = array.get().settled(py)?;
        written(py, &array)?;
        without_gil(py, || self.lock().shuffle(&array, axis)).raised()
    }
}
