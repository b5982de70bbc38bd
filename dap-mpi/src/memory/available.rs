//! How much memory the machine can still give: segments ask before they reserve, tests before they fill it.

/// The memory that can be had without swapping, in bytes, as Linux estimates it.
pub(crate) fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}
