//! The memory that is still available: segments ask before they reserve it, tests before they fill
//! it.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// The memory that this process can get without swapping, in bytes: Linux's estimate for the
/// machine, and at most the rest of the control groups of a container or batch job.
pub(crate) fn available() -> Option<u64> {
    machine().into_iter().chain(groups()).min()
}

fn machine() -> Option<u64> {
    let text = read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The names of these numbers in one version of control groups: the mount point, the limit, the
/// usage, and the part of the usage that is page cache and can be dropped.
struct Names {
    mount: &'static str,
    limit: &'static str,
    usage: &'static str,
    droppable: &'static str,
}

const FIRST: Names = Names {
    mount: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    droppable: "total_inactive_file ",
};
const SECOND: Names =
    Names { mount: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current", droppable: "inactive_file " };

/// The memory left in each of this process's control groups, in bytes.
fn groups() -> Vec<u64> {
    let text = read_to_string("/proc/self/cgroup").unwrap_or_default();
    let group = |line: &str| {
        let mut fields = line.splitn(3, ':');
        let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        match controllers {
            "" => Some((&SECOND, path.to_owned())),
            _ => controllers.split(',').any(|name| name == "memory").then(|| (&FIRST, path.to_owned())),
        }
    };
    text.lines().filter_map(group).flat_map(|(names, path)| left(names, &path)).collect()
}

/// The memory left in a group and in each of its parents. In a container the path may be the
/// host's; then only the mount point exists.
fn left(names: &Names, path: &str) -> Vec<u64> {
    let mount = Path::new(names.mount);
    let inner: PathBuf = mount.join(path.trim_start_matches('/'));
    let number = |folder: &Path, name: &str| read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let of = |folder: &Path| {
        // A group without a limit has no number here.
        let limit = number(folder, names.limit)?;
        let stat = read_to_string(folder.join("memory.stat")).unwrap_or_default();
        let droppable = stat.lines().find_map(|line| line.strip_prefix(names.droppable)?.trim().parse::<u64>().ok());
        let used = number(folder, names.usage)?.saturating_sub(droppable.unwrap_or(0));
        Some(limit.saturating_sub(used))
    };
    inner.ancestors().take_while(|folder| folder.starts_with(mount)).filter_map(of).collect()
}
