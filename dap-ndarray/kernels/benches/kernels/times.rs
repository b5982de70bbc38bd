//! Times of repeated work, and their ratios. The benchmark of moves in `dap-mpi` includes this
//! file.

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
