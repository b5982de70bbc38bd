//! `fmod`, `remainder` and `floor_divide`: exact, except that `remainder` rounds where it adds the
//! divisor.
//!
//! Quotients below 2^53 take one division: `r = x - trunc(x / y) y` is a floating-point number, so
//! the fused step is exact; a quotient rounded up to an integer leaves `r` negative by less than
//! `y`. Other quotients take the exact `%`.

/// The fast forms serve finite `x / y` below 2^53 in absolute value, with finite `y`.
#[inline(always)]
pub(super) fn served(x: f64, y: f64) -> bool {
    (x / y).abs() < 9_007_199_254_740_992.0 && y.abs() < f64::INFINITY
}

/// The remainder with the sign of `x`, for arguments that are `served`.
#[inline(always)]
pub(super) fn fmod_fast(x: f64, y: f64) -> f64 {
    let (a, b) = (x.abs(), y.abs());
    let rest = (-(a / b).trunc()).mul_add(b, a);
    (if rest < 0.0 { rest + b } else { rest }).copysign(x)
}

/// The remainder with the sign of `x`, for all arguments.
#[cold]
#[inline(never)]
pub(super) fn fmod_exact(x: f64, y: f64) -> f64 {
    x % y
}

macro_rules! with_floor {
    ($type:ident) => {
        pub(super) mod $type {
            /// The remainder with the sign of `y`, from that with the sign of `x`.
            #[inline(always)]
            pub(in super::super) fn remainder_of(rest: $type, y: $type) -> $type {
                let other_sign = (rest < 0.0) != (y < 0.0);
                let value = if other_sign { rest + y } else { rest };
                if rest == 0.0 { (0.0 as $type).copysign(y) } else { value }
            }

            /// The floor of the exact quotient, from the remainder with the sign of `x`; as NumPy's
            /// `floor_divide`, it is `x / y` if `y` is zero.
            #[inline(always)]
            pub(in super::super) fn floor_divide_of(rest: $type, x: $type, y: $type) -> $type {
                let nearest = ((x - rest) / y).round_ties_even();
                let other_sign = rest != 0.0 && (rest < 0.0) != (y < 0.0);
                let floor = if other_sign { nearest - 1.0 } else { nearest };
                let floor = if floor == 0.0 { (0.0 as $type).copysign(x / y) } else { floor };
                if y == 0.0 { x / y } else { floor }
            }
        }
    };
}

with_floor!(f64);
with_floor!(f32);
