//! `plot`: the distribution of an array as a picture.

pub(super) mod target;

use std::path::Path;
use std::process::ExitCode;

use dap_core::check::Profile;
use dap_plot::{Exchange, PlotError, PlotOptions, Subject};

use super::sets;
use crate::cli::PlotArgs;
use crate::command::outcome::{Failure, code};

use crate::input::CheckedSet;
use dap_report::printable;
use target::PlotTarget;

pub(super) fn run(args: &PlotArgs) -> Result<ExitCode, Failure> {
    let target = match args.output.as_deref() {
        None => PlotTarget::Stdout,
        Some(path) if path == Path::new("-") => PlotTarget::Stdout,
        Some(path) => PlotTarget::named(path, &args.input.paths)?,
    };
    let mut sets = sets::checked(&args.input, Profile::Auto)?;
    let Some(checked) = sets.next() else { return Err(Failure::Usage("there is no array to draw".to_owned())) };
    if let Some(other) = sets.next() {
        let (first, second) = (printable(&checked.name), printable(&other.name));
        return Err(Failure::Usage(format!("one picture shows one array, but there are several: {first}, {second}")));
    }
    let options = PlotOptions {
        slice: args.slice.clone(),
        width: args.width,
        theme: args.theme.into(),
        title: Some(title(&checked.name)),
        ..PlotOptions::default()
    };
    let wrong = draw(&checked, &options, &target)?;
    Ok(code(wrong))
}

/// The name of a set as a heading.
fn title(name: &str) -> String {
    printable(if name.len() > 1 { name.trim_end_matches('/') } else { name })
}

/// Draws a checked array. Returns whether it is invalid.
fn draw(checked: &CheckedSet, options: &PlotOptions, target: &PlotTarget<'_>) -> Result<bool, Failure> {
    let subject = Subject::of(&checked.report);
    target.write(|| dap_plot::svg(&subject, options), || png(&subject, options))?;
    Ok(!checked.report.is_valid())
}

#[cfg(feature = "png")]
fn png(subject: &Subject, options: &PlotOptions) -> Result<Vec<u8>, PlotError> {
    dap_plot::png(subject, options)
}

#[cfg(not(feature = "png"))]
fn png(_: &Subject, _: &PlotOptions) -> Result<Vec<u8>, PlotError> {
    Ok(Vec::new())
}

/// Draws a message matrix.
pub(super) fn save_exchange(
    exchange: &Exchange<'_>,
    options: &PlotOptions,
    target: &PlotTarget<'_>,
) -> Result<(), Failure> {
    #[cfg(feature = "png")]
    let png = || dap_plot::exchange_png(exchange, options);
    #[cfg(not(feature = "png"))]
    let png = || Ok(Vec::new());
    target.write(|| Ok(dap_plot::exchange_svg(exchange, options)), png)
}

/// Draws a checked array beside its tables.
pub(super) fn save(checked: &CheckedSet, target: &PlotTarget<'_>) -> Result<(), Failure> {
    let options = PlotOptions { title: Some(title(&checked.name)), ..PlotOptions::default() };
    draw(checked, &options, target).map(drop)
}
