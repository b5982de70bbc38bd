//! Traces of the requests, beside the bytes that a layout gives each rank.

use dap_array::{Context, DynArray};
use dap_array_testing::ranks_of;
use dap_core::layout::{DimSpec, Layout};
use dap_io::npy::{self, NpyFile, Save};
use dap_io::trace::{self, TraceRow};

use crate::folder::Shared;

/// The rows of a file in one direction, which are those of the first ranks.
fn rows<'t>(trace: &'t trace::FileTrace, name: &str, is_write: bool) -> Vec<&'t TraceRow> {
    let is_it = |row: &&TraceRow| row.path.ends_with(name) && row.is_write == is_write;
    trace.rows().iter().filter(is_it).collect()
}

pub(crate) fn requests(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let path = shared.file("traced & <named>.npy");
    let extent = 4 * ranks;
    let layout = Layout::builder([extent, 1024]).processes(ranks).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| (at[0] * 7 + at[1]) as f64).expect("an array");
    // Nothing is recorded before.
    npy::save(&x, &path).expect("a file");
    trace::start();
    Save::new(&x).synced(false).to(&path).expect("a file");
    let file = NpyFile::open(context, &path).expect("a file");
    let one = Layout::builder([extent, 1024]).processes(1).build().expect("a layout");
    file.load(&one).expect("an array");
    trace::stop();
    npy::load(context, &path).expect("an array");
    let trace = trace::collect(context).expect("a trace");
    let name = "traced & <named>.npy";
    // Each rank writes its rows behind the header, once.
    let written = rows(&trace, name, true);
    assert_eq!(written.iter().map(|row| i64::from(row.rank)).collect::<Vec<_>>(), (0..ranks).collect::<Vec<_>>());
    let share = 4 * 1024 * 8;
    for row in &written {
        let first = 128 + row.rank as u64 * share;
        assert_eq!((&row.range, row.bytes), (&(first..first + share), share), "{row:?}");
        assert_eq!(row.runs, std::slice::from_ref(&(first..first + share)), "{row:?}");
        assert!(row.requests >= 1 && row.seconds >= 0.0, "{row:?}");
    }
    // One rank has read all.
    let read = rows(&trace, name, false);
    assert_eq!(read.len(), 1, "{trace}");
    assert_eq!(
        (read[0].rank, &read[0].range, read[0].bytes),
        (0, &(128..128 + ranks as u64 * share), ranks as u64 * share)
    );
    let table = trace.to_string();
    assert_eq!(table.lines().count(), 2 + ranks as usize, "{table}");
    assert!(table.lines().next().is_some_and(|head| head.ends_with("seconds  file")), "{table}");
    let svg = trace.svg();
    assert!(svg.starts_with("<svg") && svg.contains("traced &amp; &lt;named&gt;.npy") && !svg.contains("<named>"));
    assert_eq!(svg.matches("writes bytes").count(), ranks as usize);
    assert_eq!(svg.matches("reads bytes").count(), 1);
    // The record is empty now.
    assert!(trace::collect(context).expect("a trace").rows().is_empty());
    cyclic(context, shared);
}

/// Runs with gaps stay apart.
fn cyclic(context: &Context, shared: &Shared) {
    let ranks = ranks_of(context);
    let path = shared.file("cyclic.npy");
    let layout = Layout::builder([8 * ranks, 2048]).dims([DimSpec::Cyclic]).processes(ranks).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| at[1] as f64).expect("an array");
    trace::start();
    Save::new(&x).synced(false).to(&path).expect("a file");
    trace::stop();
    let trace = trace::collect(context).expect("a trace");
    let bytes: u64 = rows(&trace, "cyclic.npy", true).iter().map(|row| row.bytes).sum();
    assert_eq!(bytes, 8 * ranks as u64 * 2048 * 8);
    let mut runs: Vec<_> = rows(&trace, "cyclic.npy", true).iter().flat_map(|row| row.runs.clone()).collect();
    runs.sort_unstable_by_key(|run| run.start);
    assert!(runs.windows(2).all(|pair| pair[0].end <= pair[1].start), "each byte has one writer: {trace}");
}
