//! The array's costs beside those of what it is made of, in one run: run by `make bench-array`.
//!
//! Arguments: the file that rows are added to, and optionally words that the names of the rows to
//! run contain. Each row times the array and its peer in turns, and reports the median of the
//! ratios of neighbouring times.

mod pairs;
mod programs;
mod rows;
mod selections;

use dap_array::Context;
use dap_mpi::Comm;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let Some(file) = words.next() else {
        println!("run by `make bench-array`");
        return;
    };
    let universe = mpi::initialize().expect("MPI starts");
    let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
    let mut report = pairs::Report::new(&context, &file, words.collect());
    rows::small(&mut report, &context);
    rows::large(&mut report, &context);
    programs::star(&mut report, &context);
    programs::options(&mut report, &context);
    programs::julia(&mut report, &context);
    selections::permutation(&mut report, &context);
}
