//! `show` of arrays in files of other formats.

use dap_core::layout::{DimSpec, Layout};
use dap_formats::{description, npy};
use serde_json::{Value, json};

use crate::files::Files;
use crate::snapshots::assert_snapshot;

/// The metadata of a Zarr array with the description of a layout.
fn zarr(layout: Option<&Layout>, shape: &[i64]) -> Value {
    let described = layout.and_then(description::write);
    let attributes = described.map_or(json!({ "unit": "K" }), |it| json!({ description::ATTRIBUTE: it }));
    json!({
        "zarr_format": 3, "node_type": "array", "shape": shape, "data_type": "float32",
        "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": vec![4; shape.len()] } },
        "chunk_key_encoding": { "name": "default" }, "fill_value": 0, "attributes": attributes,
        "codecs": [{ "name": "bytes" }, { "name": "zstd", "configuration": { "level": 3 } }],
    })
}

fn layout() -> Layout {
    Layout::builder([11, 6]).dims([DimSpec::BlockCyclic(2), DimSpec::Block]).grid([2, 2]).build().expect("a layout")
}

#[test]
fn a_store_has_the_distribution_that_it_describes() {
    let files =
        Files::new("show-stored-zarr").with("run/x.zarr/zarr.json", zarr(Some(&layout()), &[11, 6]).to_string());
    for name in ["run/x.zarr", "run/x.zarr/"] {
        let outcome = files.run(&["show", name]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert_snapshot("show-stored-zarr", &outcome.stdout.replace("x.zarr/\n", "x.zarr\n"));
    }
    let shown = files.run(&["show", "run/x.zarr", "--output-format", "json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    let array = &shown["arrays"][0];
    let stored = json!({ "format": "Zarr v3", "shape": [11, 6], "chunk": [4, 4], "codecs": ["bytes", "zstd"] });
    assert_eq!((&array["stored"], &array["dtype"]), (&stored, &json!("<f4")));
    assert_eq!(array["distribution"]["ranks"].as_array().map(Vec::len), Some(4));
    assert_eq!(array["distribution"]["ranks"][3]["owned_shape"], json!([5, 3]));
}

#[test]
fn files_without_a_distribution_are_shown() {
    let record = dap_core::dtype::DType::parse("<i2").expect("a type").descr().expect("a type");
    let header = npy::header(&record, true, &[3, 4]).expect("a header");
    let old = r#"{"zarr_format": 2, "shape": [5], "chunks": [2], "dtype": "<M8[s]", "order": "F",
        "filters": null, "compressor": null, "fill_value": 0}"#;
    let files = Files::new("show-stored-plain")
        .with("x.npy", header)
        .with("old.zarr/.zarray", old)
        .with("old.zarr/.zattrs", "{}")
        .with("scalar.zarr/zarr.json", zarr(None, &[]).to_string());
    let outcome = files.run(&["show", "x.npy", "old.zarr", "scalar.zarr"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_snapshot("show-stored-plain", &outcome.stdout);
    let shown = files.run(&["show", "old.zarr", "x.npy", "--output-format", "json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    assert_eq!(shown["arrays"][0]["dtype"], Value::Null);
    assert_eq!(shown["arrays"][1]["stored"]["chunk"], Value::Null);
    assert_eq!(shown["arrays"][1]["distribution"], Value::Null);
}

#[test]
fn files_that_cannot_be_shown_say_why() {
    let shape = r#""shape":[9223372036854775807,9223372036854775807]"#;
    let huge = zarr(None, &[4, 4]).to_string().replace(r#""shape":[4,4]"#, shape);
    assert!(huge.contains("9223372036854775807"), "{huge}");
    let files = Files::new("show-stored-wrong")
        .with("x.h5", b"\x89HDF\r\n\x1a\n and more")
        .with("cut.npy", &b"\x93NUMPY\x01\x00\xff\xff{"[..])
        .with("group.zarr/zarr.json", r#"{"zarr_format": 3, "node_type": "group"}"#)
        .with("none.zarr/zarr.json", "{")
        .with("lies.zarr/zarr.json", zarr(Some(&layout()), &[11, 7]).to_string())
        .with("huge.zarr/zarr.json", huge)
        .with("x.npy", npy::header(&dap_core::dtype::Descr::Text("<f8".into()), false, &[2]).expect("a header"));
    for (arguments, words) in [
        (&["x.h5"][..], "`x.h5`: it is an HDF5 file, which takes the HDF5 library"),
        (&["cut.npy"], "`cut.npy`: it ends within its header"),
        (&["group.zarr"], "`group.zarr`: it is a Zarr group: name one of the arrays in it"),
        (&["none.zarr"], "`none.zarr`: its zarr.json is not readable"),
        (&["x.npy", "--view", "1:"], "leave out --view and --svg"),
        (&["x.npy", "--svg", "x.svg"], "leave out --view and --svg"),
    ] {
        let outcome = files.run(&[&["show"], arguments].concat());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
    // A description of another shape is none.
    let outcome = files.run(&["show", "lies.zarr", "huge.zarr"]);
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.stdout.matches("no distribution is described").count(), 2, "{}", outcome.stdout);
}
