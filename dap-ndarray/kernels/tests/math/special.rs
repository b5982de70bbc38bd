//! Special values: those of C99 Annex F, and NumPy's for the functions that C does not have.

use dap_kernels::math::{Function, Function2, binary, unary};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const MIN: f64 = f64::from_bits(1);

/// Equal values of equal sign, or both NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Checks a value in both types; those that `f32` does not have in `f64` only.
fn check(function: Function, x: f64, expected: f64) {
    let mut out = [0.0; 3];
    unary(function, &[1.0, x, 1.0], &mut out);
    assert!(same(out[1], expected), "{}({x:e}) = {:e}, expected {expected:e}", function.name(), out[1]);
    let narrow = x as f32;
    if f64::from(narrow) == x || x.is_nan() {
        let mut out = [0.0_f32];
        unary(function, &[narrow], &mut out);
        assert!(same(out[0].into(), (expected as f32).into()), "{}({narrow:e}_f32) = {:e}", function.name(), out[0]);
    }
}

fn check2(function: Function2, x: f64, y: f64, expected: f64) {
    let mut out = [0.0; 3];
    binary(function, &[1.0, x, 1.0], &[1.0, y, 1.0], &mut out);
    assert!(same(out[1], expected), "{}({x:e}, {y:e}) = {:e}, expected {expected:e}", function.name(), out[1]);
    let narrow = (x as f32, y as f32);
    if (f64::from(narrow.0) == x || x.is_nan()) && (f64::from(narrow.1) == y || y.is_nan()) {
        let mut out = [0.0_f32];
        binary(function, &[narrow.0], &[narrow.1], &mut out);
        assert!(same(out[0].into(), (expected as f32).into()), "{}({narrow:?}_f32) = {:e}", function.name(), out[0]);
    }
}

#[test]
fn of_one_argument() {
    use Function as F;
    for (function, values) in [
        (F::Sqrt, &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, NAN), (-1.0, NAN), (-MIN, NAN)][..]),
        (F::Cbrt, &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (-8.0, -2.0)]),
        (F::Square, &[(0.0, 0.0), (-0.0, 0.0), (-INF, INF), (1e200, INF)]),
        (F::Reciprocal, &[(0.0, INF), (-0.0, -INF), (INF, 0.0), (-INF, -0.0)]),
        (
            F::Exp,
            &[
                (0.0, 1.0),
                (-0.0, 1.0),
                (INF, INF),
                (-INF, 0.0),
                (709.79, INF),
                (-745.2, 0.0),
                (f64::MAX, INF),
                (-f64::MAX, 0.0),
            ],
        ),
        (F::Exp2, &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (1024.0, INF), (-1075.1, 0.0), (-1074.0, MIN)]),
        (F::Expm1, &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (710.0, INF), (-50.0, -1.0), (MIN, MIN)]),
        (F::Log, &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN), (-MIN, NAN)]),
        (F::Log2, &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN)]),
        (F::Log10, &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN)]),
        (F::Log1p, &[(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-1.5, NAN), (-INF, NAN), (MIN, MIN)]),
        (F::Sin, &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (MIN, MIN)]),
        (F::Cos, &[(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (MIN, 1.0)]),
        (F::Tan, &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (-MIN, -MIN)]),
        (
            F::Arcsin,
            &[(0.0, 0.0), (-0.0, -0.0), (1.0, FRAC_PI_2), (-1.0, -FRAC_PI_2), (1.5, NAN), (-INF, NAN), (MIN, MIN)],
        ),
        (F::Arccos, &[(1.0, 0.0), (-1.0, PI), (0.0, FRAC_PI_2), (1.5, NAN), (-1.5, NAN), (INF, NAN)]),
        (
            F::Arctan,
            &[
                (0.0, 0.0),
                (-0.0, -0.0),
                (INF, FRAC_PI_2),
                (-INF, -FRAC_PI_2),
                (1.0, FRAC_PI_4),
                (f64::MAX, FRAC_PI_2),
                (MIN, MIN),
            ],
        ),
        (F::Sinh, &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (711.0, INF), (-711.0, -INF), (-MIN, -MIN)]),
        (F::Cosh, &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (711.0, INF)]),
        (F::Tanh, &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (30.0, 1.0), (-f64::MAX, -1.0), (MIN, MIN)]),
        (F::Arcsinh, &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (-MIN, -MIN)]),
        (F::Arccosh, &[(1.0, 0.0), (INF, INF), (0.999, NAN), (-3.0, NAN), (-INF, NAN)]),
        (F::Arctanh, &[(0.0, 0.0), (-0.0, -0.0), (1.0, INF), (-1.0, -INF), (1.5, NAN), (-INF, NAN), (MIN, MIN)]),
        (F::Erf, &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (6.5, 1.0), (-6.5, -1.0)]),
        (F::Erfc, &[(0.0, 1.0), (-0.0, 1.0), (INF, 0.0), (-INF, 2.0), (27.5, 0.0), (-7.0, 2.0), (MIN, 1.0)]),
        (F::Floor, &[(-0.5, -1.0), (0.5, 0.0), (-0.0, -0.0), (INF, INF)]),
        (F::Ceil, &[(-0.5, -0.0), (0.5, 1.0), (-0.0, -0.0), (-INF, -INF)]),
        (F::Trunc, &[(-0.5, -0.0), (1.5, 1.0), (-0.0, -0.0), (-INF, -INF)]),
        (F::Round, &[(0.5, 0.0), (1.5, 2.0), (2.5, 2.0), (-0.5, -0.0), (-0.0, -0.0), (INF, INF)]),
    ] {
        check(function, NAN, NAN);
        for &(x, expected) in values {
            check(function, x, expected);
        }
    }
}

