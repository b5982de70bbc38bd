//! Ranks that take no further part.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dap_array::{DynArray, Error, ErrorKind, Result};
use mpi::environment::Universe;

use crate::support::{SUM, array, blocks, context, is_last, last};

/// A call that waits for the last rank.
type Call = fn(&DynArray) -> Result<()>;

/// Calls that wait for the last rank, by different means: the mailbox, collective operations and
/// messages of MPI.
const CALLS: &[(&str, Call)] = &[
    ("sum", |x| x.sum().map(drop)),
    ("redistribute", |x| x.redistribute(blocks(1)).map(drop)),
    ("reshape", |x| x.reshape(&[24]).map(drop)),
    // The last rank has it.
    ("get", |x| x.get(&[-1, -1]).map(drop)),
    ("take", |x| x.take(0, &[0_i64, 11][..]).map(drop)),
    ("argmax", |x| x.argmax().map(drop)),
    ("sum_along", |x| x.reduce_along(dap_array::Reduction::Sum, &[0], false).map(drop)),
    ("barrier", |x| x.context().comm().barrier()),
    ("agree", |x| x.context().comm().agree(Ok(()))),
    ("gather_all", |x| x.context().comm().gather_all(b"text").map(drop)),
    ("exchange_lists", |x| x.context().comm().exchange_lists(&[], 0).map(drop)),
];

fn check(error: &Error, rank: i32, texts: &[&str]) {
    assert_eq!((error.kind(), error.rank()), (ErrorKind::Departed, Some(rank)), "{error}");
    for text in texts {
        assert!(error.message().contains(text), "{error}: not said: {text}");
    }
}

/// A rank that drops its communicator has left it, and the other communicators work.
pub(crate) fn dropped(universe: &Universe) {
    let whole = context(universe);
    // Other nodes are asked after a second.
    let is_split = std::env::var("DAP_NODE_SIZE").is_ok_and(|node| node != whole.comm().size().to_string());
    for (name, call) in CALLS.iter().take(if is_split { 3 } else { CALLS.len() }) {
        let one = context(universe);
        let last = last(&one);
        let x = array(&one);
        assert_eq!(x.sum().expect("all ranks are there").to_f64(), SUM);
        if !is_last(&one) {
            let error = call(&x).expect_err(name);
            check(
                &error,
                last,
                &["left, after call 1, `sum` at ", "departures.rs:", "all ranks are needed in call 2, `"],
            );
            assert_eq!(x.max().expect_err("no call works any more"), error);
        }
        drop((x, one));
        assert_eq!(array(&whole).sum().expect(name).to_f64(), SUM);
    }
}

/// A rank returns before the others, and finalises MPI.
pub(crate) fn early(universe: &Universe) {
    let context = context(universe);
    let x = array(&context);
    if is_last(&context) {
        // The handle is never dropped: the end of MPI says it.
        std::mem::forget((context, x));
        return;
    }
    let error = x.sum().expect_err("the last rank has left");
    check(&error, last(&context), &["finalised MPI, before its first call; all ranks are needed in call 1, `sum` at "]);
}

/// The panic drops the last handle within a call.
pub(crate) fn panics(universe: &Universe) {
    let whole = context(universe);
    let work = || {
        let one = context(universe);
        let x = array(&one);
        let _call = one.comm().enter("work", 7)?;
        assert!(!is_last(&one), "no such step");
        x.sum().map(drop)
    };
    if is_last(&whole) {
        assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
    } else {
        let error = work().expect_err("the last rank has panicked");
        check(&error, last(&whole), &["panicked at ", "departures.rs:", ": no such step, in call 1, `work` at "]);
    }
    assert_eq!(array(&whole).sum().expect("the other communicator works").to_f64(), SUM);
}

/// As [`panics`], and nothing catches it.
pub(crate) fn panics_to_the_end(universe: &Universe) {
    let context = context(universe);
    assert!(!is_last(&context), "no such step");
    let error = array(&context).sum().expect_err("the last rank has panicked");
    check(&error, last(&context), &["panicked at ", ": no such step, before its first call"]);
    eprintln!("the others say: {error}");
}

/// A panic that is caught is no departure.
pub(crate) fn caught(universe: &Universe) {
    let context = context(universe);
    let work = || {
        let comm = context.comm().clone();
        let _call = comm.enter("work", 7).expect("a call");
        assert!(!is_last(&context), "no such step");
    };
    assert_eq!(catch_unwind(AssertUnwindSafe(work)).is_err(), is_last(&context));
    if is_last(&context) {
        // The others look for it meanwhile.
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    for _ in 0..10 {
        assert_eq!(array(&context).sum().expect("all ranks are there").to_f64(), SUM);
    }
}

/// A rank ends the process while the others wait.
pub(crate) fn exits(universe: &Universe) {
    let context = context(universe);
    if is_last(&context) {
        std::process::exit(3);
    }
    // The launcher may be faster.
    let error = array(&context).sum().expect_err("the last rank has ended");
    check(&error, last(&context), &["ended, before its first call"]);
}

/// The launcher ends the job.
pub(crate) fn killed(universe: &Universe) {
    let context = context(universe);
    if is_last(&context) {
        let pid = std::process::id().to_string();
        let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
        std::thread::sleep(std::time::Duration::from_secs(100));
    }
    let _ = array(&context).sum();
}

/// Handles to two communicators, of which the last one is another on each rank.
pub(crate) fn any_order(universe: &Universe) {
    let whole = context(universe);
    for round in 0..8_u64 {
        let (one, other) = (context(universe), context(universe));
        let arrays = [array(&one), array(&other)];
        let sums = arrays.iter().map(|array| array.sum().expect("a sum").to_f64());
        assert_eq!(sums.collect::<Vec<_>>(), [SUM, SUM]);
        let mut handles: Vec<Box<dyn std::any::Any>> = vec![Box::new(one), Box::new(other)];
        for array in arrays {
            handles.push(Box::new(array.index("::-1").expect("a view")));
            handles.push(Box::new((array.expr() + 1.0).eval().expect("an array")));
            handles.push(Box::new(array));
        }
        // Each rank in an order of its own.
        let mut random = round * 31 + whole.comm().rank() as u64 + 1;
        while !handles.is_empty() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            drop(handles.swap_remove((random >> 33) as usize % handles.len()));
        }
        assert_eq!(array(&whole).sum().expect("a sum").to_f64(), SUM);
    }
}
