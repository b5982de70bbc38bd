//! Tests of the random streams: an own battery, or a stream of bytes for another one.
//!
//! | arguments | effect |
//! |---|---|
//! | `battery [SEED]` | all tests on all sources; exits with 1 if a statistic is beyond five standard deviations |
//! | `stream SOURCE [SEED]` | words of a source to standard output, without end: `... stream words \| RNG_test stdin64` |
//!
//! A *source* is a way to take words from streams, as arrays do: `words` of one stream, words of
//! `streams` of one seed in turn, the first words of many `seeds`, `columns` (every 1000th word),
//! and words that fractions, integers and normal numbers were made of (`fractions`, `integers`,
//! `normals`).

mod battery;
mod sources;

use std::io::Write;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let seed = |at: usize| words.get(at).map_or(1, |word| word.parse().expect("a seed is a number"));
    match words.first().map(String::as_str) {
        Some("battery") => battery::run(seed(1)),
        Some("stream") => {
            let name = words.get(1).map_or("words", String::as_str);
            let mut source = sources::source(name, seed(2)).expect("a source that the first page names");
            let mut out = std::io::stdout().lock();
            let mut bytes = Vec::with_capacity(1 << 16);
            // The reader ends the stream.
            while out.write_all(&bytes).is_ok() {
                bytes.clear();
                (0..1 << 13).for_each(|_| bytes.extend(source().to_le_bytes()));
            }
        }
        _ => println!("run by `make test-random`"),
    }
}
