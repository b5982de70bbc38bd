//! Refusals: the program does not overwrite an input, hide an error behind `ok`, or skip an
//! unreadable file.

use crate::files::{Files, block, export, valid};

fn pair(test: &str) -> Files {
    let [first, second] = valid();
    Files::new(test).with("run/rank-0.json", first).with("run/rank-1.json", second)
}

#[test]
fn reports_do_not_overwrite_what_they_are_about() {
    let files = pair("overwrite");
    let before = files.read("run/rank-0.json");
    for (paths, outputs, expected) in [
        (&["run"][..], &["json=run/rank-0.json"][..], "it is an export among the inputs"),
        (&["run"], &["json=run/rank-7.json"], "it is an export among the inputs"),
        (&["run"], &["full=run/../run/x_3.dnpy"], "it is an export among the inputs"),
        (&["run/rank-0.json"], &["sarif=run/rank-0.json"], "it is an input"),
        (&["run/rank-0.json"], &["sarif=./run/../run/rank-0.json"], "it is an input"),
        (&["run"], &["json=out", "junit=out"], "the json report goes there"),
        (&["run"], &["json=out", "junit=run/../out"], "the json report goes there"),
    ] {
        let formats = outputs.iter().flat_map(|output| ["--output-format", output]);
        let args: Vec<&str> = ["check"].into_iter().chain(paths.iter().copied()).chain(formats).collect();
        let outcome = files.run(&args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
        assert_eq!(files.read("run/rank-0.json"), before, "{args:?}");
    }
    for outputs in [&["json=run/report.json"][..], &["json=rank-0.json"], &["json=/dev/null", "junit=/dev/null"]] {
        let formats = outputs.iter().flat_map(|output| ["--output-format", output]);
        let args: Vec<&str> = ["check", "run"].into_iter().chain(formats).collect();
        for _ in 0..2 {
            let outcome = files.run(&args);
            assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stderr);
        }
    }
}

