//! Appending to Zarr stores and HDF5 datasets: piece by piece, beside the whole array, zarr-python
//! and h5py.

#[cfg(feature = "zarr")]
use std::collections::BTreeMap;
use std::path::Path;

use dap_array::{Context, DynArray, ErrorKind};
use dap_array_testing::{placements_of, ranks_of, shapes};
use dap_core::algebra::Placement;
use dap_core::dtype::DType;
#[cfg(feature = "zarr")]
use dap_core::layout::DimSpec;
use dap_core::layout::Layout;
#[cfg(feature = "zarr")]
use dap_io::zarr::{self, Append, Save, ZarrArray};
use dap_launch::values;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::folder::Shared;
use crate::mistakes;
use crate::oracle::{array, bytes, check, types};

/// The bytes of two arrays behind one another along an axis, with their shapes.
fn joined((left, shape): (&[u8], &[i64]), (right, more): (&[u8], i64), axis: usize, item: i64) -> Vec<u8> {
    let outer: i64 = shape[..axis].iter().product();
    let inner: i64 = shape[axis + 1..].iter().product::<i64>() * item;
    let rows = |bytes: &[u8], extent: i64, row: i64| {
        let len = (extent * inner) as usize;
        bytes[row as usize * len..][..len].to_vec()
    };
    (0..outer).flat_map(|row| [rows(left, shape[axis], row), rows(right, more, row)].concat()).collect()
}

/// A note for the other library, which reads the file when all launches are over.
fn note(context: &Context, path: &Path, ending: &str, dtype: &str, shape: &[i64], whole: &[u8]) {
    if context.comm().rank() == 0 {
        std::fs::write(path.with_extension("bin"), whole).expect("a file");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.split('-').nth(1)?.parse::<i64>().ok());
        let note = serde_json::json!({ "dtype": dtype, "shape": shape, "number": number });
        std::fs::write(path.with_extension(ending), note.to_string()).expect("a file");
    }
}

/// A random split of an array along an axis.
struct Split {
    axis: usize,
    chunks: Vec<i64>,
    /// The placements of the pieces.
    placements: Vec<Placement>,
    is_packed: bool,
    salt: u64,
}

fn splits(context: &Context, count: usize, salt: u8) -> Vec<Split> {
    let ranks = ranks_of(context);
    let shapes = shapes().prop_filter("an axis", |shape| !shape.is_empty());
    let split = move |shape: Vec<i64>| {
        let chunks: Vec<_> = shape.iter().map(|&extent| 1..extent.max(1) + 3).collect();
        let axis = 0..shape.len();
        (axis, prop::collection::vec(0..5_i64, 3), chunks).prop_flat_map(move |(axis, lengths, chunks)| {
            let of = |extent: i64| {
                let mut piece = shape.clone();
                piece[axis] = extent;
                placements_of(piece, ranks)
            };
            let placements: Vec<_> = lengths.iter().map(|&extent| of(extent)).collect();
            (Just(axis), Just(chunks), placements)
        })
    };
    let cases = (shapes.prop_flat_map(split), any::<bool>(), any::<u64>());
    let made = |((axis, chunks, placements), is_packed, salt)| Split { axis, chunks, placements, is_packed, salt };
    values(cases, count, salt).into_iter().map(made).collect()
}

/// Saves the first piece by `save` and appends the others by `append`; calls `check` with the
/// extents and the bytes of all pieces so far, each time. Returns the last ones.
fn in_pieces(
    context: &Context,
    split: &Split,
    dtype: &DType,
    save: impl Fn(&DynArray),
    append: impl Fn(&DynArray),
    check: impl Fn(&[i64], &[u8]),
) -> (Vec<i64>, Vec<u8>) {
    let mut shape = split.placements[0].shape().to_vec();
    let mut whole = Vec::new();
    for (at, placement) in split.placements.iter().enumerate() {
        let part = bytes(dtype, placement.shape(), split.salt.wrapping_add(at as u64 * 9));
        let x = array(context, placement, dtype, &part, Order::C);
        if at == 0 {
            save(&x);
            whole = part;
        } else {
            append(&x);
            let more = placement.shape()[split.axis];
            whole = joined((&whole, &shape), (&part, more), split.axis, dtype.itemsize());
            shape[split.axis] += more;
        }
        check(&shape, &whole);
    }
    (shape, whole)
}

