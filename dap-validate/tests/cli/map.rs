//! `map`: owners and places, both ways, against what can be counted by hand.

use serde_json::{Value, json};

use crate::files::{Files, Outcome, block, export, valid};

/// 10 in two blocks with a halo of 1: rank 0 holds 0..6 and owns 0..5, rank 1 holds 4..10 and owns
/// 5..10.
fn halo(test: &str) -> Files {
    let rank = |rank: i64, start, stop, padding: &str| {
        export("[6]", &block(10, 2, rank, start, stop).replace('}', &format!(", \"padding\": {padding}}}")))
    };
    Files::new(test).with("a.ndjson", rank(0, 0, 6, "[0, 1]") + "\n" + &rank(1, 4, 10, "[1, 0]"))
}

fn json_of(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn global_to_local_and_who_else() {
    let files = halo("map-global");
    let answer = json_of(&files.run(&["map", "a.ndjson", "--global", "5", "--global", "0", "--output-format", "json"]));
    let place = |rank: i64, local: i64, kind: &str| json!({"rank": rank, "coordinates": [rank], "local": [local], "kind": kind});
    assert_eq!(answer[0]["also"], json!([place(0, 5, "communication")]));
    assert_eq!((&answer[0]["rank"], &answer[0]["local"]), (&json!(1), &json!([1])));
    assert_eq!((&answer[1]["rank"], &answer[1]["also"]), (&json!(0), &json!([])));
}

#[test]
fn local_to_global_and_whose() {
    let files = halo("map-local");
    let answer = json_of(&files.run(&[
        "map",
        "a.ndjson",
        "--rank",
        "0",
        "--local",
        "5",
        "--local",
        "4",
        "--output-format",
        "json",
    ]));
    assert_eq!((&answer[0]["global"], &answer[0]["kind"]), (&json!([5]), &json!("communication")));
    assert_eq!(answer[0]["owner"]["rank"], 1);
    assert_eq!((&answer[1]["global"], &answer[1]["kind"]), (&json!([4]), &json!("owned")));
    assert_eq!(answer[1]["also"][0]["rank"], 1);
}

#[test]
fn every_place_and_back() {
    let files = halo("map-back");
    let globals: Vec<String> = (0..10).map(|g| g.to_string()).collect();
    let mut args = vec!["map", "a.ndjson", "--output-format", "json"];
    args.extend(globals.iter().flat_map(|global| ["--global", global]));
    for answer in json_of(&files.run(&args)).as_array().unwrap() {
        let rank = answer["rank"].as_i64().unwrap().to_string();
        let local = answer["local"][0].as_i64().unwrap().to_string();
        let back =
            json_of(&files.run(&["map", "a.ndjson", "--rank", &rank, "--local", &local, "--output-format", "json"]));
        assert_eq!(back[0]["global"], answer["global"]);
    }
}

#[test]
fn an_index_on_several_processes() {
    let rank = |rank: i64, indices: &str| {
        export(
            "[2]",
            &format!(
                r#"{{"dist_type": "u", "size": 4, "proc_grid_size": 2, "proc_grid_rank": {rank}, "indices": {indices}}}"#
            ),
        )
    };
    let files = Files::new("map-copies").with("a.ndjson", rank(0, "[-3, 7]") + "\n" + &rank(1, "[7, 2]"));
    let answer =
        json_of(&files.run(&["map", "a.ndjson", "--global", "7", "--global", "-3", "--output-format", "json"]));
    assert_eq!((&answer[0]["rank"], &answer[0]["also"][0]["kind"]), (&json!(0), &json!("copy")));
    assert_eq!((&answer[1]["rank"], &answer[1]["local"]), (&json!(0), &json!([0])));
}

#[test]
fn text_for_people() {
    let outcome = halo("map-text").run(&["map", "a.ndjson", "--global", "5", "--rank", "0"]);
    assert_eq!(outcome.code, 2, "--rank is for --local");
    let outcome = halo("map-text").run(&["map", "a.ndjson", "--global", "5"]);
    let expected = "global (5,)  rank 1, grid (1,), local (1,), owned\n  also at rank 0, grid (0,), local (5,), communication padding\n";
    assert_eq!(outcome.stdout, expected);
}

#[test]
fn out_of_range() {
    let files = halo("map-range");
    for (args, expected) in [
        (&["--global", "10"][..], "index 10 is outside of dimension 0, whose indices are 0 to 9"),
        (&["--global", "-1"], "index -1 is outside"),
        (&["--global", "1,2"], "the array has 1 dimension"),
        (&["--global", "a"], "`a` is not an integer"),
        (&["--rank", "2", "--local", "0"], "there is no rank 2: the array's ranks are 0 to 1"),
        (&["--rank", "1", "--local", "6"], "local index 6 on rank 1 is outside of dimension 0"),
        (&["--rank", "1"], "--local"),
        (&["--local", "1"], "--rank"),
        (&[], "--global"),
    ] {
        let outcome = files.run(&[&["map", "a.ndjson"], args].concat());
        assert_eq!(outcome.code, 2, "{args:?}");
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
    }
}

#[test]
fn no_map_without_a_valid_array() {
    let [first, second] = valid();
    let files =
        Files::new("map-invalid").with("a.ndjson", first + "\n" + &second.replace("\"start\": 5", "\"start\": 6"));
    let outcome = files.run(&["map", "a.ndjson", "--global", "1"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("`dap-validate check` on the same files explains"), "{}", outcome.stderr);
}

#[test]
fn answers_name_their_array_where_one_path_has_several() {
    let files = valid().into_iter().enumerate().fold(Files::new("map-several"), |files, (rank, text)| {
        files.with(&format!("run/a/rank-{rank}.json"), &text).with(&format!("run/b/rank-{rank}.json"), &text)
    });
    let outcome = files.run(&["map", "run", "--global", "7"]);
    let names: Vec<&str> =
        outcome.stdout.lines().filter_map(|line| Some(line.split_once(": global (7,)")?.0)).collect();
    assert_eq!(names, ["run/a", "run/b"], "{}", outcome.stdout);
    let one = files.run(&["map", "run/a", "--global", "7"]);
    assert!(one.stdout.starts_with("global (7,)"), "{}", one.stdout);
}
