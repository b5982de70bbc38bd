//! Times of two bodies in turns, and the row that reports them.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::Instant;

use dap_array::Context;
use dap_mpi::Comm;

/// The demand on a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Floor {
    /// The peer's time is at least this part of ours.
    Ratio(f64),
    /// Our time exceeds the peer's by at most these microseconds.
    Over(f64),
}

/// The file of rows, written by rank 0.
pub(crate) struct Report {
    comm: Comm,
    file: Option<File>,
    words: Vec<String>,
}

impl Report {
    pub(crate) fn new(context: &Context, path: &str, words: Vec<String>) -> Report {
        let comm = context.comm().clone();
        let open = || OpenOptions::new().create(true).append(true).open(path).expect("the file of rows");
        Report { file: (comm.rank() == 0).then(open), comm, words }
    }

    /// Times `ours` and `peer` in turns, each `count` times in a row, and writes a row. The time of
    /// a turn is that of the slowest rank.
    pub(crate) fn row(
        &mut self,
        name: &str,
        floor: Floor,
        count: u32,
        mut ours: impl FnMut(),
        (peer_name, mut peer): (&str, impl FnMut()),
    ) {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        // Caches, pools and prepared programs are filled.
        for _ in 0..3 {
            ours();
            peer();
        }
        let mut pairs: Vec<(f64, f64)> =
            (0..21).map(|_| (self.time(count, &mut ours), self.time(count, &mut peer))).collect();
        let median = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let ratio = median(&mut pairs.iter().map(|(ours, peer)| peer / ours).collect());
        let over = median(&mut pairs.iter().map(|(ours, peer)| ours - peer).collect()) * 1e6;
        let time = median(&mut pairs.iter().map(|(ours, _)| *ours).collect());
        let best = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).fold(f64::INFINITY, f64::min);
        let best = best(|pair| pair.1) / best(|pair| pair.0);
        pairs.clear();
        let Some(file) = &mut self.file else { return };
        let (reached, demand) = match floor {
            Floor::Ratio(least) => (ratio >= least, format!("at least {least} of {peer_name}")),
            Floor::Over(most) => (over <= most, format!("at most {most} us over {peer_name}")),
        };
        let ranks = self.comm.size();
        let verdict = if reached { "reached" } else { "missed" };
        println!(
            "{name:44} {:11.3} us  {ratio:6.2} of {peer_name} (best {best:.2}), {over:+.2} us: {verdict}, {demand}",
            time * 1e6
        );
        let row = format!(
            r#"{{"row": "{name}", "ranks": {ranks}, "us": {:.4}, "peer": "{peer_name}", "ratio": {ratio:.4}, "best": {best:.4}, "over_us": {over:.4}, "floor": "{demand}", "reached": {reached}}}"#,
            time * 1e6
        );
        writeln!(file, "{row}").expect("a row is written");
    }

    /// Seconds of one call, on the slowest rank.
    fn time(&self, count: u32, body: &mut impl FnMut()) -> f64 {
        self.comm.barrier().expect("all ranks are there");
        let begin = Instant::now();
        (0..count).for_each(|_| body());
        let mine = begin.elapsed().as_secs_f64() / f64::from(count);
        let all = self.comm.gather_words(&[mine.to_bits()]).expect("all ranks are there");
        all.into_iter().map(f64::from_bits).fold(0.0, f64::max)
    }
}
