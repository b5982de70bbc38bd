//! The file of a picture and its format, checked before anything is read or drawn.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::overwrite;
use crate::command::outcome::Failure;
use crate::command::stdout::stdout;
use dap_plot::PlotError;
use dap_report::printable;

/// The output of a picture.
pub(in crate::command) enum PlotTarget<'a> {
    /// SVG to standard output.
    Stdout,
    Svg(&'a Path),
    Png(&'a Path),
}

/// The endings of pictures' names.
const KNOWN: &str = if cfg!(feature = "png") { "`.svg` or `.png`" } else { "`.svg`" };

impl<'a> PlotTarget<'a> {
    /// A file whose ending is the format, in letters of any case.
    pub(in crate::command) fn named(path: &'a Path, inputs: &[PathBuf]) -> Result<Self, Failure> {
        overwrite::spare_inputs("picture", path, inputs)?;
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        let target = match extension.as_deref() {
            Some("svg") => Self::Svg(path),
            Some("png") if cfg!(feature = "png") => Self::Png(path),
            _ => {
                let name = printable(&path.display().to_string());
                return Err(Failure::Usage(format!(
                    "`{name}` does not end in {KNOWN}, the formats of pictures: name the file so"
                )));
            }
        };
        overwrite::writable("picture", path)?;
        Ok(target)
    }

    /// [`named`](Self::named), beside text that goes to standard output.
    pub(in crate::command) fn beside_text(path: &'a Path, inputs: &[PathBuf]) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Err(Failure::Usage(format!(
                "standard output has the text already: name a file for the picture, one that ends in {KNOWN}"
            )));
        }
        Self::named(path, inputs)
    }

    /// A file for SVG, beside text that goes to standard output. Its name may have no ending.
    pub(in crate::command) fn svg(path: &'a Path, inputs: &[PathBuf]) -> Result<Self, Failure> {
        if path.extension().is_none() && path != Path::new("-") {
            overwrite::spare_inputs("picture", path, inputs)?;
            overwrite::writable("picture", path)?;
            return Ok(Self::Svg(path));
        }
        match Self::beside_text(path, inputs)? {
            Self::Png(_) => {
                let name = printable(&path.display().to_string());
                Err(Failure::Usage(format!(
                    "`{name}` does not end in `.svg`, and --svg draws SVG: name the file so, or use `dap-validate plot -o {name}`"
                )))
            }
            target => Ok(target),
        }
    }

    /// Draws and writes the picture.
    pub(super) fn write(
        &self,
        svg: impl FnOnce() -> Result<String, PlotError>,
        png: impl FnOnce() -> Result<Vec<u8>, PlotError>,
    ) -> Result<(), Failure> {
        let usage = |error: PlotError| Failure::Usage(error.to_string());
        let save = |path: &Path, bytes: &[u8]| {
            fs::write(path, bytes).map_err(|error| {
                let (name, why) = (printable(&path.display().to_string()), dap_formats::file::words(&error));
                Failure::Usage(format!("cannot write the picture to {name}: {why}"))
            })
        };
        match self {
            Self::Stdout => {
                let mut out = stdout();
                out.write_all(svg().map_err(usage)?.as_bytes())?;
                out.flush()?;
                Ok(())
            }
            Self::Svg(path) => save(path, svg().map_err(usage)?.as_bytes()),
            Self::Png(path) => save(path, &png().map_err(usage)?),
        }
    }
}
