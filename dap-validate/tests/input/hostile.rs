//! Input that is made to hurt: an answer in bounded time and memory, and no panic.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use dap_core::check::Ranks;

use crate::dir::Dir;
use crate::{assert_valid, block, check, check_with, findings, sets, text};

#[test]
fn things_that_are_no_files() {
    let dir = Dir::new("no-files").with("rank-0.json", block(0, 4));
    fs::create_dir(dir.path("rank-1.json")).unwrap();
    assert!(Command::new("mkfifo").arg(dir.path("rank-2.json")).status().unwrap().success());
    symlink("rank-3.json", dir.path("rank-3.json")).unwrap();
    let checked = check(&[dir.path("")]);
    let found = findings(&checked);
    assert_eq!(found, ["DAP001 1-3: cannot read this file: it is a directory"]);
    assert_eq!(checked.report.ranks.to_string(), "0-3");
    assert_eq!(text(&checked, 2).unwrap(), "");
    for (name, expected) in
        [("rank-2.json", "it is a named pipe"), ("rank-3.json", "too many levels of symbolic links")]
    {
        let data = block(0, 1).replace("\"<f8\"", &format!("\"<f8\", \"data\": \"{name}\""));
        dir.write("sub/rank-0.json", data.replace(name, &format!("../{name}")));
        let found = findings(&check(&[dir.path("sub")]));
        assert!(found[0].contains(expected.trim_start_matches("it ")), "{found:?}");
    }
}

#[test]
fn links_do_not_lead_round_in_circles() {
    let dir = Dir::new("circle").with("a/b/rank-0.json", block(0, 1));
    symlink("..", dir.path("a/up")).unwrap();
    symlink(".", dir.path("self")).unwrap();
    symlink("a", dir.path("again")).unwrap();
    assert_valid(&check(&[dir.path("")]), "0", Ranks::All);
    // Named by the user, a link is followed.
    assert_valid(&check(&[dir.path("again")]), "0", Ranks::All);
    symlink("loop", dir.path("loop")).unwrap();
    assert!(sets(&[dir.path("loop")], "").is_err());
}

#[test]
fn odd_names() {
    let odd = OsStr::from_bytes(b"caf\xe9_0.dnpy");
    let dir = Dir::new("odd-names").with("rank-0.json", block(0, 1)).with("rank-99999999999999999999.json", "");
    fs::write(dir.path("").join(odd), crate::dnpy::file(&crate::dnpy::header(0, 1), "<f8", 10, 80)).unwrap();
    fs::write(dir.path("").join(OsStr::from_bytes(b"\xff\xfe.json")), "").unwrap();
    let sets = sets(&[dir.path("")], "").unwrap();
    let checked: Vec<_> = sets.iter().map(|set| set.check(dap_core::check::Profile::Auto, &())).collect();
    let problem = "the number in the name `rank-99999999999999999999.json` is too large for a rank";
    assert_eq!(findings(&checked[0]), [format!("DAP001 set: cannot read this file: {problem}")]);
    assert_valid(&checked[1], "0", Ranks::All);
    assert_valid(&check(&[dir.path("").join(odd)]), "0", Ranks::Some);
}

#[test]
fn files_that_cannot_be_read() {
    let dir = Dir::new("unreadable").with("run/rank-0.json", block(0, 1)).with("run/rank-1.json", "");
    symlink("nowhere", dir.path("run/rank-2.json")).unwrap();
    let found = findings(&check(&[dir.path("run")]));
    assert!(
        found.contains(&"DAP001 2: cannot read this file: it is a link to `nowhere`, which does not exist".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"DAP002 1: not valid JSON: it is empty".to_owned()), "{found:?}");
}

