//! Launches this program under `mpirun`, and kills launches that hang.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cases::Test;
use crate::seed::seed;
use crate::tally::Tally;

/// A launch that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(300);

/// The variable that tells this program that it is a rank.
const IS_RANK: &str = "DAP_TEST_RANKS";

/// Whether this process is a rank of a launch.
pub fn is_rank() -> bool {
    std::env::var_os(IS_RANK).is_some()
}

impl Tally {
    /// Launches a test on 1, 2, 3, 4 and 6 ranks, on one node and on nodes of one and two ranks, as
    /// far as the variables of the [crate] choose them.
    pub fn launch_all(&mut self, test: Test) {
        let only = std::env::var("DAP_RANKS").ok();
        let wanted = |ranks: u32| only.as_ref().is_none_or(|only| only.split(',').any(|n| n == ranks.to_string()));
        let nodes = match std::env::var("DAP_NODE_SIZE") {
            Ok(node) => vec![Some(node)],
            Err(_) => vec![None, Some("1".to_owned()), Some("2".to_owned())],
        };
        let is_only = nodes.len() == 1;
        println!("seed {} (DAP_SEED), one launch of {} (DAP_SAMPLE)", seed(), sample());
        let mut number = 0;
        let sizes = [1, 2, 3, 4, 6].into_iter().filter(|&ranks| wanted(ranks));
        for (ranks, node) in sizes.flat_map(|ranks| nodes.iter().map(move |node| (ranks, node))) {
            // A node of one rank needs no splitting, and two ranks on one node are all ranks.
            let splits = |node: &String| node.parse().is_ok_and(|node: u32| node < ranks);
            if !is_only && !node.as_ref().is_none_or(splits) {
                continue;
            }
            number += 1;
            if !is_drawn(number) {
                continue;
            }
            let node_text = node.as_ref().map_or_else(String::new, |node| format!(", nodes of {node}"));
            self.run(&format!("{ranks} ranks{node_text}"), None, || {
                let mut command = mpirun(ranks);
                if let Some(node) = node {
                    command.env("DAP_NODE_SIZE", node);
                }
                wait(&mut start(&mut command)?).map_err(|why| format!("{why}; repeat: {}", test.repeat(ranks, None)))
            });
        }
    }
}

/// `DAP_SAMPLE`: one launch of this number is made; without it all of them.
fn sample() -> u64 {
    std::env::var("DAP_SAMPLE").ok().and_then(|sample| sample.parse().ok()).unwrap_or(1).max(1)
}

/// Whether a launch belongs to the sample, which the seed chooses.
pub fn is_drawn(number: u64) -> bool {
    number.wrapping_add(seed()).is_multiple_of(sample())
}

/// Starts a launch.
///
/// # Errors
/// The launcher cannot be started.
pub fn start(command: &mut Command) -> Result<Child, String> {
    command.spawn().map_err(|error| format!("{command:?}: {error}"))
}

/// This program, under `mpirun`.
pub fn mpirun(ranks: u32) -> Command {
    let launcher = std::env::var("DAP_MPIRUN").unwrap_or_else(|_| "mpirun".into());
    let mut words = launcher.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("mpirun"));
    command.args(words).args(["-n", &ranks.to_string()]);
    // Open MPI needs these for root and for more ranks than cores; other launchers ignore them.
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").env("RUST_BACKTRACE", "0").env(IS_RANK, "1");
    // A random seed is drawn once.
    command.env("DAP_SEED", seed().to_string());
    command.arg(std::env::current_exe().expect("this program has a path"));
    command.stdin(Stdio::null());
    command
}

/// Waits for the end of a launch, and kills it after five minutes.
///
/// # Errors
/// The launch fails, or is killed.
pub fn wait(child: &mut Child) -> Result<(), String> {
    let began = Instant::now();
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(status.to_string()),
            None if began.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("killed after {} s", LIMIT.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
