//! `convert`: what real libraries said of their arrays, beside exports written by hand; and what is
//! refused.

pub(crate) mod inputs;
mod others;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::files::{Files, Outcome, run};

/// Array by array: the library's file, the case in it, the exports that say the same.
const PAIRS: [(&str, &str, &str); 13] = [
    ("heat", "split0-11x4", "heat-split0-11x4"),
    ("heat", "split1-4x6", "heat-split1-4x6"),
    ("heat", "small-3", "heat-small-3"),
    ("heat", "slice", "heat-slice"),
    ("mpi4py-fft", "pencil", "mpi4py-fft-8x9x10"),
    ("mpi4py-fft", "distarray", "mpi4py-fft-8x9x10"),
    ("petsc4py", "none", "petsc-dmda-none"),
    ("petsc4py", "ghosted", "petsc-dmda-ghosted"),
    ("petsc4py", "periodic", "petsc-dmda-periodic"),
    ("petsc4py", "vec", "petsc-vec-11"),
    ("dask", "chunks", "dask-9x10-3x3chunks"),
    ("scalapack", "row-5x9-blocks2x2-rsrc0-csrc0", "scalapack-5x9-2x2-rsrc0"),
    ("scalapack", "row-5x9-blocks2x2-rsrc1-csrc1", "scalapack-5x9-2x2-rsrc1"),
];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert")
}

fn raw(library: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder().join(format!("{library}.json"))).unwrap()).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Converts a document given on standard input; one case of it, or its only one.
fn convert(document: &Value, options: &[&str]) -> Outcome {
    let args: Vec<&str> = ["convert", "-"].iter().chain(options).copied().collect();
    run(&folder(), &args, &document.to_string())
}

fn converted(document: &Value, options: &[&str]) -> Vec<Value> {
    let outcome = convert(document, options);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    lines(&outcome.stdout)
}

/// Refused, and the sentence holds these words.
fn refused(document: &Value, options: &[&str], words: &str) {
    let outcome = convert(document, options);
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
}

#[test]
fn real_metadata_is_what_was_written_by_hand() {
    for (library, case, expected) in PAIRS {
        let outcome = run(&folder(), &["convert", &format!("{library}.json"), "--case", case], "");
        assert_eq!(outcome.code, 0, "{case}: {}", outcome.stderr);
        let expected = fs::read_to_string(folder().join(format!("{expected}.ndjson"))).unwrap();
        assert_eq!(lines(&outcome.stdout), lines(&expected), "{case}");
    }
}

