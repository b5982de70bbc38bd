//! Vector mathematics beside libmvec, Black-Scholes beside C with libmvec, and a Julia set beside
//! masked lanes in C.
//!
//! A peer has the instruction set of ours: with `DAP_ISA=avx2`, its AVX2 version.

use dap_kernels::isa::{Isa, Kernel, dispatch};
use dap_kernels::iterate::iterate_with;
use dap_kernels::math::{Function, Function2, binary, erf, exp, log, unary};
use dap_kernels::threads;

use crate::clock::time;
use crate::peers::{Library, contend};
use crate::report::{Case, Contender, Report};

type One = unsafe extern "C" fn(*const f64, *mut f64, usize);
type Two = unsafe extern "C" fn(*const f64, *const f64, *mut f64, usize);
type Prices = unsafe extern "C" fn(*const f64, *const f64, *const f64, *mut f64, *mut f64, f64, f64, usize, i32);
type Julia = unsafe extern "C" fn(*const f32, *const f32, *mut u32, usize, i32, i32);

/// Elements that a program gives to a function at once.
const STRIP: usize = 128;

pub(crate) fn run(report: &mut Report, peers: &Library) {
    functions(report, peers);
    powers(report, peers);
    for threads in [1, 2] {
        black_scholes(report, peers, threads);
        julia(report, peers, 1024, threads);
        julia(report, peers, 4096, threads);
    }
}

/// The suffix of the peers' names.
fn isa() -> &'static str {
    if Isa::in_use() == Isa::Avx2 { "avx2" } else { "best" }
}

/// `n` numbers spread over `low` to `high`, in no order.
fn numbers(n: usize, low: f64, high: f64) -> Vec<f64> {
    (0..n).map(|index| low + (high - low) * ((index as f64 * 0.618_033_988_749_894_9).fract())).collect()
}

fn functions(report: &mut Report, peers: &Library) {
    const N: usize = 1 << 20;
    for (name, function, peer, low, high) in [
        ("math exp", Function::Exp, "exp", -20.0, 20.0),
        ("math log", Function::Log, "log", 0.01, 100.0),
        ("math sin", Function::Sin, "sin", -100.0, 100.0),
        ("math cos", Function::Cos, "cos", -100.0, 100.0),
        ("math tan", Function::Tan, "tan", -100.0, 100.0),
        ("math tanh", Function::Tanh, "tanh", -4.0, 4.0),
        ("math erf", Function::Erf, "erf", -4.0, 4.0),
    ] {
        let case = Case { name, n: N, threads: 1, floors: &[("libmvec", 0.8)] };
        if !report.wants(name) {
            continue;
        }
        let x = numbers(N, low, high);
        let (mut ours, mut theirs) = (vec![0.0; N], vec![0.0; N]);
        let strips = || {
            time(|| {
                for (x, out) in x.chunks(STRIP).zip(ours.chunks_mut(STRIP)) {
                    unary(function, x, out);
                }
            })
        };
        let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(strips))];
        // SAFETY: the type in `math.c`.
        if let Some(peer) = unsafe { peers.function::<One>(&format!("math_{peer}_{}", isa())) } {
            let (x, theirs) = (&x, &mut theirs);
            // SAFETY: two arrays of `N` elements; the second is theirs to write.
            let call = move || time(|| unsafe { peer(x.as_ptr(), theirs.as_mut_ptr(), N) });
            contenders.push(("libmvec", Box::new(call)));
        }
        if matches!(function, Function::Exp | Function::Log | Function::Sin) {
            contend(&mut contenders, "numexpr", &case);
        }
        report.case(&case, contenders);
    }
}

fn powers(report: &mut Report, peers: &Library) {
    const N: usize = 1 << 20;
    let case = Case { name: "math power", n: N, threads: 1, floors: &[("libmvec", 0.8)] };
    if !report.wants(case.name) {
        return;
    }
    let (x, y) = (numbers(N, 0.0, 100.0), numbers(2 * N, -10.0, 10.0).split_off(N));
    let (mut ours, mut theirs) = (vec![0.0; N], vec![0.0; N]);
    let strips = || {
        time(|| {
            for ((x, y), out) in x.chunks(STRIP).zip(y.chunks(STRIP)).zip(ours.chunks_mut(STRIP)) {
                binary(Function2::Power, x, y, out);
            }
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(strips))];
    // SAFETY: the type in `math.c`.
    if let Some(peer) = unsafe { peers.function::<Two>(&format!("math_pow_{}", isa())) } {
        let (x, y, theirs) = (&x, &y, &mut theirs);
        // SAFETY: three arrays of `N` elements; the third is theirs to write.
        let call = move || time(|| unsafe { peer(x.as_ptr(), y.as_ptr(), theirs.as_mut_ptr(), N) });
        contenders.push(("libmvec", Box::new(call)));
    }
    contend(&mut contenders, "numexpr", &case);
    report.case(&case, contenders);
}

/// Prices of options by a closure over elements: spot, strike and time; call and put.
struct Options<'a> {
    spot: &'a [f64],
    strike: &'a [f64],
    time: &'a [f64],
    call: &'a mut [f64],
    put: &'a mut [f64],
}

