//! Products of matrices: run by `make bench-linalg`, beside OpenBLAS.
//!
//! Arguments: the extent, and the number of products. Rank 0 writes the operations in a second of
//! each product, in thousands of millions, for all ranks together: by the time on the wall, and by
//! the time of the processor of the rank that needs most.

use std::time::Instant;

use dap_array::{Context, DynArray};
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Comm;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [extent, count] = &words[..] else {
        println!("run by `make bench-linalg`");
        return;
    };
    let (extent, count): (i64, usize) = (extent.parse().expect("an extent"), count.parse().expect("a number"));
    let universe = mpi::initialize().expect("MPI starts");
    let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
    let ranks = i64::from(context.comm().size());
    let specs = [DimSpec::Block, DimSpec::Block];
    let layout = Layout::builder([extent, extent]).dims(specs).processes(ranks).build().expect("a layout");
    let of = |salt: i64| {
        DynArray::from_fn(&context, &layout, |index| ((index[0] * 7 + index[1] * salt) % 11) as f64).expect("an array")
    };
    let (a, b) = (of(3), of(5));
    let operations = 2.0 * (extent as f64).powi(3) / 1e9;
    for _ in 0..count {
        context.comm().barrier().expect("all ranks");
        let (start, used) = (Instant::now(), processor_seconds());
        let product = dap_linalg::matmul(&a, &b).expect("a product");
        context.comm().barrier().expect("all ranks");
        let (elapsed, used) = (start.elapsed().as_secs_f64(), processor_seconds() - used);
        let all = context.comm().gather_words(&[used.to_bits()]).expect("all ranks");
        let most = all.into_iter().map(f64::from_bits).fold(0.0, f64::max);
        if context.comm().rank() == 0 {
            println!("{:.2} {:.2}", operations / elapsed, operations / most);
        }
        drop(product);
    }
}

/// The time that the processor has spent on this process, from `/proc`; 0 where there is none.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