#[test]
fn a_file_of_many_arrays() {
    let files = Files::new("convert-many");
    let path = folder().join("heat.json");
    let outcome = files.run(&["convert", path.to_str().unwrap(), "-o", "out"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.starts_with("refused none-5: ranks[0].none-5: split is null"), "{}", outcome.stderr);
    let named = "split1-4x6: Heat: a DNDarray, 4 ranks, shape (4, 6), grid 1x4 -> out/split1-4x6\n";
    assert!(outcome.stdout.contains(named), "{}", outcome.stdout);
    let checked = files.run(&["check", "out", "--no-progress"]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    // Never over an array that is there.
    let again = files.run(&["convert", path.to_str().unwrap(), "-o", "out"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    // Several do not go into one stream.
    let outcome = files.run(&["convert", path.to_str().unwrap()]);
    assert!(outcome.code == 2 && outcome.stderr.contains("--case"), "{}", outcome.stderr);
}

/// Two statements of one fact must agree: one changed number, anywhere in one rank's description,
/// is detected.
#[test]
fn every_number_is_checked() {
    for (library, case, free) in [
        ("heat", "split0-11x4", &["stride"][..]),
        ("heat", "slice", &["stride"]),
        ("mpi4py-fft", "pencil", &[]),
        ("mpi4py-fft", "distarray", &["strides"]),
        ("petsc4py", "none", &[]),
        ("petsc4py", "ghosted", &[]),
        ("petsc4py", "periodic", &[]),
        ("petsc4py", "vec", &[]),
    ] {
        let document = raw(library);
        let said = &document["ranks"][2][case];
        let mut places = Vec::new();
        numbers(said, &format!("/ranks/2/{case}"), &mut places);
        assert!(places.len() > 4, "{case}");
        for place in places {
            if free.iter().any(|name| place.contains(&format!("/{name}"))) {
                continue;
            }
            let mut changed = document.clone();
            let number = changed.pointer_mut(&place).unwrap();
            // PETSc's -1 in its numbering says nothing of a point; nor does an axis that could be
            // another.
            if number.as_i64() == Some(-1) {
                continue;
            }
            *number = json!(number.as_i64().unwrap() + 1);
            let outcome = convert(&changed, &["--case", case]);
            assert_eq!(outcome.code, 1, "{place} went unnoticed: {}", outcome.stdout);
        }
    }
}

fn numbers(value: &Value, path: &str, places: &mut Vec<String>) {
    match value {
        Value::Number(_) => places.push(path.to_owned()),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, one)| numbers(one, &format!("{path}/{at}"), places))
        }
        Value::Object(map) => map.iter().for_each(|(key, one)| numbers(one, &format!("{path}/{key}"), places)),
        _ => {}
    }
}

#[test]
fn scalapack() {
    let document = raw("scalapack");
    let exports = converted(&document, &["--case", "col-5x9-blocks2x2-rsrc1-csrc1"]);
    // Down the columns: the transposed matrix, in the same memory.
    assert_eq!(exports[1]["buffer"], json!({"dtype": "<f8", "shape": [4, 3], "strides": [24, 8]}));
    assert_eq!(
        (&exports[1]["dim_data"][0]["size"], &exports[1]["dim_data"][1]["proc_grid_rank"]),
        (&json!(9), &json!(1))
    );
    for (place, value, words) in [
        ("/desc/0", json!(501), "DTYPE is 501"),
        ("/desc/1", json!(-1), "not in the BLACS grid"),
        ("/desc/6", json!(2), "RSRC is 2"),
        ("/desc/8", json!(1), "LLD is 1"),
        ("/numroc/0", json!(4), "numroc is 4"),
        ("/rows/0", json!(3), "rows is [3"),
        ("/coord", json!([1, 1]), "numroc is 3"),
        ("/desc", json!([1, 0, 5]), "has 3 integers"),
        ("/order", json!("Diagonal"), "Row and Col"),
    ] {
        let ranks: Vec<Value> = document["rows"].as_array().unwrap()[..4].to_vec();
        let mut changed = json!({"ranks": ranks});
        *changed["ranks"][0].pointer_mut(place).unwrap() = value.clone();
        if place.starts_with("/desc") && place != "/desc/8" || place == "/order" {
            for rank in 1..4 {
                *changed["ranks"][rank].pointer_mut(place).unwrap() = value.clone();
            }
        }
        refused(&changed, &[], words);
    }
}

/// A field that all processes share, and that one of them states otherwise: one array is refused,
/// not split into two.
#[test]
fn descriptors_that_differ_on_one_rank() {
    let ranks: Vec<Value> = raw("scalapack")["rows"].as_array().unwrap()[..4].to_vec();
    assert_eq!(converted(&json!({"ranks": ranks}), &[]).len(), 4);
    for (at, name) in [(2, "M"), (3, "N"), (4, "MB"), (5, "NB"), (6, "RSRC"), (7, "CSRC")] {
        for other in 0..4 {
            for is_stated in [true, false] {
                let mut changed = json!({"ranks": ranks});
                let all = changed["ranks"].as_array_mut().unwrap();
                let before = all[other]["desc"][at].as_i64().unwrap();
                all[other]["desc"][at] = json!(before + 1);
                if !is_stated {
                    all.iter_mut().for_each(|rank| drop(rank.as_object_mut().unwrap().remove("rank")));
                }
                let called = |rank: usize| if is_stated { format!("rank {rank}") } else { format!("ranks[{rank}]") };
                let others: Vec<String> = (0..4).filter(|rank| *rank != other).map(called).collect();
                let words =
                    format!("{name} is {before} on {} and {} on {}", others.join(", "), before + 1, called(other));
                refused(&changed, &[], &words);
            }
        }
    }
    // A process at (0, 0) is an array on a grid of 1 x 1, and the process beside it is none.
    let desc = |rows: i64| json!([1, 0, 4, 4, rows, 2, 0, 0, 4]);
    let pair = |desc: [Value; 2]| json!([{"desc": desc[0], "coord": [0, 0]}, {"desc": desc[1], "coord": [0, 1]}]);
    refused(&pair([desc(2), desc(3)]), &[], "MB is 2 on [0] and 3 on [1]. Only CTXT and LLD may differ");
    // A context is a handle of each process.
    let mut context = desc(2);
    context[1] = json!(7);
    assert_eq!(converted(&pair([desc(2), context]), &[]).len(), 2);
    // Two arrays of a list, on grids of their own.
    let mut two = pair([desc(2), desc(2)]);
    two.as_array_mut().unwrap().push(json!({"desc": desc(3), "coord": [0, 0]}));
    let outcome = convert(&two, &["--case", "grid-4x4-blocks3x2-rsrc0-csrc0"]);
    assert_eq!((outcome.code, lines(&outcome.stdout).len()), (0, 1), "{}", outcome.stderr);
}

#[test]
fn dask() {
    let exports = converted(&json!({"chunks": [[2, 2, 1], [4]], "owners": [[0], [0], [1]], "dtype": "float32"}), &[]);
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[0]["buffer"], json!({"dtype": "<f4", "shape": [4, 4], "strides": [16, 4]}));
    refused(&json!({"chunks": [[2, 2, 1], [4]], "owners": [[0], [1], [0]]}), &[], "in that order");
    refused(&json!({"chunks": [[2, 2], [4]], "numblocks": [3, 1]}), &[], "numblocks is [3, 1]");
    refused(&json!({"chunks": "((3,), (nan, nan))"}), &[], "compute_chunk_sizes");
    assert_eq!(converted(&json!({"chunks": "((3, 2), (5,))"}), &["--dtype", "<i2"])[1]["buffer"]["dtype"], "<i2");
    // `print(x.chunks)`: the tuple alone, which could be anything unless Dask is named.
    for bare in ["((5, 5), (3,))", "[[5, 5], [3]]"] {
        let outcome = run(&folder(), &["convert", "-", "--from", "dask"], bare);
        assert_eq!(outcome.code, 0, "{bare}: {}", outcome.stderr);
        assert_eq!(lines(&outcome.stdout), converted(&json!({"chunks": [[5, 5], [3]]}), &[]), "{bare}");
        assert_eq!(run(&folder(), &["convert", "-"], bare).code, 2, "{bare}");
    }
    let outcome = run(&folder(), &["convert", "-", "--from", "dask"], "((5, nan), (3,))");
    assert!(outcome.code == 1 && outcome.stderr.contains("axis 0 are unknown"), "{}", outcome.stderr);
    let python = r#"{"chunks": [[NaN, NaN], [3]]}"#;
    let outcome = run(&folder(), &["convert", "-"], python);
    assert!(outcome.code == 1 && outcome.stderr.contains("axis 0 are unknown"), "{}", outcome.stderr);
}