#[test]
fn ignored_findings_are_counted() {
    let [first, second] = valid();
    let files =
        Files::new("ignored").with("run.ndjson", first.replace("\"shape\": [5]", "\"shape\": [6]") + "\n" + &second);
    let run = |args: &[&str]| files.run(&[&["check", "run.ndjson"], args].concat());
    assert!(run(&[]).stdout.ends_with("invalid run.ndjson  1 error\n"), "{}", run(&[]).stdout);
    let ignored = run(&["--ignore", "DAP3"]);
    assert_eq!((ignored.code, ignored.stdout.as_str()), (0, "ok but  run.ndjson  2 ranks; 1 error ignored\n"));
    let other = run(&["--only", "DAP9"]);
    assert_eq!(other.stdout, ignored.stdout);
    assert_eq!(run(&["--ignore", "DAP9"]).stdout, run(&[]).stdout);
    let concise = run(&["--ignore", "DAP3", "--output-format", "concise"]).stdout;
    assert_eq!(concise, "checked 1 array: 1 valid (1 apart from ignored errors), 0 invalid\n");
    let json = |args: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(&[&["--output-format", "json"], args].concat()).stdout).unwrap()
    };
    assert_eq!(json(&["--ignore", "DAP3"])["info"]["sets"][0]["ignored"]["error"], 1);
    assert_eq!(json(&[])["info"]["sets"][0].get("ignored"), None);
    let markdown = run(&["--ignore", "DAP3", "--output-format", "markdown"]).stdout;
    assert!(markdown.contains("valid apart from ignored findings | 1 error ignored |"), "{markdown}");
    let junit = run(&["--ignore", "DAP3", "--output-format", "junit"]).stdout;
    assert!(junit.contains("1 error ignored"), "{junit}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_named_file_that_cannot_be_read_stops_the_run() {
    // A regular file whose beginning cannot be read, with any user's permissions.
    let outcome = pair("unreadable").run(&["check", "run/rank-0.json", "/proc/self/mem"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.starts_with("error: cannot read `/proc/self/mem`: "), "{}", outcome.stderr);
}

#[test]
fn indices_beyond_64_bits() {
    let files = Files::new("huge-index").with("a.json", export("[5]", &block(5, 1, 0, 0, 5)));
    let says = |index: &str| files.run(&["map", "a.json", "--global", index]).stderr;
    for index in ["99999999999999999999", "-99999999999999999999"] {
        assert!(says(index).contains("does not fit a signed 64-bit integer"), "{}", says(index));
    }
    assert!(says("three").contains("is not an integer"), "{}", says("three"));
}

#[test]
fn names_in_json_steer_no_terminal() {
    let files = Files::new("delete").with("a\u{7f}b.json", export("[5]", &block(5, 1, 0, 0, 6)));
    for format in ["json", "json-lines", "sarif"] {
        let outcome = files.run(&["check", "a\u{7f}b.json", "--output-format", format]);
        assert_eq!(outcome.code, 1);
        assert!(!outcome.stdout.contains('\u{7f}'), "{format}");
    }
}

#[test]
fn pictures_and_exports_do_not_overwrite_what_they_are_about() {
    let [first, second] = valid();
    let files = pair("overwrite-pictures").with("a.svg", format!("{first}\n{second}\n")).with(
        "numpy.json",
        r#"[{"typestr": "<f8", "shape": [3], "axis": 0}, {"typestr": "<f8", "shape": [2], "axis": 0}]"#,
    );
    let paths = ["run/rank-0.json", "a.svg", "numpy.json"];
    let before = paths.map(|path| files.read(path));
    for (args, expected) in [
        (&["show", "run", "--svg", "run/rank-0.json"][..], "picture to run/rank-0.json: by its name it is an export"),
        (&["show", "a.svg", "--svg", "a.svg"], "picture to a.svg: it is an input"),
        (&["plot", "a.svg", "-o", "./a.svg"], "picture to ./a.svg: it is an input"),
        (&["plan", "run", "a.svg", "-o", "a.svg"], "picture to a.svg: it is an input"),
        (&["convert", "numpy.json", "--format", "bundle", "-o", "numpy.json"], "exports to numpy.json: it is an input"),
    ] {
        let outcome = files.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
        assert_eq!(paths.map(|path| files.read(path)), before, "{args:?}");
    }
    assert_eq!(files.run(&["convert", "numpy.json", "--format", "bundle", "-o", "out.json"]).code, 0);
    // A picture shows one array, and the first of two is not drawn to find that out.
    let several = files.run(&["show", "run", "a.svg", "--svg", "several.svg"]);
    assert_eq!((several.code, several.stdout.as_str()), (2, ""), "{}", several.stderr);
    assert!(!files.root().join("several.svg").exists());
}

#[test]
fn a_bundle_beyond_the_limit_is_not_read() {
    let files = Files::new("long-bundle").with("run.json", "{\"ranks\": [\n");
    // Sparse: nothing but its length is large.
    std::fs::OpenOptions::new()
        .write(true)
        .open(files.root().join("run.json"))
        .unwrap()
        .set_len((4 << 30) + 1)
        .unwrap();
    let outcome = files.run(&["check", "run.json", "--output-format", "concise"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("one document may have 4294967296 bytes"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("DAP011"), "{}", outcome.stdout);
}

#[test]
fn documents_to_convert_come_from_files_and_pipes() {
    let document = r#"{"chunks": [[3, 2]], "dtype": "<f8"}"#;
    let files = Files::new("documents").with("dask.json", document);
    let of_file = files.run(&["convert", "dask.json"]);
    assert_eq!((of_file.code, of_file.stdout.lines().count()), (0, 2), "{}", of_file.stderr);
    for path in ["-", "/dev/stdin"] {
        let piped = files.run_with_input(&["convert", path], document);
        assert_eq!((piped.code, &piped.stdout), (0, &of_file.stdout), "{path}: {}", piped.stderr);
    }
    for (path, why) in [("/dev/zero", "it is a device"), (".", "it is a directory"), ("none", "it does not exist")] {
        let refused = files.run(&["convert", path]);
        assert_eq!(refused.code, 2, "{path}");
        assert!(refused.stderr.contains(&format!("cannot read {path}: {why}")), "{}", refused.stderr);
    }
}
