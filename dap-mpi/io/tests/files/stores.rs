//! Zarr stores: saved, loaded in their own and in other distributions, beside zarr-python.

use std::path::Path;

use dap_array::{Context, DynArray, ErrorKind};
use dap_array_testing::{check as check_twin, placements_of, ranks_of, shapes};
use dap_core::algebra::{Placement, Subscript};
use dap_core::layout::{DimSpec, Layout};
use dap_io::zarr::{self, Save, ZarrArray};
use dap_launch::values;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::folder::Shared;
use crate::mistakes;
use crate::oracle::{array, bytes, check, types};
use crate::regions::{Region, regions};

pub(crate) fn random(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let pair = move |shape: Vec<i64>| {
        let chunks: Vec<_> = shape.iter().map(|&extent| 1..extent.max(1) + 3).collect();
        (placements_of(shape.clone(), ranks), placements_of(shape, ranks), chunks)
    };
    let cases = (shapes().prop_flat_map(pair), 0..4_u8, any::<u64>());
    let types: Vec<_> = types()
        .into_iter()
        .filter(|(_, name)| "b1 u1 i2 i8 f4 f2 c8".contains(&name[2..4]) && !name.contains('>'))
        .collect();
    assert!(types.len() >= 7, "{types:?}");
    for (number, ((from, to, chunks), codec, salt)) in values(cases, 21, 95).into_iter().enumerate() {
        let (dtype, name) = &types[number % types.len()];
        let what = format!("{number}: {name} {from} -> {to} in {chunks:?}, codec {codec}");
        let whole = bytes(dtype, from.shape(), salt);
        let saved = array(context, &from, dtype, &whole, Order::C);
        let path = shared.file(&format!("store-{number}.zarr"));
        let number_of = serde_json::json!({ "number": number, "list": [0.5, null] });
        let save = Save::new(&saved).synced(number == 0).attribute("of", number_of.clone());
        let save = match codec {
            0 => save,
            1 => save.chunks(chunks.clone()),
            2 => save.chunks(chunks.clone()).zstd(3),
            _ => save.chunks(chunks.clone()).zstd(1).crc32c(),
        };
        save.to(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
        if context.comm().rank() == 0 {
            std::fs::write(path.with_extension("bin"), &whole).expect("a file");
            let note = serde_json::json!({ "dtype": name, "shape": from.shape(), "of": number_of });
            std::fs::write(path.with_extension("note"), note.to_string()).expect("a file");
        }
        let stored = ZarrArray::open(context, &path).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((stored.dtype(), stored.shape()), (dtype, from.shape()), "{what}");
        assert_eq!(stored.attributes().iter().collect::<Vec<_>>(), [(&"of".to_owned(), &number_of)], "{what}");
        if codec > 0 {
            assert_eq!(stored.chunks(), chunks, "{what}");
        }
        let same = zarr::load(context, &path).expect(&what);
        let local = |array: &DynArray| array.local_shapes().collect::<Vec<_>>();
        assert_eq!(local(&same), local(&saved), "{what}: {:?}", same.layout());
        check(&same, &whole, &what);
        check(&stored.load(&to).unwrap_or_else(|error| panic!("{what}: {error}")), &whole, &what);
        // The store is replaced, old chunks with it.
        Save::new(&same)
            .chunks(from.shape().iter().map(|extent| extent + 1).collect::<Vec<_>>())
            .synced(false)
            .to(&path)
            .expect(&what);
        check(&zarr::load(context, &path).expect(&what), &whole, &what);
        save.synced(false).to(&path).expect(&what);
    }
    context.comm().barrier().expect("all ranks are there");
    let left = Shared::names(&shared.own).into_iter().filter(|name| name.contains(".part")).collect::<Vec<_>>();
    assert_eq!(left, [""; 0]);
    context.comm().barrier().expect("all ranks are there");
}

pub(crate) fn regions_of_stores(context: &Context, shared: &Shared) {
    let path = shared.file("region.zarr");
    for Region { twin, subscripts, part, to, choice, what } in regions(context, 24, 103) {
        let chunks: Vec<_> = twin.array.shape().iter().map(|&extent| extent / 3 + 1).collect();
        let save = Save::new(&twin.array).synced(false).chunks(chunks);
        if choice { save.zstd(1) } else { save }.to(&path).expect("a store");
        let stored = ZarrArray::open(context, &path).expect(&what);
        assert!(stored.attributes().is_empty(), "{what}");
        let loaded = stored.load_region(&subscripts, &to).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_twin(&loaded, &part, &what);
    }
    let stored = ZarrArray::open(context, &path).expect("a store");
    let scalar = Layout::builder([]).processes(1).build().expect("a layout");
    let beyond = vec![Subscript::Index(1 << 40); stored.shape().len() + 1];
    assert_eq!(stored.load_region(&beyond, scalar).expect_err("no such region").kind(), ErrorKind::Argument);
}

/// Stores that zarr-python has made.
pub(crate) fn foreign(context: &Context, shared: &Shared) {
    let folder = shared.root.join("zarr-python");
    if !folder.exists() {
        // The launcher has said so.
        return;
    }
    let ranks = ranks_of(context);
    let names = Shared::names(&folder);
    let stores: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".note")).collect();
    assert!(stores.len() > 15, "{stores:?}");
    for (number, name) in stores.into_iter().enumerate() {
        let path = folder.join(format!("{name}.zarr"));
        let whole = std::fs::read(folder.join(format!("{name}.bin"))).expect("the data");
        let stored = ZarrArray::open(context, &path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(stored.layout().is_none(), "{name}");
        check(&zarr::load(context, &path).unwrap_or_else(|error| panic!("{name}: {error}")), &whole, name);
        let to: Placement = values(placements_of(stored.shape().to_vec(), ranks), 1, number as u8).remove(0);
        check(&stored.load(&to).unwrap_or_else(|error| panic!("{name} -> {to}: {error}")), &whole, name);
    }
}