/// A description has the numbers of processes along the axes that the first piece has.
fn check_processes(layout: Option<&Layout>, split: &Split, what: &str) {
    let processes = |layout: &Layout| layout.dims().iter().map(|dim| dim.grid_size()).collect::<Vec<i64>>();
    assert_eq!(layout.map(processes), Some(processes(split.placements[0].layout())), "{what}");
}

/// Some item types.
fn some_types() -> Vec<(DType, String)> {
    let names = ["'|b1'", "'<i2'", "'<f4'", "'<c8'"];
    let types: Vec<_> = types().into_iter().filter(|(_, name)| names.contains(&&name[..])).collect();
    assert_eq!(types.len(), names.len());
    types
}

#[cfg(feature = "zarr")]
pub(crate) fn stores(context: &Context, shared: &Shared) {
    let types = some_types();
    for (number, split) in splits(context, 20, 104).into_iter().enumerate() {
        let (dtype, name) = &types[number % types.len()];
        let Split { axis, chunks, placements, is_packed, .. } = &split;
        let what = format!("{number}: {name} {placements:?} along {axis} in {chunks:?}, packed: {is_packed}");
        let path = shared.file(&format!("appended-{number}.zarr"));
        let save = |x: &DynArray| {
            let save = Save::new(x).synced(false).chunks(chunks.clone()).attribute("of", number.into());
            if *is_packed { save.zstd(3).crc32c() } else { save }.to(&path).expect(&what);
        };
        let append = |x: &DynArray| {
            let append = Append::new(x, *axis).synced(number == 0);
            append.to(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
        };
        let (shape, whole) = in_pieces(context, &split, dtype, save, append, |shape, whole| {
            let stored = ZarrArray::open(context, &path).expect(&what);
            assert_eq!((stored.shape(), stored.chunks()), (shape, &chunks[..]), "{what}");
            assert_eq!(stored.attributes().get("of"), Some(&number.into()), "{what}");
            check_processes(stored.layout(), &split, &what);
            check(&stored.load_fitted().expect(&what), whole, &what);
        });
        note(context, &path, "note", name, &shape, &whole);
    }
    nothing_is_left(context, shared);
}

#[cfg(feature = "hdf5")]
pub(crate) fn datasets(context: &Context, shared: &Shared) {
    use dap_io::hdf5::{Append, Attribute, Dataset, Save};
    let types = some_types();
    for (number, split) in splits(context, 20, 105).into_iter().enumerate() {
        let (dtype, name) = &types[number % types.len()];
        let Split { axis, chunks, placements, is_packed, .. } = &split;
        let what = format!("{number}: {name} {placements:?} along {axis} in {chunks:?}, packed: {is_packed}");
        let path = shared.file(&format!("grown-{number}.h5"));
        let mut largest: Vec<Option<i64>> = placements[0].shape().iter().map(|&extent| Some(extent)).collect();
        largest[*axis] = None;
        let save = |x: &DynArray| {
            let save = Save::new(x, "group/field").synced(false).max_shape(largest.clone()).chunks(chunks.clone());
            let save = save.attribute("number", Attribute::Integer(number as i64));
            if *is_packed { save.shuffle().deflate(3) } else { save }.to(&path).expect(&what);
        };
        let append = |x: &DynArray| {
            let append = Append::new(x, "group/field", *axis).synced(number == 0);
            append.to(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
        };
        let (shape, whole) = in_pieces(context, &split, dtype, save, append, |shape, whole| {
            let stored = Dataset::open(context, &path, "group/field").expect(&what);
            assert_eq!(stored.shape(), shape, "{what}");
            assert_eq!(stored.attributes(), [("number".to_owned(), Attribute::Integer(number as i64))], "{what}");
            check_processes(stored.layout(), &split, &what);
            check(&stored.load_fitted().expect(&what), whole, &what);
        });
        note(context, &path, "h5note", name, &shape, &whole);
    }
    nothing_is_left(context, shared);
}

/// Datasets that cannot grow, and appends that fail.
#[cfg(feature = "hdf5")]
pub(crate) fn mistakes_of_datasets(context: &Context, shared: &Shared) {
    use dap_io::hdf5::{self, Save};
    let rows = |extents: [i64; 2]| {
        let layout = Layout::builder(extents).processes(ranks_of(context)).build().expect("a layout");
        DynArray::from_fn(context, &layout, |at| (at[0] * 5 + at[1]) as f64).expect("an array")
    };
    let path = shared.file("grown.h5");
    let (x, more) = (rows([10, 5]), rows([3, 5]));
    let error = hdf5::append(&more, &path, "x", 0).expect_err("no file");
    mistakes::check(context, &error, ErrorKind::File, "it does not exist");
    for (largest, words) in [(vec![Some(9), None], "do not fit"), (vec![None], "do not fit")] {
        let error = Save::new(&x, "x").max_shape(largest).to(&path).expect_err(words);
        mistakes::check(context, &error, ErrorKind::Argument, words);
    }
    Save::new(&x, "x").max_shape([Some(12), None]).chunks([4, 5]).deflate(1).to(&path).expect("a file");
    Save::new(&x, "dense").added().to(&path).expect("a file");
    Save::new(&x, "fixed").chunks([4, 4]).added().to(&path).expect("a file");
    context.comm().barrier().expect("all ranks are there");
    let old = std::fs::read(&path).expect("the file");
    let integers = DynArray::from_fn(context, more.placement(), |at| at[0]).expect("an array");
    for (array, name, axis, kind, words) in [
        (&more, "nothing", 0, ErrorKind::File, "it has no dataset `nothing`"),
        (&more, "dense", 0, ErrorKind::File, "`dense` is not in chunks, and cannot grow"),
        (&more, "fixed", 0, ErrorKind::File, "[10, 5] cannot become [13, 5], the largest are [10, 5]"),
        (&more, "x", 0, ErrorKind::File, "[10, 5] cannot become [13, 5], the largest are [12, unlimited]"),
        (&more, "x", 1, ErrorKind::Argument, "does not fit behind one of [10, 5] along axis 1"),
        (&more, "x", 2, ErrorKind::Argument, "along axis 2"),
        (&integers, "x", 0, ErrorKind::Argument, "convert them before"),
    ] {
        let error = hdf5::append(array, &path, name, axis).expect_err(words);
        mistakes::check(context, &error, kind, words);
    }
    mistakes::is_as_it_was(context, shared, &path, &old);
    hdf5::append(&rows([2, 5]), &path, "x", 0).expect("appended");
    let whole: Vec<u8> = (0..50).chain(0..10).flat_map(|at| f64::from(at).to_ne_bytes()).collect();
    check(&hdf5::load(context, &path, "x").expect("a dataset"), &whole, "x");
    check(&hdf5::load(context, &path, "dense").expect("a dataset"), &whole[..400], "dense");
}

fn nothing_is_left(context: &Context, shared: &Shared) {
    context.comm().barrier().expect("all ranks are there");
    let left = Shared::names(&shared.own).into_iter().filter(|name| name.contains(".part")).collect::<Vec<_>>();
    assert_eq!(left, [""; 0]);
    context.comm().barrier().expect("all ranks are there");
}

/// All files of a folder with their bytes.
#[cfg(feature = "zarr")]
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in Shared::names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    found
}

/// Stores that zarr-python has made.
#[cfg(feature = "zarr")]
pub(crate) fn foreign(context: &Context, shared: &Shared) {
    let folder = shared.root.join("zarr-python");
    if !folder.exists() {
        // The launcher has said so.
        return;
    }
    let names = Shared::names(&folder);
    let mut count = 0;
    for (number, name) in names.iter().filter_map(|name| name.strip_suffix(".note")).enumerate() {
        let (from, path) = (folder.join(format!("{name}.zarr")), shared.file(&format!("foreign-{name}.zarr")));
        if context.comm().rank() == 0 {
            for (inner, bytes) in files(&from) {
                let to = path.join(inner);
                std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
                std::fs::write(to, bytes).expect("a file");
            }
        }
        context.comm().barrier().expect("all ranks are there");
        let stored = ZarrArray::open(context, &path).expect("a store");
        let Some(axis) = number.checked_rem(stored.shape().len()) else { continue };
        let mut shape = stored.shape().to_vec();
        shape[axis] = 3;
        let part = bytes(stored.dtype(), &shape, number as u64);
        let blocks = Layout::builder(&shape[..]).processes(ranks_of(context)).build().expect("a layout");
        let x = array(context, &blocks.into(), stored.dtype(), &part, Order::C);
        Append::new(&x, axis).synced(false).to(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let old = std::fs::read(folder.join(format!("{name}.bin"))).expect("the data");
        let whole = joined((&old, stored.shape()), (&part, 3), axis, stored.dtype().itemsize());
        check(&zarr::load(context, &path).expect(name), &whole, name);
        shape[axis] += stored.shape()[axis];
        let typestr = DType::typestr(stored.dtype()).expect("a scalar");
        // zarr-python has the big-endian items of the metadata in this machine's order or its own.
        if name != "big" {
            note(context, &path, "note", &format!("'{typestr}'"), &shape, &whole);
        }
        count += 1;
    }
    assert!(count > 15, "{count} stores");
}

#[cfg(feature = "zarr")]
pub(crate) fn mistakes(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let rows = |extents: [i64; 2], by: f64| {
        let layout = Layout::builder(extents).dims([DimSpec::Cyclic]).processes(ranks).build().expect("a layout");
        DynArray::from_fn(context, &layout, |at| (at[0] * 5 + at[1]) as f64 * by).expect("an array")
    };
    let path = shared.file("kept.zarr");
    let more = rows([3, 5], 2.0);
    let error = zarr::append(&more, &path, 0).expect_err("no store");
    mistakes::check(context, &error, ErrorKind::File, "it does not exist");
    let error = zarr::append(&more, &shared.own, 0).expect_err("no store");
    mistakes::check(context, &error, ErrorKind::File, "it does not exist");
    Save::new(&rows([10, 5], 1.0)).chunks([4, 5]).crc32c().synced(false).to(&path).expect("a store");
    let integers = DynArray::from_fn(context, more.placement(), |at| at[0]).expect("an array");
    let flat = Layout::builder([5]).processes(1).build().expect("a layout");
    let flat = DynArray::from_fn(context, &flat, |at| at[0] as f64).expect("an array");
    context.comm().barrier().expect("all ranks are there");
    let old = files(&path);
    for (x, axis, words) in [
        (&integers, 0, "those in the file float64: convert them before"),
        (&flat, 0, "an array of shape [5] does not fit behind one of [10, 5] along axis 0"),
        (&more, 1, "along axis 1"),
        (&more, 2, "along axis 2"),
    ] {
        let error = zarr::append(x, &path, axis).expect_err(words);
        mistakes::check(context, &error, ErrorKind::Argument, words);
    }
    // The last chunk is read, and is damaged: nothing changes.
    let last = path.join("c/2/0");
    let whole = std::fs::read(&last).expect("a chunk");
    context.comm().barrier().expect("all ranks are there");
    mistakes::write(context, &last, &whole[1..]);
    let error = zarr::append(&more, &path, 0).expect_err("a damaged chunk");
    mistakes::check(context, &error, ErrorKind::File, "checksum");
    mistakes::write(context, &last, &whole);
    assert_eq!(files(&path), old);
    // One rank fails: its memory is in use. The array has three rows, so at most three ranks have
    // one.
    {
        let end = context.comm().size().min(3) - 1;
        let _guard = (context.comm().rank() == end).then(|| more.local_mut::<f64>().expect("a section"));
        let error = zarr::append(&more, &path, 0).expect_err("memory in use");
        assert_eq!(error.kind(), ErrorKind::State);
    }
    assert_eq!(files(&path), old);
    nothing_is_left(context, shared);
    // An append that is killed before the metadata are renamed: the old array is there, and the
    // next append replaces the chunks beyond it.
    zarr::append(&rows([9, 5], 3.0), &path, 0).expect("appended");
    context.comm().barrier().expect("all ranks are there");
    mistakes::write(context, &path.join("zarr.json"), &old["zarr.json"]);
    let is = |expected: Vec<f64>| {
        let expected: Vec<u8> = expected.into_iter().flat_map(f64::to_ne_bytes).collect();
        check(&zarr::load(context, &path).expect("the store"), &expected, "the store");
    };
    let numbers = |count: i64, by: f64| (0..count).map(move |at| at as f64 * by);
    is(numbers(50, 1.0).collect());
    zarr::append(&more, &path, 0).expect("appended");
    is(numbers(50, 1.0).chain(numbers(15, 2.0)).collect());
}
