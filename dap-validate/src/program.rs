//! The program: from the arguments of the environment to an exit code.

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, ERROR};
use crate::command::{self, Failure};

/// Runs the program with the arguments of the environment. Returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match command::run(&cli.command) {
        Ok(code) => code,
        // `dap-validate ... | head` closes the pipe when it has read enough.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("{}error:{} {failure}", ERROR.render(), ERROR.render_reset());
            ExitCode::from(2)
        }
    }
}
