//! A kernel: one operation on the elements of one strip, compiled for each instruction set.

use std::slice;

use crate::isa::Isa;

/// Computes `n` elements of the result from `n` elements of each operand.
///
/// # Safety
/// The processor has the instruction set that the kernel was found for. `out` may be written, and
/// each pointer that the kernel uses (the first ones, as many as it has operands) read, for `n`
/// elements of the kernel's types; all are aligned, and `out` overlaps no operand. A byte of a bool
/// may have any value.
pub(super) type Strip = unsafe fn(out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize);

/// The body of a kernel.
pub(super) trait Body {
    /// # Safety
    /// As [`Strip`]; the processor has `isa`.
    unsafe fn run(isa: Isa, out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize);
}

/// The kernel for an instruction set.
pub(super) fn kernel<B: Body>(isa: Isa) -> Strip {
    #[cfg(target_arch = "x86_64")]
    match isa {
        Isa::Baseline => baseline::<B>,
        Isa::Avx2 => avx2::<B>,
        Isa::Avx512 => avx512::<B>,
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = isa;
        baseline::<B>
    }
}

/// A kernel that vector instructions do not make faster: compiled once.
pub(super) fn scalar_kernel<B: Body>() -> Strip {
    baseline::<B>
}

unsafe fn baseline<B: Body>(out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
    // SAFETY: the contract of `Strip`.
    unsafe { B::run(Isa::Baseline, out, a, b, c, n) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn avx2<B: Body>(out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
    // SAFETY: the contract of `Strip`.
    unsafe { B::run(Isa::Avx2, out, a, b, c, n) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn avx512<B: Body>(out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
    // SAFETY: the contract of `Strip`.
    unsafe { B::run(Isa::Avx512, out, a, b, c, n) }
}

/// A function of one element.
pub(super) trait Unary {
    type A: Copy;
    type R: Copy;
    fn apply(a: Self::A) -> Self::R;
}

/// A function of two elements.
pub(super) trait Binary {
    type A: Copy;
    type R: Copy;
    fn apply(a: Self::A, b: Self::A) -> Self::R;
}

/// A function of three elements.
pub(super) trait Ternary {
    type A: Copy;
    type R: Copy;
    fn apply(a: Self::A, b: Self::R, c: Self::R) -> Self::R;
}

/// A function of two elements whose result replaces the first: a strip that is read and written.
pub(super) struct InPlace<F>(F);
/// A [`Unary`] as a body; likewise the others.
pub(super) struct OfOne<F>(F);
pub(super) struct OfTwo<F>(F);
pub(super) struct OfThree<F>(F);

impl<F: Unary> Body for OfOne<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, _: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the types of `F`.
        let (out, a) = unsafe { (target::<F::R>(out, n), operand::<F::A>(a, n)) };
        over_one(out, a, F::apply);
    }
}

impl<F: Binary> Body for OfTwo<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the types of `F`.
        let (out, a, b) = unsafe { (target::<F::R>(out, n), operand::<F::A>(a, n), operand::<F::A>(b, n)) };
        over_two(out, a, b, F::apply);
    }
}

