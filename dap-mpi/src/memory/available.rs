//! How much memory can still be had: segments ask before they reserve, tests before they fill it.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// The memory that this process can have without swapping, in bytes: as Linux estimates it for the
/// machine, and no more than the control groups of a container or of a batch job leave.
pub(crate) fn available() -> Option<u64> {
    machine().into_iter().chain(groups()).min()
}

fn machine() -> Option<u64> {
    let text = read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What each version of control groups calls these numbers: where they are mounted, the limit, what
/// is in use, and of that, the pages of files that can be dropped.
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

/// What this process's control groups leave, each of them.
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

/// What a group leaves, and each of those that it is in. In a container the path may be the host's:
/// then only the mount is there.
fn left(names: &Names, path: &str) -> Vec<u64> {
    let mount = Path::new(names.mount);
    let inner: PathBuf = mount.join(path.trim_start_matches('/'));
    let number = |folder: &Path, name: &str| read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let of = |folder: &Path| {
        // Without a limit there is no number.
        let limit = number(folder, names.limit)?;
        let stat = read_to_string(folder.join("memory.stat")).unwrap_or_default();
        let droppable = stat.lines().find_map(|line| line.strip_prefix(names.droppable)?.trim().parse::<u64>().ok());
        let used = number(folder, names.usage)?.saturating_sub(droppable.unwrap_or(0));
        Some(limit.saturating_sub(used))
    };
    inner.ancestors().take_while(|folder| folder.starts_with(mount)).filter_map(of).collect()
}
