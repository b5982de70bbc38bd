//! The same bytes have the same verdict, whichever way they come: standard input, a named pipe, an
//! open file's number, a file of lines, a folder.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use dap_core::check::Profile;
use dap_validate::input::{InputOptions, gather};

use crate::block;
use crate::dir::Dir;

/// Whether the bytes are checked valid, and the rules of the errors, for each way in which they can
/// come.
fn verdicts(name: &str, bytes: &str, partial: bool) -> Vec<(&'static str, bool, Vec<String>)> {
    let dir = Dir::new(name).with("run.ndjson", bytes).with("folder/rank-0.json", bytes).with("plain", bytes);
    let checked = |paths: &[PathBuf], stdin: &str| {
        let sets =
            gather(paths, std::io::Cursor::new(stdin.to_owned()), InputOptions { partial, ..InputOptions::default() })
                .unwrap();
        assert_eq!(sets.len(), 1, "{sets:?}");
        let report = sets[0].check(Profile::Auto, &()).report;
        let errors =
            report.diagnostics.iter().filter(|d| d.finding.rule().severity == dap_core::rules::Severity::Error);
        let mut rules: Vec<String> = errors.map(|d| d.finding.rule.to_string()).collect();
        rules.sort();
        (report.is_valid(), rules)
    };
    let mut found = Vec::new();
    let mut add = |way, (valid, rules): (bool, Vec<String>)| found.push((way, valid, rules));
    add("a file of lines", checked(&[dir.path("run.ndjson")], ""));
    add("standard input", checked(&["-".into()], bytes));
    let pipe = dir.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, bytes).unwrap());
        add("a named pipe", checked(std::slice::from_ref(&pipe), ""));
    });
    let open = File::open(dir.path("plain")).unwrap();
    add("an open file", checked(&[format!("/dev/fd/{}", open.as_raw_fd()).into()], ""));
    if bytes.trim().lines().count() == 1 {
        add("a folder", checked(&[dir.path("folder")], ""));
    }
    found
}

#[test]
fn the_same_bytes_have_the_same_verdict() {
    let line = |rank| block(rank, 3) + "\n";
    for (at, (bytes, valid)) in [
        (line(0), false),
        (line(0).trim_end().to_owned(), false),
        (line(0) + &line(1), false),
        (line(0) + &line(1) + &line(2), true),
        (line(0) + &line(1) + &line(2)[..40], false),
        (block(0, 1), true),
        (line(0)[..40].to_owned(), false),
    ]
    .into_iter()
    .enumerate()
    {
        let found = verdicts(&format!("streams-{at}"), &bytes, false);
        for (way, is_valid, rules) in &found {
            assert_eq!((*is_valid, rules), (valid, &found[0].2), "{way}: {bytes}");
        }
    }
    // The option takes the claim back, in every way.
    for (way, is_valid, _) in verdicts("streams-partial", &line(0), true) {
        assert!(is_valid, "{way}");
    }
}
