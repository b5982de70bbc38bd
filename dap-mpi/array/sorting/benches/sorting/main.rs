//! `sort` and `argsort` of `f64` beside NumPy's on one core, in turns: run by `.ci/bench-sorting`.
//!
//! Arguments: the file that rows are added to, and numbers of elements. The variable `DAP_PYTHON`
//! names a Python with NumPy.

mod peer;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::Instant;

use dap_array::{Context, DynArray, Element};
use dap_core::layout::Layout;
use dap_mpi::Comm;
use dap_sorting::{Order, argsort, sort};
use peer::Peer;

/// Turns of a row.
const TURNS: usize = 5;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let Some(path) = words.next() else {
        println!("run by `.ci/bench-sorting`");
        return;
    };
    let universe = mpi::initialize().expect("MPI starts");
    let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
    let open = || OpenOptions::new().create(true).append(true).open(&path).expect("the file of rows");
    let mut file = (context.comm().rank() == 0).then(open);
    let sizes: Vec<i64> = words.map(|word| word.parse().expect("a number of elements")).collect();
    for len in if sizes.is_empty() { vec![10_000_000] } else { sizes } {
        row(&context, &mut file, len, "sort", 1.5, |x| sort(x, Some(0), Order::Ascending).expect("memory"));
        row(&context, &mut file, len, "argsort", 3.0, |x| argsort(x, Some(0), Order::Ascending).expect("memory"));
    }
}

/// A uniform number from 0 to 1, by the index (SplitMix64).
fn uniform(index: i64) -> f64 {
    let mut state = (index as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ state >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((state ^ state >> 31) >> 11) as f64 / (1_u64 << 53) as f64
}

fn row(
    context: &Context,
    file: &mut Option<File>,
    len: i64,
    name: &str,
    floor: f64,
    body: impl Fn(&DynArray) -> DynArray,
) {
    let comm = context.comm();
    let layout = Layout::builder([len]).processes(comm.size().into()).build().expect("a layout");
    let x = DynArray::from_fn(context, layout, |at| uniform(at[0])).expect("memory");
    assert_eq!(x.element(), Some(f64::TYPE));
    let mut peer = (comm.rank() == 0).then(|| Peer::start(name, len)).flatten();
    let mut pairs = Vec::new();
    drop(body(&x));
    for _ in 0..TURNS {
        comm.barrier().expect("all ranks are there");
        let begin = Instant::now();
        let result = body(&x);
        let mine = begin.elapsed().as_secs_f64();
        let all = comm.gather_words(&[mine.to_bits()]).expect("all ranks are there");
        drop(result);
        let ours = all.into_iter().map(f64::from_bits).fold(0.0, f64::max);
        pairs.push((ours, peer.as_mut().map_or(f64::NAN, Peer::time)));
        comm.barrier().expect("all ranks are there");
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let ratio = median(pairs.iter().map(|(ours, peer)| peer / ours).collect());
    let [ours, numpy] = [pairs.iter().map(|it| it.0).collect(), pairs.iter().map(|it| it.1).collect()].map(median);
    let Some(file) = file else { return };
    let ranks = comm.size();
    println!(
        "{name:8} of {len:10}  {:9.1} ms, NumPy {:9.1} ms: {ratio:5.2} (floor on 2 ranks {floor})",
        ours * 1e3,
        numpy * 1e3
    );
    let text = format!(
        r#"{{"row": "{name}", "len": {len}, "ranks": {ranks}, "ms": {:.3}, "peer": "numpy", "peer_ms": {:.3}, "ratio": {ratio:.4}, "floor": {floor}}}"#,
        ours * 1e3,
        numpy * 1e3
    );
    writeln!(file, "{text}").expect("a row is written");
}