#[test]
fn grids_far_larger_than_the_set() {
    let huge = |size: i64| block(0, 1).replace("\"proc_grid_size\": 1,", &format!("\"proc_grid_size\": {size},"));
    for size in [1_i64 << 40, i64::MAX] {
        let dir = Dir::new("huge-grid").with("run/rank-0.json", huge(size)).with("a.json", huge(size));
        assert!(!check(&[dir.path("run")]).report.is_valid());
        let _ = check(&[dir.path("a.json")]);
        let _ = check_with(&["-".into()], &(huge(size) + "\n" + &huge(size)));
    }
    // Files are many, ranks enormous: no list is as long as a rank is high.
    let dir = (0..40).fold(Dir::new("high-ranks"), |dir, rank| {
        dir.with(&format!("rank-{}.json", (i64::MAX - 1) >> rank), block(0, 1))
    });
    let checked = check(&[dir.path("")]);
    assert_eq!(checked.report.ranks.len(), 40);
    assert_eq!(text(&checked, i64::MAX - 1).unwrap(), block(0, 1));
}

#[test]
fn deep_nesting() {
    for open in ["[", "{\"a\":", "{\"ranks\":[", "{\"ranks\":"] {
        let deep = open.repeat(1_000_000);
        let dir = Dir::new("deep").with("a.json", &deep).with("a.ndjson", &deep);
        for checked in [check(&[dir.path("a.json")]), check(&[dir.path("a.ndjson")]), check_with(&["-".into()], &deep)]
        {
            let found = findings(&checked);
            assert!(found.iter().any(|finding| finding.starts_with("DAP007 ")), "{open}: {found:?}");
        }
    }
}

#[test]
fn a_million_unknown_keys() {
    let keys: String = (0..1_000_000).map(|key| format!("\"key{key}\": 0, ")).collect();
    let many = block(0, 1).replacen('{', &format!("{{{keys}"), 1);
    let dir = Dir::new("keys").with("a.json", &many).with("a.ndjson", &many);
    for name in ["a.json", "a.ndjson"] {
        let found = findings(&check(&[dir.path(name)]));
        assert!(found.len() < 10, "{} findings", found.len());
        assert!(found[0].contains("key0"), "{found:?}");
    }
}

#[test]
fn garbage() {
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let noise: Vec<u8> = (0..8_000_000).map(|_| noise()).collect();
    let zeros = vec![0_u8; 8_000_000];
    let quotes = vec![b'"'; 8_000_000];
    let newlines = vec![b'\n'; 8_000_000];
    for (name, bytes) in [("noise", &noise), ("zeros", &zeros), ("quotes", &quotes), ("newlines", &newlines)] {
        let dir = Dir::new(name).with("run/rank-0.json", bytes).with("a.json", bytes).with("a.ndjson", bytes);
        dir.write("a_0.dnpy", bytes);
        for path in ["run", "a.json", "a.ndjson", "a_0.dnpy"] {
            let checked = check(&[dir.path(path)]);
            assert!(!checked.report.is_valid(), "{name} {path}");
            assert!(checked.report.diagnostics.len() < 10, "{name} {path}");
        }
    }
}

#[test]
fn blank_lines_without_end_before_an_export() {
    let mut text_of = "\n".repeat(4_000_000);
    text_of.push_str(&block(0, 1));
    let dir = Dir::new("blank-without-end").with("a.ndjson", &text_of);
    let checked = check(&[dir.path("a.ndjson")]);
    assert!(findings(&checked)[0].starts_with("DAP012 0-1023: "), "{:?}", findings(&checked));
    assert_eq!(text(&checked, 4_000_000).unwrap(), block(0, 1));
}

