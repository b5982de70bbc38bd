//! `check`: judge exports and report what was found.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use super::{Failure, code, overwrite, sets, stdout};
use crate::cli::{CheckArgs, Format, Output, Selection, terminal_width};
use crate::render::{Look, renderer};
use crate::report::{Figures, Report, SetReport, printable};

/// Text that goes elsewhere than to a terminal is laid out for so many columns.
const WIDTH: usize = 100;

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    overwrite::reports(&args.outputs, &args.input.paths)?;
    let mut outputs = open(&args.outputs)?;
    let selection = Selection::new(args.only.clone(), args.ignore.clone());
    let profile = args.profile.into();
    let mut figures = outputs.iter().any(|(format, _)| *format == Format::Html).then(Figures::default);
    let sets = sets::judged(&args.input, profile)?.map(|judged| SetReport {
        figure: figures.as_mut().and_then(|figures| figures.draw(&judged)),
        ..SetReport::new(&judged, &selection)
    });
    let report = Report { profile, fail_on: args.fail_on.into(), sets: sets.collect() };
    for (format, sink) in &mut outputs {
        let look = match sink {
            Sink::Stdout => Look {
                color: args.color.on_stdout(),
                width: terminal_width().unwrap_or(WIDTH).clamp(60, 140),
                quiet: args.quiet,
            },
            Sink::File(_) => Look { color: false, width: WIDTH, quiet: args.quiet },
        };
        let render = renderer(*format, look);
        match sink {
            Sink::Stdout => {
                let mut out = stdout();
                render.render(&report, &mut out)?;
                out.flush()?;
            }
            Sink::File(file) => {
                render.render(&report, file)?;
                file.flush()?;
            }
        }
    }
    Ok(code(report.fails()))
}

enum Sink {
    Stdout,
    File(BufWriter<File>),
}

/// Opens the files first: a report that cannot be written should not be found out after an hour of
/// reading.
fn open(outputs: &[Output]) -> Result<Vec<(Format, Sink)>, Failure> {
    if outputs.is_empty() {
        return Ok(vec![(Format::Full, Sink::Stdout)]);
    }
    let on_stdout: Vec<Format> = outputs.iter().filter(|output| output.path.is_none()).map(|o| o.format).collect();
    if let [first, second, ..] = on_stdout.as_slice() {
        let sentence = format!(
            "both {first} and {second} would go to standard output; send one into a file: --output-format {second}=FILE"
        );
        return Err(Failure::Usage(sentence));
    }
    let sink = |output: &Output| {
        let Some(path) = &output.path else { return Ok((output.format, Sink::Stdout)) };
        let refused = |error| {
            let path = printable(&path.display().to_string());
            Failure::Usage(format!("cannot write the {} report to {path}: {error}", output.format))
        };
        Ok((output.format, Sink::File(BufWriter::new(File::create(path).map_err(refused)?))))
    };
    outputs.iter().map(sink).collect()
}
