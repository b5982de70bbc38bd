//! `nextafter`: the neighbour of a floating-point number on the way to another.
//!
//! The bits of positive numbers count in their order; those of negative ones in reverse.

macro_rules! nextafter {
    ($name:ident, $type:ident) => {
        /// The number next to `x` on the way to `y`; `y` itself if they are equal, NaN if one is.
        #[inline(always)]
        #[must_use]
        pub fn $name(x: $type, y: $type) -> $type {
            let bits = x.to_bits();
            // Away from zero: one more; towards zero: one less.
            let away = (x < y) == (x > 0.0);
            let stepped = $type::from_bits(if away { bits.wrapping_add(1) } else { bits.wrapping_sub(1) });
            let stepped = if x == 0.0 { $type::from_bits(1).copysign(y) } else { stepped };
            let value = if x == y { y } else { stepped };
            if x.is_nan() || y.is_nan() { x + y } else { value }
        }
    };
}

nextafter!(nextafter, f64);
nextafter!(nextafter_f32, f32);
