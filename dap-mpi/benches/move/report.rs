//! Rows: a table for people, and JSON for programs.

use std::fs::{File, OpenOptions};
use std::io::Write;

use dap_mpi::Comm;
use serde_json::{Map, Value, json};

use crate::clock::Times;

/// One case in one memory.
pub(crate) struct Row<'t> {
    pub(crate) case: &'static str,
    /// The size of the first dimension.
    pub(crate) n: i64,
    pub(crate) memory: &'static str,
    pub(crate) ours: &'t Times,
}

/// The file of rows; only rank 0 has one.
pub(crate) struct Report {
    file: Option<File>,
    mpi: String,
    ranks: i32,
}

impl Report {
    pub(crate) fn new(comm: &Comm, mpi: &str, path: &str) -> Report {
        let open = || OpenOptions::new().create(true).append(true).open(path).expect("the file for rows");
        let file = (comm.rank() == 0).then(open);
        if file.is_some() {
            println!(
                "\n{mpi}, {} ranks: medians of pairs behind bests; over 1 is faster than what is named",
                comm.size()
            );
            println!("{:<36} {:>8} {:<8} {:>9} {:>7}  over", "case", "n", "memory", "best ms", "c2c ns");
        }
        Report { file, mpi: mpi.to_owned(), ranks: comm.size() }
    }

    /// Adds a row. `copies` are memcpy and the copy with non-temporal stores.
    pub(crate) fn row(&mut self, row: &Row<'_>, copies: Option<(&Times, &Times)>, peers: &[(&str, &Times)], c2c: f64) {
        let Some(file) = &mut self.file else { return };
        let ours = row.ours;
        let (mut ratios, mut medians) = (Map::new(), Map::new());
        let mut text = String::new();
        for (name, times) in peers {
            let (best, median) = times.over(ours);
            text += &format!("  {name} {best:.2} ({median:.2})");
            ratios.insert((*name).to_owned(), rounded(best));
            medians.insert((*name).to_owned(), rounded(median));
        }
        let over = |times: Option<&Times>| times.map(|times| times.over(ours));
        let (memcpy, stream) = (over(copies.map(|copies| copies.0)), over(copies.map(|copies| copies.1)));
        let shown = |name: &str, ratio: Option<(f64, f64)>| {
            ratio.map_or_else(String::new, |(best, median)| format!("  {name} {best:.2} ({median:.2})"))
        };
        let trip = if c2c.is_nan() { "-".to_owned() } else { format!("{c2c:.0}") };
        println!(
            "{:<36} {:>8} {:<8} {:>9.3} {trip:>7}{}{}{text}",
            row.case,
            row.n,
            row.memory,
            ours.best() * 1e3,
            shown("memcpy", memcpy),
            shown("stream", stream),
        );
        let line = json!({
            "case": row.case, "n": row.n, "ranks": self.ranks, "mpi": self.mpi, "memory": row.memory,
            "over_memcpy": memcpy.map(|ratio| rounded(ratio.0)), "over_memcpy_median": memcpy.map(|ratio| rounded(ratio.1)),
            "over_stream": stream.map(|ratio| rounded(ratio.0)),
            "over_peer": ratios, "over_peer_median": medians,
            "best_ms": rounded(ours.best() * 1e3), "median_over_best": rounded(ours.median() / ours.best()),
            "repetitions": ours.0.len(), "c2c_ns": if c2c.is_nan() { Value::Null } else { rounded(c2c) },
        });
        writeln!(file, "{line}").expect("a row can be written");
    }
}

/// Rounded to four digits.
fn rounded(number: f64) -> Value {
    format!("{number:.3e}").parse::<f64>().map_or(Value::Null, Value::from)
}
