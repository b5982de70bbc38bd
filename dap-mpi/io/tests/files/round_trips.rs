//! Arrays that are saved, looked at byte by byte, and loaded in another distribution.

use std::path::Path;

use dap_array::{Context, DynArray, ElementType};
use dap_core::dtype::DType;
use dap_core::layout::{DimSpec, Layout};
use dap_io::npy::{self, NpyFile, Save};
use dap_launch::values;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::folder::Shared;
use crate::foreign;
use crate::oracle::{array, bytes, check, in_fortran_order, types};
use dap_array_testing::steps;
use dap_array_testing::{Twin, placements_of, ranks_of, shapes};

/// Compares the data of a file with the items of the whole array, which are in C order.
fn check_file(context: &Context, path: &Path, shape: &[i64], order: Order, item: usize, whole: &[u8], what: &str) {
    if context.comm().rank() != 0 {
        return;
    }
    let file = std::fs::read(path).expect("a file");
    let header = match file[6] {
        1 => 10 + usize::from(u16::from_le_bytes([file[8], file[9]])),
        _ => 12 + u32::from_le_bytes([file[8], file[9], file[10], file[11]]) as usize,
    };
    let expected = if order == Order::F { in_fortran_order(whole, shape, item) } else { whole.to_vec() };
    assert_eq!(&file[header..], &expected[..], "{what}: the file's data");
}

pub(crate) fn random(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let pair = move |shape: Vec<i64>| (placements_of(shape.clone(), ranks), placements_of(shape, ranks));
    let cases = (shapes().prop_flat_map(pair), any::<[bool; 2]>(), any::<u64>());
    for (number, ((from, to), [file_f, memory_f], salt)) in values(cases, 28, 80).into_iter().enumerate() {
        let types = types();
        let (dtype, name) = &types[number % types.len()];
        let order = |is_f: bool| if is_f { Order::F } else { Order::C };
        let what = format!("{number}: {name} {from} -> {to}, {file_f} {memory_f}");
        let (shape, item) = (from.shape().to_vec(), dtype.itemsize() as usize);
        let whole = bytes(dtype, &shape, salt);
        let saved = array(context, &from, dtype, &whole, order(memory_f));
        let path = shared.file(&format!("random-{number}.npy"));
        Save::new(&saved)
            .order(order(file_f))
            .synced(number == 0)
            .to(&path)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        check_file(context, &path, &shape, order(file_f), item, &whole, &what);
        foreign::note(context, &path, name, &shape, file_f, &whole);
        let file = NpyFile::open(context, &path).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((file.dtype(), file.shape(), file.order()), (dtype, &shape[..], order(file_f)), "{what}");
        let loaded = file.load(&to).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&loaded, &whole, &what);
        // A file that exists is replaced.
        Save::new(&loaded).synced(false).to(&path).expect(&what);
        check_file(context, &path, &shape, Order::C, item, &whole, &what);
        check(&npy::load(context, &path).expect(&what), &whole, &what);
        Save::new(&saved).order(order(file_f)).synced(false).to(&path).expect(&what);
    }
}

pub(crate) fn views(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 1..4));
    for (number, (placement, steps)) in values(cases, 15, 81).into_iter().enumerate() {
        let what = format!("{number}: {placement} {steps:?}");
        let twin = steps.iter().fold(Twin::new(context, &placement, 17), |twin, step| twin.step(step));
        let path = shared.file(&format!("view-{number}.npy"));
        Save::new(&twin.array).synced(false).to(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
        let whole: Vec<u8> = twin.whole.iter().flat_map(|value| value.to_le_bytes()).collect();
        let file = NpyFile::open(context, &path).expect(&what);
        check_file(context, &path, file.shape(), file.order(), 8, &whole, &what);
        foreign::note(context, &path, "'<f8'", twin.array.shape(), file.order() == Order::F, &whole);
        check(&npy::load(context, &path).expect(&what), &whole, &what);
    }
    // A transposed array is saved in Fortran order, as NumPy does.
    let rows = Layout::builder([6, 4]).processes(ranks).build().expect("a layout");
    let x = DynArray::from_fn(context, &rows, |at| (at[0] * 4 + at[1]) as f64).expect("an array");
    let path = shared.file("transposed.npy");
    npy::save(&x.transpose(&[1, 0]).expect("a view"), &path).expect("a file");
    assert_eq!(NpyFile::open(context, &path).expect("a file").order(), Order::F);
}

/// More than one piece in all ways of the elements.
pub(crate) fn pieces(context: &Context, shared: &Shared) {
    if context.comm().size() != 2 {
        return;
    }
    let (rows, columns) = (1100, 2048);
    let value = |at: &[i64]| at[0] * columns + at[1];
    let kinds = [
        [DimSpec::Undistributed, DimSpec::Cyclic],
        [DimSpec::Block, DimSpec::Undistributed],
        [DimSpec::Undistributed, DimSpec::Block],
        [DimSpec::BlockCyclic(3), DimSpec::Undistributed],
    ];
    let path = shared.file("pieces.npy");
    let dtype: DType = ElementType::I64.dtype();
    for (number, from) in kinds.iter().enumerate() {
        let layout = |dims: &[DimSpec; 2]| {
            Layout::builder([rows, columns]).dims(dims.clone()).processes(2).build().expect("a layout")
        };
        let x = DynArray::from_fn(context, layout(from), value).expect("an array");
        for order in [Order::C, Order::F] {
            Save::new(&x).order(order).synced(false).to(&path).expect("a file");
            let to = &kinds[(number + 1 + usize::from(order == Order::F)) % kinds.len()];
            let loaded = NpyFile::open(context, &path).expect("a file").load(layout(to)).expect("an array");
            assert_eq!(loaded.dtype(), &dtype);
            let differs =
                (loaded.expr() - x.redistribute(layout(to)).expect("an array").expr()).eval().expect("a result");
            let most = differs.max().expect("a number").to_f64().max(-differs.min().expect("a number").to_f64());
            assert_eq!(most, 0.0, "{from:?} -> {to:?}, {order:?}");
        }
    }
    context.comm().barrier().expect("all ranks are there");
    if context.comm().rank() == 0 {
        std::fs::remove_file(&path).expect("the file");
    }
}
