//! `gather` and `scatter`: every element at its place, files that stay as they were after a
//! failure, and memory that does not grow with the array.

use std::process::Command;

use serde_json::Value;

use crate::files::{Files, Outcome, block, export};

/// A `.npy` file of format 1.0.
pub(crate) fn npy(descr: &str, fortran: bool, shape: &[i64], data: &[u8]) -> Vec<u8> {
    let extents: String = shape.iter().map(|extent| format!("{extent}, ")).collect();
    let order = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': ({extents}), }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, header.as_bytes(), data].concat()
}

/// Bytes that tell the items of an array apart.
fn counted(items: i64, itemsize: usize) -> Vec<u8> {
    (0..items).flat_map(|item| (0..itemsize).map(move |byte| ((item * 37 + 11 * byte as i64) % 251) as u8)).collect()
}

/// The data behind the header of a `.npy` file, and whether its order is Fortran's.
fn data(file: &[u8]) -> (Vec<u8>, bool) {
    let begin = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = String::from_utf8_lossy(&file[10..begin]).into_owned();
    (file[begin..].to_vec(), header.contains("'fortran_order': True"))
}

/// The item at an index.
fn item<'a>(data: &'a [u8], fortran: bool, shape: &[i64], index: &[i64], size: usize) -> &'a [u8] {
    let mut dims: Vec<(i64, i64)> = shape.iter().copied().zip(index.iter().copied()).collect();
    if fortran {
        dims.reverse();
    }
    let at = dims.iter().fold(0, |at, (extent, index)| at * extent + index) as usize;
    &data[at * size..][..size]
}

fn succeeds(outcome: &Outcome) {
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

/// All indices of an array.
fn indices(shape: &[i64]) -> Vec<Vec<i64>> {
    let longer = |all: Vec<Vec<i64>>, extent: &i64| {
        all.iter().flat_map(|index| (0..*extent).map(move |at| [&index[..], &[at]].concat())).collect()
    };
    shape.iter().fold(vec![Vec::new()], longer)
}

/// The names that are left in a folder.
fn names(files: &Files, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(files.root().join(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Scattered and gathered again, an array has its bytes; each item of each rank's buffer, padding
/// included, is the one that `map` names.
#[test]
fn every_item_is_where_map_finds_it() {
    let structure = "[('x', '<f4'), ('n', '>i2')]";
    for (at, (recipe, shape, descr, size, fortran)) in [
        ("--grid 3,2 --halo 1", &[7, 5][..], "'<f8'", 8, false),
        ("--grid 3,2 --halo 1", &[7, 5], "'>i4'", 4, true),
        ("--grid 2,2 --dist c,c:2", &[9, 5], "'|b1'", 1, false),
        ("--grid 2,2 --dist c,c:2", &[9, 5], structure, 6, true),
        ("--grid 3 --dist c:5 --rotate 1", &[40], "'<c16'", 16, false),
        ("--grid 3,1 --dist u,b --seed 3", &[11, 2], "'<U3'", 12, false),
        ("--grid 4 --boundary 1,1 --periodic 0 --halo 1", &[16], "'<i8'", 8, false),
        ("--grid 1,2,2 --dist b,b,c:2", &[3, 4, 5], "'|S5'", 5, true),
        ("--grid 5", &[3], "'<f2'", 2, false),
        ("--grid 2,1", &[0, 3], "'<f8'", 8, false),
        ("", &[], "'<f8'", 8, false),
    ]
    .into_iter()
    .enumerate()
    {
        let whole = counted(shape.iter().product(), size);
        let text = if shape.is_empty() {
            "()".to_owned()
        } else {
            shape.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
        };
        for (format, order) in [("npy", None), ("npy", Some(!fortran)), ("dnpy", None)] {
            let name = format!("gather-{at}-{format}-{}", order.is_some());
            let files = Files::new(&name).with("field.npy", npy(descr, fortran, shape, &whole));
            let recipe = recipe.split_whitespace();
            let args: Vec<&str> = ["gen", "--shape", &text, "-o", "like.ndjson"].into_iter().chain(recipe).collect();
            succeeds(&files.run(&args));
            let order = order.map(|fortran| if fortran { "--order=F" } else { "--order=C" });
            let args = ["scatter", "field.npy", "--like", "like.ndjson", "-o", "run", "--format", format];
            succeeds(&files.run(&args.into_iter().chain(order).collect::<Vec<_>>()));
            succeeds(&files.run(&["check", "run"]));
            every_item(&files, &name, (&whole, fortran), shape, size, format);

            let back = if fortran { "--order=F" } else { "--order=C" };
            succeeds(&files.run(&["gather", "run", "-o", "back.npy", back]));
            let back = std::fs::read(files.root().join("back.npy")).unwrap();
            assert_eq!(data(&back).0, whole, "{name}");
            assert_eq!(names(&files, "."), ["back.npy", "field.npy", "like.ndjson", "run"], "{name}");
        }
    }
}

fn every_item(files: &Files, name: &str, (whole, fortran): (&[u8], bool), shape: &[i64], size: usize, format: &str) {
    let shown = files.run(&["show", "run", "--output-format", "json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    for rank in shown["arrays"][0]["distribution"]["ranks"].as_array().unwrap() {
        let (number, local) = (rank["rank"].as_i64().unwrap(), numbers(&rank["local_shape"]));
        let path = if format == "npy" { format!("run/rank-{number}.npy") } else { format!("run/field_{number}.dnpy") };
        let file = std::fs::read(files.root().join(path)).unwrap();
        let begin = file.windows(6).position(|bytes| bytes == b"\x93NUMPY").unwrap();
        let (part, part_fortran) = data(&file[begin..]);
        assert_eq!(part.len() as i64, local.iter().product::<i64>() * size as i64, "{name}: rank {number}");
        let places = indices(&local);
        if shape.is_empty() || places.is_empty() {
            assert!(part.is_empty() || part == whole, "{name}");
            continue;
        }
        let mut args =
            vec!["map".to_owned(), "run".to_owned(), "--output-format=json".to_owned(), format!("--rank={number}")];
        args.extend(
            places
                .iter()
                .map(|place| format!("--local={}", place.iter().map(i64::to_string).collect::<Vec<_>>().join(","))),
        );
        let outcome = files.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let answers: Value = serde_json::from_str(&outcome.stdout).unwrap();
        for (place, answer) in places.iter().zip(answers.as_array().unwrap()) {
            let global = numbers(&answer["global"]);
            let expected = item(whole, fortran, shape, &global, size);
            assert_eq!(item(&part, part_fortran, &local, place, size), expected, "{name}: rank {number} {place:?}");
        }
    }
}

/// Two ranks of 3 items each, as raw bytes, in a text of exports.
fn raw(buffers: [&str; 2], names: [&str; 2]) -> String {
    let rank = |rank: i64| {
        let at = rank as usize;
        format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "|u1", "shape": [3], "data": "{}"{}}}, "dim_data": [{}]}}"#,
            names[at],
            buffers[at],
            block(6, 2, rank, 3 * rank, 3 * rank + 3)
        )
    };
    format!("{}\n{}\n", rank(0), rank(1))
}

