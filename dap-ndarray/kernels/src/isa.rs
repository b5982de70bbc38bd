//! The instruction set that the kernels use, chosen when the program runs.
//!
//! A kernel is an `#[inline(always)]` body of branch-free code over slices, which the compiler
//! vectorises. [`dispatch`] holds one copy of the body for each instruction set, and calls the copy
//! for the best set that the machine has. `DAP_ISA` (`baseline`, `avx2` or `avx512`) chooses a
//! lesser one; tests use [`dispatch_to`] to compare the results of all sets.
//!
//! The result of a kernel must not depend on the set. So the compiler never contracts a product and
//! a sum; a body that needs a fused multiply-add calls `f64::mul_add`, which is one instruction
//! from AVX2 on and an exact call of the C library below.

use std::sync::OnceLock;

/// An instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Isa {
    /// The instructions that every machine of the architecture has.
    Baseline,
    /// AVX2 and FMA: 256-bit vectors.
    Avx2,
    /// AVX-512 with its F, BW, CD, DQ and VL parts: 512-bit vectors.
    Avx512,
}

impl Isa {
    /// The sets that this machine has, the best one last.
    #[must_use]
    pub fn available() -> &'static [Self] {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 =
                is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("bmi2");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512cd")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            match (avx2, avx512) {
                (_, true) => &[Self::Baseline, Self::Avx2, Self::Avx512],
                (true, _) => &[Self::Baseline, Self::Avx2],
                _ => &[Self::Baseline],
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        &[Self::Baseline]
    }

    /// The set that kernels use: the best one, or the one that `DAP_ISA` names if the machine has
    /// it.
    #[must_use]
    pub fn in_use() -> Self {
        static IN_USE: OnceLock<Isa> = OnceLock::new();
        *IN_USE.get_or_init(|| {
            let available = Self::available();
            let best = available[available.len() - 1];
            let named = std::env::var("DAP_ISA").ok();
            named.and_then(|name| available.iter().copied().find(|isa| isa.name() == name)).unwrap_or(best)
        })
    }

    /// The name, as `DAP_ISA` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }
}

/// A body that is compiled for each instruction set.
///
/// `run` and all that it calls must be `#[inline(always)]`: a function that is not inlined is
/// compiled for the baseline.
pub trait Kernel {
    /// Type of the result.
    type Output;

    /// The body.
    fn run(self) -> Self::Output;
}

/// Runs the body compiled for the set in use.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    dispatch_to(Isa::in_use(), kernel)
}

/// Runs the body compiled for `isa`, or for the best set below it that the machine has.
#[inline]
pub fn dispatch_to<K: Kernel>(isa: Isa, kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    {
        let available = Isa::available();
        match isa.min(available[available.len() - 1]) {
            // SAFETY: `available` names a set only if the processor says that it has all features
            // that the attribute of the callee lists; the least of two sets is at most the best
            // one.
            Isa::Avx512 => unsafe { with_avx512(kernel) },
            // SAFETY: as for AVX-512: the processor says that it has AVX2, FMA and BMI2.
            Isa::Avx2 => unsafe { with_avx2(kernel) },
            Isa::Baseline => kernel.run(),
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = isa;
        kernel.run()
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
fn with_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
fn with_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sum<'a>(&'a [f64]);

    impl Kernel for Sum<'_> {
        type Output = f64;

        #[inline(always)]
        fn run(self) -> f64 {
            self.0.iter().fold(0.0, |sum, item| sum + item * 3.0)
        }
    }

    #[test]
    fn each_set_gives_the_same_bits() {
        let items: Vec<f64> = (0..1000).map(|item| f64::from(item) / 7.0).collect();
        let expected = Sum(&items).run().to_bits();
        for isa in Isa::available() {
            assert_eq!(dispatch_to(*isa, Sum(&items)).to_bits(), expected, "{}", isa.name());
        }
    }
}
