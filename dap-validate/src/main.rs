//! The program: everything is in the library, so that tests and other front ends share it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    dap_validate::cli::run()
}
