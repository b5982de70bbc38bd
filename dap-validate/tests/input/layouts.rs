//! Every layout, right and wrong.

use std::path::PathBuf;

use dap_core::check::{Profile, Ranks};
use dap_core::index::Rank;
use dap_report::{RankTexts, WHOLE_SET};
use dap_validate::input::{InputErrorKind, InputOptions, gather};

use crate::dir::Dir;
use crate::{assert_valid, block, check, check_with, findings, sets, text};

fn four(name: &str) -> Dir {
    (0..4).fold(Dir::new(name), |dir, rank| dir.with(&format!("run/rank-{rank}.json"), block(rank, 4)))
}

#[test]
fn a_directory_holds_all_ranks() {
    let dir = four("directory").with("run/notes.txt", "not an export").with("run/sub/rank-9.json", "not looked at");
    let checked = check(&[dir.path("run")]);
    assert_valid(&checked, "0-3", Ranks::All);
    assert_eq!(checked.name, dir.path("run").display().to_string());
    let found = checked.texts.of(Rank(2)).unwrap();
    assert_eq!(
        (found.path, found.first_line, found.first_column),
        (dir.path("run/rank-2.json").display().to_string(), 1, 1)
    );
    assert_eq!(text(&checked, 2).unwrap(), block(2, 4));
    assert_eq!(text(&checked, 4), None);
}

#[test]
fn a_directory_with_a_rank_twice_or_not_at_all() {
    let dir = four("twice").with("run/rank-01.json", block(1, 4));
    std::fs::remove_file(dir.path("run/rank-3.json")).unwrap();
    let checked = check(&[dir.path("run")]);
    let found = findings(&checked);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("DAP601 0: "), "{found:?}");
    assert_eq!(found[1], "DAP602 1: rank 1 is present more than once");
    // A note names both files.
    let mut paths = ["run/rank-01.json", "run/rank-1.json"].map(|name| dir.path(name).display().to_string());
    paths.sort_unstable();
    let notes: Vec<String> = checked.report.diagnostics[1].finding.notes().collect();
    let mut named: Vec<&str> = notes[0].split('`').skip(1).step_by(2).collect();
    named.sort_unstable();
    assert_eq!((notes.len(), named), (1, paths.iter().map(String::as_str).collect()), "{notes:?}");
}

#[test]
fn partial_directories_are_checked_as_far_as_they_go() {
    let dir = four("partial");
    std::fs::remove_file(dir.path("run/rank-3.json")).unwrap();
    let sets = gather(&[dir.path("run")], std::io::empty(), InputOptions { partial: true, ..InputOptions::default() })
        .unwrap();
    let checked = sets[0].check(Profile::Auto, &());
    assert_eq!(checked.claim, Ranks::Some);
    assert!(checked.report.is_valid());
    assert!(findings(&checked)[0].starts_with("DAP622 0: 3 of 4 ranks"), "{:?}", findings(&checked));
}

#[test]
fn directories_are_searched() {
    let dir = Dir::new("searched")
        .with("b/rank-0.json", block(0, 1))
        .with("a/deep/rank-0.json", block(0, 1))
        .with("a/empty/notes.txt", "")
        .with(".hidden/rank-0.json", "not looked at");
    let found = sets(&[dir.path("")], "").unwrap();
    let names: Vec<String> = found.iter().map(|set| set.name.clone()).collect();
    let expected = ["a/deep", "a/empty", "b"].map(|name| dir.path(name).display().to_string());
    assert_eq!(names, expected);
    let checked = found[1].check(Profile::Auto, &());
    assert_eq!(findings(&checked), ["DAP010 set: the directory holds no export"]);
    assert!(checked.texts.of(WHOLE_SET).is_none());
}

#[test]
fn a_directory_may_hold_several_arrays() {
    let header = |rank| crate::dnpy::file(&crate::dnpy::header(rank, 2), "<f8", 5, 40);
    let dir = Dir::new("several")
        .with("x_0.dnpy", header(0))
        .with("x_1.dnpy", header(1))
        .with("y_00.dnpy", header(0))
        .with("rank-0.json", block(0, 1));
    let sets = sets(&[dir.path("")], "").unwrap();
    let checked: Vec<_> = sets.iter().map(|set| set.check(Profile::Auto, &())).collect();
    let names: Vec<&str> = checked.iter().map(|checked| checked.name.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["rank-*.json", "x_*.dnpy", "y_*.dnpy"]);
    assert_valid(&checked[0], "0", Ranks::All);
    assert_valid(&checked[1], "0-1", Ranks::All);
    assert!(findings(&checked[2])[0].starts_with("DAP601"));
}

