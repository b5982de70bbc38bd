//! Times of repeated work, and their ratios.

use std::time::Instant;

/// Seconds, one for each repetition.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times(pub(crate) Vec<f64>);

impl Times {
    pub(crate) fn best(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The ratio of two that were timed in turns: of the bests, and the median of the pairs.
    pub(crate) fn over(&self, ours: &Times) -> (f64, f64) {
        (self.best() / ours.best(), median(self.0.iter().zip(&ours.0).map(|(a, b)| a / b).collect()))
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match numbers.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => numbers[half],
        _ => (numbers[half - 1] + numbers[half]) / 2.0,
    }
}

/// Seconds that `work` takes.
pub(crate) fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Seconds of one call of `work`, averaged over `calls`: for work shorter than the clock's steps.
pub(crate) fn time_each(calls: u32, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}
