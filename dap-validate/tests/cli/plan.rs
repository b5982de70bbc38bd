//! `plan`: what moves, its pictures, its exit codes, and that many ranks are no matter.

use serde_json::{Value, json};

use crate::files::{Files, block, export, valid};
use crate::snapshots::assert_snapshot;

/// Arrays made by the generator, by name and recipe.
fn arrays(test: &str) -> Files {
    let files = Files::new(test);
    for (name, recipe) in [
        ("rows", "--shape 16,16 --grid 3,1"),
        ("columns", "--shape 16,16 --grid 1,3"),
        ("squares", "--shape 16,16 --grid 2,2 --dist b,c:3"),
        ("tiles", "--shape 16,16 --grid 5,5 --dist c,c:2"),
        ("bands", "--shape 16,16 --grid 30,1"),
        ("flat", "--shape 256 --grid 4 --dist c:8"),
        ("short", "--shape 250 --grid 4"),
        ("single", "--shape 16,16 --grid 3,1 --dtype <f4"),
        ("one", "--shape 16,16 --grid 1,1"),
    ] {
        let output = format!("{name}.ndjson");
        let args: Vec<&str> = ["gen", "-o", &output].into_iter().chain(recipe.split(' ')).collect();
        assert_eq!(files.run(&args).code, 0, "{name}");
    }
    files
}

#[test]
fn in_words() {
    let files = arrays("plan-words");
    let mut shown = String::new();
    for args in [
        "rows.ndjson columns.ndjson",
        "rows.ndjson squares.ndjson",
        "squares.ndjson tiles.ndjson",
        "rows.ndjson rows.ndjson",
        "one.ndjson bands.ndjson",
        "rows.ndjson flat.ndjson --reshape",
        "squares.ndjson tiles.ndjson --rank 3",
        "squares.ndjson tiles.ndjson --rank 9",
        "flat.ndjson rows.ndjson --reshape --rank 0",
    ] {
        let outcome = files.run(&["plan"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args}");
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 90), "{}", outcome.stdout);
        shown += &format!("$ dap-validate plan {args}\n{}\n", outcome.stdout);
    }
    assert_snapshot("plan", &shown);
}

