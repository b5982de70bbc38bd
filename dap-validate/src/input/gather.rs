//! From the paths of a command line to sets.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use dap_core::check::Ranks;

use super::error::{InputError, InputErrorKind};
use super::files::Files;
use super::lines::Stream;
use super::names::{self, FileFormat};
use super::options::InputOptions;
use super::set::{InputSet, SetSource};
use super::sniff::{self, FileContent};
use super::{directory, gzip, whole};

/// Turns paths into sets, in the order of the paths.
///
/// A directory with `rank-<r>.json` or `<name>_<r>.dnpy` files is a set, or one set for each name.
/// A directory without such files is searched for directories that have them. Each bundle and each
/// file of one export per line is a set, and so is a stream: standard input, `-`, a named pipe,
/// `/dev/stdin`. All of these claim to hold all ranks. Single exports named one by one are one set
/// together, `.dnpy` files one set for each name; these sets need not be complete.
///
/// # Errors
/// A path that does not exist, a directory that cannot be listed, a device, `-` twice.
pub fn gather(
    paths: &[PathBuf],
    stdin: impl Read + Send + 'static,
    options: InputOptions,
) -> Result<Vec<InputSet>, InputError> {
    let mut stdin = Some(stdin);
    let mut sets = Vec::new();
    let mut named = NamedFiles::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let stdin = stdin.take().ok_or_else(|| InputError::new(path, InputErrorKind::StdinTwice))?;
            sets.push(stream(Stream::new("<stdin>".into(), Box::new(stdin)), options));
            continue;
        }
        let lookup = |error| InputError::new(path, InputErrorKind::Lookup(error));
        let metadata = fs::metadata(path).map_err(lookup)?;
        if metadata.is_dir() {
            directory::gather(path, options, &mut sets)?;
        } else if metadata.file_type().is_fifo() || (metadata.is_file() && is_descriptor(path)) {
            // `check <(zcat run.ndjson.gz)`: the user names this pipe, so another program writes
            // into it.
            let pipe = File::open(path).map_err(lookup)?;
            sets.push(stream(Stream::new(path.clone(), Box::new(pipe)), options));
        } else if let Some(kind) = whole::kind(&metadata) {
            return Err(InputError::new(path, InputErrorKind::NotAFile(kind)));
        } else if gzip::is_compressed_file(path) {
            let file = File::open(path).map_err(lookup)?;
            let content = sniff::stream(Stream::new(path.clone(), Box::new(gzip::reader(file))));
            if content.is_one_export {
                named.add(path, FileFormat::Json, &mut sets);
            } else {
                sets.push(all_ranks(path.display().to_string(), content.source, options));
            }
        } else {
            match sniff::file(path).map_err(lookup)? {
                FileContent::Export => named.add(path, FileFormat::Json, &mut sets),
                FileContent::Dnpy => named.add(path, FileFormat::Dnpy, &mut sets),
                FileContent::All(source) => sets.push(all_ranks(path.display().to_string(), source, options)),
            }
        }
    }
    named.finish(&mut sets, options);
    Ok(sets)
}

/// The set of a stream. It claims to hold all ranks even if it holds a single export, so that a
/// stream that was cut off does not count as a file named by itself.
fn stream(stream: Stream, options: InputOptions) -> InputSet {
    let name = stream.path.display().to_string();
    all_ranks(name, sniff::stream(stream).source, options)
}

pub(super) fn all_ranks(name: String, source: SetSource, options: InputOptions) -> InputSet {
    InputSet { name, claim: options.all(), source }
}

/// Whether the path names an open file of a process, such as `/dev/stdin`.
fn is_descriptor(path: &Path) -> bool {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
    matches!(*parts, ["/", "dev", "stdin"] | ["/", "dev", "fd", _] | ["/", "proc", _, "fd", _])
}

/// Files named one by one, by the array that they belong to.
#[derive(Default)]
struct NamedFiles {
    /// The place of each array among the sets, and its files.
    arrays: HashMap<Option<OsString>, usize>,
    files: Vec<(usize, FileFormat, Vec<PathBuf>)>,
}

impl NamedFiles {
    /// Adds a file. Its set takes the place of the first of its files.
    fn add(&mut self, path: &Path, format: FileFormat, sets: &mut Vec<InputSet>) {
        let array = match format {
            FileFormat::Json | FileFormat::JsonGz => None,
            FileFormat::Dnpy => Some(stem(path)),
        };
        match self.arrays.entry(array) {
            Entry::Occupied(at) => self.files[*at.get()].2.push(path.to_owned()),
            Entry::Vacant(at) => {
                at.insert(self.files.len());
                self.files.push((sets.len(), format, vec![path.to_owned()]));
                let source = SetSource::Files(Files::listed(Vec::new(), format, InputOptions::default()));
                sets.push(InputSet { name: path.display().to_string(), claim: Ranks::Some, source });
            }
        }
    }

    fn finish(self, sets: &mut [InputSet], options: InputOptions) {
        for (at, format, paths) in self.files {
            if let [first, .., _] = paths.as_slice() {
                sets[at].name = format!("{} and {} more", first.display(), paths.len() - 1);
            }
            sets[at].source = SetSource::Files(Files::listed(paths, format, options));
        }
    }
}

/// The common part of the paths of one array's `.dnpy` files: the directory, and the name without
/// the rank.
fn stem(path: &Path) -> OsString {
    let name = path.file_name().unwrap_or_default();
    let stem = names::parse(name).map_or_else(|| name.to_owned(), |named| named.stem);
    path.with_file_name(stem).into_os_string()
}