const RATE: f64 = 0.02;
const VOLATILITY: f64 = 0.3;

impl Kernel for Options<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.call.len();
        let (spot, strike, time, put) = (&self.spot[..n], &self.strike[..n], &self.time[..n], &mut self.put[..n]);
        for at in 0..n {
            let (spot, strike, time) = (spot[at], strike[at], time[at]);
            let root = VOLATILITY * time.sqrt();
            let discounted = strike * exp(-RATE * time);
            let first = (log(spot / strike) + (RATE + 0.5 * VOLATILITY * VOLATILITY) * time) / root;
            let normal = |d: f64| 0.5 + 0.5 * erf(d * std::f64::consts::FRAC_1_SQRT_2);
            let call = spot * normal(first) - discounted * normal(first - root);
            self.call[at] = call;
            put[at] = call - spot + discounted;
        }
    }
}

fn black_scholes(report: &mut Report, peers: &Library, threads: usize) {
    let n = 10_000_000;
    let case = Case { name: "Black-Scholes", n, threads, floors: &[("libmvec", 0.7), ("numba", 5.0)] };
    if !report.wants(case.name) {
        return;
    }
    let (spot, strike, years) = (numbers(n, 5.0, 30.0), numbers(n + 7, 1.0, 100.0), numbers(n + 3, 0.25, 10.0));
    let (strike, years) = (&strike[7..], &years[3..]);
    let (mut call, mut put) = (vec![0.0; n], vec![0.0; n]);
    let (mut their_call, mut their_put) = (vec![0.0; n], vec![0.0; n]);
    let ours = || {
        time(|| {
            let parts = n / 1024 + 1;
            let outputs = call.chunks_mut(1024).zip(put.chunks_mut(1024));
            let outputs: Vec<_> = outputs.map(|pair| std::sync::Mutex::new(Some(pair))).collect();
            threads::for_ranges(parts.min(outputs.len()), 16, threads, |range| {
                for part in range {
                    let taken = outputs[part].lock().expect("a part is priced once").take();
                    let Some((call, put)) = taken else { continue };
                    let [spot, strike, time] = [&spot, strike, years].map(|all| &all[part * 1024..][..call.len()]);
                    dispatch(Options { spot, strike, time, call, put });
                }
            });
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
    // SAFETY: the type in `math.c`.
    if let Some(peer) = unsafe { peers.function::<Prices>(&format!("black_scholes_{}", isa())) } {
        let inputs = [spot.as_ptr(), strike.as_ptr(), years.as_ptr()];
        let (call, put) = (&mut their_call, &mut their_put);
        contenders.push((
            "libmvec",
            Box::new(move || {
                let [spot, strike, years] = inputs;
                let (call, put) = (call.as_mut_ptr(), put.as_mut_ptr());
                // SAFETY: five arrays of `n` elements; the last two are theirs to write.
                time(|| unsafe { peer(spot, strike, years, call, put, RATE, VOLATILITY, n, threads as i32) })
            }),
        ));
    }
    contend(&mut contenders, "numba", &case);
    report.case(&case, contenders);
}

fn julia(report: &mut Report, peers: &Library, side: usize, threads: usize) {
    let case = Case { name: "Julia set", n: side * side, threads, floors: &[("C", 0.9)] };
    if !report.wants(case.name) {
        return;
    }
    let axis: Vec<f32> = (0..side).map(|index| index as f32 * (3.0 / side as f32) - 1.5).collect();
    let re: Vec<f32> = axis.iter().flat_map(|&re| std::iter::repeat_n(re, side)).collect();
    let im: Vec<f32> = axis.iter().copied().cycle().take(side * side).collect();
    let (mut counts, mut theirs) = (vec![0; side * side], vec![0; side * side]);
    let ours = || {
        time(|| {
            let inside = |[re, im]: [f32; 2]| re * re + im * im <= 4.0;
            iterate_with(Isa::in_use(), threads, &[&re, &im], &mut counts, 100, inside, |[re, im]| {
                [re * re - im * im - 0.045, 2.0 * re * im + 0.45]
            });
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
    // SAFETY: the type in `julia.c`.
    if let Some(peer) = unsafe { peers.function::<Julia>(&format!("julia_{}", isa())) } {
        let (re, im, theirs) = (&re, &im, &mut theirs);
        contenders.push((
            "C",
            Box::new(move || {
                let (re, im, counts) = (re.as_ptr(), im.as_ptr(), theirs.as_mut_ptr());
                // SAFETY: three arrays of `side * side` elements; the last is theirs to write.
                time(|| unsafe { peer(re, im, counts, side * side, 100, threads as i32) })
            }),
        ));
    }
    contend(&mut contenders, "numba", &case);
    report.case(&case, contenders);
    let sum = counts.iter().map(|&count| u64::from(count)).sum::<u64>();
    assert_eq!(sum, if side == 1024 { 32_763_832 } else { 524_247_694 }, "the published number of iterations");
}
