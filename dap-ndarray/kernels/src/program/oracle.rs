//! A slow evaluator: one element at a time, one operation at a time, straight from the definitions.
//!
//! It knows nothing of steps, strips or loops. Integers are computed as `i128` and wrapped, bools
//! as `bool`; the operations on floats are Rust's own.

use num_complex::Complex;

use super::graph::{Content, Graph};
use super::op::Op;
use super::value::Value;
use crate::element::ElementType;

/// One element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    Bool(bool),
    Int(i128),
    F32(f32),
    F64(f64),
    C64(Complex<f32>),
    C128(Complex<f64>),
}
use Item::{Bool, C64, C128, F32, F64, Int};

/// The values of all outputs, from those of inputs and targets at one index.
pub(super) fn evaluate(graph: &Graph, inputs: &[Item], targets: &[Item], scalars: &[Value]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for entry in &graph.entries {
        let of = |node: super::Node| (items[usize::from(node.0)], graph.element(node).unwrap());
        items.push(match entry.content {
            Content::Input(number) => inputs[usize::from(number)],
            Content::Target(number) => targets[usize::from(number)],
            Content::Scalar(number) | Content::Weak(number, _) => scalar(scalars[usize::from(number)], entry.element),
            Content::Cast(x) => cast(of(x).0, entry.element),
            Content::Unary(op, x) => unary(op, of(x).0, of(x).1),
            Content::Binary(op, x, y) => binary(op, of(x).0, of(y).0, of(x).1),
            Content::Where(condition, x, y) => {
                if truth(of(condition).0) {
                    of(x).0
                } else {
                    of(y).0
                }
            }
        });
    }
    graph.outputs.iter().map(|output| items[usize::from(output.0)]).collect()
}

fn scalar(value: Value, element: ElementType) -> Item {
    let item = match value {
        Value::Bool(value) => Bool(value),
        Value::Int(value) => Int(value),
        Value::Float(value) => F64(value),
        Value::Complex(re, im) => C128(Complex::new(re, im)),
    };
    cast(item, element)
}

fn truth(item: Item) -> bool {
    match item {
        Bool(x) => x,
        Int(x) => x != 0,
        F32(x) => x != 0.0,
        F64(x) => x != 0.0,
        C64(x) => x.re != 0.0 || x.im != 0.0,
        C128(x) => x.re != 0.0 || x.im != 0.0,
    }
}

pub(super) fn wrap(x: i128, element: ElementType) -> Item {
    Int(match element {
        ElementType::I8 => x as i8 as i128,
        ElementType::I16 => x as i16 as i128,
        ElementType::I32 => x as i32 as i128,
        ElementType::I64 => x as i64 as i128,
        _ => x & ((1 << (8 * element.size())) - 1),
    })
}