/// The first file of a chunk in a store.
fn first_chunk(folder: &Path) -> std::path::PathBuf {
    let mut path = folder.join("c");
    while path.is_dir() {
        path = path.join(&Shared::names(&path)[0]);
    }
    path
}

pub(crate) fn mistakes(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let layout = Layout::builder([12, 5]).dims([DimSpec::Cyclic]).processes(ranks).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| (at[0] * 5 + at[1]) as f64).expect("an array");
    let path = shared.file("broken.zarr");
    let error = ZarrArray::open(context, &path).expect_err("no store");
    mistakes::check(context, &error, ErrorKind::File, "it does not exist");
    let wrong: [&[i64]; 4] = [&[4], &[4, 0], &[4, -1], &[1 << 40, 1 << 40]];
    for chunks in wrong {
        let error = Save::new(&x).chunks(chunks).to(&path).expect_err("no chunks");
        mistakes::check(context, &error, ErrorKind::Argument, "chunk");
    }
    let error = Save::new(&x).attribute("distarray", 7.into()).to(&path).expect_err("the description");
    mistakes::check(context, &error, ErrorKind::Argument, "choose another name");
    let error = Save::new(&x).attribute("long", "x".repeat(16 << 20).into()).to(&path).expect_err("too long");
    mistakes::check(context, &error, ErrorKind::Argument, "at most 16777216");
    // Other folders are not replaced.
    let error = Save::new(&x).to(&shared.own).expect_err("a folder");
    mistakes::check(context, &error, ErrorKind::File, "which is not replaced");
    let error = Save::new(&x).to(shared.file("nowhere/x.zarr")).expect_err("no folder");
    mistakes::check(context, &error, ErrorKind::File, "it does not exist");
    Save::new(&x).chunks([4, 5]).zstd(3).crc32c().synced(false).to(&path).expect("a store");
    let stored = ZarrArray::open(context, &path).expect("a store");
    assert_eq!(stored.layout(), Some(&layout));
    context.comm().barrier().expect("all ranks are there");
    // A chunk that is changed, cut short, longer than any, or inflates.
    let chunk = first_chunk(&path);
    let old = std::fs::read(&chunk).expect("a chunk");
    let text = std::fs::read_to_string(path.join("zarr.json")).expect("metadata");
    context.comm().barrier().expect("all ranks are there");
    let changed = |at: usize| {
        let mut changed = old.clone();
        changed[at] ^= 1;
        changed
    };
    let inflating = |bytes: usize| {
        let zstd = zstd::bulk::compress(&vec![0; bytes], 19).expect("compressed");
        [&zstd[..], &crc32c::crc32c(&zstd).to_le_bytes()].concat()
    };
    let cases = [
        (changed(old.len() / 2), "checksum"),
        (old[..old.len() - 1].to_vec(), "checksum"),
        (old[..2].to_vec(), "checksum"),
        (vec![0; 1 << 20], "bytes"),
        (inflating(1 << 27), "more than"),
        (inflating(7), "c/"),
    ];
    for (content, words) in cases {
        mistakes::write(context, &chunk, &content);
        mistakes::check(context, &stored.load(&layout).expect_err(words), ErrorKind::File, words);
    }
    mistakes::write(context, &chunk, &old);
    stored.load(&layout).expect("a whole store");
    // Metadata.
    let json = |from: &str, to: &str| {
        let changed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        changed.to_string().replace(from, to)
    };
    let cases = [
        (String::new(), "it does not exist"),
        ("{".to_owned(), "not readable"),
        ("[".repeat(100_000), "not readable"),
        (json(r#""zarr_format":3"#, r#""zarr_format":2"#), "version 3"),
        (json(r#""float64""#, r#""string""#), "an array cannot hold its items, string"),
        (json(r#""chunk_shape":[4,5]"#, r#""chunk_shape":[4,0]"#), "chunk grid"),
        (json(r#""chunk_shape":[4,5]"#, r#""chunk_shape":[4]"#), "chunk grid"),
        (json(r#""chunk_shape":[4,5]"#, r#""chunk_shape":[4611686018427387904,4]"#), "larger than"),
        (json(r#""shape":[12,5]"#, r#""shape":[-12,5]"#), "shape"),
        (json(r#""shape":[12,5]"#, r#""shape":[9223372036854775807,9223372036854775807]"#), "broken.zarr"),
        (json(r#""name":"zstd""#, r#""name":"blosc""#), "codec `blosc`"),
    ];
    for (content, words) in cases {
        mistakes::write(context, &path.join("zarr.json"), content.as_bytes());
        let error = ZarrArray::open(context, &path).expect_err(words);
        assert!(error.to_string().contains(words), "{error}: not said: {words}");
        context.comm().barrier().expect("all ranks are there");
    }
    // A description that is none, or of another shape, is no distribution.
    for (from, to) in [(r#""distarray":["#, r#""distarray":[7,"#), (r#""size":12"#, r#""size":13"#)] {
        mistakes::write(context, &path.join("zarr.json"), json(from, to).as_bytes());
        assert_eq!(ZarrArray::open(context, &path).expect("a store").layout(), None, "{to}");
    }
}
