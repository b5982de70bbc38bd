//! `.dnpy` files, real and broken.

use std::path::Path;

use dap_core::check::Ranks;

use crate::dir::Dir;
use crate::{assert_valid, check, findings, text};

/// The header of rank `rank` of 10 items in `size` blocks.
pub(crate) fn header(rank: i64, size: i64) -> String {
    let (start, stop) = (10 * rank / size, 10 * (rank + 1) / size);
    format!(
        "{{'__version__': '0.10.0', 'dim_data': ({{'dist_type': 'b', 'size': 10, 'proc_grid_rank': {rank}, \
         'proc_grid_size': {size}, 'start': {start}, 'stop': {stop}}},), }}"
    )
}

/// A file with this header, and a `.npy` of `extent` items that has `bytes` bytes of data.
pub(crate) fn file(header: &str, descr: &str, extent: i64, bytes: usize) -> Vec<u8> {
    with_npy(header, &format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({extent},), }}"), bytes)
}

fn with_npy(header: &str, npy: &str, bytes: usize) -> Vec<u8> {
    let mut file = b"\x93DARRY\x01\x00".to_vec();
    file.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(b"\x93NUMPY\x01\x00");
    file.extend(u16::try_from(npy.len()).unwrap().to_le_bytes());
    file.extend(npy.as_bytes());
    file.extend(vec![0; bytes]);
    file
}

/// The findings in one such file.
fn found(name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
    let dir = Dir::new(&format!("dnpy-{name}")).with("a_0.dnpy", bytes);
    findings(&check(&[dir.path("a_0.dnpy")]))
}

#[test]
fn real_files_of_distarray() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/examples");
    for (name, ranks) in [("dnpy-p2-numpy-int64", "0-1"), ("dnpy-p2-u-7", "0-1"), ("dnpy-p3-irregular", "0-2")] {
        assert_valid(&check(&[examples.join(name)]), ranks, Ranks::All);
    }
    let wrong = check(&[examples.join("dnpy-p3-k2-9")]);
    assert!(findings(&wrong)[0].starts_with("DAP404 "), "{:?}", findings(&wrong));
}

#[test]
fn files_named_one_by_one_are_a_set_for_each_name() {
    let rank = |rank| file(&header(rank, 2), "<f8", 5, 40);
    let dir = Dir::new("dnpy-named").with("x_0.dnpy", rank(0)).with("x_1.dnpy", rank(1)).with("y_0.dnpy", rank(0));
    let paths = ["x_1.dnpy", "y_0.dnpy", "x_0.dnpy"].map(|name| dir.path(name));
    let sets = crate::sets(&paths, "").unwrap();
    assert_eq!(sets.len(), 2);
    let profile = dap_core::check::Profile::Auto;
    assert_valid(&sets[0].check(profile, &()), "0-1", Ranks::Some);
    assert!(findings(&sets[1].check(profile, &()))[0].starts_with("DAP622 0: 1 of 2"));
}

#[test]
fn the_header_is_shown_as_an_export() {
    let npy = "{'descr': [('re', '<f4'), ('im', '<f4')], 'fortran_order': True, 'shape': (3, 2)}";
    let header = "{'__version__': '0.10.0', 'dim_data': ({}, {})}";
    let dir = Dir::new("dnpy-shown").with("a_0.dnpy", with_npy(header, npy, 48));
    let checked = check(&[dir.path("a_0.dnpy")]);
    assert_valid(&checked, "0", Ranks::Some);
    let expected = r#"{
  "__version__": "0.10.0",
  "buffer": {
    "dtype": [["re", "<f4"], ["im", "<f4"]],
    "shape": [3, 2],
    "strides": [8, 24]
  },
  "dim_data": [
    {},
    {}
  ]
}
"#;
    assert_eq!(text(&checked, 0).unwrap(), expected);
}

#[test]
fn data_cut_short() {
    let short = found("short", file(&header(0, 1), "<f8", 10, 79));
    assert_eq!(short.len(), 1, "{short:?}");
    let whole = file(&header(0, 1), "<f8", 10, 0).len();
    let expected = format!("dtype and shape make 80 bytes of data, 79 follow at byte {whole}");
    assert_eq!(short[0], format!("DAP008 0: not a readable .dnpy file: {expected}"));
    assert_eq!(found("longer", file(&header(0, 1), "<f8", 10, 81)), Vec::<String>::new());
    let huge = with_npy(
        "{'dim_data': ({},)}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (9223372036854775807, 9)}",
        9,
    );
    assert!(found("huge", huge).iter().any(|finding| finding.contains("dtype and shape make")), "no length");
}

#[test]
fn broken_files() {
    let good = file(&header(0, 1), "<f8", 10, 80);
    let mut version = good.clone();
    version[6] = 2;
    let mut npy_version = good.clone();
    let npy = good.windows(6).position(|window| window == b"\x93NUMPY").unwrap();
    npy_version[npy + 6] = 9;
    let no_shape = with_npy("{}", "{'descr': '<f8', 'fortran_order': False}", 0);
    for (name, bytes, problem) in [
        ("empty", Vec::new(), "it is empty".to_owned()),
        ("npy", good[npy..].to_vec(), "it begins with `\\x93NUMPY`, not with `\\x93DARRY`".to_owned()),
        ("text", b"hello".to_vec(), "it does not begin with `\\x93DARRY`".to_owned()),
        ("magic", good[..6].to_vec(), "it ends within its header, at byte 6".to_owned()),
        ("cut", good[..50].to_vec(), "it ends within its header, at byte 50".to_owned()),
        ("version", version, "its format is 2.0; 1.0 is the only one known".to_owned()),
        (
            "no-npy",
            good[..npy].to_vec(),
            format!("no .npy behind its header: it ends within its header, at byte {npy}"),
        ),
        (
            "other-npy",
            npy_version,
            format!("no .npy behind its header: the .npy format 9.0 at byte {npy} is not known"),
        ),
        ("literal", file("{'a': 1", "<f8", 0, 0), "a `}` was expected at byte 17".to_owned()),
        ("list", file("[1]", "<f8", 0, 0), "its header, at byte 10, is no dictionary".to_owned()),
        ("shape", no_shape, "no .npy behind its header: no `shape` in the .npy header at byte 22".to_owned()),
        (
            "elided",
            file("{'a': array([0, 1, ..., 9])}", "<f8", 0, 0),
            "NumPy left out the middle of a long array: its items are lost at byte 29".to_owned(),
        ),
    ] {
        assert_eq!(found(name, bytes), [format!("DAP008 0: not a readable .dnpy file: {problem}")], "{name}");
    }
}

#[test]
fn every_beginning_of_a_file_is_refused_or_checked() {
    let good = file(&header(0, 1), "<f8", 10, 80);
    let dir = Dir::new("dnpy-beginnings");
    for end in 0..good.len() {
        dir.write("a_0.dnpy", &good[..end]);
        let found = findings(&check(&[dir.path("a_0.dnpy")]));
        assert!(found[0].starts_with("DAP008 0: "), "{end}: {found:?}");
    }
}
