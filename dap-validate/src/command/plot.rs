//! `plot`: how an array is distributed, as a picture.

pub(super) mod target;

use std::path::Path;
use std::process::ExitCode;

use dap_core::check::Profile;
use dap_plot::{Exchange, Options, PlotError, Subject};

use super::{Failure, code, sets};
use crate::cli::PlotArgs;
use crate::input::CheckedSet;
use dap_report::printable;
use target::Target;

pub(super) fn run(args: &PlotArgs) -> Result<ExitCode, Failure> {
    let target = match args.output.as_deref() {
        None => Target::Stdout,
        Some(path) if path == Path::new("-") => Target::Stdout,
        Some(path) => Target::named(path, &args.input.paths)?,
    };
    let mut sets = sets::checked(&args.input, Profile::Auto)?;
    let Some(checked) = sets.next() else { return Err(Failure::Usage("there is no array to draw".to_owned())) };
    if let Some(other) = sets.next() {
        let (first, second) = (printable(&checked.name), printable(&other.name));
        return Err(Failure::Usage(format!("one picture shows one array, but there are several: {first}, {second}")));
    }
    let options = Options {
        slice: args.slice.clone(),
        width: args.width,
        theme: args.theme.into(),
        title: Some(title(&checked.name)),
        ..Options::default()
    };
    let wrong = draw(&checked, &options, &target)?;
    Ok(code(wrong))
}

/// The name of a set as a heading.
fn title(name: &str) -> String {
    printable(if name.len() > 1 { name.trim_end_matches('/') } else { name })
}

/// Draws a checked array; gives whether it is invalid.
fn draw(checked: &CheckedSet, options: &Options, target: &Target<'_>) -> Result<bool, Failure> {
    let subject = Subject::of(&checked.report);
    target.write(|| dap_plot::svg(&subject, options), || png(&subject, options))?;
    Ok(!checked.report.is_valid())
}

#[cfg(feature = "png")]
fn png(subject: &Subject, options: &Options) -> Result<Vec<u8>, PlotError> {
    dap_plot::png(subject, options)
}

#[cfg(not(feature = "png"))]
fn png(_: &Subject, _: &Options) -> Result<Vec<u8>, PlotError> {
    Ok(Vec::new())
}

/// Draws a message matrix.
pub(super) fn save_exchange(exchange: &Exchange<'_>, options: &Options, target: &Target<'_>) -> Result<(), Failure> {
    #[cfg(feature = "png")]
    let png = || dap_plot::exchange_png(exchange, options);
    #[cfg(not(feature = "png"))]
    let png = || Ok(Vec::new());
    target.write(|| Ok(dap_plot::exchange_svg(exchange, options)), png)
}

/// Draws a checked array beside its tables.
pub(super) fn save(checked: &CheckedSet, target: &Target<'_>) -> Result<(), Failure> {
    let options = Options { title: Some(title(&checked.name)), ..Options::default() };
    draw(checked, &options, target).map(drop)
}
