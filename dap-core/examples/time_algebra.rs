//! Times the layout algebra: prints the nanoseconds that a view, its placement and its window on
//! one rank take, the lowest and the median of many passes, for arrays of 10^6 and 10^18 elements.
//!
//!     cargo run --release -p dap-core --example time_algebra

use std::hint::black_box;
use std::time::{Duration, Instant};

use dap_core::algebra::{Placement, Subscript, View};
use dap_core::index::Rank;
use dap_core::layout::{DimSpec, Layout};

/// Repetitions between two looks at the clock.
const BATCH: u32 = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("| distribution | elements | index | view | and placement | and window on a rank |");
    println!("|---|---|---|---|---|---|");
    let specs = [
        ("block x block, 4 x 4", [DimSpec::Block, DimSpec::Block]),
        ("cyclic x cyclic, 4 x 4", [DimSpec::Cyclic, DimSpec::Cyclic]),
        ("cyclic(6) x block, 4 x 4", [DimSpec::BlockCyclic(6), DimSpec::Block]),
    ];
    for (name, specs) in specs {
        for side in [1_000_i64, 1_000_000_000] {
            let layout = Layout::builder([side, side]).dims(specs.clone()).grid([4, 4]).build()?;
            let base = Placement::new(layout);
            for index in ["1:-1, 1:-1", "::-1, ::2", "7"] {
                let subscripts = Subscript::parse(index)?;
                let view = || View::of(black_box(&base)).index(black_box(&subscripts));
                let alone = timed(|| view().map(|it| it.ndim()))?;
                let placed = timed(|| view()?.placement().map(|it| it.ndim()))?;
                let whole = timed(|| {
                    let view = view()?;
                    let placement = view.placement()?;
                    let section = Rank(placement.layout().processes() - 1);
                    Ok((placement.ndim(), view.window(section)?.map(|window| window.axes().len())))
                })?;
                println!(
                    "| {name} | 10^{:.0} | `{index}` | {alone} | {placed} | {whole} |",
                    2.0 * (side as f64).log10()
                );
            }
        }
    }
    Ok(())
}

/// The lowest and the median time of a batch, in nanoseconds for each call: `85 (90)`.
fn timed<T>(call: impl Fn() -> dap_core::error::Result<T>) -> dap_core::error::Result<String> {
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < Duration::from_millis(60) {
        let batch = Instant::now();
        for _ in 0..BATCH {
            black_box(call()?);
        }
        times.push(batch.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH));
    }
    times.sort_by(f64::total_cmp);
    Ok(format!("{:.0} ({:.0})", times[0], times[times.len() / 2]))
}