#[test]
fn jax_and_parts() {
    let shard = |device: i64, rows: [i64; 2], replica: i64| json!({"device": device, "index": [rows, null], "replica_id": replica});
    let document = json!({"shape": [8, 3], "dtype": "float32", "shards": [shard(0, [0, 4], 0), shard(1, [4, 8], 0)]});
    assert_eq!(converted(&document, &[])[1]["dim_data"][0]["start"], 4);
    let replicas = json!({"shape": [8, 3], "shards": [shard(0, [0, 8], 0), shard(1, [0, 8], 1)]});
    refused(&replicas, &[], "a replica");
    let turned = json!({"shape": [8, 3], "shards": [shard(0, [4, 8], 0), shard(1, [0, 4], 0)]});
    refused(&turned, &[], "Pass --renumber");
    assert_eq!(converted(&turned, &["--renumber"])[0]["dim_data"][0]["start"], 0);
    let mut partial = document.clone();
    partial["unreduced"] = json!(["x"]);
    refused(&partial, &[], "partial sum");
    let mut hole = document;
    hole["shards"][1]["index"][0] = json!([5, 8]);
    refused(&hole, &[], "no rank owns index 4");

    let part = |start: i64, extent: i64, rank: i64| json!({"start": [start], "shape": [extent], "location": [["127.0.0.1", rank]]});
    let document =
        json!({"shape": [9], "partition_tiling": [2], "partitions": {"(0,)": part(0, 5, 0), "(1,)": part(5, 4, 1)}});
    assert_eq!(converted(&document, &[])[1]["buffer"]["shape"], json!([4]));
    let mut several = document.clone();
    several["partitions"]["(1,)"]["location"] = json!([0]);
    refused(&several, &[], "several parts");
    let mut replicas = document.clone();
    replicas["partitions"]["(1,)"]["location"] = json!([0, 1]);
    refused(&replicas, &[], "no replicas");
    let mut turned = document;
    turned["partitions"]["(0,)"]["location"] = json!([1]);
    turned["partitions"]["(1,)"]["location"] = json!([0]);
    refused(&turned, &[], "the last axis first");
}

