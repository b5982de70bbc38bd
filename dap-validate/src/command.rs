//! The commands, one module each.

mod check;
mod completions;
mod convert;
mod diff;
mod gather;
mod generate;
mod map;
mod memory;
mod outcome;
mod overwrite;
mod plan;
mod plot;
mod progress;
mod rule;
mod scatter;
mod schema;
mod sets;
mod show;
mod side;
mod slices;
mod stdout;
mod table;
mod tuple;

use std::process::ExitCode;

use crate::cli::Command;
pub(crate) use diff::DiffValuesJson;
pub use outcome::Failure;
pub(crate) use plan::PlanHaloJson;
pub(crate) use show::ShowJson;

/// Runs a command. Returns its exit code, 0 or 1.
///
/// # Errors
/// The command could not run.
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
        Command::Gather(args) => gather::run(args),
        Command::Scatter(args) => scatter::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::completions(args),
        Command::Man(args) => completions::man(args),
    }
}
