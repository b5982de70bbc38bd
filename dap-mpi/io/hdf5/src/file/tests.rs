use std::path::PathBuf;

use dap_core::dtype::DType;

use super::*;
use crate::{Attribute, Filter, NewChunks, Storage};

fn with_file(name: &str, body: impl FnOnce(&Path)) {
    let path: PathBuf = std::env::temp_dir().join(format!("dap-hdf5-{name}-{}.h5", std::process::id()));
    body(&path);
    std::fs::remove_file(&path).expect("the file");
}

fn numbers(shape: &[u64], chunked: Option<NewChunks>) -> NewDataset {
    NewDataset { dtype: DType::parse("<i4").expect("a type"), shape: shape.to_vec(), max_shape: None, chunked }
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).expect("the file").len()
}

#[test]
fn the_room_of_elements_is_in_the_file() {
    with_file("room", |path| {
        let file = File::create(path).unwrap();
        file.create_dataset("a/b/c", &numbers(&[5, 7], None)).unwrap();
        file.create_dataset("a/empty", &numbers(&[0, 7], None)).unwrap();
        file.create_dataset("scalar", &numbers(&[], None)).unwrap();
        assert!(file.create_dataset("a/b/c", &numbers(&[1], None)).is_err());
        assert!(file.create_dataset("scalar/x", &numbers(&[1], None)).is_err());
        file.close().unwrap();
        let file = File::open(path, false).unwrap();
        let found = file.dataset("/a//b/c/").unwrap().describe(length(path)).unwrap();
        assert_eq!((found.dtype, &found.shape[..]), (DType::parse("<i4").unwrap(), &[5, 7][..]));
        let Storage::Contiguous { offset: Some(offset) } = found.storage else { panic!("{:?}", found.storage) };
        assert!(offset > 0 && offset + 140 <= length(path));
        assert!(file.dataset("scalar").unwrap().describe(0).unwrap().shape.is_empty());
        assert!(file.has("a/b").unwrap() && !file.has("a/x").unwrap() && !file.has("scalar/x/y").unwrap());
        let refused = |name: &str| file.dataset(name).unwrap_err().to_string();
        assert_eq!(refused("x"), "it has no dataset `x`; the names at its root are `a`, `scalar`");
        assert_eq!(refused("a/b"), "`a/b` is a group or a type, not a dataset");
        assert!(refused("").contains("is no name of a dataset"));
        assert!(refused("a/./b").contains("is no name of a dataset"));
    });
}

#[test]
fn chunks_have_places() {
    with_file("chunks", |path| {
        let plain = NewChunks { extents: vec![2, 3], deflate: None, shuffle: false };
        let packed = NewChunks { deflate: Some(3), shuffle: true, ..plain.clone() };
        let file = File::create(path).unwrap();
        file.create_dataset("plain", &numbers(&[5, 7], Some(plain))).unwrap();
        file.create_dataset("packed", &numbers(&[5, 7], Some(packed))).unwrap();
        file.close().unwrap();
        let file = File::open(path, false).unwrap();
        let found = file.dataset("plain").unwrap().describe(length(path)).unwrap();
        let Storage::Chunked { extents, filters, chunks } = found.storage else { panic!("{:?}", found.storage) };
        assert_eq!((&extents[..], filters.len(), chunks.len()), (&[2, 3][..], 0, 9));
        assert!(chunks.iter().all(|chunk| chunk.bytes == 24 && chunk.address + 24 <= length(path)));
        let found = file.dataset("packed").unwrap().describe(length(path)).unwrap();
        let Storage::Chunked { filters, chunks, .. } = found.storage else { panic!("{:?}", found.storage) };
        assert_eq!((&filters[..], chunks.len()), (&[Filter::Shuffle { item: 4 }, Filter::Deflate { level: 3 }][..], 0));
    });
}

#[test]
fn attributes_are_read_back() {
    with_file("attributes", |path| {
        let values = [
            ("float", Attribute::Float(-2.5)),
            ("floats", Attribute::Floats(vec![1.0, f64::INFINITY])),
            ("integer", Attribute::Integer(i64::MIN)),
            ("integers", Attribute::Integers(vec![3, -4, 5])),
            ("long", Attribute::Text("x".repeat(200_000))),
            ("text", Attribute::Text("grün".to_owned())),
        ];
        let file = File::create(path).unwrap();
        let dataset = file.create_dataset("x", &numbers(&[3], None)).unwrap();
        for (name, value) in &values {
            dataset.set_attribute(name, &Attribute::Integer(1)).unwrap();
            dataset.set_attribute(name, value).unwrap();
        }
        drop(dataset);
        file.close().unwrap();
        let found = File::open(path, false).unwrap().dataset("x").unwrap().describe(length(path)).unwrap();
        let expected: Vec<_> = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(found.attributes, expected);
    });
}

#[test]
fn no_file_of_hdf5() {
    with_file("none", |path| {
        std::fs::write(path, "no file of HDF5").unwrap();
        let error = File::open(path, false).unwrap_err().to_string();
        assert!(error.starts_with("HDF5 cannot open it: "), "{error}");
    });
}

#[test]
fn datasets_grow() {
    let path = std::env::temp_dir().join(format!("dap-hdf5-grow-{}.h5", std::process::id()));
    let file = File::create(&path).unwrap();
    let chunks = NewChunks { extents: vec![2, 3], deflate: None, shuffle: false };
    let new = NewDataset { max_shape: Some(vec![None, Some(7)]), ..numbers(&[3, 4], Some(chunks)) };
    let dataset = file.create_dataset("x", &new).unwrap();
    dataset.grow(&[5, 7]).unwrap();
    assert_eq!(dataset.describe(u64::MAX).unwrap().shape, [5, 7]);
    let refused = |shape: &[u64]| dataset.grow(shape).unwrap_err().to_string();
    assert!(refused(&[5, 8]).contains("[5, 7] cannot become [5, 8], the largest are [unlimited, 7]"));
    assert!(refused(&[4, 7]).contains("cannot become [4, 7]"));
    assert!(refused(&[5]).contains("cannot become [5]"));
    std::fs::remove_file(path).unwrap();
}
