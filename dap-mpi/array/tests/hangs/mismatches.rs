//! `DAP_CHECK=1`: calls and arguments that differ between ranks.

use dap_array::{Context, DynArray, Error, ErrorKind, Result};
use dap_mpi::watch;
use mpi::environment::Universe;

use crate::support::{SUM, array, blocks, context, is_last, last};

fn check(context: &Context, error: &Error, what: &str, texts: [&str; 2]) {
    assert_eq!((error.kind(), error.rank()), (ErrorKind::Mismatch, Some(last(context))), "{error}");
    let (message, last) = (error.message(), last(context));
    assert!(message.starts_with(&format!("{what}: rank {last} is in call ")), "{error}");
    for text in texts {
        assert!(message.contains(&format!("`{text}` at ")), "{error}: {text}");
    }
    assert_eq!(message.matches("mismatches.rs:").count(), 2, "{error}: two lines");
}

/// Other calls; the communicator goes on.
pub(crate) fn calls(universe: &Universe) {
    let context = context(universe);
    let x = array(&context);
    for _ in 0..3 {
        let error = if is_last(&context) { x.max() } else { x.sum() }.expect_err("other calls");
        check(&context, &error, "different calls", ["max", "sum"]);
        let error = if is_last(&context) { context.comm().barrier() } else { x.redistribute(blocks(1)).map(drop) };
        check(&context, &error.expect_err("other calls"), "different calls", ["barrier", "redistribute"]);
        assert_eq!(x.sum().expect("the same call").to_f64(), SUM);
    }
    // The line of another language.
    watch::set_source_line("f.py", if is_last(&context) { 12 } else { 13 });
    let error = if is_last(&context) { x.max() } else { x.sum() }.expect_err("other calls");
    watch::clear_source_line();
    let (message, last) = (error.message(), last(&context));
    assert!(message.contains(&format!("rank {last} is in call 10, `max` at f.py:12; ")), "{error}");
    assert!(message.ends_with("rank 0 is in call 10, `sum` at f.py:13"), "{error}");
}

/// A call with an argument for the last rank, or for the others.
type Differs = fn(&DynArray, bool) -> Result<()>;

/// Other arguments; nothing is written, and the communicator goes on.
pub(crate) fn arguments(universe: &Universe) {
    let context = context(universe);
    let x = array(&context);
    let narrow = (x.expr() * 1.0).cast(dap_array::ElementType::F32).eval().expect("an array");
    let differ: &[(&str, Differs)] = &[
        ("redistribute", |x, last| x.redistribute(blocks(if last { 1 } else { x.context().comm().size() })).map(drop)),
        ("reshape", |x, last| x.reshape(if last { &[24] } else { &[8, 3] }).map(drop)),
        ("assign", |x, last| x.assign(if last { 1.0 } else { 2.0 })),
        ("assign", |x, last| x.assign(if last { x.expr() + 1.0 } else { x.expr() - 1.0 })),
        ("eval", |x, last| if last { x.expr() + x } else { x.expr() * x }.eval().map(drop)),
        ("take", |x, last| x.take(i64::from(last), &[0_i64][..]).map(drop)),
        ("get", |x, last| x.get(&[0, i64::from(last)]).map(drop)),
        ("var", |x, last| x.reduce(dap_array::Reduction::Var { ddof: f64::from(u8::from(last)) }).map(drop)),
    ];
    for (name, call) in differ {
        let error = call(&x, is_last(&context)).expect_err(name);
        check(&context, &error, "different arguments", [name, name]);
        assert_eq!(x.sum().expect("the same call").to_f64(), SUM, "after {name}");
    }
    let error = if is_last(&context) { &narrow } else { &x }.sum().expect_err("another type");
    check(&context, &error, "different arguments", ["sum", "sum"]);
}

/// The same calls from different lines, with arguments that only look different, are right.
pub(crate) fn none(universe: &Universe) {
    let context = context(universe);
    let x = array(&context);
    let sum = match is_last(&context) {
        true => x.sum(),
        false => x.reduce(dap_array::Reduction::Sum),
    };
    assert_eq!(sum.expect("the same call").to_f64(), SUM);
    // A copy of selected elements on one rank, the selection itself on the others.
    let mask = x.expr().greater(3.0).eval().expect("a mask");
    let masked = x.masked(&mask).expect("a selection").expect("ranks in C order");
    let copied = masked.eval().expect("a copy");
    let sum = match is_last(&context) {
        true => copied.sum(),
        false => masked.reduce(dap_array::Reduction::Sum).map(|sum| sum.expect("without a copy")),
    };
    let expected = copied.sum().expect("the same call").to_f64();
    assert_eq!(sum.expect("the same call").to_f64(), expected);
    x.assign(x.expr() * f64::NAN).expect("NaN is itself");
    assert!(x.sum().expect("a sum").to_f64().is_nan());
    // Each rank may give data of its own.
    let root = ndarray::arr1(&[1.0, 2.0, 3.0]).into_dyn();
    let data = (context.comm().rank() == 0).then(|| root.view());
    let placement = dap_core::layout::Layout::builder([3]).processes(1).build().expect("a layout");
    let whole = DynArray::from_root(&context, 0, data, placement).expect("an array");
    assert_eq!(whole.sum().expect("a sum").to_f64(), 6.0);
}
