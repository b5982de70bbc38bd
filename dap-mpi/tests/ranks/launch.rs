//! Launches this test under `mpirun`, and kills launches that hang.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::DirEntry;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::available::available;
use crate::extremes;
use crate::support::seed;
use crate::tally::{Skip, Tally};

/// A launch that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) fn all(tally: &mut Tally) {
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
        tally.run(&format!("{ranks} ranks{node_text}"), None, || {
            let mut command = mpirun(ranks);
            if let Some(node) = node {
                command.env("DAP_NODE_SIZE", node);
            }
            wait(&mut start(&mut command)?).map_err(|why| format!("{why}; seed {}", seed()))
        });
    }
}

/// `DAP_SAMPLE`: one launch of this number is made; without it all of them.
fn sample() -> u64 {
    std::env::var("DAP_SAMPLE").ok().and_then(|sample| sample.parse().ok()).unwrap_or(1).max(1)
}

/// Whether a launch belongs to the sample, which the seed chooses.
fn is_drawn(number: u64) -> bool {
    number.wrapping_add(seed()).is_multiple_of(sample())
}

/// The thread levels of MPI, on one node and on several.
pub(crate) fn threads(tally: &mut Tally) {
    for (number, level) in (0..).zip(["single", "funneled", "serialized", "multiple"]) {
        for node in [4, 2] {
            if !is_drawn(2 * number + node / 2) {
                continue;
            }
            tally.run(&format!("threads, level {level}, 4 ranks, nodes of {node}"), None, || {
                let mut command = mpirun(4);
                command.env("DAP_CASE", "threads").env("DAP_THREAD_LEVEL", level);
                wait(&mut start(command.env("DAP_NODE_SIZE", node.to_string()))?)
            });
        }
    }
}

/// The cases that are launched by themselves.
pub(crate) fn extremes(tally: &mut Tally) {
    let short_of = |bytes: u64| Skip {
        reason: format!("needs {} GiB of memory, {} are available", extremes::LARGE_NEEDS >> 30, bytes >> 30),
        required_by: "DAP_REQUIRE_MEMORY",
    };
    let skip = available().filter(|&bytes| bytes < extremes::LARGE_NEEDS).map(short_of);
    tally.run("3 GiB in messages", skip, || {
        wait(&mut start(mpirun(2).env("DAP_CASE", "large").env("DAP_NODE_SIZE", "1"))?)
    });
    tally.run("a rank is killed", None, || {
        let before = shared_memory();
        let began = Instant::now();
        let mut command = mpirun(3);
        // The launcher's messages about it do not matter.
        command.env("DAP_CASE", "killed").stdout(Stdio::null()).stderr(Stdio::null());
        let ended = wait(&mut start(&mut command)?);
        let took = began.elapsed();
        let left: Vec<_> =
            shared_memory().into_iter().filter(|name| !before.contains(name) && !is_used(name)).collect();
        match ended {
            Ok(()) => Err("the job ended as if nothing had happened".into()),
            Err(_) if took > Duration::from_secs(30) => Err(format!("the job ended after {} s only", took.as_secs())),
            Err(_) if !left.is_empty() => Err(format!("left behind in shared memory: {left:?}")),
            Err(_) => Ok(()),
        }
    });
}

fn start(command: &mut Command) -> Result<Child, String> {
    command.spawn().map_err(|error| format!("{command:?}: {error}"))
}

/// The names in shared memory.
fn shared_memory() -> BTreeSet<OsString> {
    let entries = std::fs::read_dir("/dev/shm").into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect()
}

/// Whether a file of shared memory belongs to another job: a process has it mapped, or has removed
/// it meanwhile.
fn is_used(name: &OsStr) -> bool {
    let path = Path::new("/dev/shm").join(name);
    if !path.exists() {
        return true;
    }
    let path = path.into_os_string().into_encoded_bytes();
    let maps = |entry: DirEntry| std::fs::read(entry.path().join("maps")).unwrap_or_default();
    let mut processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.any(|entry| maps(entry).windows(path.len()).any(|part| part == path))
}

/// This program, under `mpirun`.
pub(crate) fn mpirun(ranks: u32) -> Command {
    let launcher = std::env::var("DAP_MPIRUN").unwrap_or_else(|_| "mpirun".into());
    let mut words = launcher.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("mpirun"));
    command.args(words).args(["-n", &ranks.to_string()]);
    // Open MPI needs these for root and for more ranks than cores; other launchers ignore them.
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").env("RUST_BACKTRACE", "0").env("DAP_TEST_RANKS", "1");
    // A random seed is drawn once.
    command.env("DAP_SEED", seed().to_string());
    command.arg(std::env::current_exe().expect("this program has a path"));
    command.stdin(Stdio::null());
    command
}

/// Waits for the end of a launch, and kills it after the limit.
pub(crate) fn wait(child: &mut Child) -> Result<(), String> {
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
