//! Probe.
use dap_kernels::{isa::Isa, sum::*};
use std::time::Instant;
#[link(name = "readall", kind = "static")]
unsafe extern "C" {
    fn read_all(x: *const f64, n: usize) -> f64;
}
fn time(f: &mut dyn FnMut()) -> f64 {
    let t = Instant::now();
    f();
    t.elapsed().as_nanos() as f64
}
fn main() {
    let n: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(30_000_000);
    let reps: usize = std::env::args().nth(2).and_then(|a| a.parse().ok()).unwrap_or(15);
    let mut z = 88172645463325252_u64;
    let mut uni = || {
        z ^= z << 13;
        z ^= z >> 7;
        z ^= z << 17;
        (z >> 11) as f64 / (1u64 << 53) as f64
    };
    let x: Vec<f64> = (0..n).map(|_| uni()).collect();
    let y: Vec<f64> = (0..n).map(|i| (uni() - 0.5) * 2f64.powi((i % 80) as i32 - 40)).collect();
    let w: Vec<f64> = (0..n).map(|i| (uni() - 0.5) * 2f64.powi((i % 200) as i32 - 100)).collect();
    for isa in &Isa::available()[1..] {
        let isa = *isa;
        let mut cases: Vec<(&str, Box<dyn FnMut()>)> = vec![
            (
                "sum",
                Box::new(|| {
                    std::hint::black_box(PartialSum::of_with(isa, &x));
                }),
            ),
            (
                "moments",
                Box::new(|| {
                    std::hint::black_box(PartialMoments::of_with(isa, PartialMoments::pivot(&x), &x));
                }),
            ),
            (
                "norm",
                Box::new(|| {
                    std::hint::black_box(PartialSquares::of_with(isa, &x));
                }),
            ),
            (
                "dot/2",
                Box::new(|| {
                    std::hint::black_box(PartialProducts::of_with(isa, &x[..n / 2], &x[n / 2..]));
                }),
            ),
            (
                "both40",
                Box::new(|| {
                    std::hint::black_box(PartialSum::of_with(isa, &y));
                    let mut a = Accumulator::default();
                    a.add_with(isa, &y);
                    std::hint::black_box(a);
                }),
            ),
            (
                "both100",
                Box::new(|| {
                    std::hint::black_box(PartialSum::of_with(isa, &w));
                    let mut a = Accumulator::default();
                    a.add_with(isa, &w);
                    std::hint::black_box(a);
                }),
            ),
        ];
        for (name, f) in &mut cases {
            let mut ratios = vec![];
            let (mut br, mut bf) = (f64::INFINITY, f64::INFINITY);
            for _ in 0..reps {
                let r = time(&mut || {
                    std::hint::black_box(unsafe { read_all(x.as_ptr(), n) });
                });
                let t = time(f);
                ratios.push(r / t);
                br = br.min(r);
                bf = bf.min(t);
            }
            ratios.sort_by(f64::total_cmp);
            println!(
                "{:7} {name:8} best {:.3} ns/el, read {:.3}; best/best {:.2}, median of pairs {:.2}",
                isa.name(),
                bf / n as f64,
                br / n as f64,
                br / bf,
                ratios[reps / 2]
            );
        }
    }
}