#[test]
fn numpy_petsc_and_mpi4py_fft() {
    let rank = |rows: i64| json!({"shape": [rows, 3], "typestr": ">i4", "strides": [64, 4], "version": 3});
    let exports = converted(&json!([rank(2), rank(0), rank(5)]), &[]);
    assert_eq!(
        exports[2]["dim_data"][0],
        json!({"dist_type": "b", "size": 7, "proc_grid_size": 3, "proc_grid_rank": 2, "start": 2, "stop": 7})
    );
    assert_eq!(exports[0]["buffer"]["dtype"], ">i4");
    refused(&json!([rank(2), {"shape": [2, 4], "typestr": ">i4"}]), &[], "do not form a grid");

    // Three degrees of freedom, found by what the local vector holds.
    let rank = |x: i64, width: i64| json!({"corners": [[x, 0], [width, 2]], "procs": [2, 1], "lsize": 6 * width});
    let exports = converted(&json!({"ranks": [rank(0, 3), rank(3, 2)]}), &[]);
    assert_eq!(exports[1]["buffer"]["shape"], json!([2, 2, 3]));
    let mut document = raw("petsc4py");
    for rank in 0..4 {
        document["ranks"][rank]["ghosted"]["boundary_type"] = json!(["ghosted", "twist"]);
    }
    refused(&document, &["--case", "ghosted"], "twisted boundary");
    document["ranks"][1]["ghostvec"]["local"] = json!(5);
    refused(&document, &["--case", "ghostvec"], "ghosts appended");

    // As after `redistribute`: the middle axis is whole, and the ranks go down the other way.
    let rank = |x: i64, y: i64| {
        json!({"shape": [8, 9, 10], "subshape": [4, 9, 5], "substart": [4 * x, 0, 5 * y], "axis": 1,
                                       "subcomm": [[2, x], [1, 0], [2, y]]})
    };
    let document = json!({"ranks": [rank(0, 0), rank(1, 0), rank(0, 1), rank(1, 1)]});
    refused(&document, &[], "Pass --renumber");
    let exports = converted(&document, &["--renumber"]);
    assert_eq!((&exports[1]["dim_data"][0]["start"], &exports[1]["dim_data"][2]["start"]), (&json!(0), &json!(5)));
    let alone = json!({"shape": [8, 9], "subshape": [8, 9], "substart": [0, 0], "subcomm": [[1, 0], [1, 0]]});
    refused(&json!([alone, alone]), &[], "no replicas");
}

