//! Complex numbers: products by Annex G of the C standard, and parts.
//!
//! A product that is NaN in both parts is computed again, as Annex G says, since an infinite
//! operand may determine it. The choice depends on the operands only.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{Binary, Body, Strip, binary, find, functions, kernel, operand, target, unary};
use crate::program::op::Op;

functions! { Conj Real Imag Mul }

unary! {
    Conj(a): Complex<f32> Complex<f64> => Complex::new(a.re, -a.im);
    Real(a) -> f32: Complex<f32> => a.re;
    Real(a) -> f64: Complex<f64> => a.re;
    Imag(a) -> f32: Complex<f32> => a.im;
    Imag(a) -> f64: Complex<f64> => a.im;
}

binary! {
    Mul(a, b): Complex<f32> Complex<f64> => Complex::new(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}

/// 1 for an infinite part, 0 for a finite one, with the sign of the part.
macro_rules! boxed {
    ($part:expr) => {
        (if $part.is_infinite() { 1.0 } else { 0.0 } as Part).copysign($part)
    };
}

/// Annex G's recovery of an infinite product.
trait Recover: Copy {
    fn is_lost(self) -> bool;
    fn recover(self, a: Self, b: Self) -> Self;
}

macro_rules! recover {
    ($($type:ident)*) => {$(
        impl Recover for Complex<$type> {
            #[inline(always)]
            fn is_lost(self) -> bool {
                self.re.is_nan() & self.im.is_nan()
            }

            fn recover(self, a: Self, b: Self) -> Self {
                type Part = $type;
                let (mut a, mut b, mut infinite) = (a, b, false);
                let zeroed = |part: Part| if part.is_nan() { (0.0 as Part).copysign(part) } else { part };
                let cleared = |z: Self| Complex::new(zeroed(z.re), zeroed(z.im));
                if a.re.is_infinite() || a.im.is_infinite() {
                    a = Complex::new(boxed!(a.re), boxed!(a.im));
                    b = cleared(b);
                    infinite = true;
                }
                if b.re.is_infinite() || b.im.is_infinite() {
                    b = Complex::new(boxed!(b.re), boxed!(b.im));
                    a = cleared(a);
                    infinite = true;
                }
                let overflows = [a.re * b.re, a.im * b.im, a.re * b.im, a.im * b.re].iter().any(|part| part.is_infinite());
                if !infinite && overflows {
                    (a, b) = (cleared(a), cleared(b));
                    infinite = true;
                }
                if infinite {
                    let infinity = Part::INFINITY;
                    Complex::new(infinity * (a.re * b.re - a.im * b.im), infinity * (a.re * b.im + a.im * b.re))
                } else {
                    self
                }
            }
        }
    )*};
}

recover! { f32 f64 }

/// A product: the plain formula for all elements, and then again those that are NaN in both parts.
struct Product<F>(F);

impl<F: Binary<R = <F as Binary>::A>> Body for Product<F>
where
    F::A: Recover,
{
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the types of `F`.
        let (out, a, b) = unsafe { (target::<F::A>(out, n), operand::<F::A>(a, n), operand::<F::A>(b, n)) };
        let mut lost = false;
        for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
            *out = F::apply(*a, *b);
            lost |= out.is_lost();
        }
        if lost {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                if out.is_lost() {
                    *out = out.recover(*a, *b);
                }
            }
        }
    }
}

pub(super) fn find(op: Op, element: ElementType, isa: Isa) -> Option<Strip> {
    macro_rules! each {
        ($body:ident<$function:ident>) => {
            find!($body<$function>, element, isa; C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match (op, element) {
        (Op::Conj, _) => each!(OfOne<Conj>),
        (Op::Real, _) => each!(OfOne<Real>),
        (Op::Imag, _) => each!(OfOne<Imag>),
        (Op::Multiply, ElementType::C64) => Some(kernel::<Product<Mul<Complex<f32>>>>(isa)),
        (Op::Multiply, ElementType::C128) => Some(kernel::<Product<Mul<Complex<f64>>>>(isa)),
        _ => None,
    }
}
