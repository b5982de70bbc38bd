//! Data files beside exports.

use dap_core::check::Ranks;

use crate::dir::Dir;
use crate::{assert_valid, check, check_with, findings};

/// A one-process export of this buffer.
fn export(buffer: &str, ndim: usize) -> String {
    let dims = vec!["{}"; ndim].join(", ");
    format!(r#"{{"__version__": "0.10.0", "buffer": {{{buffer}}}, "dim_data": [{dims}]}}"#)
}

fn npy(header: &str, bytes: usize) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(vec![0; bytes]);
    file
}

/// The problem with the data file of an export beside the files of `dir`.
fn problem(dir: &Dir, buffer: &str, ndim: usize) -> Option<String> {
    dir.write("run/rank-0.json", export(buffer, ndim));
    let found = findings(&check(&[dir.path("run")]));
    // Odd strides have findings of their own.
    found.iter().find_map(|finding| finding.strip_prefix("DAP009 0: the buffer's data file ").map(ToOwned::to_owned))
}

#[test]
fn npy_files() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}";
    let dir = Dir::new("npy")
        .with("run/good.npy", npy(header, 96))
        .with("run/named.bin", npy(header, 96))
        .with("run/short.npy", npy(header, 95))
        .with("run/fortran.npy", npy(&header.replace("False", "True"), 96))
        .with("run/date.npy", npy(&header.replace("<f8", "<M8[s]"), 96))
        .with("run/text.npy", "hello")
        .with("beside.npy", npy(header, 96));
    let with = |file: &str| format!(r#""dtype": "<f8", "shape": [3, 4], "data": "{file}""#);
    for good in ["good.npy", "named.bin", "fortran.npy", "../beside.npy", "date.npy"] {
        assert_eq!(problem(&dir, &with(good), 2), None, "{good}");
    }
    let there = |buffer: &str| problem(&dir, buffer, 2).unwrap();
    assert_eq!(there(&with("missing.npy")), "`missing.npy` does not exist");
    assert_eq!(there(&with("")), "`` is a directory");
    assert_eq!(there(&with("short.npy")), "`short.npy` is cut short: 95 of 96 bytes of data are there");
    assert_eq!(there(&with("text.npy")), "`text.npy` is no readable .npy file: it ends within its header, at byte 5");
    assert_eq!(
        there(&with("good.npy").replace("[3, 4]", "[4, 3]")),
        "`good.npy` has the shape [3, 4], but the export states [4, 3]"
    );
    assert_eq!(
        there(&with("good.npy").replace("<f8", ">f8")),
        "`good.npy` holds items of float64, but the export states big-endian float64"
    );
}

#[test]
fn raw_files() {
    let dir = Dir::new("raw").with("run/a.bin", vec![0; 100]);
    let raw = |rest: &str| problem(&dir, &format!(r#""dtype": "<f8", "data": "a.bin", {rest}"#), 2);
    for good in [
        r#""shape": [3, 4]"#,
        r#""shape": [3, 4], "offset": 4"#,
        r#""shape": [3, 4], "strides": [8, 24]"#,
        r#""shape": [3, 4], "strides": [-32, 8], "offset": 64"#,
        r#""shape": [0, 4], "offset": 1000"#,
        r#""shape": [3, 4], "strides": [0, 0], "offset": 92"#,
    ] {
        assert_eq!(raw(good), None, "{good}");
    }
    for (wrong, expected) in [
        (r#""shape": [3, 4], "offset": 5"#, "`a.bin` has 100 bytes, and the buffer ends at byte 101"),
        (r#""shape": [3, 5]"#, "`a.bin` has 100 bytes, and the buffer ends at byte 120"),
        (r#""shape": [3, 4], "strides": [64, 8]"#, "`a.bin` has 100 bytes, and the buffer ends at byte 160"),
        (r#""shape": [3, 4], "strides": [-32, 8]"#, "`a.bin` begins 64 bytes after the buffer's first item"),
    ] {
        assert_eq!(raw(wrong).as_deref(), Some(expected), "{wrong}");
    }
}

#[test]
fn enormous_numbers_do_not_overflow() {
    let dir = Dir::new("raw-huge").with("run/a.bin", "");
    let dims = [i64::MAX, i64::MIN, -1, 0].map(|number| number.to_string());
    for shape in &dims {
        for stride in &dims {
            let buffer = format!(
                r#""dtype": "<f8", "data": "a.bin", "shape": [{shape}, {shape}, {shape}], "strides": [{stride}, {stride}, {stride}], "offset": {stride}"#
            );
            dir.write("run/rank-0.json", export(&buffer, 3));
            let _ = check(&[dir.path("run")]);
        }
    }
}

#[test]
fn other_layouts_name_files_relative_to_their_own() {
    let one = export(r#""dtype": "<f8", "shape": [2], "data": "sub/a.bin""#, 1);
    let dir = Dir::new("relative").with("run/sub/a.bin", [0; 16]).with("run/a.ndjson", &one);
    let dir = dir.with("run/b.json", format!(r#"{{"ranks": [{one}]}}"#)).with("run/c.json", &one);
    for name in ["run/a.ndjson", "run/b.json", "run/c.json"] {
        let checked = check(&[dir.path(name)]);
        assert_valid(&checked, "0", checked.claim);
    }
    let checked = check_with(&["-".into()], &one);
    assert_eq!(findings(&checked), ["DAP009 0: the buffer's data file `sub/a.bin` does not exist"]);
    assert_eq!(checked.claim, Ranks::All);
}
