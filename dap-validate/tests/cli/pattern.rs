//! `--pattern`, `--renumber` and compressed exports in a directory.

use crate::convert::inputs::gzipped;
use crate::files::{Files, block, export, valid};

/// Two arrays of two ranks in one folder, with other files between them.
fn folder(test: &str) -> Files {
    let [first, second] = valid();
    Files::new(test)
        .with("run/u.0.json", &first)
        .with("run/u.1.json", &second)
        .with("run/v.00.json", &first)
        .with("run/v.01.json", second.replace("\"stop\": 10", "\"stop\": 9"))
        .with("run/v.01.json.bak", "x")
        .with("run/.w.0.json", "x")
        .with("run/notes.json", "{}")
        .with("run/x.0.json/inner", "a folder")
        .with("parts/rank0/field.json", &first)
        .with("parts/rank1/field.json", &second)
}

#[test]
fn arrays_by_pattern() {
    let files = folder("pattern-arrays");
    let check = |args: &[&str]| files.run(&[&["check", "--output-format", "concise"], args].concat());
    for (pattern, code) in [
        ("run/u.{rank}.json", 0),
        ("run/v.{rank}.json", 1),
        ("run/{array}.{rank}.json", 1),
        ("parts/rank{rank}/field.json", 0),
        ("parts/{array}{rank}/field.json", 0),
    ] {
        let outcome = check(&["--pattern", pattern]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{pattern}: {}", outcome.stdout);
        assert_eq!(
            outcome.stdout.contains("run/v.01.json"),
            pattern.contains("v.") || pattern.contains("run/{"),
            "{pattern}"
        );
    }
    // Both arrays, each by its name.
    let shown = files.run(&["show", "--pattern", "run/{array}.{rank}.json"]);
    let heads: Vec<&str> = shown.stdout.lines().filter(|line| line.starts_with("run/")).collect();
    assert_eq!(heads, ["run/u.{rank}.json", "run/v.{rank}.json"]);
    // Beside paths.
    let parts = ["parts/rank0/field.json", "parts/rank1/field.json"];
    let outcome = files.run(&[&["check"], &parts[..], &["--pattern", "run/u.{rank}.json", "--quiet"]].concat());
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    // A missing rank is one: the pattern claims to find all.
    std::fs::remove_file(files.root().join("run/u.1.json")).unwrap();
    let outcome = check(&["--pattern", "run/u.{rank}.json"]);
    assert!(outcome.code == 1 && outcome.stdout.contains("DAP601"), "{}", outcome.stdout);
    assert_eq!(check(&["--pattern", "run/u.{rank}.json", "--partial"]).code, 0);
}

#[test]
fn patterns_that_find_nothing() {
    let files = folder("pattern-nothing");
    let outcome = files.run(&["check", "--pattern", "run/w.{rank}.json"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("the pattern"), "{}", outcome.stdout);
    for (args, words) in [
        (&["check", "--pattern", "none/u.{rank}.json"][..], "none"),
        (&["check", "--pattern", "run/u.json"], "write {rank} once"),
        (&["check", "--pattern", "{array}{array}{rank}"], "write {array} once"),
        (&["check"], "<PATH>"),
    ] {
        let outcome = files.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        assert!(outcome.stderr.contains(words), "{args:?}: {}", outcome.stderr);
    }
}

/// Ranks counted from 1, as in Julia and Fortran, or those of a larger communicator.
#[test]
fn renumbered() {
    let [first, second] = valid();
    let files = Files::new("pattern-renumber")
        .with("ones/rank-1.json", &first)
        .with("ones/rank-2.json", &second)
        .with("large/u.4.json", &first)
        .with("large/u.10.json", &second)
        .with("three/rank-1.json", export("[3]", &block(9, 3, 0, 0, 3)))
        .with("three/rank-3.json", export("[3]", &block(9, 3, 2, 6, 9)));
    for args in [&["ones"][..], &["--pattern", "large/u.{rank}.json"], &["ones/rank-2.json", "ones/rank-1.json"]] {
        let check = |more: &[&str]| files.run(&[&["check"], args, more].concat());
        let outcome = check(&[]);
        assert_eq!(outcome.code, 1, "{args:?}: {}", outcome.stdout);
        let outcome = check(&["--renumber"]);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stdout);
    }
    // A rank that is missing stays so.
    assert_eq!(files.run(&["check", "three", "--renumber"]).code, 1);
}

#[test]
fn compressed_in_a_directory() {
    let [first, second] = valid();
    let files = Files::new("pattern-gzip")
        .with("run/rank-0.json.gz", gzipped(first.as_bytes()))
        .with("run/rank-1.json.gz", gzipped(second.as_bytes()))
        .with("other/u.0.json.gz", gzipped(first.as_bytes()))
        .with("other/u.1.json.gz", gzipped(second.as_bytes()))
        .with("wrong/rank-0.json.gz", gzipped(first.as_bytes()))
        .with("wrong/rank-1.json.gz", gzipped(second.replace("\"stop\": 10", "\"stop\": 9").as_bytes()));
    for (args, code) in [(&["run"][..], 0), (&["--pattern", "other/u.{rank}.json.gz"], 0), (&["wrong"], 1)] {
        let outcome = files.run(&[&["check", "--output-format", "concise"], args].concat());
        assert_eq!(outcome.code, code, "{args:?}: {}", outcome.stdout);
        assert_eq!(outcome.stdout.contains("wrong/rank-1.json.gz:1:"), code == 1, "{}", outcome.stdout);
    }
}
