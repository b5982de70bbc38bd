//! The memory of operations: at most inputs, result and 64 MiB on each rank.

use dap_array::{Context, Cumulative, DynArray, ElementType, Indices, Reduction};
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Comm;

use crate::status::{faults, files, peak, reset_peak, resident};

/// The memory that an operation may use beside its inputs and its result.
const STAGING: usize = 64 << 20;
/// The columns of the arrays, and the rows of each rank: an operand that is held twice is more than
/// the staging memory.
const COLUMNS: i64 = 1 << 10;
const ROWS: i64 = 12 << 10;
/// The bytes of a rank's section.
const SECTION: usize = (8 * ROWS * COLUMNS) as usize;

fn rows(context: &Context) -> Layout {
    let ranks = i64::from(context.comm().size());
    Layout::builder([ROWS * ranks, COLUMNS]).grid([ranks, 1]).build().expect("a layout")
}

/// Rows dealt one by one.
fn cyclic(context: &Context) -> Layout {
    let ranks = i64::from(context.comm().size());
    let dims = [DimSpec::Cyclic, DimSpec::Undistributed];
    Layout::builder([ROWS * ranks, COLUMNS]).dims(dims).grid([ranks, 1]).build().expect("a layout")
}

fn columns(context: &Context) -> Layout {
    let ranks = i64::from(context.comm().size());
    let dims = [DimSpec::Undistributed, DimSpec::Block];
    Layout::builder([ROWS * ranks, COLUMNS]).dims(dims).grid([1, ranks]).build().expect("a layout")
}

fn array(context: &Context, layout: Layout, value: f64) -> DynArray {
    DynArray::full(context, layout, ElementType::F64, value.into()).expect("an array")
}

/// An operation on two arrays in rows, one in columns and one in cyclic rows.
type Operation = fn([&DynArray; 4]) -> dap_array::Result<Option<DynArray>>;

/// Each operation, and its result as a multiple of half a section.
const OPERATIONS: &[(&str, usize, Operation)] = &[
    ("x + y", 2, |[x, y, ..]| (x + y).eval().map(Some)),
    ("sqrt(x * 2 + y * y)", 2, |[x, y, ..]| (x * 2.0 + y * y).sqrt().eval().map(Some)),
    ("sum(x)", 0, |[x, ..]| x.sum().map(|_| None)),
    ("var(x * y)", 0, |[x, y, ..]| (x * y).reduce(Reduction::Var { ddof: 1.0 }).map(|_| None)),
    ("sum(x, 0)", 0, |[x, ..]| x.reduce_along(Reduction::Sum, &[0], false).map(Some)),
    ("x[1:] - x[:-1]", 2, |[x, ..]| (&x.index("1:")? - &x.index(":-1")?).eval().map(Some)),
    ("sum(x[1:] - x[:-1])", 0, |[x, ..]| (&x.index("1:")? - &x.index(":-1")?).reduce(Reduction::Sum).map(|_| None)),
    ("x in columns", 2, |[x, _, in_columns, _]| x.redistribute(in_columns.placement()).map(Some)),
    ("x + columns", 2, |[x, _, in_columns, _]| (x + in_columns).eval().map(Some)),
    ("x - cyclic", 2, |[x, _, _, cyclic]| (x - cyclic).eval().map(Some)),
    ("cumsum(x, 0)", 2, |[x, ..]| x.cumulative(Cumulative::Sum, 0).map(Some)),
    ("concatenate", 4, |[x, y, ..]| DynArray::concatenate(&[x, y], 0).map(Some)),
    ("roll(x, 5)", 2, |[x, ..]| x.roll(&[5], &[0]).map(Some)),
    ("reshape", 2, |[x, ..]| x.reshape(&[-1, 16]).map(Some)),
    ("x.T + 1", 2, |[x, ..]| (&x.reversed_axes()? + 1.0).eval().map(Some)),
    ("copy", 2, |[x, ..]| x.copy().map(Some)),
];

