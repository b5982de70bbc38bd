//! `check`: checks exports and reports the findings.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use super::{overwrite, sets};
use crate::cli::{CheckArgs, OutputArg, OutputFormat, Selection, terminal_width};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use dap_report::render::{Figures, Look};
use dap_report::{RunReport, printable};

/// The width of text that does not go to a terminal, in columns.
const WIDTH: usize = 100;

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    overwrite::reports(&args.outputs, &args.input.paths)?;
    let mut outputs = open(&args.outputs)?;
    let selection = Selection::new(args.only.clone(), args.ignore.clone());
    let profile = args.profile.into();
    let draws = outputs.iter().any(|(format, _)| *format == OutputFormat::Html);
    let mut figures = Figures::default();
    let sets = sets::checked(&args.input, profile)?.map(|set| {
        if draws {
            figures.push(&set.report);
        }
        set.set_report(|rule| selection.holds(rule))
    });
    let report = RunReport { profile, fail_on: args.fail_on.into(), sets: sets.collect() };
    for (format, sink) in &mut outputs {
        let look = match sink {
            ReportSink::Stdout => Look {
                color: args.color.on_stdout(),
                width: terminal_width().unwrap_or(WIDTH).clamp(60, 140),
                quiet: args.quiet,
            },
            ReportSink::File(_) => Look { color: false, width: WIDTH, quiet: args.quiet },
        };
        let render = format.renderer(look, &figures);
        match sink {
            ReportSink::Stdout => {
                let mut out = stdout();
                render.render(&report, &mut out)?;
                out.flush()?;
            }
            ReportSink::File(file) => {
                render.render(&report, file)?;
                file.flush()?;
            }
        }
    }
    Ok(code(report.fails()))
}

enum ReportSink {
    Stdout,
    File(BufWriter<File>),
}

/// Opens the files before anything is read: the user learns of a file that cannot be written before
/// an hour of reading.
fn open(outputs: &[OutputArg]) -> Result<Vec<(OutputFormat, ReportSink)>, Failure> {
    if outputs.is_empty() {
        return Ok(vec![(OutputFormat::Full, ReportSink::Stdout)]);
    }
    let on_stdout: Vec<OutputFormat> =
        outputs.iter().filter(|output| output.path.is_none()).map(|o| o.format).collect();
    if let [first, second, ..] = on_stdout.as_slice() {
        let sentence = format!(
            "both {first} and {second} would go to standard output; send one into a file: --output-format {second}=FILE"
        );
        return Err(Failure::Usage(sentence));
    }
    let sink = |output: &OutputArg| {
        let Some(path) = &output.path else { return Ok((output.format, ReportSink::Stdout)) };
        let refused = |error| {
            let path = printable(&path.display().to_string());
            Failure::Usage(format!("cannot write the {} report to {path}: {error}", output.format))
        };
        Ok((output.format, ReportSink::File(BufWriter::new(File::create(path).map_err(refused)?))))
    };
    outputs.iter().map(sink).collect()
}
