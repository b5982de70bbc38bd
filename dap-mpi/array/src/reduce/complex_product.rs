//! Products of complex numbers, in `f64`, rounded after each factor: the last bits depend on the
//! order of the factors.

use std::marker::PhantomData;

use dap_kernels::element::Element;
use dap_kernels::reduce::Reducer;
use num_complex::Complex;

/// Multiplies complex numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComplexProduct<T>(PhantomData<fn(T)>);

impl<T> Default for ComplexProduct<T> {
    fn default() -> Self {
        ComplexProduct(PhantomData)
    }
}

impl<T: Copy + Into<f64>> Reducer for ComplexProduct<T>
where
    Complex<T>: Element,
{
    type Item = Complex<T>;
    type State = Complex<f64>;
    type Output = Complex<f64>;
    type Columns = Vec<Complex<f64>>;

    fn start(&self) -> Complex<f64> {
        Complex::new(1.0, 0.0)
    }

    fn add(&self, state: &mut Complex<f64>, items: &[Complex<T>]) {
        items.iter().for_each(|item| *state *= Complex::new(item.re.into(), item.im.into()));
    }

    fn done(&self, state: Complex<f64>) -> Complex<f64> {
        state
    }

    fn merge(&self, result: &mut Complex<f64>, other: &Complex<f64>) {
        *result *= *other;
    }

    fn columns(&self, count: usize) -> Vec<Complex<f64>> {
        vec![self.start(); count]
    }

    fn add_rows(&self, columns: &mut Vec<Complex<f64>>, rows: &[&[Complex<T>]]) {
        for row in rows {
            columns.iter_mut().zip(*row).for_each(|(column, item)| self.add(column, std::slice::from_ref(item)));
        }
    }

    fn finish(&self, columns: Vec<Complex<f64>>) -> Vec<Complex<f64>> {
        columns
    }
}
