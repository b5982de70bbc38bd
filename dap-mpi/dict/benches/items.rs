//! A million items: set, read, counted and mapped, each rank its part. Without arguments it says
//! how it is run: `cargo bench -p dap-dict --bench items --no-run`, then `mpirun -n 2 PROGRAM
//! ITEMS`.

use std::time::Instant;

use dap_dict::DistDict;
use dap_mpi::Comm;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let Some(items) = std::env::args().skip(1).find_map(|word| word.parse::<u64>().ok()) else {
        println!("run under mpirun, with the number of items: 1000000");
        return;
    };
    let universe = mpi::initialize().expect("MPI starts");
    let comm = Comm::new(&universe.world()).expect("a communicator");
    let (ranks, here) = (comm.size() as u64, comm.rank() as u64);
    let mine: Vec<u64> = (0..items).filter(|key| key % ranks == here).collect();
    let report = |what: &str, began: Instant| {
        comm.barrier().expect("all ranks are there");
        if here == 0 {
            let seconds = began.elapsed().as_secs_f64();
            println!(
                "{what:10} {items} items on {ranks} ranks: {seconds:.3} s, {:.2} M/s",
                items as f64 / seconds / 1e6
            );
        }
    };
    let mut dict = DistDict::<u64, u64>::new(&comm).expect("a dictionary");
    let began = Instant::now();
    mine.iter().for_each(|key| dict.set(key, &(key * 7)).expect("an operation"));
    dict.flush().expect("a flush");
    report("set", began);
    let began = Instant::now();
    let tickets: Vec<_> = mine.iter().map(|key| dict.get(key).expect("an operation")).collect();
    dict.flush().expect("a flush");
    let right = tickets.into_iter().zip(&mine).all(|(it, key)| dict.take(it).expect("a value") == Some(key * 7));
    assert!(right, "a value is wrong");
    report("get", began);
    let began = Instant::now();
    let counts = mine.iter().map(|key| (key % 1000, 1_u64));
    let mut count = DistDict::<u64, u64>::new(&comm).expect("a dictionary");
    count.update_all(counts, |so_far, one| Some(so_far.unwrap_or(0) + one)).expect("counts");
    report("update", began);
    let began = Instant::now();
    let doubled = dict.map_items(|_, value| value * 2).expect("results");
    assert!(doubled.iter().all(|(key, value)| *value == key * 14), "a result is wrong");
    report("map", began);
}