#[test]
fn named_files_have_the_ranks_of_their_names() {
    let dir = four("named");
    let paths = |ranks: &[i64]| -> Vec<PathBuf> {
        ranks.iter().map(|rank| dir.path(&format!("run/rank-{rank}.json"))).collect()
    };
    let checked = check(&paths(&[3, 0, 2, 1]));
    assert_valid(&checked, "0-3", Ranks::Some);
    assert_eq!(text(&checked, 3).unwrap(), block(3, 4));
    let checked = check(&paths(&[2, 1]));
    assert!(findings(&checked)[0].starts_with("DAP622 1: 2 of 4"), "{:?}", findings(&checked));
    assert_eq!(checked.report.ranks.to_string(), "1-2");
    assert_eq!(text(&checked, 2).unwrap(), block(2, 4));
    assert_eq!(text(&checked, 0), None);
    assert!(checked.name.ends_with("rank-2.json and 1 more"), "{}", checked.name);
}

#[test]
fn as_many_files_as_processes_are_in_rank_order() {
    let dir = (0..4).fold(Dir::new("order"), |dir, rank| dir.with(&format!("{rank}.json"), block(rank, 4)));
    let paths = |ranks: [i64; 4]| ranks.map(|rank| dir.path(&format!("{rank}.json")));
    let checked = check(&paths([0, 1, 2, 3]));
    assert_valid(&checked, "0-3", Ranks::Some);
    assert_eq!(text(&checked, 3).unwrap(), block(3, 4));
    let checked = check(&paths([0, 2, 1, 3]));
    assert!(findings(&checked)[0].starts_with("DAP604 1-2: "), "{:?}", findings(&checked));
    assert_eq!(text(&checked, 1).unwrap(), block(2, 4));
}

#[test]
fn other_files_have_the_rank_of_their_coordinate() {
    let dir = (0..4).fold(Dir::new("coordinate"), |dir, rank| dir.with(&format!("{rank}.json"), block(rank, 4)));
    let checked = check(&[dir.path("3.json"), dir.path("1.json")]);
    assert_eq!(checked.report.ranks.to_string(), "1, 3");
    assert_eq!(text(&checked, 1).unwrap(), block(1, 4));
    assert_eq!(text(&checked, 3).unwrap(), block(3, 4));
    assert_eq!(text(&checked, 0), None);
    // A name that says the rank is believed: the same one in two places is the same rank twice.
    let dir = dir.with("a/rank-2.json", block(2, 4)).with("b/rank-2.json", block(0, 4));
    let checked = check(&[dir.path("a/rank-2.json"), dir.path("b/rank-2.json")]);
    assert!(findings(&checked).iter().any(|finding| finding.starts_with("DAP602 2: ")), "{:?}", findings(&checked));
}

#[test]
fn one_file_alone_is_a_part() {
    let dir = four("alone");
    let checked = check(&[dir.path("run/rank-2.json")]);
    assert_eq!(checked.claim, Ranks::Some);
    assert_eq!(findings(&checked).len(), 1);
    assert!(findings(&checked)[0].starts_with("DAP622 2: 1 of 4"), "{:?}", findings(&checked));
}

fn bundle(ranks: i64) -> String {
    let exports: Vec<String> = (0..ranks).map(|rank| block(rank, ranks)).collect();
    format!("{{\"ranks\": [\n  {}\n]}}\n", exports.join(",\n  "))
}

