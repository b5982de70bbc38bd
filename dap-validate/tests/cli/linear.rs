//! The cost of a report grows with the text and with the findings, and not with their product.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::files::Files;

const FORMATS: [&str; 9] = ["full", "concise", "json", "json-lines", "sarif", "github", "junit", "markdown", "html"];

/// The processor time of a run in hundredths of a second: other load on the machine does not count.
fn cost(files: &Files, name: &str, format: &str) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dap-validate"))
        .args(["check", name, "--no-progress", "--output-format", format])
        .current_dir(files.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Linux keeps the times of a process that has ended until its parent waits for it.
    let times = loop {
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        // Behind the name in brackets stands the state; user and system time are fields 14 and 15.
        let fields: Vec<String> = stat[stat.rfind(')').unwrap() + 2..].split(' ').map(str::to_owned).collect();
        if fields[0] == "Z" {
            break fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        }
        thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(child.wait().unwrap().code(), Some(1), "{name} as {format}");
    times
}

/// One export of 60 dimensions behind a long value, with an unknown key on each dimension or on
/// one.
fn export(wrong: usize, blank: &str) -> String {
    let dim = |at: usize| {
        let more = if at < wrong {
            r#", "size": "x", "start": null, "stop": 1.5, "padding": 3, "periodic": 9, "k": 1"#
        } else {
            ""
        };
        let (size, start, stop) =
            if at < wrong { ("", "", "") } else { (r#", "size": 1"#, r#", "start": 0"#, r#", "stop": 1"#) };
        format!(r#"{{"dist_type": "b", "proc_grid_size": 1, "proc_grid_rank": 0{size}{start}{stop}{more}}}"#)
    };
    let dims: Vec<String> = (0..60).map(dim).collect();
    format!(
        r#"{{"__version__": "0.10.0", "about": "{blank}", "buffer": {{"dtype": "|u1", "shape": [{}]}}, "dim_data": [{}]}}"#,
        ["1"; 60].join(", "),
        dims.join(", ")
    )
}

#[test]
fn many_findings_in_a_long_text() {
    let blank = "\u{e4}".repeat(4 << 20);
    let files = Files::new("linear-text").with("few.json", export(0, &blank)).with("many.json", export(60, &blank));
    for format in FORMATS {
        let (few, many) = (cost(&files, "few.json", format), cost(&files, "many.json", format));
        // 360 findings: looked up one by one they would cost some hundred times as much.
        assert!(many < few * 12 + 30, "{format}: {few} for one, {many} for 361");
    }
}

/// Pairs of ranks at one place of the grid that differ: a finding for each of them, in a text of
/// its own.
fn pairs(count: usize) -> Vec<String> {
    let rank = |rank: usize| {
        let (row, column) = (rank / 2, rank % 2);
        let stop = row + 1 + column;
        format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "|u1", "shape": [{}, 1]}}, "dim_data": [{{"dist_type": "b", "size": {}, "proc_grid_size": {count}, "proc_grid_rank": {row}, "start": {row}, "stop": {stop}}}, {{"dist_type": "b", "size": 2, "proc_grid_size": 2, "proc_grid_rank": {column}, "start": {column}, "stop": {}}}]}}"#,
            1 + column,
            count + 1,
            column + 1
        )
    };
    (0..2 * count).map(rank).collect()
}

#[test]
fn a_finding_in_each_of_many_texts() {
    let bundle = |count| format!(r#"{{"ranks": [{}]}}"#, pairs(count).join(", "));
    let files = Files::new("linear-ranks")
        .with("few.json", bundle(500))
        .with("many.json", bundle(4000))
        .with("few.ndjson", pairs(500).join("\n"))
        .with("many.ndjson", pairs(4000).join("\n"));
    for format in ["concise", "sarif", "json"] {
        for kind in ["json", "ndjson"] {
            let few = cost(&files, &format!("few.{kind}"), format);
            let many = cost(&files, &format!("many.{kind}"), format);
            // Eight times as many: the square would be 64 times.
            assert!(many < few * 24 + 30, "{kind}, {format}: {few}, then {many}");
        }
    }
}
