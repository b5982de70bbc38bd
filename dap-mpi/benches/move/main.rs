//! The speed of moves, beside memcpy, a copy with non-temporal stores and other libraries, all in
//! one run.
//!
//! Run by `make bench-move` under `mpirun`. Arguments: the name of the MPI library, the file that
//! rows are added to, and optionally words that the names of the cases to run contain. `DAP_PEERS`
//! names the shared library of the peers, `DAP_REPETITIONS` how often each case is timed.

mod case;
mod clock;
mod halos;
mod line;
mod memory;
mod moves;
mod peers;
mod permutation;
mod plans;
mod report;

use dap_mpi::Comm;

fn main() {
    // `cargo bench` and `cargo test --benches` pass words of their own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let (Some(mpi_name), Some(file)) = (words.next(), words.next()) else {
        println!("run by `make bench-move`, under mpirun");
        return;
    };
    // Numbers choose sizes, other words choose cases.
    let (sizes, only): (Vec<String>, Vec<String>) = words.partition(|word| word.parse::<i32>().is_ok());
    let universe = mpi::initialize().expect("MPI starts");
    let world = universe.world();
    let comm = Comm::new(&world).expect("a communicator");
    let peers = peers::Library::open();
    let mut report = report::Report::new(&comm, &mpi_name, &file);
    let wanted = |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    plans::run(&comm, &mut report, &wanted);
    for size in [4096, 8192].into_iter().filter(|size| sizes.is_empty() || sizes.contains(&size.to_string())) {
        moves::run(&comm, &peers, size, &mut report, &wanted);
    }
    halos::run(&comm, &peers, &mut report, &wanted);
    permutation::run(&comm, &peers, &mut report, &wanted);
}
