//! Sets of `.dnpy` files: saved, loaded in their own and in other distributions, beside DistArray.

use dap_array::{Context, DynArray, ErrorKind};
use dap_core::algebra::Placement;
use dap_core::layout::{DimSpec, Layout};
use dap_io::dnpy::{self, DnpySet};
use dap_launch::values;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::folder::Shared;
use crate::mistakes;
use crate::oracle::{array, bytes, check, types};
use dap_array_testing::{placements_of, ranks_of, shapes};

pub(crate) fn random(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let pair = move |shape: Vec<i64>| (placements_of(shape.clone(), ranks), placements_of(shape, ranks));
    let cases = (shapes().prop_flat_map(pair), any::<bool>(), any::<u64>());
    for (number, ((from, to), is_f, salt)) in values(cases, 20, 90).into_iter().enumerate() {
        let types = types();
        let (dtype, name) = &types[number % types.len()];
        let what = format!("{number}: {name} {from} -> {to}, {is_f}");
        let whole = bytes(dtype, from.shape(), salt);
        let saved = array(context, &from, dtype, &whole, if is_f { Order::F } else { Order::C });
        let path = shared.file(&format!("set-{number}"));
        dnpy::save(&saved, &path).unwrap_or_else(|error| panic!("{what}: {error}"));
        if context.comm().rank() == 0 {
            std::fs::write(path.with_extension("bin"), &whole).expect("a file");
            let processes = from.layout().processes();
            let note = serde_json::json!({ "dtype": name, "shape": from.shape(), "processes": processes });
            std::fs::write(path.with_extension("set"), note.to_string()).expect("a file");
        }
        let set = DnpySet::open(context, &path).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((set.dtype(), set.layout().shape()), (dtype, from.shape()), "{what}");
        let same = dnpy::load(context, &path).expect(&what);
        // The section of each rank of the layout is where it was, up to the order of the ranks.
        let (stored, layout) = (same.layout(), saved.layout());
        assert!(
            (0..layout.processes()).all(|rank| {
                let rank = dap_core::index::Rank(rank);
                stored.owned_shape(rank) == layout.owned_shape(rank)
            }),
            "{what}: {stored} is not {layout}"
        );
        check(&same, &whole, &what);
        check(&set.load(&to).unwrap_or_else(|error| panic!("{what}: {error}")), &whole, &what);
    }
}

/// Sets that DistArray has made, on any number of processes.
pub(crate) fn foreign(context: &Context, shared: &Shared) {
    let folder = shared.root.join("distarray");
    if !folder.exists() {
        // The launcher has said so.
        return;
    }
    let ranks = ranks_of(context);
    let names = Shared::names(&folder);
    let sets: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".set")).collect();
    assert!(sets.len() > 40, "{sets:?}");
    for (number, name) in sets.into_iter().enumerate() {
        let path = folder.join(name);
        let whole = std::fs::read(folder.join(format!("{name}.bin"))).expect("the data");
        let set = DnpySet::open(context, &path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let same = dnpy::load(context, &path).unwrap_or_else(|error| panic!("{name}: {error}"));
        if set.layout().processes() <= ranks {
            assert_eq!(same.layout(), set.layout(), "{name}");
        }
        check(&same, &whole, name);
        let to: Placement = values(placements_of(set.layout().shape().to_vec(), ranks), 1, number as u8).remove(0);
        check(&set.load(&to).unwrap_or_else(|error| panic!("{name} -> {to}: {error}")), &whole, name);
    }
}

pub(crate) fn mistakes(context: &Context, shared: &Shared) {
    let path = shared.file("broken");
    let ranks = ranks_of(context);
    let file = |section: i64| shared.file(&format!("broken_{section}.dnpy"));
    let error = DnpySet::open(context, &path).expect_err("no file");
    mistakes::check(context, &error, ErrorKind::File, "broken_0.dnpy`: it does not exist");
    let layout = Layout::builder([12, 3]).processes(ranks).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| (at[0] * 3 + at[1]) as f64).expect("an array");
    dnpy::save(&x, &path).expect("files");
    let others = Layout::builder([12, 2]).processes(ranks).build().expect("a layout");
    let error = DnpySet::open(context, &path).expect("a set").load(others).expect_err("another shape");
    mistakes::check(context, &error, ErrorKind::Argument, "");
    context.comm().barrier().expect("all ranks are there");
    let last = layout.processes() - 1;
    let old = std::fs::read(file(last)).expect("a file");
    context.comm().barrier().expect("all ranks are there");
    let change = |content: Option<&[u8]>, words: &str| {
        if context.comm().rank() == 0 {
            match content {
                Some(content) => std::fs::write(file(last), content).expect("a file"),
                None => std::fs::remove_file(file(last)).expect("a file"),
            }
        }
        context.comm().barrier().expect("all ranks are there");
        let error = DnpySet::open(context, &path).expect_err(words);
        mistakes::check(context, &error, ErrorKind::File, words);
    };
    change(Some(&old[..old.len() - 1]), "it is cut short");
    change(Some(b"\x93DARRY\x01\x00"), "it ends within its header");
    let text = String::from_utf8_lossy(&old).replace("'size': 12", "'size': 13");
    let changed: Vec<u8> = [&old[..10], &text.as_bytes()[text.find('{').expect("a header")..]].concat();
    change(Some(&changed[..old.len().min(changed.len())]), "broken_");
    change(Some(b"\x93DARRY\x01\x00\x10\x00__import__('os'"), "broken_");
    change(None, "it does not exist");
    // A grid of 2^62 processes of which there is one file.
    let hostile = |grid: &str| {
        let text = format!(
            "{{'__version__': '0.10.0', 'dim_data': ({{'dist_type': 'b', 'size': 9, 'proc_grid_size': {grid}, 'proc_grid_rank': 0, 'start': 0, 'stop': 1}},)}}\n"
        );
        let npy = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}\n";
        let npy = [b"\x93NUMPY\x01\x00", &(npy.len() as u16).to_le_bytes()[..], npy.as_bytes(), b"x"].concat();
        [b"\x93DARRY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), &npy].concat()
    };
    for grid in ["4611686018427387904", "-1", "'x'"] {
        mistakes::write(context, &shared.file("huge_0.dnpy"), &hostile(grid));
        let error = DnpySet::open(context, shared.file("huge")).expect_err("no array");
        mistakes::check(context, &error, ErrorKind::File, "huge_");
    }
    // Lists of indices that are too long for the header: the old files stay.
    let kept = shared.file("kept-set");
    dnpy::save(&x, &kept).expect("files");
    context.comm().barrier().expect("all ranks are there");
    let old = std::fs::read(shared.file("kept-set_0.dnpy")).expect("a file");
    let lists: Vec<Vec<i64>> =
        (0..ranks).map(|rank| (0..30_000).filter(|index| index % ranks == rank).collect()).collect();
    let lists = Layout::builder([30_000]).dims([DimSpec::Unstructured(lists.into())]).processes(ranks).build();
    let long = DynArray::from_fn(context, lists.expect("a layout"), |at| at[0]).expect("an array");
    if ranks <= 2 {
        let error = dnpy::save(&long, &kept).expect_err("long lists");
        mistakes::check(context, &error, ErrorKind::File, "too long");
        context.comm().barrier().expect("all ranks are there");
        assert_eq!(std::fs::read(shared.file("kept-set_0.dnpy")).expect("a file"), old);
    }
}