fn json_of(files: &Files, args: &[&str]) -> Value {
    let outcome = files.run(&[&["plan"], args, &["--output-format", "json"]].concat());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn as_json() {
    let files = arrays("plan-json");
    let plan = json_of(&files, &["rows.ndjson", "columns.ndjson"]);
    assert_eq!((&plan["version"], &plan["reshape"], &plan["itemsize"]), (&json!(1), &json!(false), &json!(8)));
    assert_eq!(plan["a"]["layout"], "(16, 16) over 3x1: block(6), block(16)");
    // 6 + 6 + 4 rows and columns: what is not on the diagonal moves.
    let matrix = json!([[36, 36, 24], [36, 36, 24], [24, 24, 16]]);
    assert_eq!(
        plan["matrix"],
        json!({"sources": [[0, 0], [1, 1], [2, 2]], "targets": [[0, 0], [1, 1], [2, 2]], "elements": matrix})
    );
    assert_eq!((&plan["moved"], &plan["kept"]["elements"]), (&json!({"elements": 168, "bytes": 1344}), &json!(88)));
    assert_eq!(plan["largest"], json!({"source": 0, "target": 1, "elements": 36, "bytes": 288}));
    assert_eq!((&plan["messages"], &plan["sent"]["mean"]), (&json!(6), &json!(56.0)));
    assert_eq!(plan["received"]["least"], json!({"rank": 2, "elements": 48, "bytes": 384}));
    assert_eq!(plan["sent"]["most_messages"], json!({"rank": 0, "messages": 2}));

    let part = json_of(&files, &["rows.ndjson", "squares.ndjson", "--rank", "3"]);
    assert_eq!((&part["sends"], &part["rank"]), (&Value::Null, &json!(3)));
    let peers: i64 =
        part["receives"]["peers"].as_array().unwrap().iter().map(|peer| peer["elements"].as_i64().unwrap()).sum();
    assert_eq!((Some(peers), &part["receives"]["more"]), (part["receives"]["moved"]["elements"].as_i64(), &json!(0)));
    assert_eq!(json_of(&files, &["rows.ndjson", "rows.ndjson"])["largest"], Value::Null);
}

/// A cell of the picture for each pair that exchanges something, and all elements in them.
#[test]
fn pictures() {
    let files = arrays("plan-pictures");
    for (a, b, exact) in
        [("rows", "squares", true), ("bands", "tiles", true), ("tiles", "bands", true), ("flat", "rows", true)]
    {
        let (a, b) = (format!("{a}.ndjson"), format!("{b}.ndjson"));
        assert_eq!(files.run(&["plan", &a, &b, "--reshape", "-o", "a.svg"]).code, 0);
        let svg = files.read("a.svg");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let cells: Vec<_> = document.descendants().filter(|node| node.has_attribute("data-elements")).collect();
        let sum: i64 = cells.iter().map(|cell| cell.attribute("data-elements").unwrap().parse::<i64>().unwrap()).sum();
        assert_eq!(sum, 256, "{a} {b}");
        let plan = json_of(&files, &[&a, &b, "--reshape"]);
        let off_diagonal =
            cells.iter().filter(|cell| cell.attribute("data-source") != cell.attribute("data-target")).count();
        assert_eq!(exact, plan["messages"] == json!(off_diagonal), "{a} {b}");
    }
    if cfg!(feature = "png") {
        let outcome =
            files.run(&["plan", "rows.ndjson", "tiles.ndjson", "-o", "a.png", "--theme", "dark", "--width", "400"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    }
    let outcome = files.run(&["plan", "rows.ndjson", "tiles.ndjson", "-o", "a.gif"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("`a.gif` does not end in"), "{}", outcome.stderr);
}

#[test]
fn refusals() {
    let [first, second] = valid();
    let files = arrays("plan-refused")
        .with("broken.ndjson", first.clone() + "\n" + &second.replace("\"start\": 5", "\"start\": 6"))
        .with("part/rank-0.json", export("[5]", &block(10, 2, 0, 0, 5)))
        .with("whole.ndjson", first + "\n" + &second);
    for (args, expected) in [
        (
            "rows.ndjson short.ndjson",
            "rows.ndjson has the shape (16, 16), short.ndjson has (250,): these are not two distributions",
        ),
        ("rows.ndjson flat.ndjson", "they have equally many items: `--reshape` plans"),
        ("rows.ndjson short.ndjson --reshape", "a reshape keeps the number of items, but these have 256 and 250"),
        ("rows.ndjson single.ndjson", "those of rows.ndjson are float64, those of single.ndjson are float32"),
        ("whole.ndjson broken.ndjson", "`dap-validate check broken.ndjson` explains; the first error is DAP612: "),
        ("part/rank-0.json whole.ndjson", "part/rank-0.json does not hold all ranks"),
        ("rows.ndjson tiles.ndjson --rank 25", "there is no rank 25; ranks are 0 to 24"),
        ("rows.ndjson tiles.ndjson --rank -1", "there is no rank -1"),
        ("rows.ndjson nowhere", "nowhere"),
        ("- -", "standard input can be one of the two only"),
    ] {
        let outcome = files.run(&["plan"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args}");
        assert!(outcome.stderr.contains(expected), "{args}: {}", outcome.stderr);
    }
}

/// A list of all pairs would take minutes.
#[test]
fn many_ranks() {
    let files = Files::new("plan-many");
    for (name, dist) in [("block", "b"), ("cyclic", "c")] {
        let output = format!("{name}.ndjson");
        let args = ["gen", "--shape", "1000000000", "--grid", "20000", "--dist", dist, "-o", &output];
        assert_eq!(files.run(&args).code, 0);
    }
    let plan = json_of(&files, &["block.ndjson", "cyclic.ndjson"]);
    assert_eq!(plan["messages"], json!(20_000_i64 * 19_999));
    // 50 000 elements a block: two of them, or three, for each process.
    assert_eq!((&plan["kept"]["elements"], &plan["largest"]["elements"]), (&json!(50_000), &json!(3)));
    assert_eq!(plan["matrix"]["sources"].as_array().unwrap().len(), 64);
    let part = json_of(&files, &["block.ndjson", "cyclic.ndjson", "--rank", "19999"]);
    assert_eq!((&part["sends"]["messages"], &part["sends"]["more"]), (&json!(19_999), &json!(19_999 - 4096)));
}