#[test]
fn one_line_longer_than_many_chunks() {
    let indices: String = (0..3_000_000).map(|index| format!("{index},")).collect();
    let long = format!(
        r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [3000000]}}, "dim_data": [{{"dist_type": "u", "size": 3000000, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": [{}]}}]}}"#,
        indices.trim_end_matches(',')
    );
    let dir = Dir::new("long-line").with("a.ndjson", &long);
    let checked = check(&[dir.path("a.ndjson")]);
    assert!(checked.report.is_valid(), "{:?}", findings(&checked));
    assert_eq!(checked.report.ranks.to_string(), "0");
    assert!(text(&checked, 0).unwrap() == long);
}

#[test]
fn names_that_say_no_rank() {
    let notes = |names: &[&str]| {
        let dir = names.iter().fold(Dir::new("look-alikes"), |dir, name| dir.with(name, block(0, 1)));
        let checked = check(&[dir.path("")]);
        assert_eq!(findings(&checked), ["DAP010 set: the directory holds no export"]);
        checked.report.diagnostics[0].finding.notes().collect::<Vec<_>>()
    };
    let named = "there is `rank_0.json`; as an export of a rank it would be named `rank-0.json`";
    assert_eq!(notes(&["rank_1.json", "rank_0.json", "readme.txt"]), [named]);
    assert_eq!(notes(&["all.json"]), ["there is `all.json`: if it holds the exports, name the file itself"]);
    assert!(notes(&["readme.txt"]).is_empty());
}

#[test]
fn some_names_that_say_no_rank() {
    let notes = |processes: i64, names: &[&str]| {
        let named = |dir: Dir, name: &&str| {
            let rank = name.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            dir.with(name, block(rank, processes))
        };
        let checked = check(&[names.iter().fold(Dir::new("some-look-alikes"), named).path("")]);
        let found = findings(&checked);
        assert!(found.len() == 1 && found[0].starts_with("DAP601 0: "), "{found:?}");
        checked.report.diagnostics[0].finding.notes().collect::<Vec<_>>()
    };
    let named = |found: &str, expected: &str| {
        format!("there is `{found}`; as an export of a rank it would be named `{expected}`")
    };
    // The first of the missing ranks, which is not the first of the names.
    let names = ["rank-0.json", "rank-10.json", "Rank_10.json", "rank_2.json", "rank_11.json", "rank_99.json"];
    assert_eq!(notes(12, &names), [named("rank_2.json", "rank-2.json")]);
    // Rank 0 is there, rank 7 is beyond the grid, and the others are hidden, of another format, or
    // without a rank.
    assert!(notes(2, &["rank-0.json", "rank_0.json", "rank_7.json", "a1.dnpy", "all.json", ".rank_1.json"]).is_empty());
}

#[test]
fn lines_that_are_none() {
    let pretty = block(0, 1).replace(", \"", ",\n  \"");
    let dir = Dir::new("pretty")
        .with("a.ndjson", &pretty)
        .with("b.ndjson", format!("\n{pretty}\n{pretty}\n"))
        .with("long.ndjson", format!("[\n{}", format!("{},\n", block(0, 1)).repeat(1000)))
        .with("cut.ndjson", format!("{}\n{}\n", &block(0, 2)[..25], block(1, 2)))
        .with("stop.ndjson", &block(0, 1)[..25]);
    // Several documents have one sentence, whatever their file is called.
    let several = format!("\n{pretty}\n{pretty}\n");
    let dir = dir.with("b.json", &several);
    for checked in [check(&[dir.path("b.ndjson")]), check(&[dir.path("b.json")]), check_with(&["-".into()], &several)] {
        let found = &checked.report.diagnostics[0].finding;
        assert_eq!((found.rule.to_string(), found.notes.to_vec()), ("DAP006".to_owned(), vec!["documents"]));
    }
    for name in ["a.ndjson", "long.ndjson"] {
        let found = findings(&check(&[dir.path(name)]));
        assert_eq!(found.len(), 1, "{found:?}");
        let says = found[0].starts_with("DAP002 set: not valid JSON: its first line is only the beginning");
        assert!(says, "{found:?}");
    }
    for name in ["cut.ndjson", "stop.ndjson"] {
        let found = findings(&check(&[dir.path(name)]));
        assert!(found[0].starts_with("DAP002 0: not valid JSON: it ends "), "{found:?}");
    }
}
