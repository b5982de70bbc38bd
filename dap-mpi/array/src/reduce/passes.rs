//! The passes of a reduction, for each type of elements.

use dap_core::dtype::Kind;
use dap_kernels::element::{Element, ElementType};
use dap_kernels::loops::Order;
use dap_kernels::program::Value;
use dap_kernels::reduce::{
    Count, CountNonzero, ExactMoments, ExactSquares, ExactSum, Extremes, Integer, IntegerProduct, IntegerSum, Moments,
    Ordered, PartialIntegers, PartialProduct, Product, Range, Reducer, Squares, Sum,
};
use dap_kernels::sum::{
    Accumulator, Finish, MomentAccumulator, PartialMoments, PartialSquares, PartialSum, ProductAccumulator, Real,
};
use dap_kernels::view::View;
use dap_mpi::Result;
use num_complex::Complex;

use super::Reduction;
use super::complex_product::ComplexProduct;
use super::mapped::Mapped;
use super::partial::Word;
use super::pass::{Over, Parts, Pass};
use crate::error::argument;

/// The passes of a reduction, and the type of its result: for functions that other crates add.
/// Partial results of parts of the elements, on any ranks, are merged in any order.
///
/// ```
/// use dap_array::{ElementType, Passes, Reduction, Value};
/// use dap_kernels::view::View;
/// let passes = Passes::of(Reduction::Mean, ElementType::F64)?;
/// let mut words = passes.first.run(&View::of(&[1.0, 2.0]), None)?;
/// passes.first.merge(&mut words, &passes.first.run(&View::of(&[6.0]), None)?);
/// assert_eq!(passes.first.finish(&words), Some(Value::Float(3.0)));
/// # Ok::<(), dap_array::Error>(())
/// ```
pub struct Passes {
    /// The first pass.
    pub first: Box<dyn Pass>,
    /// The pass that decides the results which the first one leaves open; `None` if it leaves none.
    pub second: Option<Box<dyn Pass>>,
    /// The type of the results.
    pub element: ElementType,
}

/// A call for the Rust type of the elements, by kind.
macro_rules! by_type {
    ($element:expr, $($name:ident $type:ty),* => $T:ident $body:expr) => {
        match $element {
            $(ElementType::$name => {
                type $T = $type;
                Some($body)
            })*
            _ => None,
        }
    };
}

macro_rules! integers {
    ($element:expr, $T:ident => $body:expr) => {
        by_type!($element, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64 => $T $body)
    };
}

/// Of floats, and of the parts of complex numbers.
macro_rules! floats {
    ($element:expr, $T:ident => $body:expr) => {
        by_type!($element, F32 f32, F64 f64, C64 f32, C128 f64 => $T $body)
    };
}

impl Passes {
    /// The passes of a reduction of elements of this type.
    ///
    /// # Errors
    /// A reduction that the type does not have.
    pub fn of(reduction: Reduction, element: ElementType) -> Result<Passes> {
        let found = match element.kind() {
            Kind::Bool => Some(of_bool(reduction)),
            Kind::Int | Kind::Uint => integers!(element, T => of_integers::<T>(reduction)),
            Kind::Float => floats!(element, T => of_floats::<T>(reduction)),
            _ => floats!(element, T => of_complex::<T>(reduction)).flatten(),
        };
        found.map_or_else(|| argument(format!("{element} elements have no reduction {reduction:?}")), Ok)
    }

    fn one<P: Pass + 'static>(element: ElementType, pass: P) -> Passes {
        Passes { first: Box::new(pass), second: None, element }
    }

    fn two<P: Pass + 'static, Q: Pass + 'static>(element: ElementType, first: P, second: Q) -> Passes {
        Passes { first: Box::new(first), second: Some(Box::new(second)), element }
    }
}

