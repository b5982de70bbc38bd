//! Checks the descriptions of all ranks together, and prints what is wrong: rule, ranks, message
//! and advice.

use daparray::check::Ranks;
use daparray::json;
use daparray::prelude::*;

/// Rank 1 begins at 4, although rank 0 owns 0 to 4.
const WRONG: [(i64, i64); 2] = [(0, 5), (4, 10)];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut checker = Checker::new(Profile::Auto);
    for (rank, (start, stop)) in (0..).zip(WRONG) {
        let text = format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [{}]}}, "dim_data": [{{"dist_type": "b",
                "size": 10, "proc_grid_size": 2, "proc_grid_rank": {rank}, "start": {start}, "stop": {stop}}}]}}"#,
            stop - start
        );
        // `local` can run on several threads; `push` folds the results in rank order.
        let local = checker.local(&json::read(text.as_bytes()));
        checker.push(Some(Rank(rank)), local);
    }

    let report = checker.finish(Ranks::All);
    for diagnostic in &report.diagnostics {
        println!("{diagnostic:#}"); // `{diagnostic}` is the first line of it
    }
    assert!(!report.is_valid() && report.layout.is_none());
    assert_eq!(report.diagnostics[0].finding.rule.to_string(), "DAP612");
    Ok(())
}
