//! Times the judgement of single exports, for the benchmark: reads one export per line from the
//! file named, prints the nanoseconds that judging one takes (the lowest of many passes over all of
//! them) and how many there are.

use std::time::{Duration, Instant};

use dap_core::check::{Checker, Local, Profile};
use dap_core::export::Export;
use dap_core::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: time_check EXPORTS.ndjson")?;
    let text = std::fs::read(path)?;
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let exports: Vec<Export> = lines.map(json::read).collect();
    let checker = Checker::new(Profile::Auto);
    let mut local = Local::default();
    let mut pass = || {
        let begin = Instant::now();
        for export in &exports {
            checker.local_into(std::hint::black_box(export), &mut local);
            std::hint::black_box(&local);
        }
        begin.elapsed()
    };
    let begin = Instant::now();
    let mut best = pass();
    while begin.elapsed() < Duration::from_millis(300) {
        best = best.min(pass());
    }
    println!("{} {}", best.as_nanos() as f64 / exports.len() as f64, exports.len());
    Ok(())
}