fn bounds(element: ElementType) -> (i128, i128) {
    let bits = 8 * element.size() as u32;
    if element.kind() == dap_core::dtype::Kind::Int {
        (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    } else {
        (0, (1 << bits) - 1)
    }
}

pub(super) fn cast(item: Item, to: ElementType) -> Item {
    let saturated = |x: f64| {
        let (low, high) = bounds(to);
        Int(if x.is_nan() { 0 } else { (x as i128).clamp(low, high) })
    };
    match (to, item) {
        (ElementType::Bool, item) => Bool(truth(item)),
        (_, Bool(x)) => cast(Int(x.into()), to),
        (ElementType::F32, Int(x)) => F32(x as f32),
        (ElementType::F32, F64(x)) => F32(x as f32),
        (ElementType::F32, F32(_)) => item,
        (ElementType::F64, Int(x)) => F64(x as f64),
        (ElementType::F64, F32(x)) => F64(x.into()),
        (ElementType::F64, F64(_)) => item,
        (ElementType::C64, C64(_)) | (ElementType::C128, C128(_)) => item,
        (ElementType::C64, C128(x)) => C64(Complex::new(x.re as f32, x.im as f32)),
        (ElementType::C128, C64(x)) => C128(Complex::new(x.re.into(), x.im.into())),
        (ElementType::C64, item) => match cast(item, ElementType::F32) {
            F32(re) => C64(Complex::new(re, 0.0)),
            _ => unreachable!(),
        },
        (ElementType::C128, item) => match cast(item, ElementType::F64) {
            F64(re) => C128(Complex::new(re, 0.0)),
            _ => unreachable!(),
        },
        (_, C64(x)) => cast(F32(x.re), to),
        (_, C128(x)) => cast(F64(x.re), to),
        (_, Int(x)) => wrap(x, to),
        (_, F32(x)) => saturated(x.into()),
        (_, F64(x)) => saturated(x),
    }
}

macro_rules! float_unary {
    ($op:expr, $x:expr, $wrap:ident, $T:ident) => {
        match $op {
            Op::Abs => $wrap($x.abs()),
            Op::Negative => $wrap(-$x),
            Op::Sign => $wrap(if $x > 0.0 {
                1.0
            } else if $x < 0.0 {
                -1.0
            } else if $x.is_nan() {
                $x
            } else {
                0.0
            }),
            Op::Sqrt => $wrap($x.sqrt()),
            Op::Reciprocal => $wrap(1.0 / $x),
            Op::Floor => $wrap($x.floor()),
            Op::Ceil => $wrap($x.ceil()),
            Op::Trunc => $wrap($x.trunc()),
            Op::Round => $wrap($x.round_ties_even()),
            Op::Isnan => Bool($x.is_nan()),
            Op::Isinf => Bool($x.is_infinite()),
            Op::Isfinite => Bool($x.is_finite()),
            Op::Signbit => Bool($x.is_sign_negative()),
            Op::Imag => $wrap(0.0),
            other => unimplemented!("{other}"),
        }
    };
}

macro_rules! complex_unary {
    ($op:expr, $x:expr, $wrap:ident, $part:ident) => {
        match $op {
            Op::Negative => $wrap(Complex::new(-$x.re, -$x.im)),
            Op::Conj => $wrap(Complex::new($x.re, -$x.im)),
            Op::Real => $part($x.re),
            Op::Imag => $part($x.im),
            Op::Round => $wrap(Complex::new($x.re.round_ties_even(), $x.im.round_ties_even())),
            Op::Isnan => Bool($x.re.is_nan() || $x.im.is_nan()),
            Op::Isinf => Bool($x.re.is_infinite() || $x.im.is_infinite()),
            Op::Isfinite => Bool($x.re.is_finite() && $x.im.is_finite()),
            other => unimplemented!("{other}"),
        }
    };
}

fn unary(op: Op, x: Item, element: ElementType) -> Item {
    match x {
        F32(x) => float_unary!(op, x, F32, f32),
        F64(x) => float_unary!(op, x, F64, f64),
        C64(x) => complex_unary!(op, x, C64, F32),
        C128(x) => complex_unary!(op, x, C128, F64),
        Bool(x) => match op {
            Op::LogicalNot | Op::Invert => Bool(!x),
            Op::Isnan | Op::Isinf | Op::Signbit | Op::Imag => Bool(false),
            Op::Isfinite => Bool(true),
            other => unimplemented!("{other}"),
        },
        Int(x) => match op {
            Op::Abs => wrap(x.abs(), element),
            Op::Negative => wrap(-x, element),
            Op::Sign => wrap(x.signum(), element),
            Op::Reciprocal => wrap(if x == 0 { 0 } else { 1 / x }, element),
            Op::Invert => wrap(!x, element),
            Op::Isnan | Op::Isinf => Bool(false),
            Op::Isfinite => Bool(true),
            Op::Signbit => Bool(x < 0),
            Op::Imag => Int(0),
            other => unimplemented!("{other}"),
        },
    }
}

macro_rules! float_binary {
    ($op:expr, $x:expr, $y:expr, $wrap:ident, $T:ident) => {{
        let (x, y) = ($x, $y);
        match $op {
            Op::Add => $wrap(x + y),
            Op::Subtract => $wrap(x - y),
            Op::Multiply => $wrap(x * y),
            Op::Divide => $wrap(x / y),
            // NumPy's `npy_divmod`.
            Op::FloorDivide | Op::Remainder if y == 0.0 => $wrap(if $op == Op::Remainder { $T::NAN } else { x / y }),
            Op::FloorDivide | Op::Remainder => {
                let mut rest = x % y;
                let mut quotient = (x - rest) / y;
                if rest != 0.0 {
                    if (y < 0.0) != (rest < 0.0) {
                        rest += y;
                        quotient -= 1.0;
                    }
                } else {
                    rest = (0.0 as $T).copysign(y);
                }
                if $op == Op::Remainder {
                    $wrap(rest)
                } else if quotient != 0.0 {
                    let floor = quotient.floor();
                    $wrap(if quotient - floor > 0.5 { floor + 1.0 } else { floor })
                } else {
                    $wrap((0.0 as $T).copysign(x / y))
                }
            }
            Op::Fmod => $wrap(x % y),
            Op::Maximum => $wrap(if x.is_nan() || y.is_nan() {
                $T::NAN
            } else if x < y {
                y
            } else {
                x
            }),
            Op::Minimum => $wrap(if x.is_nan() || y.is_nan() {
                $T::NAN
            } else if x > y {
                y
            } else {
                x
            }),
            Op::Copysign => $wrap(x.copysign(y)),
            Op::Nextafter if x.is_nan() || y.is_nan() => $wrap($T::NAN),
            Op::Nextafter if x == y => $wrap(y),
            Op::Nextafter => $wrap(if x < y { x.next_up() } else { x.next_down() }),
            Op::Equal => Bool(x == y),
            Op::NotEqual => Bool(x != y),
            Op::Less => Bool(x < y),
            Op::LessEqual => Bool(x <= y),
            other => unimplemented!("{other}"),
        }
    }};
}

macro_rules! complex_binary {
    ($op:expr, $x:expr, $y:expr, $wrap:ident, $T:ident) => {{
        let (x, y) = ($x, $y);
        let less = |x: Complex<$T>, y: Complex<$T>| {
            if x.im.is_nan() || y.im.is_nan() { false } else { x.re < y.re || (x.re == y.re && x.im < y.im) }
        };
        let nan = |z: Complex<$T>| z.re.is_nan() || z.im.is_nan();
        match $op {
            Op::Add => $wrap(Complex::new(x.re + y.re, x.im + y.im)),
            Op::Subtract => $wrap(Complex::new(x.re - y.re, x.im - y.im)),
            Op::Multiply => $wrap(product!(x, y, $T)),
            Op::Maximum if nan(x) => $wrap(x),
            Op::Minimum if nan(x) => $wrap(x),
            Op::Maximum | Op::Minimum if nan(y) => $wrap(y),
            Op::Maximum => $wrap(if less(x, y) || x == y { y } else { x }),
            Op::Minimum => $wrap(if less(y, x) || x == y { y } else { x }),
            Op::Equal => Bool(x.re == y.re && x.im == y.im),
            Op::NotEqual => Bool(x.re != y.re || x.im != y.im),
            Op::Less => Bool(less(x, y)),
            Op::LessEqual => Bool(less(x, y) || (x.re == y.re && x.im == y.im)),
            other => unimplemented!("{other}"),
        }
    }};
}

/// Annex G's product, from the text of the standard.
macro_rules! product {
    ($x:expr, $y:expr, $T:ident) => {{
        let (mut a, mut b, mut c, mut d) = ($x.re, $x.im, $y.re, $y.im);
        let plain = Complex::new(a * c - b * d, a * d + b * c);
        if plain.re.is_nan() && plain.im.is_nan() {
            let one = |part: $T| (if part.is_infinite() { 1.0 } else { 0.0 } as $T).copysign(part);
            let zero = |part: $T| if part.is_nan() { (0.0 as $T).copysign(part) } else { part };
            let mut recalculated = false;
            let products = [a * c, b * d, a * d, b * c];
            if a.is_infinite() || b.is_infinite() {
                (a, b, c, d) = (one(a), one(b), zero(c), zero(d));
                recalculated = true;
            }
            if c.is_infinite() || d.is_infinite() {
                (c, d, a, b) = (one(c), one(d), zero(a), zero(b));
                recalculated = true;
            }
            if !recalculated && products.iter().any(|part| part.is_infinite()) {
                (a, b, c, d) = (zero(a), zero(b), zero(c), zero(d));
                recalculated = true;
            }
            let infinity = $T::INFINITY;
            if recalculated { Complex::new(infinity * (a * c - b * d), infinity * (a * d + b * c)) } else { plain }
        } else {
            plain
        }
    }};
}

fn binary(op: Op, x: Item, y: Item, element: ElementType) -> Item {
    match (x, y) {
        (F32(x), F32(y)) => float_binary!(op, x, y, F32, f32),
        (F64(x), F64(y)) => float_binary!(op, x, y, F64, f64),
        (C64(x), C64(y)) => complex_binary!(op, x, y, C64, f32),
        (C128(x), C128(y)) => complex_binary!(op, x, y, C128, f64),
        (Bool(x), Bool(y)) => Bool(match op {
            Op::Add | Op::Maximum | Op::LogicalOr | Op::BitwiseOr => x || y,
            Op::Multiply | Op::Minimum | Op::LogicalAnd | Op::BitwiseAnd => x && y,
            Op::NotEqual | Op::LogicalXor | Op::BitwiseXor => x != y,
            Op::Equal => x == y,
            Op::Less => !x && y,
            Op::LessEqual => x <= y,
            other => unimplemented!("{other}"),
        }),
        (Int(x), Int(y)) => integers(op, x, y, element),
        _ => unreachable!("operands have one type"),
    }
}

fn integers(op: Op, x: i128, y: i128, element: ElementType) -> Item {
    let bits = 8 * element.size() as i128;
    wrap(
        match op {
            Op::Add => x + y,
            Op::Subtract => x - y,
            // Equal modulo the width, without overflow for unsigned numbers of 64 bits.
            Op::Multiply => x.wrapping_mul(y),
            Op::FloorDivide | Op::Remainder | Op::Fmod if y == 0 => 0,
            Op::FloorDivide => x.div_euclid(y) - i128::from(y < 0 && x.rem_euclid(y) != 0),
            Op::Remainder => x.rem_euclid(y) + if y < 0 && x.rem_euclid(y) != 0 { y } else { 0 },
            Op::Fmod => x % y,
            Op::Power if y < 0 => match x {
                1 => 1,
                -1 => {
                    if y % 2 == 0 {
                        1
                    } else {
                        -1
                    }
                }
                _ => 0,
            },
            Op::Power => {
                // By definition, modulo 2^64; the powers of a number repeat within 2^64, hence a
                // table of squares for large exponents.
                let (mut power, mut square) = (1_u64, x as u64);
                for bit in 0..64 {
                    if y >> bit & 1 == 1 {
                        power = power.wrapping_mul(square);
                    }
                    square = square.wrapping_mul(square);
                }
                i128::from(power)
            }
            Op::Maximum => x.max(y),
            Op::Minimum => x.min(y),
            Op::BitwiseAnd => x & y,
            Op::BitwiseOr => x | y,
            Op::BitwiseXor => x ^ y,
            Op::LeftShift => {
                if (0..bits).contains(&y) {
                    x << y
                } else {
                    0
                }
            }
            Op::RightShift => match y {
                y if (0..bits).contains(&y) => x >> y,
                _ => {
                    if x < 0 {
                        -1
                    } else {
                        0
                    }
                }
            },
            Op::Equal => return Bool(x == y),
            Op::NotEqual => return Bool(x != y),
            Op::Less => return Bool(x < y),
            Op::LessEqual => return Bool(x <= y),
            other => unimplemented!("{other}"),
        },
        element,
    )
}
