//! `convert`: texts as programs and shells leave them. Order of files, several descriptions in a
//! text, printed Python, compressed files.

use std::io::Write;

use serde_json::{Value, json};

use super::lines;
use crate::files::{Files, Outcome};

/// A rank's part of a NumPy array whose extents differ from rank to rank.
fn numpy(rank: i64) -> Value {
    json!({"shape": [rank + 1, 5], "typestr": "<f8", "version": 3, "strides": null})
}

/// The extents along the first dimension in rank order.
fn extents(outcome: &Outcome) -> Vec<i64> {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    lines(&outcome.stdout).iter().map(|export| export["buffer"]["shape"][0].as_i64().unwrap()).collect()
}

/// Files of 12 ranks named by `name`, and their names in the order of the shell.
fn by_rank(test: &str, name: impl Fn(i64) -> String, text: impl Fn(i64) -> String) -> (Files, Vec<String>) {
    let files = (0..12).fold(Files::new(test), |files, rank| files.with(&name(rank), text(rank)));
    let mut names: Vec<String> = (0..12).map(name).collect();
    names.sort();
    (files, names)
}

fn convert(files: &Files, paths: &[String]) -> Outcome {
    let args: Vec<&str> = ["convert"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    files.run(&args)
}

#[test]
fn files_are_ordered_by_the_numbers_in_their_names() {
    let expected: Vec<i64> = (1..=12).collect();
    type Name = fn(i64) -> String;
    let patterns: [(&str, Name); 5] = [
        ("plain", |rank| format!("m_{rank}.json")),
        ("padded", |rank| format!("m_{rank:02}.json")),
        ("several", |rank| format!("run8x8/job42_rank{rank}_of_12.json")),
        ("folders", |rank| format!("{rank}/meta.json")),
        ("nodes", |rank| format!("node{}_rank{rank}.json", rank / 4)),
    ];
    for (test, name) in patterns {
        let (files, names) = by_rank(&format!("convert-order-{test}"), name, |rank| numpy(rank).to_string());
        let outcome = convert(&files, &names);
        assert_eq!(extents(&outcome), expected, "{test}");
        assert_eq!(outcome.stderr.contains("not in the order given: 0 is"), test != "padded", "{}", outcome.stderr);
    }
}

#[test]
fn stated_ranks_win_over_names_and_order() {
    let stated = |rank: i64| {
        let mut value = numpy(11 - rank);
        value["rank"] = json!(11 - rank);
        value
    };
    let expected: Vec<i64> = (1..=12).collect();
    let (files, names) = by_rank("convert-stated", |rank| format!("m_{rank}.json"), |rank| stated(rank).to_string());
    let of_files = convert(&files, &names);
    assert_eq!(extents(&of_files), expected);
    assert!(!of_files.stderr.contains("not looked at"), "{}", of_files.stderr);
    let all: Vec<Value> = (0..12).map(stated).collect();
    let text = |separator: &str| all.iter().map(Value::to_string).collect::<Vec<_>>().join(separator);
    for document in [json!(all).to_string(), json!({"ranks": all}).to_string(), text("\n"), text("")] {
        assert_eq!(extents(&files.run_with_input(&["convert", "-"], &document)), expected, "{document}");
    }
    // Several arrays by name, and the rank beside them.
    let named: Vec<Value> = (0..12).map(|rank| json!({"a": numpy(11 - rank), "rank": 11 - rank})).collect();
    let outcome = files.run_with_input(&["convert", "-"], &json!(named).to_string());
    assert_eq!(extents(&outcome), expected);
    assert!(!outcome.stderr.contains("left out"), "{}", outcome.stderr);
    for (ranks, words) in [
        ([json!(1), json!(2)], "Counted from 1?"),
        ([json!(0), json!(0)], "two descriptions state `rank` 0"),
        ([json!(0), json!(7)], "`rank` is 7"),
        ([json!(0), Value::Null], "description 1 states no `rank`"),
    ] {
        let list: Vec<Value> = ranks
            .into_iter()
            .map(|rank| {
                let mut value = numpy(0);
                value["rank"] = rank;
                value
            })
            .collect();
        for document in [json!(list).to_string(), format!("{}\n{}", list[0], list[1])] {
            let outcome = files.run_with_input(&["convert", "-"], &document);
            assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{}", outcome.stderr);
            assert!(outcome.stderr.contains(words), "{words}: {}", outcome.stderr);
        }
    }
}

#[test]
fn files_whose_order_is_not_known_are_refused() {
    let text = numpy(0).to_string();
    let files = [
        "m_1.json",
        "m_2.json",
        "m_4.json",
        "a0_b1.json",
        "a1_b0.json",
        "left.json",
        "right.json",
        "w1",
        "w10",
        "w2",
        "main",
    ]
    .into_iter()
    .fold(Files::new("convert-names"), |files, name| files.with(name, &text));
    for (names, words) in [
        (&["m_1.json", "m_2.json"][..], "counted from 1?"),
        (&["m_2.json", "m_4.json"], "there is no file of rank 0"),
        (&["a0_b1.json", "a1_b0.json"], "several numbers"),
        (&["w1", "w10", "w2", "main"], "follow no one pattern"),
    ] {
        let outcome = convert(&files, &names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{names:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{names:?}: {}", outcome.stderr);
    }
    let outcome = files.run(&["convert", "left.json", "right.json"]);
    assert!(
        outcome.code == 0 && outcome.stderr.contains("in the order given: 0 is left.json, 1 is right.json"),
        "{}",
        outcome.stderr
    );
}

/// `cat m_*.json`: nothing tells the shell's order from that of the ranks.
#[test]
fn concatenated_descriptions() {
    let files = Files::new("convert-cat");
    let cat = |count: i64, one: &dyn Fn(i64) -> Value, pretty: bool| {
        let mut ranks: Vec<i64> = (0..count).collect();
        ranks.sort_by_key(i64::to_string);
        let text = |rank| if pretty { format!("{:#}\n", one(rank)) } else { format!("{}\n", one(rank)) };
        ranks.into_iter().map(text).collect::<String>()
    };
    for pretty in [false, true] {
        let outcome = files.run_with_input(&["convert", "-"], &cat(12, &numpy, pretty));
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("0, 1, 10, 11, 2 of the shell"), "{}", outcome.stderr);
        // Up to ten, the shell's order is that of the ranks.
        let outcome = files.run_with_input(&["convert", "-"], &cat(10, &numpy, pretty));
        assert_eq!(extents(&outcome), (1..=10).collect::<Vec<_>>());
        // Where all say the same, the order does not matter.
        let heat = |_| json!({"gshape": [24, 4], "split": 0, "lshape": [2, 4]});
        assert_eq!(extents(&files.run_with_input(&["convert", "-"], &cat(12, &heat, pretty))), [2; 12]);
        let last = |rank| json!({"gshape": [23, 4], "split": 0, "lshape": [if rank == 11 { 1 } else { 2 }, 4]});
        assert_eq!(files.run_with_input(&["convert", "-"], &cat(12, &last, pretty)).code, 1);
        // A description that states its part of the array is checked by it.
        let range = |rank: i64| json!({"range": [2 * rank, 2 * rank + 2]});
        let outcome = files.run_with_input(&["convert", "-"], &cat(12, &range, pretty));
        assert!(outcome.code == 1 && outcome.stderr.contains("begins where the one before ends"), "{}", outcome.stderr);
        let in_order: String = (0..12).map(|rank| format!("{}\n", range(rank))).collect();
        assert_eq!(extents(&files.run_with_input(&["convert", "-"], &in_order)), [2; 12]);
    }
    // A list is in rank order.
    let list: Vec<Value> = (0..12).map(numpy).collect();
    assert_eq!(
        extents(&files.run_with_input(&["convert", "-"], &json!(list).to_string())),
        (1..=12).collect::<Vec<_>>()
    );
}

/// One array, as JSON and as programs print it.
#[test]
fn printed_values() {
    let files = Files::new("convert-printed");
    let expected = files.run_with_input(&["convert", "-"], r#"[{"gshape":[6,4],"split":0,"lshape":[4,4],"dtype":"<f4"}, {"gshape":[6,4],"split":0,"lshape":[2,4],"dtype":"<f4"}]"#);
    assert_eq!(expected.code, 0, "{}", expected.stderr);
    for text in [
        "{\"gshape\":[6,4],\"split\":0,\"lshape\":[4,4],\"dtype\":\"float32\"}\n{\"gshape\":[6,4],\"split\":0,\"lshape\":[2,4],\"dtype\":\"float32\"}\n",
        "{'gshape': (6, 4), 'split': 0, 'lshape': (4, 4), 'dtype': <class 'heat.core.types.float32'>}\n{'gshape': (6, 4), 'split': 0, 'lshape': (2, 4), 'dtype': torch.float32}",
        "[{'gshape': (np.int64(6), np.int64(4)), 'split': np.int64(0), 'lshape': array([4, 4]), 'dtype': dtype('float32')},\n {'gshape': torch.Size([6, 4]), 'split': 0, 'lshape': tensor([2, 4]), 'dtype': np.float32},]",
        "{\"ranks\": [{\"gshape\":[6,4,],\"split\":0,\"lshape\":[4,4],\"dtype\":\"<f4\",}, {\"gshape\":[6,4],\"split\":0,\"lshape\":[2,4],\"dtype\":\"<f4\"},]}",
        "[{\"gshape\":\"(6, 4)\",\"split\":\"0\",\"lshape\":\"array([4, 4])\",\"dtype\":\"torch.float32\"}, {\"gshape\":\"torch.Size([6, 4])\",\"split\":0.0,\"lshape\":\"(np.int64(2), np.float64(4.0))\",\"dtype\":\"f4\"}]",
        "{\"gshape\":[6,4],\"split\":0,\"lshape\":[4,4],\"dtype\":\"<f4\"},\n{\"gshape\":[6,4],\"split\":0,\"lshape\":[2,4],\"dtype\":\"<f4\"},\n",
        "\u{feff}{\"gshape\":[6,4],\"split\":0,\"lshape\":[4,4],\"dtype\":\"<f4\"}{\"gshape\":[6,4],\"split\":0,\"lshape\":[2,4],\"dtype\":\"<f4\"}",
    ] {
        let outcome = files.run_with_input(&["convert", "-"], text);
        assert_eq!((outcome.code, &outcome.stdout), (0, &expected.stdout), "{text}: {}", outcome.stderr);
    }
    // Each library's tuples, slices and keys.
    for (text, count) in [
        ("{'chunks': ((np.int64(4), 4), (4,)), 'dtype': dtype('float64')}", 2),
        ("{\"chunks\": \"((np.int64(4), np.int64(4)), (np.int64(4),))\"}", 2),
        (
            "{'shape': (8, 3), 'shards': [{'index': (slice(0, 4, None), slice(None, None, None))}, {'index': (slice(4, 8, None), slice(None, None, None))}]}",
            2,
        ),
        (
            "{'shape': (9,), 'partition_tiling': (2,), 'partitions': {(0,): {'start': (0,), 'shape': (5,), 'location': [0]}, (1,): {'start': (5,), 'shape': (4,), 'location': [1]}}}",
            2,
        ),
        ("{'range': (0, 3)}\n{'range': (np.int32(3), 5)}", 2),
        ("{'desc': array([1, 0, 5, 9, 2, 2, 0, 0, 5], dtype=int32), 'coord': (0, 0)}", 1),
        (
            "{'global_shape': (8, 9), 'shape': (4, 9), 'substart': (0, 0), 'subcomm': [(2, 0), (1, 0)], 'local_slice': (slice(0, 4, None), slice(0, 9, None))}\n{'global_shape': (8, 9), 'shape': (4, 9), 'substart': (4, 0), 'subcomm': [(2, 1), (1, 0)]}",
            2,
        ),
        (
            "{'shape': (2, 3), 'typestr': '<f8', 'strides': None, 'version': 3, 'data': (140, False), 'descr': [('', '<f8')]}",
            1,
        ),
    ] {
        let outcome = files.run_with_input(&["convert", "-"], text);
        assert_eq!((outcome.code, outcome.stdout.lines().count()), (0, count), "{text}: {}", outcome.stderr);
    }
    for (text, words) in [
        (
            "{'range': (0, 3)}\n{'range': (3, ?)}",
            "is neither JSON nor a Python literal: a value was expected at line 2 column 15",
        ),
        ("{'range': (0, 3)}\nhello", "`hello` is no literal at line 2 column 1"),
        ("3", "value 1 is 3; a description is a dictionary"),
        ("", "is empty"),
        ("[zeros(3)]", "lists no items"),
    ] {
        let outcome = files.run_with_input(&["convert", "-"], text);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{text}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{text}: {}", outcome.stderr);
    }
    let outcome = files.run_with_input(&["convert", "-"], r#"{"chunks": "array([0, 1, ..., 9])"}"#);
    assert!(outcome.code == 1 && outcome.stderr.contains("NumPy left out the middle"), "{}", outcome.stderr);
}

#[test]
fn types() {
    let files = Files::new("convert-types");
    let of = |dtype: &str, options: &[&str]| {
        let args: Vec<&str> = ["convert", "-"].iter().chain(options).copied().collect();
        files.run_with_input(&args, &format!("{{\"chunks\": [[4, 4]]{dtype}}}"))
    };
    let found = |outcome: &Outcome| {
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let export = &lines(&outcome.stdout)[1];
        (export["buffer"]["dtype"].clone(), export["buffer"]["strides"][0].as_i64().unwrap())
    };
    let xy = (json!([["x", "<f8"], ["y", "<i4"]]), 12);
    for option in ["T{<d:x:<i:y:}", "[('x', '<f8'), ('y', '<i4')]"] {
        assert_eq!(found(&of("", &["--dtype", option])), xy, "{option}");
        let generated = files.run(&["gen", "--shape", "8", "--dtype", option]);
        assert_eq!(lines(&generated.stdout)[0]["buffer"]["dtype"], xy.0, "{option}");
    }
    for text in [
        "\"[('x', '<f8'), ('y', '<i4')]\"",
        "[[\"x\", \"<f8\"], [\"y\", \"<i4\"]]",
        "\"dtype([('x', '<f8'), ('y', '<i4')])\"",
    ] {
        assert_eq!(found(&of(&format!(", \"dtype\": {text}"), &[])), xy, "{text}");
    }
    for (text, typestr, itemsize) in [
        ("MPI_DOUBLE", "<f8", 8),
        ("MPI_C_DOUBLE_COMPLEX", "<c16", 16),
        ("Float64", "<f8", 8),
        ("ComplexF32", "<c8", 8),
        ("real(8)", "<f8", 8),
        ("real(64)", "<f8", 8),
        ("double", "<f8", 8),
        ("torch.float", "<f4", 4),
        ("dtype('>i2')", ">i2", 2),
    ] {
        assert_eq!(found(&of(&format!(", \"dtype\": \"{text}\""), &[])), (json!(typestr), itemsize), "{text}");
        assert_eq!(found(&of("", &["--dtype", text])), (json!(typestr), itemsize), "{text}");
    }
    for text in [
        "i4, f8",
        "not float32",
        "float",
        "int",
        "torch.float8_e4m3fn",
        "bfloat16",
        "real(dp)",
        "PetscScalar",
        "dtype([('a', 'i1')], align=True)",
    ] {
        let outcome = of(&format!(", \"dtype\": \"{text}\""), &[]);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{text}");
        assert!(outcome.stderr.contains(text) && outcome.stderr.contains("such as `<f8`"), "{}", outcome.stderr);
        assert_eq!(of("", &["--dtype", text]).code, 2, "{text}");
    }
}

#[test]
fn the_fields_beside_a_typestr_are_used() {
    let files = Files::new("convert-descr");
    let rank = |descr: Value| json!({"a": {"shape": [3], "typestr": "|V12", "descr": descr, "strides": null, "version": 3, "data": [1, false]}});
    let [one, other] = [json!([["x", "<f8"], ["y", "<i4"]]), json!([["a", "<i4"], ["b", "<f8"]])];
    let same = json!({"ranks": [rank(one.clone()), rank(one.clone())]});
    let outcome = files.run_with_input(&["convert", "-"], &same.to_string());
    assert_eq!(lines(&outcome.stdout)[1]["buffer"]["dtype"], one, "{}", outcome.stderr);
    let differing = json!({"ranks": [rank(one), rank(other)]});
    let outcome = files.run_with_input(&["convert", "-"], &differing.to_string());
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{}", outcome.stderr);
    let outcome =
        files.run_with_input(&["convert", "-"], r#"[{"shape": [3], "typestr": "<f8", "descr": [["", "<f4"]]}]"#);
    assert!(outcome.code == 1 && outcome.stderr.contains("has another type beside it"), "{}", outcome.stderr);
}

#[test]
fn ranks_outside_of_the_blacs_grid() {
    let files = Files::new("convert-outside");
    let inside =
        |rank: i64| json!({"desc": [1, 0, 6, 6, 2, 2, 0, 0, 4], "coord": [rank / 2, rank % 2], "order": "Row"});
    let outside = json!({"desc": [1, -1, 6, 6, 2, 2, 0, 0, 1], "coord": [-1, -1], "order": "Row"});
    let run = |ranks: &[Value], options: &[&str]| {
        let args: Vec<&str> = ["convert", "-"].iter().chain(options).copied().collect();
        files.run_with_input(&args, &json!(ranks).to_string())
    };
    let four: Vec<Value> = (0..4).map(inside).collect();
    let expected = run(&four, &[]).stdout;
    assert_eq!(expected.lines().count(), 4);
    let junk = json!({"desc": [0, -1, 0, 0, 0, 0, 0, 0, 0], "coord": [-1, -1]});
    for last in [
        outside.clone(),
        junk,
        json!({"desc": [1, -1, 6, 6, 2, 2, 0, 0, 1]}),
        Value::Null,
        json!({"desc": null, "coord": [-1, -1]}),
    ] {
        for many in 1..4 {
            let ranks: Vec<Value> = four.iter().cloned().chain(std::iter::repeat_n(last.clone(), many)).collect();
            let outcome = run(&ranks, &[]);
            assert_eq!((outcome.code, &outcome.stdout), (0, &expected), "{last}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("outside of the BLACS grid hold nothing"), "{}", outcome.stderr);
            // With their ranks, in any order.
            if last.is_object() {
                let mut stated: Vec<Value> = ranks
                    .iter()
                    .enumerate()
                    .map(|(rank, value)| {
                        let mut value = value.clone();
                        value["rank"] = json!(rank);
                        value
                    })
                    .collect();
                stated.reverse();
                let outcome = run(&stated, &[]);
                assert_eq!((outcome.code, &outcome.stdout), (0, &expected), "{last}: {}", outcome.stderr);
            }
        }
    }
    let between: Vec<Value> = [inside(0), outside.clone()].into_iter().chain((1..4).map(inside)).collect();
    let outcome = run(&between, &[]);
    assert!(outcome.code == 1 && outcome.stderr.contains("Pass --renumber"), "{}", outcome.stderr);
    assert_eq!(run(&between, &["--renumber"]).stdout, expected);
    let none = run(&[outside.clone(), outside], &[]);
    assert!(none.code == 1 && none.stderr.contains("no rank is in the BLACS grid, of 2 ranks"), "{}", none.stderr);
}

#[test]
fn numbers_counted_from_1() {
    let files = Files::new("convert-from-1");
    for (text, words) in [
        (r#"[{"range": [1, 4]}, {"range": [4, 6]}]"#, "with 1 subtracted from `range` all fits"),
        (r#"[{"range": [1, 3]}, {"range": [4, 5]}]"#, "with 1 subtracted from the starts in `range` all fits"),
        (r#"[{"range": [0, 2]}, {"range": [3, 4]}]"#, "is the last index included? "),
        (
            r#"[{"corners": [[1], [3]], "procs": [2]}, {"corners": [[4], [2]], "procs": [2]}]"#,
            "subtracted from `corners`",
        ),
        (
            r#"{"shape": [8], "shards": [{"index": [[1, 4]]}, {"index": [[5, 8]]}]}"#,
            "subtracted from the starts in `index` all fits",
        ),
        (
            r#"[{"gshape": [6, 4], "split": 1, "lshape": [3, 4]}, {"gshape": [6, 4], "split": 1, "lshape": [3, 4]}]"#,
            "subtracted from `split`",
        ),
    ] {
        let outcome = files.run_with_input(&["convert", "-"], text);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{text}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{text}: {}", outcome.stderr);
    }
}

/// What `gzip` makes of a text, without compressing it.
pub(crate) fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compressed_and_other_files() {
    let text = "{\"range\": [0, 3]}\n{\"range\": [3, 5]}\n";
    let files = Files::new("convert-gz").with("vec.ndjson.gz", gzipped(text.as_bytes())).with("vec.ndjson", text);
    let files =
        files.with("a_0.json.gz", gzipped(b"{\"range\": [0, 3]}")).with("a_1.json.gz", gzipped(b"{\"range\": [3, 5]}"));
    let files =
        files.with("cut.json.gz", &gzipped(text.as_bytes())[..20]).with("bomb.json.gz", gzipped(&vec![b' '; 64 << 20]));
    let files =
        files.with("field.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }");
    let plain = files.run(&["convert", "vec.ndjson"]);
    assert_eq!(plain.code, 0);
    for args in [&["convert", "vec.ndjson.gz"][..], &["convert", "a_1.json.gz", "a_0.json.gz"]] {
        let outcome = files.run(args);
        assert_eq!((outcome.code, &outcome.stdout), (0, &plain.stdout), "{args:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains(".json:"), "{}", outcome.stderr);
    }
    std::os::unix::fs::symlink("nowhere/x.json", files.root().join("dangling.json")).unwrap();
    for (path, words) in [
        ("cut.json.gz", "cannot read cut.json.gz: the compressed text is cut short"),
        ("bomb.json.gz", "compressed to less than 1/256 of its text"),
        ("field.npy", "it is a NumPy file, which holds the items of one rank"),
        ("dangling.json", "cannot read dangling.json: it is a link to `nowhere/x.json`, which does not exist"),
    ] {
        let outcome = files.run(&["convert", path]);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{path}");
        assert!(outcome.stderr.contains(words), "{path}: {}", outcome.stderr);
    }
}