impl<F: Ternary> Body for OfThree<F> {
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`, with the types of `F`.
        let (out, a) = unsafe { (target::<F::R>(out, n), operand::<F::A>(a, n)) };
        // SAFETY: the same.
        let (b, c) = unsafe { (operand::<F::R>(b, n), operand::<F::R>(c, n)) };
        over_three(out, a, b, c, F::apply);
    }
}

impl<F: Binary<R = <F as Binary>::A>> Body for InPlace<F> {
    /// `a` is not used: `out` is the first operand.
    #[inline(always)]
    unsafe fn run(_: Isa, out: *mut u8, _: *const u8, b: *const u8, _: *const u8, n: usize) {
        // SAFETY: the contract of `Strip`; the elements of `out` are initialised.
        let (out, b) = unsafe { (target::<F::A>(out, n), operand::<F::A>(b, n)) };
        onto(out, b, F::apply);
    }
}

/// The loops are functions of their own: as parameters, slices are known to share no memory.
#[inline(always)]
pub(super) fn over_one<A: Copy, R>(out: &mut [R], a: &[A], f: impl Fn(A) -> R) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = f(*a);
    }
}

#[inline(always)]
pub(super) fn over_two<A: Copy, B: Copy, R>(out: &mut [R], a: &[A], b: &[B], f: impl Fn(A, B) -> R) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
    }
}

#[inline(always)]
pub(super) fn over_three<A: Copy, B: Copy, R>(out: &mut [R], a: &[A], b: &[B], c: &[B], f: impl Fn(A, B, B) -> R) {
    for (((out, a), b), c) in out.iter_mut().zip(a).zip(b).zip(c) {
        *out = f(*a, *b, *c);
    }
}

#[inline(always)]
fn onto<A: Copy>(out: &mut [A], b: &[A], f: impl Fn(A, A) -> A) {
    for (out, b) in out.iter_mut().zip(b) {
        *out = f(*out, *b);
    }
}

/// # Safety
/// `n` aligned, initialised elements may be written at `at`, which nothing else uses; all patterns
/// of bits are values of `T`.
#[inline(always)]
pub(super) unsafe fn target<'s, T>(at: *mut u8, n: usize) -> &'s mut [T] {
    // SAFETY: this function's contract.
    unsafe { slice::from_raw_parts_mut(at.cast(), n) }
}

/// # Safety
/// `n` aligned, initialised elements may be read at `at`, and are not written meanwhile; all
/// patterns of bits are values of `T`.
#[inline(always)]
pub(super) unsafe fn operand<'s, T>(at: *const u8, n: usize) -> &'s [T] {
    // SAFETY: this function's contract.
    unsafe { slice::from_raw_parts(at.cast(), n) }
}

/// Declares functions of elements: `unary! { Name(a) -> R: type type => expression; ... }`. In the
/// expression `T` is the type of the operand; `R` defaults to it.
macro_rules! unary {
    ($($name:ident($a:ident) $(-> $result:ty)?: $($type:ty)+ => $body:expr;)*) => {
        $($crate::program::kernel::unary!(@each $name ($a) [$($result)?] [$($type)+] $body);)*
    };
    (@each $name:ident ($a:ident) $result:tt [$($type:ty)+] $body:expr) => {
        $($crate::program::kernel::unary!(@one $name ($a) $result $type, $body);)+
    };
    (@one $name:ident ($a:ident) [] $type:ty, $body:expr) => {
        $crate::program::kernel::unary!(@one $name ($a) [$type] $type, $body);
    };
    (@one $name:ident ($a:ident) [$result:ty] $type:ty, $body:expr) => {
        impl $crate::program::kernel::Unary for $name<$type> {
            type A = $type;
            type R = $result;
            #[inline(always)]
            fn apply($a: $type) -> $result {
                #[allow(dead_code, reason = "the expression need not name the type")]
                type T = $type;
                $body
            }
        }
    };
}

/// As `unary!`, of two operands of one type.
macro_rules! binary {
    ($($name:ident($a:ident, $b:ident) $(-> $result:ty)?: $($type:ty)+ => $body:expr;)*) => {
        $($crate::program::kernel::binary!(@each $name ($a, $b) [$($result)?] [$($type)+] $body);)*
    };
    (@each $name:ident ($a:ident, $b:ident) $result:tt [$($type:ty)+] $body:expr) => {
        $($crate::program::kernel::binary!(@one $name ($a, $b) $result $type, $body);)+
    };
    (@one $name:ident ($a:ident, $b:ident) [] $type:ty, $body:expr) => {
        $crate::program::kernel::binary!(@one $name ($a, $b) [$type] $type, $body);
    };
    (@one $name:ident ($a:ident, $b:ident) [$result:ty] $type:ty, $body:expr) => {
        impl $crate::program::kernel::Binary for $name<$type> {
            type A = $type;
            type R = $result;
            #[inline(always)]
            fn apply($a: $type, $b: $type) -> $result {
                #[allow(dead_code, reason = "the expression need not name the type")]
                type T = $type;
                $body
            }
        }
    };
}

/// Declares the types that functions of elements are implemented for.
macro_rules! functions {
    ($($name:ident)*) => {
        $(pub(super) struct $name<T>(std::marker::PhantomData<T>);)*
    };
}

/// The kernel of a function for an element type, out of those listed; `None` for other types.
/// `find!(OfOne<Neg>, element, isa; F64 f64, ...)`.
macro_rules! find {
    ($body:ident<$function:ident>, $element:expr, $isa:expr; $($name:ident $type:ty),* $(,)?) => {
        match $element {
            $($crate::element::ElementType::$name => {
                Some($crate::program::kernel::kernel::<$crate::program::kernel::$body<$function<$type>>>($isa))
            })*
            _ => None,
        }
    };
}

/// As `find!`, for functions of two operands of all types, which have an order.
macro_rules! find_ordered {
    ($function:ident, $element:expr, $isa:expr) => {
        $crate::program::kernel::find!(OfTwo<$function>, $element, $isa;
            F32 f32, F64 f64, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64,
            C64 num_complex::Complex<f32>, C128 num_complex::Complex<f64>)
    };
}

/// As `find!`, for kernels that are compiled once.
macro_rules! find_scalar {
    ($body:ident<$function:ident>, $element:expr; $($name:ident $type:ty),* $(,)?) => {
        match $element {
            $($crate::element::ElementType::$name => {
                Some($crate::program::kernel::scalar_kernel::<$crate::program::kernel::$body<$function<$type>>>())
            })*
            _ => None,
        }
    };
}

pub(super) use {binary, find, find_ordered, find_scalar, functions, unary};
