//! The cumulative functions of each type of elements.

use dap_core::dtype::Kind;
use dap_kernels::element::{Element, ElementType};
use dap_kernels::reduce::{
    ExactSum, Extremes, Integer, IntegerProduct, IntegerSum, Ordered, PartialIntegers, PartialProduct, Product, Range,
    Reducer, reduce_axes,
};
use dap_kernels::scan;
use dap_kernels::sum::{Accumulator, Real};
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;
use num_complex::Complex;

use super::Cumulative;
use super::lines::Lines;
use super::parts::OfParts;
use crate::error::{Checked, argument};
use crate::reduce::{ComplexProduct, Partial, Word};

/// The function of elements of this type, which are no booleans.
///
/// # Errors
/// A function that the type does not have.
pub(super) fn of(function: Cumulative, element: ElementType) -> Result<Box<dyn Lines>> {
    macro_rules! by_type {
        ($($name:ident $type:ty: $of:ident;)*) => {
            match element {
                $(ElementType::$name => $of::<$type>(function),)*
                ElementType::Bool => None,
            }
        };
    }
    let found = by_type! {
        I8 i8: of_integers; I16 i16: of_integers; I32 i32: of_integers; I64 i64: of_integers;
        U8 u8: of_integers; U16 u16: of_integers; U32 u32: of_integers; U64 u64: of_integers;
        F32 f32: of_floats; F64 f64: of_floats; C64 f32: of_complex; C128 f64: of_complex;
    };
    found.map_or_else(|| argument(format!("{element} elements have no cumulative {function:?}")), Ok)
}

fn of_floats<T: Real + Ordered + Word>(function: Cumulative) -> Option<Box<dyn Lines>> {
    Some(match function {
        Cumulative::Sum => {
            Box::new(Scan::new(ExactSum::<T>::default(), |items: &[T], mut carry: Accumulator, out: &mut [T]| {
                scan::cumsum(items, &mut carry, out)
            }))
        }
        Cumulative::Prod => {
            Box::new(Scan::new(Product::<T>::new(), |items: &[T], mut carry: PartialProduct, out: &mut [T]| {
                scan::cumprod(items, &mut carry, out)
            }))
        }
        Cumulative::Min | Cumulative::Max => of_extremes::<T>(function),
    })
}

fn of_integers<T: Integer + Ordered + Word>(function: Cumulative) -> Option<Box<dyn Lines>> {
    if T::TYPE.kind() == Kind::Uint { of_integers_as::<T, u64>(function) } else { of_integers_as::<T, i64>(function) }
}

/// `U` is the type of sums: 64 bits, signed or not.
fn of_integers_as<T: Integer + Ordered + Word, U: Word>(function: Cumulative) -> Option<Box<dyn Lines>> {
    type Bits<T> = fn(&[T], &mut u64, &mut [u64]);
    let as_numbers = |scan: Bits<T>, items: &[T], mut carry: u64, out: &mut [U]| {
        let mut bits = vec![0; items.len()];
        scan(items, &mut carry, &mut bits);
        out.iter_mut().zip(bits).for_each(|(out, bits)| *out = U::from_word(bits));
    };
    Some(match function {
        Cumulative::Sum => {
            Box::new(Scan::new(IntegerSum::<T>::new(), move |items: &[T], carry: PartialIntegers, out: &mut [U]| {
                as_numbers(scan::cumsum_integers::<T>, items, carry.wrapped(), out);
            }))
        }
        Cumulative::Prod => {
            Box::new(Scan::new(IntegerProduct::<T>::new(), move |items: &[T], carry: u64, out: &mut [U]| {
                as_numbers(scan::cumprod_integers::<T>, items, carry, out);
            }))
        }
        Cumulative::Min | Cumulative::Max => of_extremes::<T>(function),
    })
}

fn of_extremes<T: Ordered + Word>(function: Cumulative) -> Box<dyn Lines> {
    let is_least = function == Cumulative::Min;
    let reducer = if is_least { Extremes::<T>::least() } else { Extremes::greatest() };
    Box::new(Scan::new(reducer, move |items: &[T], carry: Range<T>, out: &mut [T]| {
        let end = if is_least { carry.least() } else { carry.greatest() };
        let scan = if is_least { scan::running_min } else { scan::running_max };
        scan(items, &mut { end }, out);
    }))
}

fn of_complex<T: Real + Ordered + Word + Into<f64>>(function: Cumulative) -> Option<Box<dyn Lines>>
where
    Complex<T>: Element,
{
    match function {
        Cumulative::Sum => of_floats::<T>(function)
            .map(|real| Box::new(OfParts { real, output: Complex::<T>::TYPE }) as Box<dyn Lines>),
        Cumulative::Prod => Some(Box::new(Scan::new(
            ComplexProduct::<T>::default(),
            |items: &[Complex<T>], mut carry: Complex<f64>, out: &mut [Complex<T>]| {
                for (item, out) in items.iter().zip(out) {
                    carry *= Complex::new(item.re.widen(), item.im.widen());
                    *out = Complex::new(T::narrow(carry.re), T::narrow(carry.im));
                }
            },
        ))),
        Cumulative::Min | Cumulative::Max => None,
    }
}

/// A scan whose partial results are those of a reducer.
struct Scan<R, F, U> {
    reducer: R,
    scan: F,
    output: std::marker::PhantomData<fn(U)>,
}

impl<R: Reducer, F: Fn(&[R::Item], R::Output, &mut [U]), U: Element> Scan<R, F, U> {
    fn new(reducer: R, scan: F) -> Scan<R, F, U> {
        Scan { reducer, scan, output: std::marker::PhantomData }
    }
}

impl<R, F, U> Lines for Scan<R, F, U>
where
    R: Reducer<Output: Partial>,
    F: Fn(&[R::Item], R::Output, &mut [U]),
    U: Element,
{
    fn output(&self) -> ElementType {
        U::TYPE
    }

    fn words(&self) -> usize {
        R::Output::WORDS
    }

    fn start(&self, count: usize) -> Vec<u64> {
        let mut words = Vec::with_capacity(count * self.words());
        let neutral = self.reducer.done(self.reducer.start());
        (0..count).for_each(|_| neutral.put(&mut words));
        words
    }

    fn totals(&self, input: &View<'_>, axis: usize) -> Result<Vec<u64>> {
        let totals = reduce_axes(input, &[axis], &self.reducer).checked()?;
        let mut words = Vec::with_capacity(totals.len() * self.words());
        totals.iter().for_each(|total| total.put(&mut words));
        Ok(words)
    }

    fn merge(&self, words: &mut [u64], behind: &[u64]) {
        let mut merged = Vec::with_capacity(self.words());
        for (mine, other) in words.chunks_mut(R::Output::WORDS).zip(behind.chunks(R::Output::WORDS)) {
            let mut result = R::Output::get(mine);
            self.reducer.merge(&mut result, &R::Output::get(other));
            merged.clear();
            result.put(&mut merged);
            mine.copy_from_slice(&merged);
        }
    }

    fn scan(&self, input: &View<'_>, axis: usize, output: ViewMut<'_>, carries: &[u64]) -> Result<()> {
        let words = self.words();
        scan::along_axis::<R::Item, U>(input, axis, output, |line, items, out| {
            let carry = R::Output::get(carries.get(line * words..(line + 1) * words).unwrap_or(&[]));
            (self.scan)(items, carry, out);
        })
        .checked()
    }
}
