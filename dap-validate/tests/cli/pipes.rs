//! A reader that leaves early, as `| head` does: what an array is worth does not depend on it.

use std::process::{Command, Stdio};

use crate::files::{Files, valid};

/// The exit code of a run whose standard output is closed.
fn unread(files: &Files, args: &[&str]) -> Option<i32> {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut program = Command::new(env!("CARGO_BIN_EXE_dap-validate"));
    program.args(args).current_dir(files.root()).stdin(Stdio::null()).stdout(writer).stderr(Stdio::null());
    program.status().unwrap().code()
}

fn files(test: &str) -> Files {
    let [first, second] = valid();
    let wrong = first.replace("\"shape\": [5]", "\"shape\": [6]");
    let typed = [&first, &second].map(|rank| rank.replace("<f8", "<f4"));
    Files::new(test)
        .with("good.ndjson", format!("{first}\n{second}\n"))
        .with("wrong.ndjson", format!("{wrong}\n{second}\n"))
        .with("typed.ndjson", typed.join("\n"))
}

#[test]
fn exit_codes_stay() {
    let files = files("unread");
    for (args, code) in [
        (&["check", "good.ndjson"][..], 0),
        (&["check", "wrong.ndjson"], 1),
        (&["check", "wrong.ndjson", "--output-format", "json"], 1),
        (&["show", "good.ndjson"], 0),
        (&["show", "wrong.ndjson"], 1),
        (&["map", "good.ndjson", "wrong.ndjson", "--global", "3"], 1),
        (&["diff", "good.ndjson", "typed.ndjson"], 1),
        (&["plot", "wrong.ndjson"], 1),
        (&["rule", "--all"], 0),
        (&["gen", "--shape", "100", "--grid", "50", "--format", "ndjson"], 0),
    ] {
        assert_eq!(unread(&files, args), Some(code), "{args:?}");
    }
}

#[test]
fn reports_into_files_are_whole() {
    let files = files("unread-report");
    let args = ["check", "wrong.ndjson", "--output-format", "full", "--output-format", "json=report.json"];
    assert_eq!(unread(&files, &args), Some(1));
    let report: serde_json::Value = serde_json::from_str(&files.read("report.json")).unwrap();
    assert_eq!(report["info"]["sets"][0]["valid"], false);
}
