//! `--view` of `show`, `map` and `plan`: a part of an array, by Python's indexing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::files::{Files, Outcome, block, export, valid};
use crate::snapshots::assert_snapshot;

/// Arrays made by the generator, by name and recipe.
fn arrays(test: &str) -> Files {
    let files = Files::new(test);
    for (name, recipe) in [
        ("rows", "--shape 16,12 --grid 3,1"),
        ("squares", "--shape 16,12 --grid 2,2 --dist b,c:3"),
        ("line", "--shape 20 --grid 4 --dist c:2"),
        ("part", "--shape 13,12 --grid 2,2"),
    ] {
        let output = format!("{name}.ndjson");
        let args: Vec<&str> = ["gen", "-o", &output].into_iter().chain(recipe.split(' ')).collect();
        assert_eq!(files.run(&args).code, 0, "{name}");
    }
    files
}

fn json_of(outcome: &Outcome) -> Value {
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn shown() {
    let files = arrays("view-show");
    let mut text = String::new();
    for (name, index) in [
        ("rows", "3:, ::-1, None"),
        ("rows", "12"),
        ("squares", "1:-1, 2:"),
        ("squares", "..., ::-1"),
        ("line", "1::3"),
        ("line", "[::4]"),
        ("line", "5:5"),
    ] {
        let outcome = files.run(&["show", &format!("{name}.ndjson"), "--view", index]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{index}");
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 100), "{}", outcome.stdout);
        text += &format!("$ dap-validate show {name}.ndjson --view '{index}'\n{}\n", outcome.stdout);
    }
    assert_snapshot("show-view", &text);
}

#[test]
fn many_ranks_are_not_listed() {
    let lines: Vec<String> = (0..1000).map(|r| export("[2]", &block(2000, 1000, r, 2 * r, 2 * r + 2))).collect();
    let files = Files::new("view-many").with("a.ndjson", lines.join("\n"));
    let outcome = files.run(&["show", "a.ndjson", "--view", "::-1"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("1000 ranks; `dap-validate map --view`"), "{}", outcome.stdout);
}

/// Each element of a view is the array's, and is found again at its place in the view's section.
#[test]
fn mapped_and_back() {
    let files = arrays("view-map");
    let map =
        |args: &[&str]| json_of(&files.run(&[&["map", "squares.ndjson", "--output-format", "json"], args].concat()));
    let index = "14::-4, None, 1::2";
    let shape = [4, 1, 6];
    let mut places: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (i, k) in (0..shape[0]).flat_map(|i| (0..shape[2]).map(move |k| (i, k))) {
        let of_view = &map(&["--view", index, "--global", &format!("{i},0,{k}")])[0];
        let (row, column) = (14 - 4 * i, 1 + 2 * k);
        let mut of_array = map(&["--global", &format!("{row},{column}")])[0].clone();
        of_array["view"] = json!([i, 0, k]);
        assert_eq!(of_view, &of_array);
        places.entry(of_view["rank"].as_i64().unwrap()).or_default().push(of_view.to_string());
    }
    for (rank, mut expected) in places {
        let mut found = Vec::new();
        // Two rows on either row of ranks, and the columns that the blocks of 3 hold.
        let columns = i64::try_from(expected.len()).unwrap() / 2;
        for (i, k) in (0..2).flat_map(|i| (0..columns).map(move |k| (i, k))) {
            let local = format!("{i},0,{k}");
            let answer = map(&["--view", index, "--rank", &rank.to_string(), "--local", &local]);
            found.push(answer[0].to_string());
        }
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "rank {rank}");
    }
    let text = files.run(&["map", "squares.ndjson", "--view", "3:, ::-1", "--global", "0,0"]);
    assert_eq!(text.stdout, "view (0, 0)  global (3, 11)  rank 1, grid (0, 1), local (3, 5), owned\n");
}

