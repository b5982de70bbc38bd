//! Calls and files that are wrong: one error on all ranks, the old file as it was.

use std::path::Path;

use dap_array::{Context, DynArray, ErrorKind};
use dap_array_testing::ranks_of;
use dap_core::dtype::DType;
use dap_core::layout::{DimSpec, Layout};
use dap_io::hdf5::{self, Attribute, Dataset, Save};

use crate::folder::Shared;
use crate::mistakes::{check, is_as_it_was, write};

fn cyclic(context: &Context) -> DynArray {
    let layout = Layout::builder([12, 5]).dims([DimSpec::Cyclic]).processes(ranks_of(context)).build();
    DynArray::from_fn(context, layout.expect("a layout"), |at| (at[0] * 5 + at[1]) as f64).expect("an array")
}

pub(crate) fn calls(context: &Context, shared: &Shared) {
    let x = cyclic(context);
    let path = shared.file("kept.h5");
    let file = |error: dap_array::Error, words: &str| check(context, &error, ErrorKind::File, words);
    let argument = |save: Save<'_>, words: &str| {
        check(context, &save.to(&path).expect_err(words), ErrorKind::Argument, words);
    };
    file(hdf5::load(context, &path, "x").expect_err("no file"), "it does not exist");
    file(hdf5::load(context, &shared.own, "x").expect_err("a folder"), "it is a directory");
    file(hdf5::save(&x, shared.file("nowhere/x.h5"), "x").expect_err("no folder"), "it does not exist");
    file(hdf5::save(&x, "/dev/null", "x").expect_err("a device"), "it is a device");
    let wrong: [&[i64]; 4] = [&[4], &[4, 0], &[4, -1], &[1 << 40, 1 << 40]];
    for chunks in wrong {
        argument(Save::new(&x, "x").chunks(chunks), "chunks of");
    }
    argument(Save::new(&x, "x").deflate(10), "expected 0 to 9");
    argument(Save::new(&x, "x").shuffle(), "add `deflate`");
    argument(Save::new(&x, "x").attribute("distarray", Attribute::Integer(1)), "choose another name");
    for name in ["", "/", "a/./b", "a\0b"] {
        argument(Save::new(&x, name), "no name of a dataset");
    }
    let texts = DynArray::zeros(context, x.placement(), &DType::parse("<U2").expect("a type")).expect("an array");
    argument(Save::new(&texts, "x"), "HDF5 has no items of");
    hdf5::save(&x, &path, "group/x").expect("a file");
    context.comm().barrier().expect("all ranks are there");
    let old = std::fs::read(&path).expect("the file");
    file(Save::new(&x, "group/x").added().to(&path).expect_err("a name"), "it has `group/x` already");
    file(Save::new(&x, "group").added().to(&path).expect_err("a name"), "it has `group` already");
    file(Save::new(&x, "group/x/y").added().to(&path).expect_err("a name"), "HDF5 cannot make the dataset");
    file(Dataset::open(context, &path, "y").expect_err("no name"), "the names at its root are `group`");
    file(Dataset::open(context, &path, "group").expect_err("a group"), "not a dataset");
    // One rank fails: its memory is in use.
    let last = context.comm().size() - 1;
    for deflate in [false, true] {
        let _guard = (context.comm().rank() == last).then(|| x.local_mut::<f64>().expect("a section"));
        let save = Save::new(&x, "other").added();
        let save = if deflate { save.deflate(1) } else { save };
        let error = save.to(&path).expect_err("memory in use");
        check(context, &error, ErrorKind::State, "by a local view");
        assert_eq!(error.rank(), Some(last));
    }
    is_as_it_was(context, shared, &path, &old);
    let stored = Dataset::open(context, &path, "group/x").expect("a dataset");
    assert_eq!(stored.layout(), Some(x.layout()));
    let other = Layout::builder([12, 2]).processes(1).build().expect("a layout");
    check(context, &stored.load(other).expect_err("another shape"), ErrorKind::Argument, "another shape");
}

/// The place of bytes in others.
fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).expect("the bytes are there")
}

pub(crate) fn files(context: &Context, shared: &Shared) {
    let x = cyclic(context);
    let path = shared.file("broken.h5");
    let open = || Dataset::open(context, &path, "x").and_then(|stored| stored.load(x.layout()));
    let whole = |save: Save<'_>| {
        save.synced(false).to(&path).expect("a file");
        context.comm().barrier().expect("all ranks are there");
        let whole = std::fs::read(&path).expect("the file");
        context.comm().barrier().expect("all ranks are there");
        whole
    };
    let refused = |content: &[u8], words: &str| {
        write(context, &path, content);
        check(context, &open().expect_err(words), ErrorKind::File, words);
    };
    let dense = whole(Save::new(&x, "x"));
    refused(b"", "HDF5 cannot open it");
    refused(b"no file of HDF5 at all", "HDF5 cannot open it");
    refused(&dense[..dense.len() - 1], "HDF5 cannot open it: truncated file");
    refused(&dense[..200], "HDF5 cannot open it");
    // Extents near 2^63, in the message of the dataspace: extent and maximum.
    let extents = [12_u64.to_le_bytes(), 5_u64.to_le_bytes()].concat();
    for (rows, columns) in [(1_u64 << 40, 5_u64), (1 << 62, 1 << 62), (u64::MAX, 5), (i64::MAX as u64, 1), (13, 5)] {
        let mut changed = dense.clone();
        let at = find(&changed, &extents);
        changed[at..at + 16].copy_from_slice(&[rows.to_le_bytes(), columns.to_le_bytes()].concat());
        write(context, &path, &changed);
        let error = Dataset::open(context, &path, "x").expect_err("extents");
        assert_eq!(error.kind(), ErrorKind::File, "{error}");
        assert!(error.to_string().contains("broken.h5"), "{error}");
        context.comm().barrier().expect("all ranks are there");
    }
    // A chunk that is changed, or decodes to more than its size.
    let packed = whole(Save::new(&x, "x").chunks([4, 5]).deflate(6));
    let start = find(&packed, &[0x78, 0x9c]);
    for at in [start, start + 20] {
        let mut changed = packed.clone();
        changed[at] ^= 0x55;
        refused(&changed, "the chunk [0, 0]: it is damaged");
    }
    every_byte(context, &path, &packed);
    every_byte(context, &path, &dense);
}

/// Files with one byte changed: an error or other numbers, the same on all ranks, and no crash.
fn every_byte(context: &Context, path: &Path, whole: &[u8]) {
    let used = |at: &usize| whole[at.saturating_sub(8)..(at + 8).min(whole.len())].iter().any(|&byte| byte != 0);
    for at in (0..whole.len()).filter(used).step_by(if context.comm().size() == 2 { 3 } else { 41 }) {
        let mut changed = whole.to_vec();
        changed[at] ^= [0xff, 0x01, 0x80, 0x10][at % 4];
        write(context, path, &changed);
        let opened = Dataset::open(context, path, "x");
        let outcome = match &opened {
            Ok(stored) if stored.shape().iter().product::<i64>() < 1 << 20 => {
                let layout = Layout::builder(stored.shape()).processes(ranks_of(context)).build();
                layout
                    .map_err(Into::into)
                    .and_then(|layout| stored.load(layout))
                    .map(drop)
                    .map_err(|error| error.to_string())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        let texts = context.comm().gather_all(format!("{outcome:?}").as_bytes()).expect("all ranks are there");
        assert!(texts.iter().all(|text| text == &texts[0]), "byte {at}: {texts:?}");
    }
}