#[test]
fn each_function_has_its_line() {
    // The table above names all; a function without special values does not exist.
    assert_eq!(Function::ALL.len(), 29);
    assert_eq!(Function2::ALL.len(), 9);
}

#[test]
fn of_power() {
    let power = |x, y, expected| check2(Function2::Power, x, y, expected);
    for y in [0.0, -0.0] {
        for x in [0.0, -0.0, 1.0, -3.0, INF, -INF, NAN] {
            power(x, y, 1.0);
        }
    }
    for y in [1.0, -2.5, INF, -INF, NAN] {
        power(1.0, y, 1.0);
    }
    power(-1.0, INF, 1.0);
    power(-1.0, -INF, 1.0);
    power(NAN, 2.0, NAN);
    power(2.0, NAN, NAN);
    power(-2.0, 0.5, NAN);
    power(-MIN, 1.5, NAN);
    for (odd, even) in [(3.0, 2.0), (1.0, 0.5), (5.0, 9007199254740992.0)] {
        power(0.0, odd, 0.0);
        power(-0.0, odd, -0.0);
        power(-0.0, even, 0.0);
        power(0.0, -odd, INF);
        power(-0.0, -odd, -INF);
        power(-0.0, -even, INF);
        power(INF, odd, INF);
        power(INF, -odd, 0.0);
        power(-INF, odd, -INF);
        power(-INF, even, INF);
        power(-INF, -odd, -0.0);
        power(-INF, -even, 0.0);
    }
    for (small, large) in [(0.5, 2.0), (-0.5, -2.0)] {
        power(small, INF, 0.0);
        power(small, -INF, INF);
        power(large, INF, INF);
        power(large, -INF, 0.0);
        power(large, 1e300, INF);
        power(large, -1e300, 0.0);
    }
    power(-2.0, 1025.0, -INF);
    power(-2.0, -1075.0 - 2.0, -0.0);
    power(4.9e-324, 0.5, 2.0_f64.powi(-537));
}