fn of_bool(reduction: Reduction) -> Passes {
    let count = |element, finish: fn(&Count) -> Value| {
        let finish = move |parts: &[Count]| Some(finish(&parts[0]));
        Passes::one(element, Over::new(Parts::Byte, |_| CountNonzero::<u8>::new(), finish))
    };
    match reduction {
        Reduction::Sum | Reduction::NanSum | Reduction::CountNonzero => {
            count(ElementType::I64, |it| Value::Int(it.nonzero.into()))
        }
        Reduction::Mean | Reduction::NanMean => count(ElementType::F64, |it| {
            let integers = PartialIntegers { sum: it.nonzero.into(), count: it.total };
            Value::Float(integers.mean::<f64>())
        }),
        Reduction::Prod => count(ElementType::I64, |it| Value::Int(it.all().into())),
        Reduction::Min | Reduction::All => {
            let finish = |parts: &[Count]| Some(Value::Bool(parts[0].all()));
            Passes::one(ElementType::Bool, Over::new(Parts::Byte, |_| CountNonzero::<u8>::all(), finish))
        }
        Reduction::Max | Reduction::Any => {
            let finish = |parts: &[Count]| Some(Value::Bool(parts[0].any()));
            Passes::one(ElementType::Bool, Over::new(Parts::Byte, |_| CountNonzero::<u8>::any(), finish))
        }
        Reduction::Var { .. } | Reduction::Std { .. } | Reduction::Norm => {
            spreads_as_floats::<u8>(reduction, Parts::Byte, |byte| f64::from(u8::from(byte != 0)))
        }
    }
}

fn of_integers<T: Integer + Ordered + Word + Into<i128>>(reduction: Reduction) -> Passes {
    let sums = if T::TYPE.kind() == Kind::Uint { ElementType::U64 } else { ElementType::I64 };
    // A sum or a product wraps: its low 64 bits, as a signed or an unsigned number.
    let wrapped =
        move |bits: u64| Value::Int(if sums == ElementType::U64 { bits.into() } else { bits.cast_signed().into() });
    match reduction {
        Reduction::Sum | Reduction::NanSum => {
            let finish = move |parts: &[PartialIntegers]| Some(wrapped(parts[0].wrapped()));
            Passes::one(sums, Over::new(Parts::Whole, |_| IntegerSum::<T>::new(), finish))
        }
        Reduction::Mean | Reduction::NanMean => {
            let finish = |parts: &[PartialIntegers]| Some(Value::Float(parts[0].mean::<f64>()));
            Passes::one(ElementType::F64, Over::new(Parts::Whole, |_| IntegerSum::<T>::new(), finish))
        }
        Reduction::Prod => {
            let finish = move |parts: &[u64]| Some(wrapped(parts[0]));
            Passes::one(sums, Over::new(Parts::Whole, |_| IntegerProduct::<T>::new(), finish))
        }
        Reduction::Min | Reduction::Max => extremes::<T>(reduction, |item| Value::Int(item.into())),
        Reduction::All | Reduction::Any | Reduction::CountNonzero => counts::<T>(reduction),
        Reduction::Var { .. } | Reduction::Std { .. } | Reduction::Norm => {
            spreads_as_floats::<T>(reduction, Parts::Whole, |item| item.into() as f64)
        }
    }
}

fn of_floats<T: Real + Element + Ordered + Word + Into<f64>>(reduction: Reduction) -> Passes {
    match reduction {
        Reduction::Min | Reduction::Max => extremes::<T>(reduction, |item| Value::Float(item.into())),
        Reduction::All | Reduction::Any | Reduction::CountNonzero => counts::<T>(reduction),
        Reduction::Prod => {
            let finish = |parts: &[PartialProduct]| Some(Value::Float(parts[0].value::<T>().into()));
            Passes::one(T::TYPE, Over::new(Parts::Whole, |_| Product::<T>::new(), finish))
        }
        Reduction::Sum | Reduction::NanSum | Reduction::Mean | Reduction::NanMean => {
            sums::<T>(reduction, T::TYPE, Parts::Whole)
        }
        Reduction::Var { .. } | Reduction::Std { .. } | Reduction::Norm => spreads::<T>(reduction, Parts::Whole),
    }
}

