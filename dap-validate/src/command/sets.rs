//! The arrays that the command line names, checked one after another.

use std::path::PathBuf;

use dap_core::check::Profile;

use super::progress::Bar;
use crate::cli::InputArgs;
use crate::command::outcome::Failure;
use crate::input::{self, CheckedSet, InputOptions, Progress};
use dap_report::printable;

/// The checked sets; each is read when the iterator reaches it.
pub(super) fn checked(
    args: &InputArgs,
    profile: Profile,
) -> Result<impl ExactSizeIterator<Item = CheckedSet>, Failure> {
    of_paths(args, &args.paths, profile)
}

/// As [`checked`], of these paths alone.
pub(super) fn of_paths(
    args: &InputArgs,
    paths: &[PathBuf],
    profile: Profile,
) -> Result<impl ExactSizeIterator<Item = CheckedSet>, Failure> {
    let options = InputOptions { partial: args.partial, renumber: args.renumber };
    let sets = input::gather(paths, std::io::stdin(), options)
        .and_then(|mut sets| {
            args.pattern.iter().try_for_each(|pattern| pattern.gather(options, &mut sets))?;
            Ok(sets)
        })
        .map_err(|error| Failure::Usage(printable(&error.to_string())))?;
    let wants_progress = !args.no_progress;
    Ok(sets.into_iter().map(move |set| {
        let bar = if wants_progress { Bar::new(printable(&set.name)) } else { None };
        set.check(profile, bar.as_ref().map_or(&(), |bar| bar as &dyn Progress))
    }))
}
