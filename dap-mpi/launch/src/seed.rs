//! Random values that are the same on all ranks.

use std::sync::OnceLock;
use std::time::SystemTime;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The seed of all random values: `DAP_SEED`, by default 0; `random` draws one.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("DAP_SEED") {
        Err(_) => 0,
        Ok(text) if text == "random" => {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            now.map_or(0, |now| u64::from(now.subsec_nanos()) ^ now.as_secs() << 30)
        }
        Ok(text) => text.parse().unwrap_or_else(|_| {
            eprintln!("DAP_SEED is {text:?}, expected a number from 0 to {}, or `random`", u64::MAX);
            std::process::exit(2)
        }),
    })
}

/// `count` values of a strategy, the same on all ranks, for this run's seed and each `salt`.
pub fn values<S: Strategy>(strategy: S, count: usize, salt: u8) -> Vec<S::Value> {
    let mut bytes = [salt; 32];
    bytes.iter_mut().zip(seed().to_le_bytes()).for_each(|(byte, seed)| *byte ^= seed);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}
