//! A failure of one rank is an error on all, by the next collective call, which names the rank.

use dap_array::{Context, DynArray, ElementType, ErrorKind, Reduction};
use dap_array_testing::{Twin, ranks_of};
use dap_core::algebra::{Placement, RankMap, Slice, Subscript};
use dap_core::layout::Layout;

/// A placement on the last rank, which has not the memory for it.
fn too_large(context: &Context) -> Placement {
    let last = ranks_of(context) - 1;
    let layout = Layout::builder([1_i64 << 46]).processes(1).build().expect("a layout");
    let ranks = RankMap::listed(layout.grid(), [last]).expect("a rank");
    Placement::with_ranks(layout, ranks).expect("a placement")
}

/// Making an array sends no message, so that it fails on no rank alone.
pub(crate) fn creation(context: &Context) {
    let (last, placement) = (context.comm().size() - 1, too_large(context));
    for (name, array) in [
        ("empty", DynArray::empty(context, &placement, &ElementType::F64.dtype())),
        ("zeros", DynArray::zeros(context, &placement, &ElementType::F64.dtype())),
        ("full", DynArray::full(context, &placement, ElementType::F64, 1.5.into())),
        ("from_fn", DynArray::from_fn(context, &placement, |_| 1.5)),
    ] {
        let error = array.unwrap_or_else(|error| panic!("{name}: {error}")).sum().expect_err(name);
        assert_eq!((error.kind(), error.rank()), (ErrorKind::Memory, Some(last)), "{name}: {error}");
    }
}

pub(crate) fn memory(context: &Context) {
    let last = context.comm().size() - 1;
    let large = DynArray::empty(context, too_large(context), &ElementType::F64.dtype()).expect("no error here");
    let part = large.part(&[Subscript::Slice(Slice::range(0, 6))]).expect("a view");
    let small: Placement = Layout::builder([6]).processes(ranks_of(context)).build().expect("a layout").into();
    let twin = Twin::new(context, &small, 3);
    let small = &twin.array;
    let mask = small.expr().greater(0.0).eval().expect("a mask");
    let sum = (&part + small).eval();
    let results: Vec<(&str, dap_array::Result<()>)> = vec![
        ("sum", large.sum().map(drop)),
        ("along", part.reduce_along(Reduction::Sum, &[0], true).and_then(|it| it.sum()).map(drop)),
        ("reduce by", part.reduce_by(f64::max).map(drop)),
        ("reduce along by", part.reduce_along_by(&[0], true, f64::max).map(drop)),
        ("scan by", part.scan_by(0, f64::max).map(drop)),
        ("argmax", part.argmax().map(drop)),
        ("element", large.get(&[-1]).map(drop)),
        ("gather", part.gather(0).map(drop)),
        ("redistribute", part.redistribute(small.placement()).map(drop)),
        ("reshape", part.reshape(&[2, 3]).map(drop)),
        ("copy", part.copy().and_then(|it| it.sum()).map(drop)),
        ("expression", sum.and_then(|it| it.sum()).map(drop)),
        ("assign from", small.assign(&part)),
        ("assign to", part.assign(small)),
        ("join", DynArray::concatenate(&[small, &part], 0).map(drop)),
        ("roll", part.roll(&[1], &[0]).map(drop)),
        ("take", part.take(0, &[1_i64, 2][..]).map(drop)),
        ("put", part.put_along(&[0], &[(&[1_i64, 2][..]).into()], 1.0)),
        ("compress", part.compress(&mask).map(drop)),
        ("put where", part.put_where(&mask, 1.0)),
    ];
    for (name, result) in results {
        let error = result.expect_err(name);
        assert_eq!((error.kind(), error.rank()), (ErrorKind::Memory, Some(last)), "{name}: {error}");
    }
    twin.check("nothing was written");
}
