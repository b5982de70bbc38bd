//! The sets in a directory, or in the directories below it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::{InputError, InputErrorKind};
use super::files::{Files, Numbered};
use super::misnamed;
use super::names::{self, FileFormat, Number};
use super::options::InputOptions;
use super::problem::{no_export, numpy};
use super::set::{InputSet, SetSource};

/// The entries of a directory that matter.
#[derive(Default)]
struct Listing {
    sets: BTreeMap<(FileFormat, OsString), FoundFiles>,
    below: Vec<PathBuf>,
    /// The first file, by name, that looks like an export and does not have the name of one.
    stray: Option<OsString>,
    /// The first NumPy file.
    numpy: Option<OsString>,
}

#[derive(Default)]
struct FoundFiles {
    files: Vec<Numbered>,
    /// The number of names whose number is too large for a rank, and the first of them.
    too_large: Option<(usize, OsString)>,
}

/// Adds the sets of `path`: those of its own files, or, if there are none, those of the directories
/// below it.
///
/// A directory without exports and without directories below it gives a set without exports,
/// because a program may have stopped writing to it. Hidden directories are left out. Symbolic
/// links below `path` are not followed, because they may form a circle.
pub(super) fn gather(path: &Path, options: InputOptions, sets: &mut Vec<InputSet>) -> Result<(), InputError> {
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        let mut listing = list(&path)?;
        let alone = listing.sets.len() == 1;
        if listing.sets.is_empty() && listing.below.is_empty() {
            let name = path.display().to_string();
            let mut nothing = no_export("the directory");
            if let Some(stray) = &listing.stray {
                *nothing = misnamed::note(*nothing, stray);
            } else if let Some(data) = &listing.numpy {
                *nothing = numpy(*nothing, data.to_string_lossy().into_owned());
            }
            sets.push(InputSet { name, claim: options.all(), source: SetSource::Nothing(nothing) });
        }
        if listing.sets.is_empty() {
            listing.below.sort_unstable_by(|a, b| b.cmp(a));
            open.append(&mut listing.below);
        }
        for ((format, stem), mut found) in listing.sets {
            found.files.sort_unstable();
            let pattern = path.join(&stem).display().to_string();
            let name = if alone { path.display().to_string() } else { format!("{pattern}*{}", format.suffix()) };
            let files = Files::directory(path.clone(), stem, format, found.files, found.too_large, options);
            sets.push(InputSet { name, claim: options.all(), source: SetSource::Files(files) });
        }
    }
    Ok(())
}

fn list(path: &Path) -> Result<Listing, InputError> {
    let failed = |error| InputError::new(path, InputErrorKind::Listing(error));
    let mut listing = Listing::default();
    for entry in path.read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if let Some(named) = names::parse(&name) {
            let found = listing.sets.entry((named.format, named.stem)).or_default();
            match named.number {
                Number::Rank { rank, digits } => found.files.push(Numbered { rank, digits }),
                Number::TooLarge => {
                    let (count, first) = found.too_large.get_or_insert_with(|| (0, name.clone()));
                    *count += 1;
                    if name < *first {
                        *first = name;
                    }
                }
            }
        } else if entry.file_type().map_err(failed)?.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
            listing.below.push(entry.path());
        } else if names::is_alike(&name) && listing.stray.as_ref().is_none_or(|stray| name < *stray) {
            listing.stray = Some(name);
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "npy")
            && listing.numpy.as_ref().is_none_or(|data| name < *data)
        {
            listing.numpy = Some(name);
        }
    }
    Ok(listing)
}
