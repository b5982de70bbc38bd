//! Cases: contenders timed in turns; a table for people, and JSON for programs.

use std::fs::{File, OpenOptions};
use std::io::Write;

use dap_kernels::isa::Isa;
use serde_json::{Map, Value, json};

use crate::times::Times;

/// Something that is timed: its name, and one repetition, which returns its seconds.
pub(crate) type Contender<'c> = (&'static str, Box<dyn FnMut() -> f64 + 'c>);

/// One case, and what it must reach.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The number of elements, or of what the case is about.
    pub(crate) n: usize,
    pub(crate) threads: usize,
    /// The least ratio over the named contender (best over best); the command says whether it was
    /// reached.
    pub(crate) floors: &'static [(&'static str, f64)],
}

pub(crate) struct Report {
    file: File,
    only: Vec<String>,
    repetitions: usize,
}

impl Report {
    pub(crate) fn new(path: &str, only: Vec<String>) -> Report {
        let file = OpenOptions::new().create(true).append(true).open(path).expect("the file for rows");
        let named = std::env::var("DAP_REPETITIONS").ok().and_then(|text| text.parse().ok());
        println!(
            "{}: ratios of bests, and medians of pairs; over 1 is faster than the named peer",
            Isa::in_use().name()
        );
        println!("{:<38} {:>10} {:>3} {:>11} {:>7}  over", "case", "n", "t", "best us", "median");
        Report { file, only, repetitions: named.unwrap_or(15) }
    }

    /// Whether the arguments choose this case, or none.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }

    /// Times the contenders in turns, after one turn that is not counted, and adds a row. The first
    /// one is ours.
    pub(crate) fn case(&mut self, case: &Case, contenders: Vec<Contender<'_>>) {
        self.case_after(case, 1, contenders);
    }

    /// As [`case`](Self::case), with `warm` turns that are not counted.
    pub(crate) fn case_after(&mut self, case: &Case, warm: usize, mut contenders: Vec<Contender<'_>>) {
        if !self.wants(case.name) {
            return;
        }
        let mut times = vec![Times::default(); contenders.len()];
        for turn in 0..warm + self.repetitions {
            for at in 0..contenders.len() {
                // Each goes first in turn.
                let at = (at + turn) % contenders.len();
                let seconds = contenders[at].1();
                if turn >= warm {
                    times[at].0.push(seconds);
                }
            }
        }
        let names: Vec<&str> = contenders.iter().map(|contender| contender.0).collect();
        self.row(case, &names, &times);
    }

    fn row(&mut self, case: &Case, names: &[&str], times: &[Times]) {
        let ours = &times[0];
        let (mut ratios, mut medians, mut floors) = (Map::new(), Map::new(), Map::new());
        let mut text = String::new();
        for (name, peer) in names.iter().zip(times).skip(1) {
            let (best, median) = peer.over(ours);
            text += &format!("  {name} {best:.2} ({median:.2})");
            ratios.insert((*name).to_owned(), rounded(best));
            medians.insert((*name).to_owned(), rounded(median));
            if let Some((_, floor)) = case.floors.iter().find(|floor| floor.0 == *name) {
                text += &format!(" {} {floor}", if best >= *floor { ">=" } else { "BELOW" });
                floors.insert((*name).to_owned(), rounded(*floor));
            }
        }
        println!(
            "{:<38} {:>10} {:>3} {:>11.3} {:>7.2}{text}",
            case.name,
            case.n,
            case.threads,
            ours.best() * 1e6,
            ours.median() / ours.best(),
        );
        let line = json!({
            "case": case.name, "n": case.n, "threads": case.threads, "isa": Isa::in_use().name(),
            "over_peer": ratios, "over_peer_median": medians, "floor": floors,
            "best_ms": rounded(ours.best() * 1e3), "median_over_best": rounded(ours.median() / ours.best()),
            "repetitions": ours.0.len(),
        });
        writeln!(self.file, "{line}").expect("a row can be written");
    }
}

/// Four digits say enough.
fn rounded(number: f64) -> Value {
    format!("{number:.3e}").parse::<f64>().map_or(Value::Null, Value::from)
}
