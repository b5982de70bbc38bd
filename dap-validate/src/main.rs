//! The program. Its code is in the library, which tests and fuzz targets use as well.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    dap_validate::run()
}
