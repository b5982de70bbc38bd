//! The arrays that the command line names, judged one after another.

use dap_core::check::{Profile, Ranks};

use super::Failure;
use crate::cli::InputArgs;
use crate::input::{InputSet, Judged};
use crate::report::printable;

/// The judged sets, each read when it is asked for.
pub(super) fn judged(args: &InputArgs, profile: Profile) -> Result<impl Iterator<Item = Judged>, Failure> {
    let claim = if args.partial { Ranks::Some } else { Ranks::All };
    if let Some(path) = args.paths.iter().find(|path| !path.exists()) {
        return Err(Failure::Usage(format!("{}: no such file or directory", printable(&path.display().to_string()))));
    }
    let set = move |path: &std::path::PathBuf| InputSet { name: path.display().to_string(), claim };
    Ok(args.paths.iter().map(move |path| set(path).judge(profile)))
}
