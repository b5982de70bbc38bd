//! Launches this test under `mpirun`, and kills what hangs.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::DirEntry;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::available::available;
use crate::extremes;

/// A launch that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) fn all() {
    let only = std::env::var("DAP_RANKS").ok();
    let wanted = |ranks: u32| only.as_ref().is_none_or(|only| only.split(',').any(|n| n == ranks.to_string()));
    let mut failed = Vec::new();
    for (ranks, node) in
        [1, 2, 3, 4, 6].into_iter().flat_map(|ranks| [(ranks, None), (ranks, Some(1)), (ranks, Some(2))])
    {
        // One rank has no neighbour, so that its node needs no splitting; two on one node are all.
        if !wanted(ranks) || node.is_some_and(|node| node >= ranks) {
            continue;
        }
        let began = Instant::now();
        let node_text = node.map_or_else(String::new, |node| format!(", nodes of {node}"));
        print!("{ranks} ranks{node_text} ... ");
        match run(ranks, node) {
            Ok(()) => println!("ok in {:.1} s", began.elapsed().as_secs_f64()),
            Err(why) => {
                println!("FAILED: {why}");
                failed.push(ranks);
            }
        }
    }
    assert!(failed.is_empty(), "failed with {failed:?} ranks");
}

/// The cases that are launched by themselves, unless only certain ones are asked for.
pub(crate) fn extremes() {
    print!("3 GiB in messages ... ");
    match available() {
        Some(bytes) if bytes < extremes::LARGE_NEEDS => {
            println!("SKIPPED: it needs {} GiB of memory, {} are free", extremes::LARGE_NEEDS >> 30, bytes >> 30)
        }
        _ => {
            let began = Instant::now();
            let mut child =
                mpirun(2).env("DAP_CASE", "large").env("DAP_NODE_SIZE", "1").spawn().expect("mpirun starts");
            wait(&mut child).expect("it moves");
            println!("ok in {:.1} s", began.elapsed().as_secs_f64());
        }
    }
    print!("a rank is killed ... ");
    let before = shared_memory();
    let began = Instant::now();
    let mut command = mpirun(3);
    // What launchers say about it is not for us.
    let mut child =
        command.env("DAP_CASE", "killed").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("mpirun");
    let ended = wait(&mut child);
    let took = began.elapsed();
    assert!(ended.is_err(), "the job ended as if nothing had happened");
    assert!(took < Duration::from_secs(30), "the job ended after {} s only", took.as_secs());
    let left: Vec<_> = shared_memory().into_iter().filter(|name| !before.contains(name) && !is_used(name)).collect();
    assert!(left.is_empty(), "left behind in shared memory: {left:?}");
    println!("ok: ended in {:.1} s", took.as_secs_f64());
}

/// What lies in shared memory.
fn shared_memory() -> BTreeSet<OsString> {
    let entries = std::fs::read_dir("/dev/shm").into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect()
}

/// Whether a file of shared memory is another job's: a process has it mapped, or has removed it meanwhile.
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

/// README's program in Rust is the example, and it runs.
pub(crate) fn readme() {
    let (readme, example) = (include_str!("../../../README.md"), include_str!("../../examples/heat.rs"));
    let program = example.split_once("\n\n").expect("a first line about README").1;
    assert!(
        readme.contains(&format!("```rust\n{program}```\n")),
        "README's program differs from dap-mpi/examples/heat.rs"
    );
    let test = std::env::current_exe().expect("this program has a path");
    let built = test.ancestors().nth(2).expect("a folder of builds").join("examples/heat");
    assert!(built.exists(), "{} is missing: `cargo build -p dap-mpi --example heat` makes it", built.display());
    for ranks in [1, 3] {
        print!("README's program on {ranks} ranks ... ");
        let mut child = program_on(ranks, &built).stdout(Stdio::null()).spawn().expect("mpirun starts");
        wait(&mut child).expect("it runs");
        println!("ok");
    }
}

/// This program, under `mpirun`.
pub(crate) fn mpirun(ranks: u32) -> Command {
    program_on(ranks, &std::env::current_exe().expect("this program has a path"))
}

fn program_on(ranks: u32, program: &Path) -> Command {
    let launcher = std::env::var("DAP_MPIRUN").unwrap_or_else(|_| "mpirun".into());
    let mut words = launcher.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("mpirun"));
    command.args(words).args(["-n", &ranks.to_string()]);
    // As root and with more ranks than cores; other launchers do not look at these.
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").env("RUST_BACKTRACE", "0").env("DAP_TEST_RANKS", "1");
    command.arg(program);
    command.stdin(Stdio::null());
    command
}

fn run(ranks: u32, node: Option<u32>) -> Result<(), String> {
    let mut command = mpirun(ranks);
    if let Some(node) = node {
        command.env("DAP_NODE_SIZE", node.to_string());
    }
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    wait(&mut child)
}

/// Waits for the end of a launch, and brings it about after a time.
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
