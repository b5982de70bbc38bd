//! Launches beside those of [`Tally::launch_all`]: thread levels, large messages, a rank that is
//! killed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::DirEntry;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use dap_launch::{Skip, Tally, is_drawn, mpirun, start, wait};

use crate::available::available;
use crate::extremes;

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
