//! The threads and the memory of each rank: shares of the machine, peaks of operations, growth.
//!
//! Each case is launched by itself; `DAP_CASE` chooses one.

mod memory;
mod status;
mod threads;

use dap_array::Context;
use dap_launch::{Tally, Test, is_rank, mpirun, start, wait};
use dap_mpi::Comm;

const TEST: Test = Test { package: "dap-array", name: "resources" };

/// A case: its name, its numbers of ranks, variables of the environment, and what each rank does.
type Case = (&'static str, &'static [u32], &'static [(&'static str, &'static str)], fn(&Context));

const CASES: &[Case] = &[
    ("threads share a machine", &[1, 2, 3], &[], threads::shared),
    ("threads share a machine of several nodes", &[3], &[("DAP_NODE_SIZE", "1")], threads::shared),
    ("threads are named", &[2], &[("DAP_NUM_THREADS", "3")], threads::named),
    // Each rank has its own memory, and maps none of others.
    ("peaks of operations", &[2], &[("DAP_NODE_SIZE", "1")], memory::peaks),
    ("many prepared moves", &[2], &[("DAP_NODE_SIZE", "1")], memory::moves),
    ("buffers are used again", &[1, 2], &[], memory::reused),
    ("no growth", &[2], &[], memory::growth),
];

fn main() {
    if is_rank() {
        let universe = mpi::initialize().expect("MPI starts");
        let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
        let cases: Vec<_> = CASES.iter().map(|&(name, .., case)| (name, case)).collect();
        TEST.run_cases(context.comm().size(), &cases, |case| {
            case(&context);
            context.comm().barrier().expect("all ranks are there");
        });
        return;
    }
    let only = std::env::var("DAP_CASE").ok();
    let mut tally = Tally::default();
    for &(name, ranks, variables, _) in CASES.iter().filter(|(name, ..)| only.as_deref().is_none_or(|it| it == *name)) {
        for &ranks in ranks {
            tally.run(&format!("{name}, {ranks} ranks"), None, || {
                let mut command = mpirun(ranks);
                command.env_remove("DAP_NODE_SIZE").env_remove("DAP_NUM_THREADS");
                command.env("DAP_CASE", name).envs(variables.iter().copied());
                wait(&mut start(&mut command)?)
            });
        }
    }
    tally.end();
}