/// Sizes that are each possible and together are not: a sentence, no sum that overflows.
#[test]
fn numbers_beyond_all_arrays() {
    let most = 1_i64 << 60;
    refused(&json!({"chunks": [vec![most; 9]]}), &[], "do not make an array: on rank 0");
    refused(&json!({"chunks": [vec![most; 9]], "owners": vec![0; 9]}), &[], "do not make an array: on rank 0");
    let side = 1_i64 << 40;
    let rank = |x: i64| json!({"corners": [[x, 0, 0], [side, side, side]], "procs": [2, 1, 1], "lidx": [0, side - 1]});
    refused(&json!([rank(0), rank(side)]), &[], "lidx[1]");
    let rank = |x: i64| json!({"corners": [[x, 0, 0], [side, side, side]], "procs": [2, 1, 1]});
    refused(&json!([rank(0), rank(side)]), &[], "do not make an array: on rank 0");
    refused(&json!([{"range": [-1, 3]}]), &[], "[0].range[0] is -1, and it cannot be below 0");
    let heat = |rows: i64| json!({"gshape": [rows], "split": 0, "lshape": [2]});
    refused(&json!([heat(4), heat(5)]), &[], "gshape [5] and split 0, there [4] and 0");
}

/// A pencil's place, from its beginning, if it does not name the processes that share its axes.
#[test]
fn pencils_without_communicators() {
    let rank = |x: i64, y: i64| json!({"shape": [8, 9, 10], "subshape": [4, 9, 5], "substart": [4 * x, 0, 5 * y], "commsizes": [2, 1, 2]});
    let document = json!([rank(0, 0), rank(0, 1), rank(1, 0), rank(1, 1)]);
    let exports = converted(&document, &[]);
    assert_eq!((&exports[1]["dim_data"][2]["start"], &exports[2]["dim_data"][0]["start"]), (&json!(5), &json!(4)));
    let mut three = document;
    three[0]["commsizes"][0] = json!(3);
    refused(&three, &[], "[0].commsizes has 3 processes along axis 0, and parts begin at 2 places");
}

#[test]
fn what_is_not_understood() {
    let files = Files::new("convert-wrong").with("bad.json", "{").with("other.json", "{\"a\": 1}");
    let files = files.with("twice.json", "[{\"range\": [0, 3],\n \"range\": [0, 5]}]");
    for (args, words) in [
        (&["convert", "bad.json"][..], "is not JSON"),
        (&["convert", "other.json"], "--list"),
        (&["convert", "missing.json"], "cannot read"),
        (&["convert", "other.json", "--from", "hat"], "known are heat"),
        (&["convert", "other.json", "--from", "heat"], "no metadata of heat"),
        (&["convert", "twice.json"], "twice.json is not JSON: `range` is there twice at line 2 column 8"),
        (&["convert"], "FILE"),
    ] {
        let outcome = files.run(args);
        assert_eq!(outcome.code, 2, "{args:?}");
        assert!(outcome.stderr.contains(words), "{args:?}: {}", outcome.stderr);
    }
    let list = files.run(&["convert", "--list"]);
    assert_eq!(list.code, 0);
    for library in ["heat", "mpi4py-fft", "petsc4py", "scalapack", "dask", "partitioned", "jax", "numpy"] {
        assert!(list.stdout.lines().any(|line| line.starts_with(library)), "{library}");
    }
    // A misspelt field is said to be left alone.
    let outcome = convert(&json!({"chunks": [[3]], "onwers": [0]}), &[]);
    assert!(outcome.stderr.contains("not looked at: onwers"), "{}", outcome.stderr);
}