fn of_complex<T: Real + Element + Into<f64>>(reduction: Reduction) -> Option<Passes>
where
    Complex<T>: Element,
{
    let element = Complex::<T>::TYPE;
    Some(match reduction {
        Reduction::Min | Reduction::Max => return None,
        Reduction::All | Reduction::Any | Reduction::CountNonzero => counts::<Complex<T>>(reduction),
        Reduction::Prod => {
            let finish = |parts: &[Complex<f64>]| Some(Value::Complex(parts[0].re, parts[0].im));
            Passes::one(element, Over::new(Parts::Whole, |_| ComplexProduct::<T>::default(), finish))
        }
        Reduction::Sum | Reduction::Mean => sums::<T>(reduction, element, Parts::Complex),
        Reduction::NanSum | Reduction::NanMean => return None,
        Reduction::Var { .. } | Reduction::Std { .. } | Reduction::Norm => spreads::<T>(reduction, Parts::Complex),
    })
}

/// A real or a complex number.
fn number(parts: &[f64]) -> Value {
    match *parts {
        [re, im] => Value::Complex(re, im),
        _ => Value::Float(parts.first().copied().unwrap_or(f64::NAN)),
    }
}

fn certain<T: Into<f64>>(finish: Finish<T>) -> Option<f64> {
    match finish {
        Finish::Certain(value) => Some(value.into()),
        Finish::NeedsSecondPass => None,
    }
}

fn sums<T: Real + Element + Into<f64>>(reduction: Reduction, element: ElementType, parts: Parts) -> Passes {
    let is_mean = matches!(reduction, Reduction::Mean | Reduction::NanMean);
    let skips = matches!(reduction, Reduction::NanSum | Reduction::NanMean);
    let finish = move |parts: &[PartialSum]| {
        let value = |part: &PartialSum| certain::<T>(if is_mean { part.mean() } else { part.finish() });
        Some(number(&parts.iter().map(value).collect::<Option<Vec<_>>>()?))
    };
    let decide = move |parts: &[Accumulator]| {
        let value = |part: &Accumulator| -> f64 { if is_mean { part.mean::<T>() } else { part.finish::<T>() }.into() };
        Some(number(&parts.iter().map(value).collect::<Vec<_>>()))
    };
    let first = move |_: &View<'_>| if skips { Sum::<T>::skipping_nan() } else { Sum::new() };
    if !skips {
        return Passes::two(
            element,
            Over::new(parts, first, finish),
            Over::new(parts, |_| ExactSum::<T>::default(), decide),
        );
    }
    let numbers = |items: &[T], to: &mut Vec<T>| to.extend(items.iter().filter(|item| !item.widen().is_nan()));
    let second = move |_: &View<'_>| Mapped::new(ExactSum::<T>::default(), numbers);
    Passes::two(element, Over::new(parts, first, finish), Over::new(parts, second, decide))
}

/// Variance, standard deviation and norm by reducers of `$T`, which `$wrap` turns into reducers of
/// the elements. `$pivot` is a number near the first elements of a view.
macro_rules! spreads {
    ($reduction:expr, $parts:expr, $T:ty, $pivot:expr, |$reducer:ident| $wrap:expr) => {{
        let value = |found: $T| Some(Value::Float(found.into()));
        let part = <$T as Element>::TYPE;
        match $reduction {
            Reduction::Norm => {
                let finish = move |parts: &[PartialSquares]| {
                    let finished = merged(parts, PartialSquares::merge).root::<$T>();
                    certain(finished).map(Value::Float)
                };
                let decide =
                    move |parts: &[ProductAccumulator]| value(merged(parts, ProductAccumulator::merge).root::<$T>());
                let first = move |_: &View<'_>| {
                    let $reducer = Squares::<$T>::default();
                    $wrap
                };
                let second = move |_: &View<'_>| {
                    let $reducer = ExactSquares::<$T>::default();
                    $wrap
                };
                Passes::two(part, Over::new($parts, first, finish), Over::new($parts, second, decide))
            }
            reduction => {
                let (ddof, is_root) = match reduction {
                    Reduction::Var { ddof } => (ddof, false),
                    Reduction::Std { ddof } => (ddof, true),
                    _ => unreachable!("the callers' reductions"),
                };
                let finish = move |parts: &[PartialMoments]| {
                    let variance = PartialMoments::variance::<$T>;
                    let deviation = PartialMoments::deviation::<$T>;
                    certain(if is_root { deviation(parts, ddof) } else { variance(parts, ddof) }).map(Value::Float)
                };
                let decide = move |parts: &[MomentAccumulator]| {
                    let variance = MomentAccumulator::variance::<$T>;
                    let deviation = MomentAccumulator::deviation::<$T>;
                    value(if is_root { deviation(parts, ddof) } else { variance(parts, ddof) })
                };
                let first = move |view: &View<'_>| {
                    let $reducer = Moments::<$T>::about($pivot(view));
                    $wrap
                };
                let second = move |_: &View<'_>| {
                    let $reducer = ExactMoments::<$T>::default();
                    $wrap
                };
                Passes::two(part, Over::new($parts, first, finish), Over::new($parts, second, decide))
            }
        }
    }};
}

