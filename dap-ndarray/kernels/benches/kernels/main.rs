//! How fast the kernels are, beside C compiled for this machine and beside Python libraries, all in
//! one run.
//!
//! Run by `make bench-kernels`. Arguments: the file that rows are added to, and optionally words
//! that the names of the cases to run contain. `DAP_PEERS` names the shared library of the C peers,
//! `DAP_PYTHON` a Python with other peers, `DAP_REPETITIONS` how often each thing is timed.
//!
//! A case is a list of contenders, which are timed in turns; ours is the first. A module has the
//! cases of one subject: a new subject is a new module and a line in `main`, its C a new file in
//! `peers/`, which the script compiles with the others.

mod clock;
mod math;
mod peers;
mod random;
mod reductions;
mod report;
mod stencil;
mod times;
mod triad;

use report::Report;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let Some(file) = words.next() else {
        println!("run by `make bench-kernels`");
        return;
    };
    let mut report = Report::new(&file, words.collect());
    let peers = peers::Library::open();
    triad::run(&mut report, &peers);
    reductions::run(&mut report, &peers);
    stencil::run(&mut report, &peers);
    math::run(&mut report, &peers);
    random::run(&mut report);
}
