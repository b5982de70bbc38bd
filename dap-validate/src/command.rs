//! What each command does.

mod check;
mod completions;
mod convert;
mod diff;
mod generate;
mod map;
mod memory;
mod overwrite;
mod plan;
mod plot;
mod progress;
mod rule;
mod schema;
mod sets;
mod show;
mod side;
mod stdout;
mod table;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::Command;
pub(crate) use convert::dtype::of_argument as item_type;
use stdout::stdout;

/// Why a command could not run: exit code 2.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense, in a sentence.
    Usage(String),
    /// Output could not be written, or standard input not be read.
    Io(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) => f.write_str(sentence),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs a command; gives its exit code 0 or 1.
///
/// # Errors
/// When it could not run.
pub fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(args) => check::run(args),
        Command::Rule(args) => rule::run(args),
        Command::Show(args) => show::run(args),
        Command::Map(args) => map::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Plot(args) => plot::run(args),
        Command::Gen(args) => generate::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::completions(args),
        Command::Man(args) => completions::man(args),
    }
}

/// Writes one document, for programs.
fn json(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}

/// Exit code 1 when `found`, otherwise 0.
fn code(found: bool) -> ExitCode {
    if found { ExitCode::from(1) } else { ExitCode::SUCCESS }
}
