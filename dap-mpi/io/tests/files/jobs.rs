//! Launches of their own: a rank that is killed in the middle of a save, and a small disk.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use dap_array::{Context, DynArray, ElementType, ErrorKind, Value};
use dap_core::layout::Layout;
use dap_io::npy::{self, Save};
use dap_launch::{Skip, Tally, mpirun, seed, start, wait};

use crate::folder::Shared;
use dap_array_testing::ranks_of;

/// The variable that names the job of a launch.
const JOB: &str = "DAP_FILES_JOB";
/// The variable with the number of milliseconds after which a rank is killed.
const KILL_AFTER: &str = "DAP_FILES_KILL_AFTER";

/// Elements of the arrays that are saved.
const LEN: i64 = 1 << 20;

/// Runs this launch's job, if it has one.
pub(crate) fn run(context: &Context, shared: &Shared) -> bool {
    let Ok(job) = std::env::var(JOB) else { return false };
    match &job[..] {
        "kill" => killed(context, shared),
        "again" => npy::save(&full(context, 77.0, LEN), shared.root.join("killed.npy")).expect("a file"),
        "full" => full_disk(context, shared),
        job => panic!("no job {job}"),
    }
    true
}

/// Launches all jobs.
pub(crate) fn launch_all(tally: &mut Tally, shared: &Shared) {
    if std::env::var_os("DAP_CASE").is_some() {
        return;
    }
    for number in 0..3 {
        tally.run(&format!("a rank is killed during a save ({number})"), None, || kill(shared, number));
    }
    let mount = shared.root.join("disk");
    std::fs::create_dir(&mount).expect("a folder");
    let reason = "no small file system can be made here, which takes root".to_owned();
    let skip = (!on_small_disk(&mount, Command::new("true")).status().is_ok_and(|status| status.success()))
        .then_some(Skip { reason, required_by: "DAP_REQUIRE_SMALL_DISK" });
    tally.run("a full disk", skip, || {
        let mut ranks = mpirun(2);
        ranks.env(JOB, "full");
        wait(&mut start(&mut on_small_disk(&mount, ranks))?)
    });
}

/// A command that finds a file system of four mebibytes at `mount`.
fn on_small_disk(mount: &Path, command: Command) -> Command {
    let mut wrapped = Command::new("unshare");
    wrapped.args(["--mount", "sh", "-c", r#"mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@""#]).arg(mount);
    wrapped.arg(command.get_program()).args(command.get_args());
    wrapped.envs(command.get_envs().filter_map(|(key, value)| Some((key, value?))));
    wrapped
}

fn full(context: &Context, value: f64, len: i64) -> DynArray {
    let layout = Layout::builder([len]).processes(ranks_of(context)).build().expect("a layout");
    DynArray::full(context, layout, ElementType::F64, Value::Float(value)).expect("an array")
}

/// Saves again and again, until one rank is killed.
fn killed(context: &Context, shared: &Shared) {
    let path = shared.root.join("killed.npy");
    npy::save(&full(context, 0.0, LEN), &path).expect("a file");
    let after: u64 = std::env::var(KILL_AFTER).expect("a time").parse().expect("a number");
    if i64::from(context.comm().rank()) == after as i64 % ranks_of(context) {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(after));
            let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
        });
    }
    for round in 1_u32.. {
        // An error says that the other rank is gone.
        if Save::new(&full(context, round.into(), LEN)).to(&path).is_err() {
            std::thread::sleep(Duration::from_secs(100));
        }
    }
}

fn kill(shared: &Shared, number: u64) -> Result<(), String> {
    let path = shared.root.join("killed.npy");
    let mut job = mpirun(2);
    let after = (seed().wrapping_add(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) % 300 + 200;
    job.env(JOB, "kill").env(KILL_AFTER, after.to_string()).stderr(std::process::Stdio::null());
    let began = Instant::now();
    let ended = wait(&mut start(&mut job)?);
    if ended.is_ok() || began.elapsed() > Duration::from_millis(after) + Duration::from_secs(15) {
        return Err(format!("killed after {after} ms: {ended:?} after {:?}", began.elapsed()));
    }
    // The old file, or the new one.
    let file = std::fs::read(&path).map_err(|error| error.to_string())?;
    if file.len() != 128 + 8 * LEN as usize || file[128..].chunks(8).any(|item| item != &file[128..136]) {
        return Err(format!("killed after {after} ms: the file is damaged"));
    }
    let left = || Shared::names(&shared.root).into_iter().filter(|name| name.contains(".part"));
    if let Some(strange) = left().find(|name| !name.starts_with(".killed.npy.dap-")) {
        return Err(format!("killed after {after} ms: {strange} is left"));
    }
    wait(&mut start(mpirun(2).env(JOB, "again"))?)?;
    match left().next() {
        None => Ok(()),
        Some(left) => Err(format!("{left} is left after the next save")),
    }
}

/// The disk has four mebibytes.
fn full_disk(context: &Context, shared: &Shared) {
    let path = shared.root.join("disk/x.npy");
    let (fits, too_large) = (full(context, 1.0, 1 << 18), full(context, 2.0, 1 << 20));
    npy::save(&fits, &path).expect("a file");
    context.comm().barrier().expect("all ranks are there");
    let old = std::fs::read(&path).expect("the file");
    let error = npy::save(&too_large, &path).expect_err("no room");
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().contains("no space left on device"), "{error}");
    context.comm().barrier().expect("all ranks are there");
    assert_eq!(std::fs::read(&path).expect("the file"), old);
    assert_eq!(Shared::names(&shared.root.join("disk")), ["x.npy"]);
}