#[test]
fn bundles() {
    let dir = Dir::new("bundle")
        .with("good.json", bundle(4))
        .with("empty.json", r#"{"ranks": []}"#)
        .with("dict.json", format!("{{\"ranks\": {{\"0\": {}}}}}", block(0, 1)))
        .with("cut.json", &bundle(4)[..700]);
    let checked = check(&[dir.path("good.json")]);
    assert_valid(&checked, "0-3", Ranks::All);
    let found = checked.texts.of(Rank(2)).unwrap();
    assert_eq!((found.first_line, found.first_column), (4, 3));
    assert_eq!(text(&checked, 2).unwrap(), block(2, 4));
    assert_eq!(text(&checked, -1).unwrap(), bundle(4));
    let empty = check(&[dir.path("empty.json")]);
    assert_eq!(findings(&empty), ["DAP010 set: the bundle holds no export"]);
    let dict = check(&[dir.path("dict.json")]);
    assert_eq!(findings(&dict), ["DAP013 set: `ranks` is a dictionary, not a list of exports"]);
    let cut = findings(&check(&[dir.path("cut.json")]));
    assert!(cut[0].starts_with("DAP002 set: not valid JSON: it ends within"), "{cut:?}");
}

#[test]
fn a_bundle_that_changed_since_it_was_gathered() {
    let dir = Dir::new("bundle-changed").with("a.json", bundle(4));
    let sets = sets(&[dir.path("a.json")], "").unwrap();
    dir.write("a.json", bundle(2));
    let found = findings(&sets[0].check(Profile::Auto, &()));
    assert!(found[0].starts_with("DAP011 set: the file changed while it was being read: it was "), "{found:?}");
}

#[test]
fn standard_input_is_lines_or_a_document() {
    let stdin = ["-".into()];
    let lines: String = (0..4).map(|rank| block(rank, 4) + "\n").collect();
    let checked = check_with(&stdin, &lines);
    assert_valid(&checked, "0-3", Ranks::All);
    assert_eq!(checked.name, "<stdin>");
    assert_eq!(text(&checked, 3).unwrap(), block(3, 4));
    let checked = check_with(&stdin, &bundle(4));
    assert_valid(&checked, "0-3", Ranks::All);
    assert_eq!(text(&checked, 3).unwrap(), block(3, 4));
    let checked = check_with(&stdin, &block(0, 1).replace(", ", ",\n"));
    assert_valid(&checked, "0", Ranks::All);
    assert_eq!(checked.texts.of(Rank(0)).unwrap().first_line, 1);
    let checked = check_with(&stdin, "");
    assert_eq!(findings(&checked), ["DAP010 set: standard input holds no export"]);
    let twice = sets(&["-".into(), "-".into()], "").unwrap_err();
    assert!(matches!(twice.kind, InputErrorKind::StdinTwice));
}

#[test]
fn a_set_from_standard_input_can_be_checked_again() {
    let lines: String = (0..4).map(|rank| block(rank, 4) + "\n").collect();
    let sets = sets(&["-".into()], &lines).unwrap();
    for _ in 0..2 {
        assert_valid(&sets[0].check(Profile::Auto, &()), "0-3", Ranks::All);
    }
}

#[test]
fn what_a_file_holds_is_seen_in_it() {
    let lines: String = (0..2).map(|rank| block(rank, 2) + "\r\n").collect();
    let dir = Dir::new("sniff")
        .with("lines.json", &lines)
        .with("lines", &lines)
        .with("pretty.json", block(0, 1).replace(", ", ",\n"))
        .with("one.jsonl", block(0, 2))
        .with("array_0.dat", crate::dnpy::file(&crate::dnpy::header(0, 1), "<f8", 10, 80));
    assert_valid(&check(&[dir.path("lines.json")]), "0-1", Ranks::All);
    assert_valid(&check(&[dir.path("lines")]), "0-1", Ranks::All);
    assert_valid(&check(&[dir.path("pretty.json")]), "0", Ranks::Some);
    assert_valid(&check(&[dir.path("array_0.dat")]), "0", Ranks::Some);
    assert!(findings(&check(&[dir.path("one.jsonl")]))[0].starts_with("DAP601 0: "));
}

#[test]
fn sets_keep_the_order_of_the_command_line() {
    let dir = four("mixed").with("a.json", block(0, 1)).with("b.json", bundle(2)).with("c.json", block(0, 1));
    let paths = ["run", "a.json", "b.json", "c.json"].map(|name| dir.path(name));
    let names: Vec<String> = sets(&paths, "").unwrap().into_iter().map(|set| set.name).collect();
    let path = |name: &str| dir.path(name).display().to_string();
    assert_eq!(names, [path("run"), path("a.json") + " and 1 more", path("b.json")]);
}

#[test]
fn paths_that_name_nothing() {
    let dir = Dir::new("nothing");
    let error = sets(&[dir.path("missing")], "").unwrap_err();
    assert_eq!(error.to_string(), format!("cannot read `{}`: it does not exist", dir.path("missing").display()));
    let error = sets(&["/dev/null".into()], "").unwrap_err();
    assert_eq!(error.to_string(), "cannot read `/dev/null`: it is a device");
    assert_eq!(findings(&check(&[dir.path("")])), ["DAP010 set: the directory holds no export"]);
}
