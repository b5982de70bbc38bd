//! Files that may be exports and are not named like one: nothing is read from them, but a finding
//! that misses exports tells of them.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use dap_core::finding::Finding;

use super::names::{self, Format, Number};

/// Says that the file is here, and what it would be called as the export of a rank, or that it can
/// be named itself.
pub(super) fn told(finding: Finding, stray: &OsStr) -> Finding {
    let finding = finding.with("found", stray.to_string_lossy().into_owned());
    match names::meant(stray) {
        Some(name) => finding.with("expected", name.to_string_lossy().into_owned()).note("look-alike", true),
        None => finding.note("whole", true),
    }
}

/// The file that looks like the export of the lowest missing rank that has one, among the files
/// `<stem><rank>` of a directory.
///
/// It lists the directory again: only who misses a rank wants to know, and a million names take
/// more memory than their ranks.
pub(super) fn of_rank(path: &Path, stem: &OsStr, format: Format, is_missing: impl Fn(i64) -> bool) -> Option<OsString> {
    let stray = |name: OsString| {
        if !names::is_alike(&name) || names::parse(&name).is_some() {
            return None;
        }
        let meant = names::parse(&names::meant(&name)?)?;
        match meant.number {
            Number::Rank { rank, .. } if meant.format == format && meant.stem == stem && is_missing(rank) => {
                Some((rank, name))
            }
            _ => None,
        }
    };
    let entries = path.read_dir().ok()?.flatten();
    entries.filter_map(|entry| stray(entry.file_name())).min().map(|(_, name)| name)
}
