//! `check`: exit codes, filters, where output goes.

use crate::files::{Files, block, export, valid};

fn mixed(test: &str) -> Files {
    let [first, second] = valid();
    // An error, a warning and, in version 0.9, an info.
    let bad = first.replace("\"stop\": 5", "\"stop\": 6, \"colour\": 1").replace("0.10.0", "0.9.0");
    Files::new(test).with("good.ndjson", first + "\n" + &second).with("bad.json", bad)
}

#[test]
fn exit_codes() {
    let files = mixed("exit-codes");
    let code = |args: &[&str]| files.run(args).code;
    assert_eq!(code(&["check", "good.ndjson"]), 0);
    assert_eq!(code(&["check", "bad.json"]), 1);
    assert_eq!(code(&["check", "good.ndjson", "bad.json"]), 1);
    let without_error = ["check", "bad.json", "--ignore", "DAP3"];
    assert_eq!(code(&without_error), 0);
    assert_eq!(code(&[&without_error[..], &["--fail-on", "warning"]].concat()), 1);
    assert_eq!(code(&["check", "bad.json", "--only", "version-0.9", "--fail-on", "warning"]), 0);
    assert_eq!(code(&["check", "bad.json", "--only", "version-0.9", "--fail-on", "info"]), 1);
    assert_eq!(code(&["check", "good.ndjson", "--fail-on", "hint"]), 0);
}

#[test]
fn could_not_run() {
    let files = mixed("could-not-run");
    for (args, expected) in [
        (&["check", "nowhere"][..], "nowhere"),
        (&["check", "good.ndjson", "nowhere"], "nowhere"),
        (&["check"], "<PATH>"),
        (&["check", "bad.json", "--fail-on", "fatal"], "error, warning, info, hint"),
        (&["check", "bad.json", "--ignore", "stop-beyond-sizes"], "did you mean DAP304 (stop-beyond-size)?"),
        (&["check", "bad.json", "--only", "DAP999"], "rule --all"),
        (&["check", "bad.json", "--output-format", "yaml"], "full, concise, json"),
        (&["check", "bad.json", "--output-format", "json="], "file name"),
        (
            &["check", "bad.json", "--output-format", "json=no/such/directory/a.json"],
            "there is no directory no/such/directory; make it first",
        ),
        (&["check", "bad.json", "--output-format", "json", "--output-format", "concise"], "concise=FILE"),
        (&["chekc", "bad.json"], "check"),
    ] {
        let outcome = files.run(args);
        assert_eq!(outcome.code, 2, "{args:?}");
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
}

#[test]
fn filters_by_id_name_and_prefix() {
    let files = mixed("filters");
    let rules = |args: &[&str]| -> Vec<String> {
        let outcome = files.run(&[&["check", "bad.json", "-q", "--output-format", "concise"], args].concat());
        let rule = |line: &str| line.split(' ').nth(2).unwrap().to_owned();
        outcome.stdout.lines().map(rule).collect()
    };
    assert_eq!(rules(&[]), ["DAP622", "DAP902", "DAP312", "DAP209"]);
    assert_eq!(rules(&["--only", "DAP2", "--only", "version-0.9"]), ["DAP902", "DAP209"]);
    assert_eq!(rules(&["--only", "DAP2,DAP9"]), ["DAP902", "DAP209"]);
    assert_eq!(rules(&["--ignore", "dap9", "--ignore", "not-checked"]), ["DAP312", "DAP209"]);
    assert_eq!(rules(&["--only", "DAP2", "--ignore", "unknown-dimension-key"]), [""; 0]);
}

#[test]
fn the_verdict_follows_the_reported_findings() {
    let outcome = mixed("remains").run(&["check", "bad.json", "--ignore", "DAP3,DAP2,DAP9"]);
    assert!(outcome.stdout.contains("ok but  bad.json"), "{}", outcome.stdout);
}

#[test]
fn several_formats_at_once() {
    let files = mixed("formats");
    let outcome =
        files.run(&["check", "bad.json", "--output-format", "concise", "--output-format", "json=report.json"]);
    assert!(outcome.stdout.starts_with("bad.json: "), "{}", outcome.stdout);
    assert_eq!(files.read("report.json"), files.run(&["check", "bad.json", "--output-format", "json"]).stdout);
    let silent = files.run(&["check", "bad.json", "--output-format", "full=report.txt"]);
    assert_eq!((silent.code, silent.stdout.as_str()), (1, ""));
    assert_eq!(files.read("report.txt"), files.run(&["check", "bad.json"]).stdout);
}

#[test]
fn colors_only_where_asked() {
    let files = mixed("colors");
    let colored = |args: &[&str]| files.run(&[&["check", "bad.json"], args].concat()).stdout.contains('\x1b');
    assert!(!colored(&[]));
    assert!(!colored(&["--color", "never"]));
    assert!(colored(&["--color", "always"]));
    files.run(&["check", "bad.json", "--color", "always", "--output-format", "full=report.txt"]);
    assert!(!files.read("report.txt").contains('\x1b'));
}

#[test]
fn standard_input() {
    let files = Files::new("stdin");
    let lines = valid().join("\n");
    let outcome = files.run_with_input(&["check", "-"], &lines);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout, "ok      <stdin>  2 ranks, (10,) float64 over 2: block(5)\n");
}

#[test]
fn profiles() {
    let text = export("[0]", r#"{"dist_type": "c", "size": 0, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 0}"#);
    let files = Files::new("profiles").with("a.json", text);
    let stdout = |profile| files.run(&["check", "a.json", "--profile", profile, "--output-format", "concise"]).stdout;
    assert!(!stdout("auto").contains("DAP408"));
    assert!(stdout("strict").contains("DAP408"), "{}", stdout("strict"));
    let reference = Files::new("reference").with("a.json", export("[5]", &block(10, 1, 0, 0, 11)));
    let outcome = reference.run(&["check", "a.json", "--profile", "reference-0.10", "--output-format", "concise"]);
    assert!(outcome.stdout.contains("DAP19"), "{}", outcome.stdout);
}

#[test]
fn help_for_the_new() {
    let files = Files::new("help");
    let outcome = files.run(&[]);
    assert_eq!(outcome.code, 2);
    for (args, stream) in [(&[][..], &outcome.stderr), (&["--help"], &files.run(&["--help"]).stdout)] {
        assert!(stream.contains("Examples:") && stream.contains("dap-validate check run/"), "{args:?}: {stream}");
        assert!(stream.lines().all(|line| line.chars().count() <= 80), "{stream}");
    }
}
