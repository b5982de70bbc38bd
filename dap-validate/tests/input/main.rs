//! Reading exports in every layout, and refusing what is none.

mod data;
mod dir;
mod dnpy;
mod hostile;
mod layouts;
mod lines;
mod streams;

use std::path::PathBuf;

use dap_core::check::{Profile, Ranks};
use dap_report::{RankTexts, WHOLE_SET};
use dap_validate::input::{CheckedSet, InputError, InputOptions, InputSet, gather};

/// Rank `rank` of 10 items in `size` blocks of equal length, as JSON on one line.
pub(crate) fn block(rank: i64, size: i64) -> String {
    let (start, stop) = (10 * rank / size, 10 * (rank + 1) / size);
    format!(
        r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [{}]}}, "dim_data": [{{"dist_type": "b", "size": 10, "proc_grid_size": {size}, "proc_grid_rank": {rank}, "start": {start}, "stop": {stop}}}]}}"#,
        stop - start
    )
}

/// The sets that paths name.
pub(crate) fn sets(paths: &[PathBuf], stdin: &str) -> Result<Vec<InputSet>, InputError> {
    gather(paths, std::io::Cursor::new(stdin.to_owned()), InputOptions::default())
}

/// Judges what paths name, which must be one set.
pub(crate) fn check(paths: &[PathBuf]) -> CheckedSet {
    check_with(paths, "")
}

/// As [`check`], with something on standard input.
pub(crate) fn check_with(paths: &[PathBuf], stdin: &str) -> CheckedSet {
    let sets = sets(paths, stdin).unwrap();
    assert_eq!(sets.len(), 1, "{sets:?}");
    sets[0].check(Profile::Auto, &())
}

/// The findings in short: rule, ranks (`set` for the whole set), message.
pub(crate) fn findings(checked: &CheckedSet) -> Vec<String> {
    let diagnostics = checked.report.diagnostics.iter();
    let short = |d: &dap_core::finding::Diagnostic| {
        let ranks = if d.rank == WHOLE_SET { "set".to_owned() } else { d.ranks.to_string() };
        format!("{} {ranks}: {}", d.finding.rule, d.finding.message())
    };
    diagnostics.map(short).collect()
}

/// The text of a rank, as the reader finds it again.
pub(crate) fn text(checked: &CheckedSet, rank: i64) -> Option<String> {
    let text = checked.texts.of(dap_core::index::Rank(rank))?;
    Some(String::from_utf8(text.text).unwrap())
}

pub(crate) fn assert_valid(checked: &CheckedSet, ranks: &str, claim: Ranks) {
    assert_eq!(findings(checked), Vec::<String>::new());
    assert_eq!(checked.report.ranks.to_string(), ranks);
    assert_eq!(checked.claim, claim);
    assert!(checked.report.layout.is_some());
}
