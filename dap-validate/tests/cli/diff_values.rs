//! `diff --values`: where values differ, how many and by how much, against a count by hand.

use serde_json::{Value, json};

use crate::files::Files;
use crate::gather::npy;

fn floats(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}

/// A 4 x 6 array in three files: whole, on 2 x 2 ranks with a halo, and with three other values on
/// 3 ranks in Fortran order.
fn files(test: &str) -> Files {
    let number = |at: usize| at as f64 / 2.0;
    let a: Vec<f64> = (0..24).map(number).collect();
    let mut b = a.clone();
    (b[8], b[9], b[21]) = (4.25, f64::NAN, 7.5);
    let files = Files::new(test)
        .with("a.npy", npy("'<f8'", false, &[4, 6], &floats(a.iter().copied())))
        .with("b.npy", npy("'<f8'", false, &[4, 6], &floats(b.iter().copied())))
        .with(
            "single.npy",
            npy("'>f4'", false, &[4, 6], &(0..24).flat_map(|at| (number(at) as f32).to_be_bytes()).collect::<Vec<_>>()),
        )
        .with("text.npy", npy("'|S8'", false, &[4, 6], &floats(a)))
        .with("other.npy", npy("'<f8'", false, &[6, 4], &floats(b)));
    for args in [
        "gen --shape 4,6 --grid 2,2 --halo 1 -o squares.ndjson",
        "gen --shape 4,6 --grid 1,3 --dist b,c -o columns.ndjson",
        "scatter a.npy --like squares.ndjson -o a",
        "scatter b.npy --like columns.ndjson --order F -o b",
    ] {
        let outcome = files.run(&args.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args}");
    }
    files
}

fn json_of(files: &Files, args: &str, code: i32) -> Value {
    let args = format!("diff --values --output-format json {args}");
    let outcome = files.run(&args.split(' ').collect::<Vec<_>>());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{args}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn in_words() {
    let files = files("values-words");
    let mut shown = String::new();
    for (args, code) in [
        ("diff --values a b", 1),
        ("diff --values a.npy a", 0),
        ("diff --values single.npy a --atol 1e-3", 0),
        ("diff --values a.npy b --rtol 0.1", 1),
        ("diff --values text.npy text.npy", 0),
    ] {
        let outcome = files.run(&args.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{args}");
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 90), "{}", outcome.stdout);
        shown += &format!("$ dap-validate {args}\n{}\n", outcome.stdout);
    }
    crate::snapshots::assert_snapshot("diff-values", &shown);
}

/// All pairs of the same values are equal, whatever distribution, order and type they have.
#[test]
fn equal_values() {
    let files = files("values-equal");
    for pair in ["a a.npy", "a.npy a", "a a", "single.npy a", "b b.npy", "b.npy b"] {
        let found = json_of(&files, pair, 0);
        assert_eq!((&found["equal"], &found["differing"], &found["elements"]), (&json!(true), &json!(0), &json!(24)));
        assert_eq!((&found["within"], &found["largest"], &found["first"]), (&Value::Null, &Value::Null, &json!([])));
    }
}

#[test]
fn three_differ() {
    let files = files("values-three");
    let found = json_of(&files, "a b", 1);
    assert_eq!((&found["differing"], &found["shape"]), (&json!(3), &json!([4, 6])));
    assert_eq!(found["within"], json!([[1, 4], [2, 4]]));
    let element = |global: [i64; 2], a: &str, b: &str, ranks: [i64; 2], difference: Option<f64>| json!({"global": global, "a": a, "b": b, "a_rank": ranks[0], "b_rank": ranks[1], "difference": difference});
    let first = [
        element([1, 2], "4.0", "4.25", [0, 2], Some(0.25)),
        element([1, 3], "4.5", "nan", [1, 0], None),
        element([3, 3], "10.5", "7.5", [3, 0], Some(3.0)),
    ];
    assert_eq!(found["first"], json!(first));
    assert_eq!(found["largest"], first[2]);
    let of = |rank: i64, differing: i64| json!({"rank": rank, "differing": differing});
    assert_eq!(found["a"]["ranks"], json!([of(0, 1), of(1, 1), of(3, 1)]));
    assert_eq!(found["b"]["ranks"], json!([of(0, 2), of(2, 1)]));
    // A tolerance never hides a NaN.
    assert_eq!(json_of(&files, "a b.npy --atol 100 --rtol 1", 1)["differing"], 1);
}

#[test]
fn many_differ() {
    let files = files("values-many").with("zero.npy", npy("'<i2'", true, &[4, 6], &[0; 48]));
    let found = json_of(&files, "zero.npy a", 1);
    assert_eq!((&found["differing"], &found["within"]), (&json!(23), &json!([[0, 4], [0, 6]])));
    let first: Vec<&Value> = found["first"].as_array().unwrap().iter().map(|one| &one["global"]).collect();
    assert_eq!(json!(first), json!([[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [1, 0], [1, 1], [1, 2]]));
    assert_eq!((&found["largest"]["global"], &found["largest"]["difference"]), (&json!([3, 5]), &json!(11.5)));
}

#[test]
fn what_cannot_be_compared() {
    let files = files("values-refused");
    for (args, words) in [
        ("a.npy other.npy", "a.npy has the shape (4, 6), other.npy has (6, 4)"),
        ("text.npy a", "items of text.npy are"),
        ("squares.ndjson a", "the data file rank-0.npy"),
        ("a.npy a --data-a x{rank}.npy", "is one file of the whole array"),
        ("a b --atol -1", "expected a number of at least 0"),
        ("a b --rtol nan", "expected a number of at least 0"),
        ("- -", "standard input can be one of the two only"),
        ("a none", "none"),
    ] {
        let outcome = files.run(&format!("diff --values {args}").split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args}");
        assert!(outcome.stderr.contains(words), "{args}: {}", outcome.stderr);
    }
    assert_eq!(files.run(&["diff", "a", "b", "--atol", "1"]).code, 2);
}
