//! The cost of a plan of structured layouts: it should depend on the runs, not on the elements.

use std::time::Instant;

use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan};
use dap_mpi::Comm;

use crate::case::cases;
use crate::clock::{Times, repetitions};
use crate::report::{Report, Row};

pub(crate) fn run(comm: &Comm, report: &mut Report, wanted: &dyn Fn(&str) -> bool) {
    for n in [8192, 65536] {
        for case in cases(comm.size(), n) {
            let name = match case.name {
                "row blocks to column blocks" => "plan, row blocks to column blocks",
                "block-cyclic 64 to 256" => "plan, block-cyclic 64 to 256",
                _ => "plan, cyclic 1 to block",
            };
            if !wanted(name) {
                continue;
            }
            let mut ours = Times::default();
            for _ in 0..repetitions() {
                let begin = Instant::now();
                let (from, to) = (case.from.layout(n.into()), case.to.layout(n.into()));
                let plan = Plan::new(&from, &to, Endpoints::both(Rank(comm.rank().into()))).expect("a plan");
                ours.0.push(begin.elapsed().as_secs_f64());
                drop(std::hint::black_box(plan));
            }
            comm.barrier().expect("a barrier");
            report.row(&Row { case: name, n: n.into(), memory: "none", ours: &ours }, None, &[], f64::NAN);
        }
    }
}
