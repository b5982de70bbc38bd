//! The output of converted arrays: a directory each, a file each, or standard output.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use dap_core::export::Export;
use dap_core::json;

use super::super::generate::sink::ExportSink;
use super::super::overwrite;
use crate::cli::{ConvertArgs, FileLayout};
use crate::command::outcome::Failure;
use dap_report::printable;

/// The output of one array or several.
pub(super) struct ConvertTarget<'a> {
    /// The path; `None` is standard output.
    path: Option<&'a Path>,
    inputs: &'a [PathBuf],
    layout: FileLayout,
    several: bool,
    taken: RefCell<HashSet<String>>,
}

impl<'a> ConvertTarget<'a> {
    pub(super) fn new(args: &'a ConvertArgs, several: bool) -> Result<Self, String> {
        let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
        if path.is_none() && several {
            return Err(
                "there are several arrays, so they need a directory, -o PATH, or choose one with --case".to_owned()
            );
        }
        // Standard output is no directory.
        let layout =
            if path.is_none() && args.format == FileLayout::Directory { FileLayout::Ndjson } else { args.format };
        Ok(Self { path, inputs: &args.paths, layout, several, taken: RefCell::default() })
    }

    pub(super) fn is_stdout(&self) -> bool {
        self.path.is_none()
    }

    /// Writes an array. Returns the path.
    pub(super) fn write(&self, name: &str, exports: &[Export]) -> Result<String, Failure> {
        let path = self.path.map(|path| self.place(path, name)).transpose()?;
        if let Some(path) = &path {
            overwrite::spare_inputs("exports", path, self.inputs)?;
        }
        let mut sink = ExportSink::open(self.layout, path.as_deref())?;
        let mut text = String::new();
        for (rank, export) in exports.iter().enumerate() {
            text.clear();
            json::write_into(export, &mut text)
                .ok_or_else(|| Failure::Usage(format!("{} has no text", printable(name))))?;
            sink.write(rank as i64, &text)?;
        }
        sink.finish()?;
        Ok(path.map_or_else(String::new, |path| format!(" -> {}", printable(&path.display().to_string()))))
    }

    /// The path of one of several arrays below `path`.
    fn place(&self, path: &Path, name: &str) -> Result<PathBuf, Failure> {
        if !self.several {
            return Ok(path.to_owned());
        }
        let refused =
            |error| Failure::Usage(format!("cannot write {}: {error}", printable(&path.display().to_string())));
        fs::create_dir_all(path).map_err(refused)?;
        let plain: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
        let plain = plain.trim_start_matches('.');
        let mut taken = self.taken.borrow_mut();
        let mut file = if plain.is_empty() { "array".to_owned() } else { plain.to_owned() };
        let mut again = 1;
        while taken.contains(&file) {
            again += 1;
            file = format!("{plain}-{again}");
        }
        taken.insert(file.clone());
        let suffix = match self.layout {
            FileLayout::Directory => "",
            FileLayout::Ndjson => ".ndjson",
            FileLayout::Bundle => ".json",
        };
        Ok(path.join(format!("{file}{suffix}")))
    }
}
