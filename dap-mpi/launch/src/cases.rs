//! The cases that each rank runs, and the command that repeats one.

use std::fmt::Display;
use std::panic;
use std::sync::Mutex;

use crate::seed::seed;

/// A test program: the names of its package and of the test in it.
#[derive(Debug, Clone, Copy)]
pub struct Test {
    /// The package.
    pub package: &'static str,
    /// The test.
    pub name: &'static str,
}

/// The name of the current case.
static CASE: Mutex<&str> = Mutex::new("");

impl Test {
    /// Runs cases on this rank, one after the other: those that `DAP_CASE` names, all without it.
    /// `run` ends each with a barrier.
    ///
    /// A rank that fails aborts the others, which would wait for it, and prints the command that
    /// repeats the failure.
    pub fn run_cases<F>(self, ranks: i32, cases: &[(&'static str, F)], mut run: impl FnMut(&F)) {
        self.abort_on_panic(ranks);
        let only = std::env::var("DAP_CASE").ok();
        for (name, case) in cases.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
            *CASE.lock().expect("nobody panics with it") = name;
            run(case);
        }
    }

    fn abort_on_panic(self, ranks: i32) {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let case = CASE.try_lock().map_or("", |case| *case);
            eprintln!("case {case}, which is repeated by\n    {}", self.repeat(ranks, Some(case)));
            default(info);
            std::process::abort();
        }));
    }

    /// The command that repeats one number of ranks, or one case on them, with this run's seed and
    /// node size.
    pub fn repeat(self, ranks: impl Display, case: Option<&str>) -> String {
        let node =
            std::env::var("DAP_NODE_SIZE").map_or_else(|_| String::new(), |node| format!("DAP_NODE_SIZE={node} "));
        let case = case.map_or_else(String::new, |case| format!("DAP_CASE='{case}' "));
        let Test { package, name } = self;
        format!("DAP_SEED={} {node}DAP_RANKS={ranks} {case}cargo test -p {package} --test {name}", seed())
    }
}