/// Data without a header: strides of either sign, and what lies before.
#[test]
fn raw_files() {
    let files = Files::new("gather-raw")
        .with("a.ndjson", raw([r#", "strides": [-2], "offset": 5"#, ""], ["a.bin", "b.bin"]))
        .with("a.bin", [9, 30, 9, 20, 9, 10])
        .with("b.bin", [40, 50, 60]);
    succeeds(&files.run(&["check", "a.ndjson"]));
    succeeds(&files.run(&["gather", "a.ndjson", "-o", "whole.npy"]));
    let whole = std::fs::read(files.root().join("whole.npy")).unwrap();
    assert_eq!(data(&whole).0, [10, 20, 30, 40, 50, 60]);
}

#[test]
fn names_by_pattern() {
    let exports = |shape: &str| {
        let rank = |rank| export(shape, &block(4, 2, rank, 2 * rank, 2 * rank + 2));
        format!("{}\n{}\n", rank(0), rank(1))
    };
    let part = |number: f64| npy("'<f8'", false, &[2], &[number.to_le_bytes(), (number + 1.0).to_le_bytes()].concat());
    let files = Files::new("gather-pattern")
        .with("a.ndjson", exports("[2]"))
        .with("data/x0.npy", part(0.0))
        .with("data/x1.npy", part(2.0));
    let outcome = files.run(&["gather", "a.ndjson", "-o", "whole.npy"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("rank 0: the data file rank-0.npy"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--data"), "{}", outcome.stderr);
    succeeds(&files.run(&["gather", "a.ndjson", "-o", "whole.npy", "--data", "data/x{rank}.npy"]));
    let whole = std::fs::read(files.root().join("whole.npy")).unwrap();
    let expected: Vec<u8> = (0..4).flat_map(|number| f64::from(number).to_le_bytes()).collect();
    assert_eq!(data(&whole).0, expected);
    let outcome = files.run(&["gather", "a.ndjson", "-o", "b.npy", "--data", "data/x.npy"]);
    assert!(outcome.stderr.contains("write {rank} once"), "{}", outcome.stderr);
}

/// A failure, whatever its cause, leaves no file and no folder behind, and an old output as it was.
#[test]
fn failures_harm_nothing() {
    let exports = raw(["", ""], ["a.npy", "b.npy"]);
    let good = |first: u8| npy("'|u1'", false, &[3], &[first, first + 1, first + 2]);
    let files = Files::new("gather-failures")
        .with("good/a.ndjson", &exports)
        .with("good/a.npy", good(0))
        .with("good/b.npy", good(3))
        .with("other-type/a.ndjson", &exports)
        .with("other-type/a.npy", good(0))
        .with("other-type/b.npy", npy("'|i1'", false, &[3], &[0; 3]))
        .with("other-shape/a.ndjson", &exports)
        .with("other-shape/a.npy", npy("'|u1'", false, &[4], &[0; 4]))
        .with("other-shape/b.npy", good(3))
        .with("cut/a.ndjson", &exports)
        .with("cut/a.npy", good(0))
        .with("cut/b.npy", &good(3)[..129])
        .with("missing/a.ndjson", &exports)
        .with("missing/a.npy", good(0))
        .with("objects.npy", npy("'|O'", false, &[6], &[0; 48]))
        .with("short.npy", npy("'|u1'", false, &[6], &[0; 5]))
        .with("wide.npy", npy("'|u1'", false, &[7], &[0; 7]))
        .with("flat.npy", npy("'|u1'", false, &[6], &[0; 6]))
        .with("out/old.npy", "old")
        .with("full/x", "old");
    let before = names(&files, ".");
    for (args, words) in [
        ("gather good/a.ndjson -o out/old.npy", "it exists; pass --force to replace it"),
        ("gather other-type/a.ndjson -o out/old.npy --force", ""),
        ("gather other-shape/a.ndjson -o out/old.npy --force", ""),
        ("gather cut/a.ndjson -o out/old.npy --force", ""),
        ("gather missing/a.ndjson -o out/old.npy --force", ""),
        ("gather good/a.ndjson -o good/a.npy --force", "it is an input"),
        ("gather good/a.ndjson -o none/x.npy", "there is no directory none"),
        ("scatter objects.npy --like good/a.ndjson -o new", "have no meaning"),
        ("scatter short.npy --like good/a.ndjson -o new", "it is cut short: 5 of 6 bytes"),
        ("scatter wide.npy --like good/a.ndjson -o new", "wide.npy has the shape (7,)"),
        ("scatter flat.npy --like good/a.ndjson -o full", "is not empty"),
        ("scatter good/a.ndjson --like good/a.ndjson -o new", "cannot read good/a.ndjson"),
        ("scatter flat.npy --like missing -o new", "missing"),
    ] {
        let outcome = files.run(&args.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{args}: {}", outcome.stderr);
        assert_eq!(names(&files, "."), before, "{args}");
        assert_eq!((names(&files, "out"), files.read("out/old.npy")), (vec!["old.npy".to_owned()], "old".to_owned()));
        assert_eq!(names(&files, "full"), ["x"]);
    }
    succeeds(&files.run(&["gather", "good/a.ndjson", "-o", "out/old.npy", "--force"]));
    let whole = std::fs::read(files.root().join("out/old.npy")).unwrap();
    assert_eq!((data(&whole).0, names(&files, "out")), (vec![0, 1, 2, 3, 4, 5], vec!["old.npy".to_owned()]));
}

/// 64 MiB in a different memory order, with less memory than that.
#[test]
fn memory_is_bounded() {
    let files = Files::new("gather-memory");
    let shape = [4096_i64, 16384];
    // No two places that a mistake confuses have the same bytes around them.
    let pattern: Vec<u8> = (0..1_048_583_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let bytes = (shape[0] * shape[1]) as usize;
    let items: Vec<u8> = pattern.iter().copied().cycle().take(bytes).collect();
    std::fs::write(files.root().join("whole.npy"), npy("'|u1'", true, &shape, &items)).unwrap();
    succeeds(&files.run(&["gen", "--shape", "4096,16384", "--grid", "3,2", "--dtype", "|u1", "-o", "like.ndjson"]));
    let limited = |args: &str| {
        let script = format!("ulimit -v 60000; exec {} {args}", env!("CARGO_BIN_EXE_dap-validate"));
        let output = Command::new("bash").args(["-c", &script]).current_dir(files.root()).output().unwrap();
        assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
    };
    limited("scatter whole.npy --like like.ndjson -o run --order C");
    limited("gather run -o back.npy --order F");
    limited("diff --values whole.npy run");
    let read = |name: &str| std::fs::read(files.root().join(name)).unwrap();
    assert!(data(&read("whole.npy")) == data(&read("back.npy")));
    // Rank 3 owns rows 1366 to 2731 of the second half of the columns, in C order.
    let (part, fortran) = data(&read("run/rank-3.npy"));
    assert!(!fortran);
    for at in (0..part.len()).step_by(9973) {
        let (row, column) = (1366 + at / 8192, 8192 + at % 8192);
        assert_eq!(part[at], items[row + 4096 * column], "{row}, {column}");
    }
    std::fs::remove_dir_all(files.root()).unwrap();
}