/// Variance, standard deviation and norm of floats, or of complex numbers by their parts.
fn spreads<T: Real + Element + Into<f64>>(reduction: Reduction, parts: Parts) -> Passes {
    let pivot = |view: &View<'_>| PartialMoments::pivot(&first_elements::<T>(view));
    spreads!(reduction, parts, T, pivot, |reducer| reducer)
}

/// The same of elements that are converted to `f64`.
fn spreads_as_floats<T: Element>(reduction: Reduction, parts: Parts, float: fn(T) -> f64) -> Passes {
    let map = move |items: &[T], to: &mut Vec<f64>| to.extend(items.iter().map(|&item| float(item)));
    let pivot = move |view: &View<'_>| {
        let first: Vec<f64> = first_elements::<T>(view).into_iter().map(float).collect();
        PartialMoments::pivot(&first)
    };
    spreads!(reduction, parts, f64, pivot, |reducer| Mapped::<T, _, _>::new(reducer, map))
}

/// The first elements of a view: some of them.
fn first_elements<T: Element>(view: &View<'_>) -> Vec<T> {
    let mut first = Vec::new();
    let range = 0..view.len().min(32);
    view.for_each_strip_in::<T>(Order::Any, range, |strip| first.extend_from_slice(strip));
    first
}

fn merged<P: Clone + Default>(parts: &[P], merge: fn(&mut P, &P)) -> P {
    parts.iter().skip(1).fold(parts.first().cloned().unwrap_or_default(), |mut all, part| {
        merge(&mut all, part);
        all
    })
}

fn extremes<T: Ordered + Word>(reduction: Reduction, value: fn(T) -> Value) -> Passes {
    let is_least = matches!(reduction, Reduction::Min);
    let reducer = move |_: &View<'_>| if is_least { Extremes::<T>::least() } else { Extremes::greatest() };
    let finish = move |parts: &[Range<T>]| {
        // Whether there are elements was checked when the reduction began.
        let found = if is_least { parts[0].least() } else { parts[0].greatest() };
        Some(value(found.unwrap_or_default()))
    };
    Passes::one(T::TYPE, Over::new(Parts::Whole, reducer, finish))
}

fn counts<T: Element>(reduction: Reduction) -> Passes
where
    CountNonzero<T>: Reducer<Item = T, Output = Count>,
{
    let reducer = move |_: &View<'_>| match reduction {
        Reduction::All => CountNonzero::<T>::all(),
        Reduction::Any => CountNonzero::any(),
        _ => CountNonzero::new(),
    };
    let finish = move |parts: &[Count]| {
        Some(match reduction {
            Reduction::All => Value::Bool(parts[0].all()),
            Reduction::Any => Value::Bool(parts[0].any()),
            _ => Value::Int(parts[0].nonzero.into()),
        })
    };
    let element = if matches!(reduction, Reduction::CountNonzero) { ElementType::I64 } else { ElementType::Bool };
    Passes::one(element, Over::new(Parts::Whole, reducer, finish))
}
