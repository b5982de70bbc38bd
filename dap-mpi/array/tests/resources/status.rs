//! The kernel's account of this process: `/proc/self`.

use std::fs;

/// A line of `/proc/self/status`, without its name.
pub(crate) fn line(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has this file");
    let found = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    found.unwrap_or_else(|| panic!("no {name} in\n{status}")).trim().to_owned()
}

fn bytes(name: &str) -> usize {
    let text = line(name);
    let kibibytes = text.strip_suffix(" kB").and_then(|number| number.parse::<usize>().ok());
    kibibytes.unwrap_or_else(|| panic!("{name}: {text}")) * 1024
}

/// The memory that is mapped and present, in bytes.
pub(crate) fn resident() -> usize {
    bytes("VmRSS")
}

/// The greatest value of [`resident`] since the last [`reset_peak`].
pub(crate) fn peak() -> usize {
    bytes("VmHWM")
}

pub(crate) fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("a process may reset its own peak");
}

/// The pages that this process has touched for the first time, so far.
pub(crate) fn faults() -> usize {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux has this file");
    // The name of the program, in parentheses, is field 2.
    let (_, fields) = stat.rsplit_once(')').expect("the program's name");
    fields.split_whitespace().nth(7).and_then(|field| field.parse().ok()).expect("field 10")
}

/// The number of open files.
pub(crate) fn files() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux has this folder").count()
}
