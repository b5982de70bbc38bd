//! Random numbers beside a fill of the same memory with one value.

use dap_kernels::random::{Distribution, Exponential, Fraction, Integers, Normal, Philox, SeedSequence, fill_run};

use crate::clock::time;
use crate::report::{Case, Contender, Report};

const N: usize = 1 << 24;

pub(crate) fn run(report: &mut Report) {
    case(report, ("uniform f64", &[("fill", 0.5)]), &Fraction::<f64>::default(), 1.5);
    case(report, ("uniform f32", &[]), &Fraction::<f32>::default(), 1.5);
    case(report, ("integers i64", &[]), &Integers::<i64>::between(-1000, 1000).expect("a range"), 1);
    case(report, ("normal f64", &[]), &Normal::<f64>::new(0.0, 1.0).expect("a deviation"), 1.5);
    case(report, ("exponential f64", &[]), &Exponential::<f64>::default(), 1.5);
}

fn case<D: Distribution>(
    report: &mut Report,
    (name, floors): (&'static str, &'static [(&'static str, f64)]),
    distribution: &D,
    value: D::Item,
) {
    if !report.wants(name) {
        return;
    }
    let stream = Philox::of(&SeedSequence::new(&[1]));
    let (mut ours, mut filled) = (vec![value; N], vec![value; N]);
    let contenders: Vec<Contender<'_>> = vec![
        ("ours", Box::new(|| time(|| fill_run(&stream, distribution, 0, &mut ours)))),
        ("fill", Box::new(|| time(|| filled.fill(std::hint::black_box(value))))),
    ];
    report.case(&Case { name, n: N, threads: 1, floors }, contenders);
}
