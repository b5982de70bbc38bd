//! `plot`: how an array is distributed, as a picture.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use dap_core::check::Profile;
use dap_plot::{Exchange, Options, PlotError, Subject};

use super::{Failure, code, overwrite, sets, stdout};
use crate::cli::PlotArgs;
use crate::input::Judged;
use crate::report::printable;

pub(super) fn run(args: &PlotArgs) -> Result<ExitCode, Failure> {
    if let Some(file) = &args.output {
        overwrite::refuse("picture", file, &args.input.paths)?;
    }
    let mut sets = sets::judged(&args.input, Profile::Auto)?;
    let Some(judged) = sets.next() else { return Err(Failure::Usage("there is no array to draw".to_owned())) };
    if let Some(other) = sets.next() {
        let (first, second) = (printable(&judged.name), printable(&other.name));
        return Err(Failure::Usage(format!("one picture shows one array, but there are several: {first}, {second}")));
    }
    let options = Options {
        slice: args.slice.clone(),
        width: args.width,
        theme: args.theme.into(),
        title: Some(title(&judged.name)),
        ..Options::default()
    };
    let wrong = draw(&judged, &options, args.output.as_deref())?;
    Ok(code(wrong))
}

/// The name of a set as a heading.
fn title(name: &str) -> String {
    printable(if name.len() > 1 { name.trim_end_matches('/') } else { name })
}

/// Draws a judged array into a file whose name says the format, or as SVG to standard output; gives whether it is invalid.
fn draw(judged: &Judged, options: &Options, file: Option<&Path>) -> Result<bool, Failure> {
    let subject = Subject::of(&judged.report);
    let bytes = picture(file, || dap_plot::svg(&subject, options), || png(&subject, options))?;
    match file {
        None => {
            let mut out = stdout();
            out.write_all(&bytes)?;
            out.flush()?;
        }
        Some(file) => write(file, &bytes)?,
    }
    Ok(!judged.report.is_valid())
}

#[cfg(feature = "png")]
fn png(subject: &Subject, options: &Options) -> Result<Vec<u8>, PlotError> {
    dap_plot::png(subject, options)
}

#[cfg(not(feature = "png"))]
fn png(_: &Subject, _: &Options) -> Result<Vec<u8>, PlotError> {
    Ok(Vec::new())
}

/// The picture in the format that the file's name says; SVG without a file.
fn picture(
    file: Option<&Path>,
    svg: impl FnOnce() -> Result<String, PlotError>,
    png: impl FnOnce() -> Result<Vec<u8>, PlotError>,
) -> Result<Vec<u8>, Failure> {
    let usage = |error: PlotError| Failure::Usage(error.to_string());
    match file.map(|file| (file, file.extension().and_then(|extension| extension.to_str()))) {
        None | Some((_, Some("svg"))) => svg().map(String::into_bytes).map_err(usage),
        Some((_, Some("png"))) if cfg!(feature = "png") => png().map_err(usage),
        Some((file, _)) => {
            let known = if cfg!(feature = "png") { "`.svg` or `.png`" } else { "`.svg`" };
            let name = printable(&file.display().to_string());
            Err(Failure::Usage(format!("`{name}` does not end in {known}, the formats of pictures")))
        }
    }
}

/// Draws a message matrix into a file whose name says the format.
pub(super) fn save_exchange(exchange: &Exchange<'_>, options: &Options, file: &Path) -> Result<(), Failure> {
    #[cfg(feature = "png")]
    let png = || dap_plot::exchange_png(exchange, options);
    #[cfg(not(feature = "png"))]
    let png = || Ok(Vec::new());
    let bytes = picture(Some(file), || Ok(dap_plot::exchange_svg(exchange, options)), png)?;
    write(file, &bytes)
}

/// Draws a judged array as SVG into a file of any name.
pub(super) fn save(judged: &Judged, file: &Path) -> Result<(), Failure> {
    let options = Options { title: Some(title(&judged.name)), ..Options::default() };
    let svg =
        dap_plot::svg(&Subject::of(&judged.report), &options).map_err(|error| Failure::Usage(error.to_string()))?;
    write(file, svg.as_bytes())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|error| {
        Failure::Usage(format!("`{}` cannot be written: {error}", printable(&file.display().to_string())))
    })
}
