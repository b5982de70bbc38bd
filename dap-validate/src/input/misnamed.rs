//! Files that may be exports and have other names. They are not read, but findings about missing
//! exports mention them.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use dap_core::finding::Finding;

use super::names::{self, FileFormat, Number};

/// Adds to a finding that the file is present, with the name that it needs as the export of a rank,
/// or the advice to name it on the command line.
pub(super) fn note(finding: Finding, stray: &OsStr) -> Finding {
    let finding = finding.with("found", stray.to_string_lossy().into_owned());
    match names::meant(stray) {
        Some(name) => finding.with("expected", name.to_string_lossy().into_owned()).note("look-alike", true),
        None => finding.note("whole", true),
    }
}

/// The file of a directory that looks like the export `<stem><rank>` of a missing rank: that of the
/// lowest such rank.
///
/// The directory is listed again. Names are needed for sets with missing ranks only, and a million
/// of them would take more memory than their ranks.
pub(super) fn of_rank(
    path: &Path,
    stem: &OsStr,
    format: FileFormat,
    is_missing: impl Fn(i64) -> bool,
) -> Option<OsString> {
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
