//! Files that are no arrays, and saves that fail: one error on all ranks, the old file as it was.

use std::path::Path;

use dap_array::{Context, DynArray, Error, ErrorKind};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_io::npy::{self, NpyFile, Save};

use crate::folder::Shared;
use dap_array_testing::ranks_of;

/// An array of rows on all ranks.
fn rows(context: &Context) -> DynArray {
    let layout = Layout::builder([12, 3]).processes(ranks_of(context)).build().expect("a layout");
    DynArray::from_fn(context, layout, |at| (at[0] * 3 + at[1]) as f64).expect("an array")
}

/// All ranks have the same error of this kind, with these words.
pub(crate) fn check(context: &Context, error: &Error, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(words), "{error}: not said: {words}");
    let texts = context.comm().gather_all(error.message().as_bytes()).expect("all ranks are there");
    assert!(texts.iter().all(|text| text == error.message().as_bytes()), "{error}");
}

/// A file is as it was before a save that failed, and nothing is left beside it.
pub(crate) fn is_as_it_was(context: &Context, shared: &Shared, path: &Path, old: &[u8]) {
    context.comm().barrier().expect("all ranks are there");
    assert_eq!(std::fs::read(path).expect("the file"), old);
    let left = Shared::names(&shared.own).into_iter().filter(|name| name.contains(".part")).collect::<Vec<_>>();
    assert_eq!(left, [""; 0]);
    context.comm().barrier().expect("all ranks are there");
}

/// A file that rank 0 makes.
pub(crate) fn write(context: &Context, path: &Path, content: &[u8]) {
    if context.comm().rank() == 0 {
        std::fs::write(path, content).expect("a file");
    }
    context.comm().barrier().expect("all ranks are there");
}

fn npy_text(text: &str, data: &[u8]) -> Vec<u8> {
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), data].concat()
}

pub(crate) fn headers(context: &Context, shared: &Shared) {
    let path = shared.file("hostile.npy");
    let text = |descr: &str, shape: &str| format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "it ends within its header, at byte 0"),
        (b"\x93NUMPY\x01\x00\xff\xff{".to_vec(), "it ends within its header, at byte 11"),
        (b"PK\x03\x04 a zip archive".to_vec(), "no `\\x93NUMPY` at byte 0"),
        (b"\x93NUMPY\x04\x00\x01\x00\x00\x00 ".to_vec(), "the .npy format 4.0"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}".to_vec(), "a .npy header of 4294967295 bytes"),
        (npy_text("__import__('os').system('true')\n", b""), "at byte 10"),
        (npy_text(&text("'<f8'", "(3,)"), &[0; 23]), "it is cut short: 23 of 24 bytes of data are there"),
        (npy_text(&text("'<f8'", "(9223372036854775807,)"), &[0; 8]), "it is cut short: 8 of 2^63 or more bytes"),
        (npy_text(&text("'<f8'", "(9223372036854775807, 9223372036854775807)"), &[0; 8]), "2^63 or more"),
        (npy_text(&text("'<f8'", "(-1,)"), &[0; 8]), "no usable `shape`"),
        (npy_text(&text("'<f8'", "(99999999999999999999,)"), &[0; 8]), "no usable `shape`"),
        (npy_text(&text("'|O'", "(1,)"), &[0; 8]), "an array cannot hold its items"),
        (npy_text(&text("'<M8[s]'", "(1,)"), &[0; 8]), "an array cannot hold its items"),
    ];
    for (content, words) in cases {
        write(context, &path, &content);
        let error = NpyFile::open(context, &path).expect_err(words);
        check(context, &error, ErrorKind::File, words);
        check(context, &npy::load(context, &path).expect_err(words), ErrorKind::File, words);
    }
    // Extents whose product is 0 need no memory.
    write(context, &path, &npy_text(&text("'<f8'", "(0, 4611686018427387904)"), b""));
    let empty = NpyFile::open(context, &path).expect("a file");
    assert_eq!(empty.shape(), [0, 1 << 62]);
}

pub(crate) fn files(context: &Context, shared: &Shared) {
    let missing = shared.file("missing.npy");
    check(context, &npy::load(context, &missing).expect_err("no file"), ErrorKind::File, "it does not exist");
    check(context, &npy::load(context, &shared.own).expect_err("no file"), ErrorKind::File, "it is a directory");
    let x = rows(context);
    let path = shared.file("short.npy");
    npy::save(&x, &path).expect("a file");
    let file = NpyFile::open(context, &path).expect("a file");
    let other = Layout::builder([12, 2]).processes(1).build().expect("a layout");
    let error = file.load(other).expect_err("another shape");
    check(context, &error, ErrorKind::Argument, "another shape");
    let more = Layout::builder([12, 3]).processes(ranks_of(context) + 1).build().expect("a layout");
    check(context, &file.load(more).expect_err("more ranks"), ErrorKind::Layout, "ranks");
    // Cut short between the header and the data.
    let blocks = || Layout::builder([12, 3]).processes(ranks_of(context)).build().expect("a layout");
    context.comm().barrier().expect("all ranks are there");
    if context.comm().rank() == 0 {
        let whole = std::fs::read(&path).expect("the file");
        std::fs::write(&path, &whole[..whole.len() - 1]).expect("a shorter file");
    }
    context.comm().barrier().expect("all ranks are there");
    check(context, &file.load(blocks()).expect_err("cut short"), ErrorKind::File, "it was cut short while it was read");
}

pub(crate) fn saves(context: &Context, shared: &Shared) {
    let x = rows(context);
    let nowhere = shared.file("nowhere/x.npy");
    check(context, &npy::save(&x, &nowhere).expect_err("no folder"), ErrorKind::File, "it does not exist");
    check(context, &npy::save(&x, &shared.own).expect_err("a folder"), ErrorKind::File, "it is a directory");
    check(context, &npy::save(&x, "/dev/null").expect_err("a device"), ErrorKind::File, "it is a device");
    // Root may not write there, either.
    check(context, &npy::save(&x, "/sys/x.npy").expect_err("no permission"), ErrorKind::File, "/sys/x.npy");
    let objects = DynArray::zeros(context, x.placement(), &DType::parse("|O").expect("a type"));
    if let Ok(objects) = objects {
        let error = npy::save(&objects, shared.file("objects.npy")).expect_err("addresses");
        check(context, &error, ErrorKind::Argument, "cannot hold");
    }
    // One rank fails: its memory is in use.
    let path = shared.file("kept.npy");
    npy::save(&x, &path).expect("a file");
    context.comm().barrier().expect("all ranks are there");
    let old = std::fs::read(&path).expect("the file");
    let last = context.comm().size() - 1;
    {
        let _guard = (context.comm().rank() == last).then(|| x.local_mut::<f64>().expect("a section"));
        let error = Save::new(&x).to(&path).expect_err("memory in use");
        check(context, &error, ErrorKind::State, "by a local view");
        assert_eq!(error.rank(), Some(last));
    }
    is_as_it_was(context, shared, &path, &old);
    npy::save(&x, &path).expect("the array is as it was");
}
