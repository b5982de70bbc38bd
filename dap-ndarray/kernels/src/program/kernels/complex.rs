//! Complex numbers: products and quotients by Annex G of the C standard, parts, sizes.
//!
//! A product or a quotient that is NaN in both parts is computed again, as Annex G says, since an
//! infinite or zero operand may determine it. The choice depends on the operands only.

use num_complex::Complex;

use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::kernel::{
    Binary, Body, Strip, binary, find, find_scalar, functions, kernel, operand, target, unary,
};
use crate::program::op::Op;

functions! { Conj Real Imag Mul Divide Reciprocal }

unary! {
    Conj(a): Complex<f32> Complex<f64> => Complex::new(a.re, -a.im);
    Real(a) -> f32: Complex<f32> => a.re;
    Real(a) -> f64: Complex<f64> => a.re;
    Imag(a) -> f32: Complex<f32> => a.im;
    Imag(a) -> f64: Complex<f64> => a.im;
    Reciprocal(a): Complex<f32> Complex<f64> => Divide::<T>::apply(Complex::new(1.0, 0.0), a);
}

binary! {
    Mul(a, b): Complex<f32> Complex<f64> => Complex::new(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
    Divide(a, b): Complex<f32> Complex<f64> => {
        // Scaling by a power of two is exact, and keeps the squares in range.
        let exponent = b.re.abs().max(b.im.abs()).exponent();
        let (c, d) = (scale(b.re, -exponent), scale(b.im, -exponent));
        let denominator = c * c + d * d;
        let re = scale((a.re * c + a.im * d) / denominator, -exponent);
        let im = scale((a.im * c - a.re * d) / denominator, -exponent);
        if re.is_nan() && im.is_nan() {
            recover_quotient!(a, b, c, d, denominator, re, im)
        } else {
            Complex::new(re, im)
        }
    };
}

/// Powers of two.
trait Scale {
    /// The exponent of a positive number; 0 if it is zero, infinite or NaN.
    fn exponent(self) -> i32;

    /// The number times a power of two.
    fn scaled(self, exponent: i32) -> Self;
}

impl Scale for f64 {
    fn exponent(self) -> i32 {
        let (bits, bias) = (self.to_bits(), 1023);
        match bits >> 52 & 0x7ff {
            0x7ff => 0,
            0 if bits << 1 == 0 => 0,
            0 => 11 - bits.leading_zeros() as i32 - (bias - 1),
            exponent => exponent as i32 - bias,
        }
    }

    fn scaled(self, exponent: i32) -> f64 {
        // Two factors: one may be beyond the normal numbers.
        let half = exponent / 2;
        let power = |exponent: i32| f64::from_bits(((exponent + 1023) as u64) << 52);
        self * power(half) * power(exponent - half)
    }
}

impl Scale for f32 {
    fn exponent(self) -> i32 {
        f64::from(self).exponent()
    }

    fn scaled(self, exponent: i32) -> f32 {
        // The product is exact in double precision.
        f64::from(self).scaled(exponent) as f32
    }
}

fn scale<T: Scale>(x: T, exponent: i32) -> T {
    x.scaled(exponent)
}

/// 1 for an infinite part, 0 for a finite one, with the sign of the part.
macro_rules! boxed {
    ($part:expr) => {
        (if $part.is_infinite() { 1.0 } else { 0.0 } as Part).copysign($part)
    };
}

macro_rules! recover_quotient {
    ($a:ident, $b:ident, $c:ident, $d:ident, $denominator:ident, $re:ident, $im:ident) => {{
        let infinity = <T as Parts>::INFINITY;
        let finite = |part: <T as Parts>::Part| part.is_finite();
        type Part = <T as Parts>::Part;
        if $denominator == 0.0 && (!$a.re.is_nan() || !$a.im.is_nan()) {
            Complex::new(infinity.copysign($c) * $a.re, infinity.copysign($c) * $a.im)
        } else if ($a.re.is_infinite() || $a.im.is_infinite()) && finite($b.re) && finite($b.im) {
            let (re, im) = (boxed!($a.re), boxed!($a.im));
            Complex::new(infinity * (re * $c + im * $d), infinity * (im * $c - re * $d))
        } else if ($b.re.is_infinite() || $b.im.is_infinite()) && finite($a.re) && finite($a.im) {
            let (c, d) = (boxed!($b.re), boxed!($b.im));
            Complex::new(0.0 * ($a.re * c + $a.im * d), 0.0 * ($a.im * c - $a.re * d))
        } else {
            Complex::new($re, $im)
        }
    }};
}
use {boxed, recover_quotient};

trait Parts {
    type Part;
    const INFINITY: Self::Part;
}

impl Parts for Complex<f32> {
    type Part = f32;
    const INFINITY: f32 = f32::INFINITY;
}

impl Parts for Complex<f64> {
    type Part = f64;
    const INFINITY: f64 = f64::INFINITY;
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
    macro_rules! slow {
        ($body:ident<$function:ident>) => {
            find_scalar!($body<$function>, element; C64 Complex<f32>, C128 Complex<f64>)
        };
    }
    match (op, element) {
        (Op::Conj, _) => each!(OfOne<Conj>),
        (Op::Real, _) => each!(OfOne<Real>),
        (Op::Imag, _) => each!(OfOne<Imag>),
        (Op::Multiply, ElementType::C64) => Some(kernel::<Product<Mul<Complex<f32>>>>(isa)),
        (Op::Multiply, ElementType::C128) => Some(kernel::<Product<Mul<Complex<f64>>>>(isa)),
        (Op::Divide, _) => slow!(OfTwo<Divide>),
        (Op::Reciprocal, _) => slow!(OfOne<Reciprocal>),
        _ => None,
    }
}
