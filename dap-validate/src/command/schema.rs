//! `schema`: the JSON Schemas of the file layouts.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::SchemaArgs;
use crate::command::outcome::Failure;

pub(super) fn run(args: &SchemaArgs) -> Result<ExitCode, Failure> {
    write!(io::stdout().lock(), "{}", args.name.text())?;
    Ok(ExitCode::SUCCESS)
}
