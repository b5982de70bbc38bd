//! The refusal of outputs that would overwrite an input or another output.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::cli::OutputArg;
use crate::command::outcome::Failure;
use crate::input::is_export_name;
use dap_report::printable;

/// Refuses a file that is an input, or that would be one of the exports of an input directory.
/// `what` names the output.
pub(super) fn spare_inputs(what: &str, path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    for input in inputs {
        if is_same(path, input) {
            return Err(not_written(what, path, "it is an input"));
        }
        let is_export = path.file_name().is_some_and(is_export_name);
        if is_export && input.is_dir() && place(path).zip(input.canonicalize().ok()).is_some_and(lies_below) {
            return Err(not_written(what, path, "by its name it is an export among the inputs"));
        }
    }
    Ok(())
}

/// Calls [`spare_inputs`] for each report that goes into a file, and refuses a file for two
/// reports.
pub(super) fn reports(outputs: &[OutputArg], inputs: &[PathBuf]) -> Result<(), Failure> {
    let files: Vec<(&OutputArg, &Path)> =
        outputs.iter().filter_map(|output| Some((output, output.path.as_deref()?))).collect();
    for (at, (output, path)) in files.iter().enumerate() {
        let what = format!("{} report", output.format);
        if let Some((other, _)) = files[..at].iter().find(|(_, other)| is_same(path, other)) {
            return Err(not_written(&what, path, &format!("the {} report goes there", other.format)));
        }
        spare_inputs(&what, path, inputs)?;
        writable(&what, path)?;
    }
    Ok(())
}

/// Refuses a file that cannot be written, before anything is read. `what` names the output.
pub(super) fn writable(what: &str, path: &Path) -> Result<(), Failure> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        return Err(not_written(
            what,
            path,
            "nothing is compressed when it is written; name the file without `.gz`, and use `gzip`",
        ));
    }
    if path.is_dir() {
        return Err(not_written(what, path, "it is a directory; name a file in it"));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
        let parent = printable(&parent.display().to_string());
        return Err(not_written(what, path, &format!("there is no directory {parent}; make it first")));
    }
    Ok(())
}

/// The failure that names an output and the reason for not writing it.
fn not_written(what: &str, path: &Path, why: &str) -> Failure {
    Failure::Usage(format!("not writing the {what} to {}: {why}", printable(&path.display().to_string())))
}

/// Whether two paths name one file, links included. Devices can be written to twice.
fn is_same(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.is_file() && (a.dev(), a.ino()) == (b.dev(), b.ino()),
        (Err(_), Err(_)) => place(a).is_some_and(|a| place(b) == Some(a)),
        _ => false,
    }
}

/// The path from the root of a file that may not exist yet.
fn place(path: &Path) -> Option<PathBuf> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(parent.canonicalize().ok()?.join(path.file_name()?))
}

fn lies_below((path, directory): (PathBuf, PathBuf)) -> bool {
    path.starts_with(directory)
}
