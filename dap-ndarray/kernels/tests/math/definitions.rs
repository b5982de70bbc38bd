//! Functions that are exact, beside their definitions.

use dap_kernels::math::{Function, Function2, binary, unary};

use crate::domain::Random;

/// A number of any exponent, or a small integer divided by 8.
fn any(random: &mut Random) -> f64 {
    match random.bits() % 3 {
        0 => f64::from_bits(random.bits()),
        1 => (random.bits() % 400) as f64 / 8.0 - 25.0,
        _ => random.between(-1e6, 1e6),
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

type Definition = fn(f64) -> f64;

#[test]
fn of_rounding() {
    let mut random = Random(9);
    let x: Vec<f64> = (0..20_000).map(|_| any(&mut random)).collect();
    let nearest = |x: f64| {
        // Halves to even, from the distances to both neighbours.
        let (low, high) = (x.floor(), x.ceil());
        let even = if (low / 2.0).floor() == low / 2.0 { low } else { high };
        let value = if x - low < high - x {
            low
        } else if x - low > high - x {
            high
        } else {
            even
        };
        value.copysign(x)
    };
    let functions: [(Function, Definition); 4] = [
        (Function::Floor, f64::floor),
        (Function::Ceil, f64::ceil),
        (Function::Trunc, f64::trunc),
        (Function::Round, nearest),
    ];
    for (function, definition) in functions {
        let mut out = vec![0.0; x.len()];
        unary(function, &x, &mut out);
        for (&x, out) in x.iter().zip(out) {
            let expected = if x.is_finite() { definition(x) } else { x };
            assert!(same(out, expected), "{}({x:e}) = {out:e}", function.name());
        }
    }
}

#[test]
fn of_remainders() {
    let mut random = Random(10);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..50_000)
        .map(|_| {
            let (x, y) = (any(&mut random), any(&mut random));
            // Multiples, where a rounded quotient is one too many or too few.
            if random.bits().is_multiple_of(4) { (y * (random.bits() % 1000) as f64, y) } else { (x, y) }
        })
        .unzip();
    let mut out = vec![0.0; x.len()];
    binary(Function2::Fmod, &x, &y, &mut out);
    let mut floored = vec![0.0; x.len()];
    binary(Function2::Remainder, &x, &y, &mut floored);
    for index in 0..x.len() {
        let (x, y) = (x[index], y[index]);
        assert!(same(out[index], x % y), "fmod({x:e}, {y:e}) = {:e}, not {:e}", out[index], x % y);
        let rest = x % y;
        let expected = if rest == 0.0 {
            0.0_f64.copysign(y)
        } else if rest.is_sign_negative() == y.is_sign_negative() {
            rest
        } else {
            rest + y
        };
        assert!(same(floored[index], expected), "remainder({x:e}, {y:e}) = {:e}, not {expected:e}", floored[index]);
    }
}

/// Over eighths, whose quotients are those of integers.
#[test]
fn of_floor_division() {
    let mut random = Random(11);
    for _ in 0..20_000 {
        let (p, q) = (random.bits() as i64 >> 20, random.bits() as i64 >> (30 + random.bits() % 30));
        if q == 0 {
            continue;
        }
        let (x, y) = (p as f64 / 8.0, q as f64 / 8.0);
        let expected = p.div_euclid(q) - i64::from(q < 0 && p.rem_euclid(q) != 0);
        let mut out = [0.0];
        binary(Function2::FloorDivide, &[x], &[y], &mut out);
        assert_eq!(out[0], expected as f64, "{x} // {y}");
    }
}

#[test]
fn of_neighbours() {
    let mut random = Random(12);
    for _ in 0..20_000 {
        let (x, y) = (f64::from_bits(random.bits()), any(&mut random));
        let (mut out, mut narrow) = ([0.0], [0.0_f32]);
        binary(Function2::Nextafter, &[x], &[y], &mut out);
        let expected = if x < y {
            x.next_up()
        } else if x > y {
            x.next_down()
        } else {
            x + y
        };
        assert!(same(out[0], expected) || x == y, "nextafter({x:e}, {y:e}) = {:e}", out[0]);
        let (x, y) = (f32::from_bits(random.bits() as u32), y as f32);
        binary(Function2::Nextafter, &[x], &[y], &mut narrow);
        let expected = if x < y {
            x.next_up()
        } else if x > y {
            x.next_down()
        } else {
            x + y
        };
        assert!(same(narrow[0].into(), expected.into()) || x == y, "nextafter({x:e}, {y:e}) = {:e}", narrow[0]);
    }
}
