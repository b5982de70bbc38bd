//! Compressed exports, and NumPy files without exports.

use crate::convert::inputs::gzipped;
use crate::files::{Files, valid};

#[test]
fn every_layout_of_exports() {
    let [first, second] = valid();
    let lines = format!("{first}\n{second}\n");
    let bundle = format!("{{\"ranks\": [{first}, {second}]}}");
    let files = Files::new("gzip")
        .with("run.ndjson.gz", gzipped(lines.as_bytes()))
        .with("all.json.gz", gzipped(bundle.as_bytes()))
        .with("rank-0.json.gz", gzipped(first.as_bytes()))
        .with("rank-1.json.gz", gzipped(second.as_bytes()))
        .with("run/rank-0.json.gz", gzipped(first.as_bytes()))
        .with("run/rank-1.json.gz", gzipped(second.as_bytes()))
        .with("named-otherwise", gzipped(lines.as_bytes()))
        .with("cut.ndjson.gz", &gzipped(lines.as_bytes())[..60])
        .with("bomb.ndjson.gz", gzipped(&vec![b' '; 64 << 20]));
    for paths in [
        &["run.ndjson.gz"][..],
        &["all.json.gz"],
        &["rank-1.json.gz", "rank-0.json.gz"],
        &["run"],
        &["named-otherwise"],
    ] {
        let args: Vec<&str> = ["check", "--no-progress"].iter().chain(paths).copied().collect();
        let outcome = files.run(&args);
        assert_eq!(outcome.code, 0, "{paths:?}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stdout.starts_with("ok") && outcome.stdout.contains("2 ranks"), "{}", outcome.stdout);
    }
    let shown = files.run(&["show", "run.ndjson.gz"]);
    assert!(shown.code == 0 && shown.stdout.contains("(10,), 10 elements"), "{}", shown.stdout);
    // A finding is shown in the text, not in the compressed bytes.
    let wrong = Files::new("gzip-wrong")
        .with("rank-0.json.gz", gzipped(first.replace("\"stop\": 5", "\"stop\": 4").as_bytes()));
    let outcome = wrong.run(&["check", "rank-0.json.gz"]);
    assert!(outcome.code == 1 && outcome.stdout.contains("\"stop\": 4"), "{}", outcome.stdout);
    for (path, words) in [("cut.ndjson.gz", "cut short"), ("bomb.ndjson.gz", "less than 1/256")] {
        let outcome = files.run(&["check", path]);
        assert!(outcome.code == 1 && outcome.stdout.contains(words), "{path}: {}", outcome.stdout);
    }
}

#[test]
fn numpy_files_without_exports() {
    let npy = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";
    let files = Files::new("npy-alone").with("run/field_1.npy", npy).with("run/field_0.npy", npy);
    for path in ["run", "run/field_0.npy"] {
        let outcome = files.run(&["check", path]);
        let text = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(outcome.code, 1, "{text}");
        assert!(text.contains("`field_0.npy` has the items of one rank and nothing of the distribution"), "{text}");
        assert!(text.contains("write an export beside it, `rank-<r>.json`"), "{text}");
    }
}

#[test]
fn links_that_lead_nowhere_are_named() {
    let files = Files::new("dangling");
    std::os::unix::fs::symlink("gone/x.json", files.root().join("x.json")).unwrap();
    std::os::unix::fs::symlink("gone", files.root().join("folder")).unwrap();
    for command in ["check", "show", "plot", "convert", "map", "diff", "plan"] {
        for (path, words) in [
            ("x.json", "it is a link to `gone/x.json`, which does not exist"),
            ("folder/x.json", "`folder` is a link to `gone`, which does not exist"),
            ("none.json", "it does not exist"),
        ] {
            let args = match command {
                "map" => vec![command, path, "--global", "0"],
                "diff" | "plan" => vec![command, path, path],
                _ => vec![command, path],
            };
            let outcome = files.run(&args);
            assert_eq!(outcome.code, 2, "{args:?}");
            assert!(outcome.stderr.contains(words), "{args:?}: {}", outcome.stderr);
        }
    }
}
