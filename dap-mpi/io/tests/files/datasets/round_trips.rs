//! Datasets that are saved, and loaded in their own and in other distributions.

use dap_array::{Context, DynArray};
use dap_array_testing::{check as check_twin, placements_of, ranks_of, shapes};
use dap_core::dtype::DType;
use dap_core::layout::{DimSpec, Layout};
use dap_io::hdf5::{self, Attribute, Dataset, Save};
use dap_launch::values;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::folder::Shared;
use crate::oracle::{array, bytes, check, types};
use crate::regions::{Region, regions};

/// Item types that HDF5 has.
fn hdf5_types() -> Vec<(DType, String)> {
    let types: Vec<_> = types().into_iter().filter(|(_, name)| !name.contains('U')).collect();
    assert_eq!(types.len(), 13);
    types
}

pub(crate) fn random(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let pair = move |shape: Vec<i64>| {
        let chunks: Vec<_> = shape.iter().map(|&extent| 1..extent.max(1) + 3).collect();
        (placements_of(shape.clone(), ranks), placements_of(shape, ranks), chunks)
    };
    let cases = (shapes().prop_flat_map(pair), 0..4_u8, any::<bool>(), any::<u64>());
    let types = hdf5_types();
    for (number, ((from, to, chunks), kind, is_f, salt)) in values(cases, 39, 101).into_iter().enumerate() {
        let (dtype, name) = &types[number % types.len()];
        let kind = if from.shape().is_empty() { 0 } else { kind };
        let what = format!("{number}: {name} {from} -> {to} in {chunks:?}, kind {kind}, {is_f}");
        let whole = bytes(dtype, from.shape(), salt);
        let saved = array(context, &from, dtype, &whole, if is_f { Order::F } else { Order::C });
        let path = shared.file(&format!("dataset-{number}.h5"));
        let save =
            Save::new(&saved, "group/field").synced(number == 0).attribute("number", Attribute::Integer(number as i64));
        let save = match kind {
            0 => save,
            1 => save.chunks(chunks.clone()),
            2 => save.chunks(chunks.clone()).deflate(1),
            _ => save.chunks(chunks.clone()).shuffle().deflate(6),
        };
        save.to(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
        if context.comm().rank() == 0 {
            std::fs::write(path.with_extension("bin"), &whole).expect("a file");
            let note = serde_json::json!({ "dtype": name, "shape": from.shape(), "number": number });
            std::fs::write(path.with_extension("h5note"), note.to_string()).expect("a file");
        }
        let stored = Dataset::open(context, &path, "group/field").unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((stored.dtype(), stored.shape()), (dtype, from.shape()), "{what}");
        assert_eq!(stored.attributes(), [("number".to_owned(), Attribute::Integer(number as i64))], "{what}");
        assert_eq!(stored.chunks().is_some(), kind > 0, "{what}");
        let same = hdf5::load(context, &path, "group/field").unwrap_or_else(|error| panic!("{what}: {error}"));
        let local = |array: &DynArray| array.local_shapes().collect::<Vec<_>>();
        assert_eq!(local(&same), local(&saved), "{what}: {:?}", same.layout());
        check(&same, &whole, &what);
        check(&stored.load(&to).unwrap_or_else(|error| panic!("{what}: {error}")), &whole, &what);
        // The file is replaced.
        hdf5::save(&same, &path, "other").expect(&what);
        assert!(Dataset::open(context, &path, "group/field").is_err(), "{what}");
        check(&hdf5::load(context, &path, "other").expect(&what), &whole, &what);
        save.synced(false).to(&path).expect(&what);
    }
    nothing_is_left(context, shared);
}

/// No temporary file is left.
fn nothing_is_left(context: &Context, shared: &Shared) {
    context.comm().barrier().expect("all ranks are there");
    let left = Shared::names(&shared.own).into_iter().filter(|name| name.contains(".part")).collect::<Vec<_>>();
    assert_eq!(left, [""; 0]);
    context.comm().barrier().expect("all ranks are there");
}

pub(crate) fn regions_of_datasets(context: &Context, shared: &Shared) {
    let path = shared.file("region.h5");
    for (number, Region { twin, subscripts, part, to, choice, what }) in regions(context, 32, 102).enumerate() {
        let save = Save::new(&twin.array, "x").synced(false);
        let save = match twin.array.ndim() {
            1.. if choice => save.chunks(twin.array.shape().iter().map(|&extent| extent / 3 + 1).collect::<Vec<_>>()),
            _ => save,
        };
        let save = if number % 2 == 0 && twin.array.ndim() > 0 { save.deflate(1) } else { save };
        save.to(&path).expect("a file");
        let stored = Dataset::open(context, &path, "x").expect(&what);
        let loaded = stored.load_region(&subscripts, &to).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_twin(&loaded, &part, &what);
    }
}

/// Several datasets of one file, and pieces of more than a few MiB.
pub(crate) fn added(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let path = shared.file("several.h5");
    let (rows, columns) = (700, 1024);
    let array = |dims: [DimSpec; 2], salt: i64| {
        let layout = Layout::builder([rows, columns]).dims(dims).processes(ranks).build().expect("a layout");
        DynArray::from_fn(context, layout, |at| at[0] * columns + at[1] + salt).expect("an array")
    };
    let arrays = [
        ("plain", array([DimSpec::Block, DimSpec::Undistributed], 0)),
        ("group/columns", array([DimSpec::Undistributed, DimSpec::Cyclic], 1)),
        ("group/chunks", array([DimSpec::BlockCyclic(3), DimSpec::Undistributed], 2)),
        ("group/deep/packed", array([DimSpec::Undistributed, DimSpec::Block], 3)),
    ];
    for (number, (name, array)) in arrays.iter().enumerate() {
        // The first one makes the file.
        let save = Save::new(array, name).added().synced(false);
        let save = match number {
            2 => save.chunks([64, 1000]),
            3 => save.shuffle().deflate(1),
            _ => save,
        };
        save.to(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for (name, array) in &arrays {
        let loaded = hdf5::load(context, &path, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(loaded.layout(), array.layout(), "{name}");
        let differs = (loaded.expr() - array.expr()).eval().expect("a result");
        assert_eq!((differs.max().expect("a number").to_f64(), differs.min().expect("a number").to_f64()), (0.0, 0.0));
    }
    nothing_is_left(context, shared);
}
