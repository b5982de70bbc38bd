//! `convert`: boxes, chunks, MPI's arguments, and what Julia, Chapel and Global Arrays print,
//! beside the generator's arrays; and `--to`, there and back.

use serde_json::{Value, json};

use super::{converted, refused};
use crate::files::{Files, Outcome};

/// Arrays of the generator, by name and recipe.
fn arrays(test: &str, recipes: &[(&str, &str)]) -> Files {
    let files = Files::new(test);
    for (name, recipe) in recipes {
        let args: Vec<&str> = ["gen", "-o", name].into_iter().chain(recipe.split(' ')).collect();
        succeeds(&files.run(&args));
    }
    files
}

fn succeeds(outcome: &Outcome) {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

/// Whether each process owns the same elements at the same places of its buffer.
fn is_same(files: &Files, a: &str, b: &str) -> bool {
    let outcome = files.run(&["diff", a, b, "--output-format", "json"]);
    assert!(outcome.code < 2, "{a}, {b}: {}", outcome.stderr);
    let found: Value = serde_json::from_str(&outcome.stdout).unwrap();
    found["ownership"] == "same" && found["a"]["dtype"] == found["b"]["dtype"]
}

/// Converts a text, and compares the array with one of the generator.
fn is_array(files: &Files, text: &str, options: &[&str], expected: &str) {
    let args = [&["convert", "-", "--format", "ndjson", "-o", "converted"], options].concat();
    let outcome = files.run_with_input(&args, text);
    assert_eq!(outcome.code, 0, "{text}: {}", outcome.stderr);
    assert!(is_same(files, "converted", expected), "{text}: {}", files.read("converted"));
}

#[test]
fn boxes_of_any_grid() {
    let recipes = [
        ("grid", "--shape 7,5 --grid 3,2"),
        ("cube", "--shape 4,5,6 --grid 2,1,2"),
        ("few", "--shape 3 --grid 5"),
        ("nothing", "--shape 0,3 --grid 2,1"),
        ("one", "--shape 4,4 --grid 1,1"),
    ];
    let files = arrays("convert-boxes", &recipes);
    for (name, _) in recipes {
        let shown = files.run(&["show", name, "--output-format", "json"]);
        let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
        let array = &shown["arrays"][0]["distribution"];
        let part = |rank: &Value| {
            let owned = rank["owned"].as_array().unwrap().iter();
            // An empty part begins at the end, as `numpy.array_split` has it.
            let start =
                |(pieces, size): (&Value, &Value)| pieces.get(0).map_or(size.clone(), |it| it["global"][0].clone());
            let starts: Vec<Value> = owned.zip(array["shape"].as_array().unwrap()).map(start).collect();
            json!({"global_shape": array["shape"], "start": starts, "shape": rank["owned_shape"], "order": "C"})
        };
        let boxes: Vec<Value> = array["ranks"].as_array().unwrap().iter().map(part).collect();
        is_array(&files, &json!(boxes).to_string(), &["--from", "boxes"], name);
    }
}

#[test]
fn boxes_that_are_none() {
    let part = |start: i64, extent: i64| json!({"global_shape": [8], "start": [start], "shape": [extent]});
    refused(&json!([part(0, 4), part(4, 5)]), &[], "ends at 9 along dimension 0, and the array at 8");
    refused(&json!([part(0, 4), part(5, 3)]), &[], "the parts do not make an array");
    refused(&json!([part(4, 4), part(0, 4)]), &[], "Pass --renumber");
    refused(&json!([part(0, 8), part(0, 8)]), &[], "the process grid [1] has 1 place, and the number of ranks is 2");
    let fortran = json!([{"global_shape": [4, 2], "start": [0, 0], "shape": [4, 2], "order": "F", "dtype": "<i4"}]);
    assert_eq!(converted(&fortran, &[])[0]["buffer"]["strides"], json!([4, 16]));
    let other = json!([{"global_shape": [4], "start": [0], "shape": [4], "order": "K"}]);
    refused(&other, &[], "memory orders are C and F");
}

#[test]
fn chunks_of_xarray_and_zarr() {
    let files =
        arrays("convert-chunks", &[("chunks", "--shape 5,4 --grid 3,2 --dtype <f4"), ("empty", "--shape 0 --grid 1")]);
    let sizes = json!({"y": [2, 2], "x": [2, 2, 1]});
    for document in [
        json!({"dims": ["x", "y"], "chunksizes": sizes, "dtype": "float32"}),
        json!({"dims": ["x", "y"], "chunks": sizes, "dtype": "float32"}),
        json!({"dims": ["x", "y"], "chunksizes": "Frozen({'x': (2, 2, 1), 'y': (2, 2)})", "dtype": "float32"}),
        json!({"zarr_format": 2, "shape": [5, 4], "chunks": [2, 2], "dtype": "<f4", "order": "C", "compressor": null}),
        json!({"zarr_format": 3, "node_type": "array", "shape": [5, 4], "data_type": "float32", "chunk_grid":
            {"name": "regular", "configuration": {"chunk_shape": [2, 2]}}}),
    ] {
        is_array(&files, &document.to_string(), &[], "chunks");
    }
    is_array(&files, r#"{"zarr_format": 2, "shape": [0], "chunks": [5]}"#, &[], "empty");
    for (document, words) in [
        (json!({"chunksizes": {"x": [1], "y": [1]}}), "has no `dims`"),
        (json!({"dims": ["x"], "chunksizes": {"x": [1], "y": [1]}}), "a dimension `y`, which `dims` does not name"),
        (json!({"dims": ["z"], "chunksizes": {"x": [1]}}), "has no dimension `z`"),
        (json!({"zarr_format": 3, "node_type": "group"}), "convert the metadata of an array"),
        (json!({"zarr_format": 2, "shape": [5], "chunks": [0]}), "at least 1 index"),
        (json!({"zarr_format": 2, "shape": [1_000_000_000_000_i64], "chunks": [1]}), "too many to write"),
        (json!({"zarr_format": 2, "shape": [1_000_000, 1_000_000], "chunks": [1, 1]}), "too many to write"),
        (json!({"zarr_format": 3, "shape": [5], "chunk_grid": {"name": "rectilinear"}}), "only regular chunk grids"),
    ] {
        refused(&document, &[], words);
    }
}

#[test]
fn arguments_of_darray() {
    let recipes = [
        ("mixed", "--shape 7,9 --grid 2,3 --dist b,c:2"),
        ("cyclic", "--shape 7,9 --grid 3,1 --dist c,b"),
        ("narrow", "--shape 6 --grid 4"),
    ];
    let files = arrays("convert-darray", &recipes);
    let mixed = json!({"array_of_gsizes": [7, 9], "array_of_distribs": ["MPI_DISTRIBUTE_BLOCK", "MPI_DISTRIBUTE_CYCLIC"],
        "array_of_dargs": ["MPI_DISTRIBUTE_DFLT_DARG", 2], "array_of_psizes": [2, 3], "order": "MPI_ORDER_C", "oldtype": "MPI_DOUBLE"});
    is_array(&files, &mixed.to_string(), &[], "mixed");
    let by_rank: Vec<Value> = (0..6)
        .map(|rank| {
            let mut arguments = mixed.clone();
            (arguments["rank"], arguments["size"]) = (json!(rank), json!(6));
            arguments
        })
        .collect();
    is_array(&files, &json!(by_rank).to_string(), &[], "mixed");
    let with = |changes: Value| {
        let mut arguments =
            json!({"gsizes": [7, 9], "distribs": ["cyclic", "none"], "dargs": [null, null], "psizes": [3, 1]});
        changes.as_object().unwrap().iter().for_each(|(key, value)| arguments[key] = value.clone());
        arguments
    };
    is_array(&files, &with(json!({})).to_string(), &[], "cyclic");
    is_array(&files, r#"{"gsizes": [6], "distribs": ["BLOCK"], "dargs": [2], "psizes": [4]}"#, &[], "narrow");
    let fortran = converted(&with(json!({"order": "MPI_ORDER_FORTRAN"})), &[]);
    assert_eq!(fortran[0]["buffer"]["strides"], json!([8, 24]));
    for (changes, words) in [
        (json!({"distribs": ["block", "none"], "dargs": [2, null]}), "3 blocks of 2 hold fewer than the 7 indices"),
        (json!({"distribs": [121, 123]}), "their numbers differ between MPIs"),
        (json!({"dargs": [-1, null]}), "MPI_DISTRIBUTE_DFLT_DARG"),
        (json!({"psizes": [3, 2]}), "MPI_DISTRIBUTE_NONE, and its dimension has 2 processes"),
        (json!({"psizes": [0, 1]}), "each dimension has a process at least"),
        (json!({"size": 4}), "size is 4, but psizes makes it 3"),
        (json!({"order": "MPI_ORDER_X"}), "memory orders are C and F"),
        (json!({"psizes": [1_000_000_000, 1]}), "too many to write"),
    ] {
        refused(&with(changes), &[], words);
    }
}

#[test]
fn texts_of_julia_chapel_and_global_arrays() {
    let recipes = [
        ("line", "--shape 10 --grid 3"),
        ("grid", "--shape 6,8 --grid 2,2"),
        ("turned", "--shape 8,6 --grid 2,2"),
        ("cyclic", "--shape 9,4 --grid 2,2 --dist c,b"),
    ];
    let files = arrays("convert-texts", &recipes);
    // Julia's 6 x 8 array is an array of 8 x 6, the first axis fastest.
    let workers = "      From worker 3:\t(4:6, 1:4)\n      From worker 2:\t(1:3, 1:4)\n      From worker 4:\t(1:3, 5:8)\n      From worker 5:\t(4:6, 5:8)\n";
    is_array(&files, workers, &[], "turned");
    is_array(
        &files,
        "2×2 Matrix{Tuple{UnitRange{Int64}, UnitRange{Int64}}}:\n (1:3, 1:4)  (1:3, 5:8)\n (4:6, 1:4)  (4:6, 5:8)\n",
        &[],
        "turned",
    );
    is_array(&files, "[(1:4,), (5:8,), (9:10,)]", &[], "line");
    is_array(
        &files,
        r#"[{"localindices": "(1:4,)"}, {"localindices": [[5, 8]]}, {"localindices": [[9, 10]]}]"#,
        &[],
        "line",
    );
    is_array(&files, "LOCALE0: {1..4}\nLOCALE2: {9..10}\nLOCALE1: {5..8}\n", &[], "line");
    is_array(&files, "{0..2, 0..3}\n{0..2, 4..7}\n{3..5, 0..3}\n{3..<6, 4..7}\n", &[], "grid");
    is_array(
        &files,
        "{1..9 by 2, 1..2}\n{1..9 by 2, 3..4}\n{2..9 by 2, 1..2}\n{1..9 by 2 align 0, 3..4}\n",
        &[],
        "cyclic",
    );
    let in_c = "Array Handle=-1000 Name:'A' Data Type:double\nArray Dimensions:6x8\n\
        Process=0\t owns array section: [0:2,0:3] \nProcess=1\t owns array section: [0:2,4:7] \n\
        Process=2\t owns array section: [3:5,0:3] \nProcess=3\t owns array section: [3:5,4:7] \n\
        Process=4\t owns array section: [-1:-2,-1:-2] \n";
    is_array(&files, in_c, &[], "grid");
    let in_fortran = "Array Handle=-1000 Name:'A' Data Type:double\nArray Dimensions:8x6\n\
        Process=0\t owns array section: [1:4,1:3] \nProcess=1\t owns array section: [5:8,1:3] \n\
        Process=2\t owns array section: [1:4,4:6] \nProcess=3\t owns array section: [5:8,4:6] \n";
    is_array(&files, in_fortran, &[], "grid");
    let two = format!("{in_c}{}", in_fortran.replace("'A'", "'B'"));
    for name in ["A", "B"] {
        is_array(&files, &two, &["--case", name], "grid");
    }
    for (text, words) in [
        ("(0:3,)\n(4:7,)\n", "Julia counts from 1"),
        ("(1:3, 1:4)\n(1:4,)\n", "has 1 ranges, rank 0 has 2"),
        ("{0..8 by 2}\n{1..8 by 3}\n", "the cyclic distribution has one stride"),
        ("{0..3}\n{5..8}\n", "the parts do not make an array"),
        (
            "Array Dimensions:8\nProcess=0\t owns array section: [0:3]\n",
            "the sections end at [3]: some processes are missing",
        ),
        ("Array Dimensions:8\nProcess=1\t owns array section: [0:7]\n", "is of process 1, and there are 1 sections"),
    ] {
        let outcome = files.run_with_input(&["convert", "-"], text);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{text}");
        assert!(outcome.stderr.contains(words), "{text}: {}", outcome.stderr);
    }
    let outcome = files.run_with_input(&["convert", "-"], "hello (world) {1}\n");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("is neither JSON nor a Python literal"), "{}", outcome.stderr);
}

#[test]
fn there_and_back() {
    let recipes = [
        ("blocks", "--shape 8,6 --grid 2,3"),
        ("halo", "--shape 9,8 --grid 3,2 --halo 1"),
        ("uneven", "--shape 7,5 --grid 3,2"),
        ("cyclic", "--shape 7,9 --grid 2,3 --dist c:2,c:3"),
        ("rotated", "--shape 8,9 --grid 2,3 --dist c:2,c --rotate 1"),
        ("fortran", "--shape 7,9 --grid 2,3 --dist c:2,b --order F --dtype <f4"),
        ("line", "--shape 12 --grid 3 --dtype <c16"),
        ("cube", "--shape 4,6,8 --grid 2,1,2"),
        ("listed", "--shape 8,6 --grid 2,1 --dist u,b"),
        ("ring", "--shape 12 --grid 3 --boundary 1,1 --periodic 0 --halo 1"),
    ];
    let files = arrays("convert-back", &recipes);
    let mut table = String::new();
    for (name, _) in recipes {
        for library in ["scalapack", "dask", "petsc", "jax", "mpi"] {
            let outcome = files.run(&["convert", name, "--to", library, "-o", "described.json"]);
            if outcome.code == 1 {
                table += &format!("{name} to {library}: {}", outcome.stderr);
                assert!(outcome.stderr.starts_with(&format!("refused {name}: ")), "{}", outcome.stderr);
                continue;
            }
            succeeds(&outcome);
            // Chunks have no padding, which a note says; every other array comes back.
            let is_lost = library == "dask" && ["halo", "ring"].contains(&name);
            assert_eq!((outcome.stdout.as_str(), outcome.stderr.contains("padding")), ("", is_lost));
            assert!(is_lost || outcome.stderr.is_empty(), "{}", outcome.stderr);
            let printed = files.run(&["convert", name, "--to", library]);
            assert_eq!(printed.stdout, files.read("described.json"), "{name} to {library}");
            let args = ["convert", "described.json", "--format", "ndjson", "-o", "back"];
            succeeds(&files.run(&args));
            assert_eq!(is_same(&files, name, "back"), !is_lost, "{name} to {library}");
            table += &format!("{name} to {library}: back\n");
        }
    }
    crate::snapshots::assert_snapshot("convert-back", &table);
}

#[test]
fn options_of_to() {
    let files = arrays("convert-to-options", &[("a", "--shape 4 --grid 2"), ("b", "--shape 4 --grid 2")]);
    for (args, words) in [
        ("a b --to dask", "--to describes one array"),
        ("a --to heat", "scalapack, dask, petsc, jax, mpi"),
        ("a --to dask --renumber", "cannot be used with"),
        ("a --to dask -o a", "it is an input"),
        ("none --to dask", "none"),
    ] {
        let outcome = files.run(&["convert"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args}");
        assert!(outcome.stderr.contains(words), "{args}: {}", outcome.stderr);
    }
}