/// The plan's numbers are those of single elements, by rank of the process.
#[test]
fn planned() {
    let files = arrays("view-plan");
    let index = "3:, ::-1";
    let owner = |array: &str, more: &[&str], rows: i64| -> Vec<i64> {
        let globals: Vec<String> = (0..rows).flat_map(|i| (0..12).map(move |k| format!("{i},{k}"))).collect();
        let mut args = vec!["map", array, "--output-format", "json"];
        args.extend(more);
        args.extend(globals.iter().flat_map(|global| ["--global", global]));
        json_of(&files.run(&args)).as_array().unwrap().iter().map(|place| place["rank"].as_i64().unwrap()).collect()
    };
    let (from, to) = (owner("squares.ndjson", &["--view", index], 13), owner("part.ndjson", &[], 13));
    let mut messages: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    from.iter().zip(&to).for_each(|(&from, &to)| *messages.entry((from, to)).or_default() += 1);
    let kept: i64 = messages.iter().filter(|((from, to), _)| from == to).map(|(_, count)| count).sum();
    messages.retain(|(from, to), _| from != to);

    let plan = |more: &[&str]| {
        let args = ["plan", "squares.ndjson", "part.ndjson", "--view", index, "--output-format", "json"];
        json_of(&files.run(&[&args, more].concat()))
    };
    let all = plan(&[]);
    assert_eq!(all["kept"]["elements"], kept);
    assert_eq!(all["moved"]["elements"], 13 * 12 - kept);
    assert_eq!(all["messages"], messages.len());
    // The columns are reversed, and so are the ranks along them.
    assert_eq!(all["a_ranks"], json!([1, 0, 3, 2]));
    assert_eq!(all["a"]["name"], "squares.ndjson[3:, ::-1]");
    for rank in 0..4_i64 {
        let part = plan(&["--rank", &rank.to_string()]);
        let peers = |side: &str| -> Vec<(i64, i64)> {
            let peers = part[side]["peers"].as_array().unwrap();
            peers.iter().map(|peer| (peer["rank"].as_i64().unwrap(), peer["elements"].as_i64().unwrap())).collect()
        };
        let sent: Vec<(i64, i64)> =
            messages.iter().filter(|((from, _), _)| *from == rank).map(|((_, to), &count)| (*to, count)).collect();
        let received: Vec<(i64, i64)> =
            messages.iter().filter(|((_, to), _)| *to == rank).map(|((from, _), &count)| (*from, count)).collect();
        assert_eq!((peers("sends"), peers("receives")), (sent, received), "rank {rank}");
    }
    let mut text = String::new();
    for more in [&[][..], &["--rank", "2"]] {
        let args = ["plan", "squares.ndjson", "part.ndjson", "--view", index];
        text += &files.run(&[&args, more].concat()).stdout;
        text += "\n";
    }
    assert_snapshot("plan-view", &text);
}

#[test]
fn refusals() {
    let files = arrays("view-refusals");
    let refused = |args: &[&str]| {
        let outcome = files.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        outcome.stderr
    };
    let message = refused(&["show", "rows.ndjson", "--view", "20"]);
    assert!(message.contains("rows.ndjson has no such part: dimension 0"), "{message}");
    assert!(message.contains("`index` is 20, at most 15"), "{message}");
    let message = refused(&["show", "rows.ndjson", "--view", "1:2:3:4"]);
    assert!(message.contains("a slice is start:stop:step"), "{message}");
    let message = refused(&["map", "rows.ndjson", "--view", "3:", "--global", "13,0"]);
    assert!(
        message.contains("index 13 of the view [3:] is outside of dimension 0, whose indices are 0 to 12"),
        "{message}"
    );
    let message = refused(&["map", "rows.ndjson", "--view", "3", "--global", "1,0"]);
    assert!(message.contains("the view [3] has 1 dimension, the index (1, 0) has 2"), "{message}");
    let message = refused(&["map", "rows.ndjson", "--view", "3", "--rank", "2", "--local", "0"]);
    assert!(message.contains("rank 2 holds no section of the view [3]"), "{message}");
    let message = refused(&["map", "rows.ndjson", "--view", "3", "--rank", "9", "--local", "0"]);
    assert!(message.contains("there is no rank 9"), "{message}");
    let message = refused(&["map", "rows.ndjson", "--view", "3", "--rank", "0", "--local", "12"]);
    assert!(message.contains("local index 12 of the view [3] on rank 0 is outside"), "{message}");
    let message = refused(&["plan", "rows.ndjson", "squares.ndjson", "--view", "3:"]);
    assert!(message.contains("rows.ndjson[3:] has the shape (13, 12)"), "{message}");
    let message = refused(&["plan", "squares.ndjson", "part.ndjson", "--view", "3:", "--rank", "7"]);
    assert!(message.contains("there is no rank 7; ranks are 0 to 3"), "{message}");
    refused(&["plan", "squares.ndjson", "part.ndjson", "--view", "3:", "--reshape"]);
    // An array that is not valid is shown as without a view.
    let [first, second] = valid();
    let files = files.with("wrong.ndjson", first + "\n" + &second.replace("\"start\": 5", "\"start\": 6"));
    assert_eq!(files.run(&["show", "wrong.ndjson", "--view", "1:"]).code, 1);
}