#[test]
fn of_arctan2() {
    let arctan2 = |y, x, expected| check2(Function2::Arctan2, y, x, expected);
    for sign in [1.0, -1.0] {
        arctan2(sign * 0.0, 0.0, sign * 0.0);
        arctan2(sign * 0.0, -0.0, sign * PI);
        arctan2(sign * 0.0, 3.0, sign * 0.0);
        arctan2(sign * 0.0, -3.0, sign * PI);
        arctan2(sign * 2.0, 0.0, sign * FRAC_PI_2);
        arctan2(sign * 2.0, -0.0, sign * FRAC_PI_2);
        arctan2(sign * 2.0, INF, sign * 0.0);
        arctan2(sign * 2.0, -INF, sign * PI);
        arctan2(sign * INF, 2.0, sign * FRAC_PI_2);
        arctan2(sign * INF, INF, sign * FRAC_PI_4);
        arctan2(sign * INF, -INF, sign * (3.0 * FRAC_PI_4));
        arctan2(sign * MIN, f64::MAX, sign * 0.0);
        arctan2(sign * f64::MAX, MIN, sign * FRAC_PI_2);
        arctan2(sign * MIN, -f64::MAX, sign * PI);
    }
    arctan2(NAN, 1.0, NAN);
    arctan2(1.0, NAN, NAN);
    arctan2(NAN, INF, NAN);
}

#[test]
fn of_the_other_functions_of_two() {
    use Function2 as F;
    for (function, values) in [
        (
            F::Hypot,
            &[
                (INF, NAN, INF),
                (NAN, -INF, INF),
                (NAN, 1.0, NAN),
                (0.0, -0.0, 0.0),
                (-3.0, 0.0, 3.0),
                (MIN, 0.0, MIN),
                (1e308, 1e308, 2.0_f64.sqrt() * 1e308),
                (f64::MAX, f64::MAX, INF),
            ][..],
        ),
        (
            F::Logaddexp,
            &[
                (INF, 1.0, INF),
                (-INF, 1.0, 1.0),
                (-INF, -INF, -INF),
                (INF, INF, INF),
                (-INF, INF, INF),
                (NAN, INF, NAN),
                (-INF, NAN, NAN),
                (0.0, 0.0, LN_2),
                (1e300, 1e300, 1e300),
                (f64::MAX, -f64::MAX, f64::MAX),
            ],
        ),
        (
            F::Fmod,
            &[
                (5.0, 3.0, 2.0),
                (-5.0, 3.0, -2.0),
                (5.0, -3.0, 2.0),
                (-6.0, 3.0, -0.0),
                (1.0, 0.0, NAN),
                (INF, 1.0, NAN),
                (1.0, INF, 1.0),
                (-1.0, -INF, -1.0),
                (-0.0, 2.0, -0.0),
                (1e300, 3.0, 1e300 % 3.0),
                (NAN, 1.0, NAN),
            ],
        ),
        (
            F::Remainder,
            &[
                (5.0, 3.0, 2.0),
                (-5.0, 3.0, 1.0),
                (5.0, -3.0, -1.0),
                (-6.0, 3.0, 0.0),
                (6.0, -3.0, -0.0),
                (1.0, 0.0, NAN),
                (INF, 1.0, NAN),
                (1.0, INF, 1.0),
                (1.0, -INF, -INF),
                (-1.0, INF, INF),
                (0.0, -1.0, -0.0),
            ],
        ),
        (
            F::FloorDivide,
            &[
                (5.0, 3.0, 1.0),
                (-5.0, 3.0, -2.0),
                (5.0, -3.0, -2.0),
                (6.0, 3.0, 2.0),
                (1.0, 0.0, INF),
                (-1.0, 0.0, -INF),
                (0.0, 0.0, NAN),
                (1.0, INF, 0.0),
                (-1.0, INF, -1.0),
                (INF, 2.0, NAN),
                (-0.0, 3.0, -0.0),
                (0.5, -2.0, -1.0),
            ],
        ),
        (F::Copysign, &[(1.0, -0.0, -1.0), (-INF, 2.0, INF), (0.0, -1.0, -0.0)]),
        (
            F::Nextafter,
            &[(1.0, 2.0, 1.0 + f64::EPSILON), (0.0, -0.0, -0.0), (INF, INF, INF), (NAN, 1.0, NAN), (1.0, NAN, NAN)],
        ),
    ] {
        for &(x, y, expected) in values {
            if function == F::Nextafter && y == 2.0 {
                let mut out = [0.0];
                binary(function, &[x], &[y], &mut out);
                assert_eq!(out[0], expected);
            } else {
                check2(function, x, y, expected);
            }
        }
    }
}
