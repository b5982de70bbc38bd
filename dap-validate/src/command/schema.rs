//! `schema`: the JSON Schemas of the file layouts.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::SchemaArgs;
use crate::command::outcome::Failure;
use crate::schema;

pub(super) fn run(args: &SchemaArgs) -> Result<ExitCode, Failure> {
    write!(io::stdout().lock(), "{}", schema::text(args.name))?;
    Ok(ExitCode::SUCCESS)
}
