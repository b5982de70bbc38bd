//! The output of exports: lines, one document, or a file for each rank.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::super::overwrite;
use crate::cli::FileLayout;
use crate::command::outcome::Failure;
use dap_report::printable;

/// The size of the buffer of an output file.
const BUFFER: usize = 1 << 18;

/// An open output.
pub(in crate::command) enum ExportSink {
    Lines(Box<dyn Write>),
    Bundle(Box<dyn Write>),
    Directory(PathBuf),
}

impl ExportSink {
    pub(in crate::command) fn open(layout: FileLayout, path: Option<&Path>) -> Result<Self, Failure> {
        let path = path.filter(|path| *path != Path::new("-"));
        if layout == FileLayout::Directory {
            let Some(path) = path else {
                return Err(Failure::Usage("--format directory needs a directory: -o PATH".to_owned()));
            };
            return directory(path).map(Self::Directory);
        }
        let out: Box<dyn Write> = match path {
            None => Box::new(BufWriter::with_capacity(BUFFER, io::stdout().lock())),
            Some(path) => {
                overwrite::writable("exports", path)?;
                let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
                Box::new(BufWriter::with_capacity(BUFFER, file))
            }
        };
        Ok(if layout == FileLayout::Bundle { Self::Bundle(out) } else { Self::Lines(out) })
    }

    /// Writes a rank's export. Ranks come in order.
    pub(in crate::command) fn write(&mut self, rank: i64, text: &str) -> Result<(), Failure> {
        match self {
            Self::Lines(out) => {
                out.write_all(text.as_bytes())?;
                out.write_all(b"\n")?;
            }
            Self::Bundle(out) => {
                out.write_all(if rank == 0 { b"{\"ranks\": [\n" } else { b",\n" })?;
                out.write_all(text.as_bytes())?;
            }
            Self::Directory(path) => {
                let path = path.join(format!("rank-{rank}.json"));
                fs::write(&path, format!("{text}\n")).map_err(|error| cannot_write(&path, &error))?;
            }
        }
        Ok(())
    }

    pub(in crate::command) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Lines(mut out) => out.flush()?,
            Self::Bundle(mut out) => {
                out.write_all(b"\n]}\n")?;
                out.flush()?;
            }
            Self::Directory(_) => {}
        }
        Ok(())
    }
}

/// An empty directory.
fn directory(path: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(path).map_err(|error| cannot_write(path, &error))?;
    refuse_files_in(path)?;
    Ok(path.to_owned())
}

/// Refuses a directory that is not empty: left-over ranks of another array would be read as ranks
/// of this one.
pub(in crate::command) fn refuse_files_in(path: &Path) -> Result<(), Failure> {
    if fs::read_dir(path).map_err(|error| cannot_write(path, &error))?.next().is_some() {
        let path = printable(&path.display().to_string());
        return Err(Failure::Usage(format!("{path} is not empty; its files could be taken for ranks of this array")));
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!("cannot write {}: {error}", printable(&path.display().to_string())))
}