/// The peak of each operation, with a context of its own, so that no memory waits for its next use.
pub(crate) fn peaks(context: &Context) {
    for (name, halves, operation) in OPERATIONS {
        let comm = Comm::new(&mpi::topology::SimpleCommunicator::world()).expect("a communicator");
        let own = Context::new(&comm);
        let [x, y] = [2.0, 3.0].map(|value| array(&own, rows(&own), value));
        let (in_columns, in_cyclic) = (array(&own, columns(&own), 4.0), array(&own, cyclic(&own), 5.0));
        context.comm().barrier().expect("all ranks are there");
        reset_peak();
        let before = resident();
        let result = operation([&x, &y, &in_columns, &in_cyclic]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (used, most) = (peak().saturating_sub(before), halves * SECTION / 2 + STAGING);
        assert!(used <= most, "{name} needs {} MiB, not {} MiB at most", used >> 20, most >> 20);
        drop(result);
    }
}

/// The staging memory of prepared moves is not kept for each of them.
pub(crate) fn moves(context: &Context) {
    let ranks = i64::from(context.comm().size());
    let x = array(context, rows(context), 1.0);
    let target = |block: i64| {
        let dims = [DimSpec::BlockCyclic(block), DimSpec::Undistributed];
        Layout::builder([ROWS * ranks, COLUMNS]).dims(dims).grid([ranks, 1]).build().expect("a layout")
    };
    drop(x.redistribute(target(1)).expect("it moves"));
    let before = resident();
    for block in 2..22 {
        drop(x.redistribute(target(block)).expect("it moves"));
    }
    let grown = resident().saturating_sub(before);
    assert!(grown <= STAGING, "20 moves keep {} MiB", grown >> 20);
}

/// A result has the memory of one that was dropped: no page is touched for the first time.
pub(crate) fn reused(context: &Context) {
    let [x, y] = [2.0, 3.0].map(|value| array(context, rows(context), value));
    let operation = || drop((&x + &y).eval().expect("a sum"));
    (0..3).for_each(|_| operation());
    let before = faults();
    (0..5).for_each(|_| operation());
    let touched = faults() - before;
    // A result alone has thousands of pages, also of large ones and with other threads beside.
    assert!(touched < SECTION / 4096 / 8, "{touched} pages are touched for the first time");
}

/// Neither memory nor files grow with the number of operations.
pub(crate) fn growth(context: &Context) {
    const OPERATIONS: usize = 100_000;
    let ranks = i64::from(context.comm().size());
    let layout = |specs: [DimSpec; 1]| Layout::builder([500 * ranks]).dims(specs).grid([ranks]).build();
    let (blocks, cyclic) = (layout([DimSpec::Block]).expect("blocks"), layout([DimSpec::Cyclic]).expect("cyclic"));
    let [x, y] = [2.0, 3.0].map(|value| array(context, blocks.clone(), value));
    let mask = x.expr().cast(ElementType::Bool).eval().expect("a mask");
    let indices = DynArray::from_fn(context, &blocks, |at| (at[0] * 7) % (500 * ranks)).expect("indices");
    let operation = |number: usize| -> dap_array::Result<()> {
        match number % 100 {
            0 => drop(x.redistribute(&cyclic)?),
            1 => drop(x.sum()?),
            2 => drop(x.compress(&mask)?),
            3 => drop(x.take(0, Indices::Distributed(&indices))?),
            4 => drop((&x.index("1:")? - &x.index(":-1")?).eval()?),
            5 => drop(x.get(&[3])?),
            6 => drop(x.cumulative(Cumulative::Sum, 0)?),
            at if at % 2 == 0 => drop((&x + &y).eval()?),
            _ => drop(x.index("3::2")?.index("::-1")?),
        }
        Ok(())
    };
    let run = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            operation(number).unwrap_or_else(|error| panic!("operation {number}: {error}"));
        }
        (resident(), files())
    };
    let (memory, open) = run(0..OPERATIONS / 10);
    let (memory_then, open_then) = run(OPERATIONS / 10..OPERATIONS);
    let grown = memory_then.saturating_sub(memory);
    assert!(grown <= 4 << 20, "{} KiB more after {OPERATIONS} operations", grown >> 10);
    assert!(open_then <= open + 8, "{open} files are open, then {open_then}");
}
