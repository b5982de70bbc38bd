//! `gather` and `scatter`: the arguments about files of data.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::OrderArg;

/// `gather`.
#[derive(Debug, Args)]
#[command(after_help = GATHER_NOTES)]
pub struct GatherArgs {
    /// The array, as check reads it: a directory, a bundle, .ndjson; - is standard input
    pub path: PathBuf,
    /// The names of the data files, such as 'run/field.{rank}.npy' [default: the exports lead to
    /// them]
    #[arg(long, value_name = "PATTERN", value_parser = with_rank)]
    pub data: Option<String>,
    /// The memory order of the output [default: that of the ranks' data]
    #[arg(long)]
    pub order: Option<OrderArg>,
    /// The output, FILE.npy
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace the output if it exists
    #[arg(long)]
    pub force: bool,
    /// Do not show progress
    #[arg(long)]
    pub no_progress: bool,
}

const GATHER_NOTES: &str = "\
The data of a rank are in its .dnpy file, in the file that its export names (`data`),
or in rank-R.npy beside its export. Communication padding is not gathered: each
element comes from its owner. The output is written beside its place and renamed.
Exit codes: 0 written, 2 could not run: an array is not valid or not complete, a
data file is missing, cut short, or of another type or shape.";

/// `scatter`.
#[derive(Debug, Args)]
#[command(after_help = SCATTER_NOTES)]
pub struct ScatterArgs {
    /// The whole array, a .npy file
    pub path: PathBuf,
    /// An array with the distribution to use, as check reads it, such as the output of gen; - is
    /// standard input
    #[arg(long, value_name = "PATH")]
    pub like: PathBuf,
    /// rank-R.json and rank-R.npy of rank R, or NAME_R.dnpy
    #[arg(long, default_value = "npy")]
    pub format: DumpFormat,
    /// The memory order of the ranks' data [default: that of the file]
    #[arg(long)]
    pub order: Option<OrderArg>,
    /// The output, an empty directory; the output of gen is one file unless --format says otherwise
    #[arg(short, long, value_name = "DIRECTORY")]
    pub output: PathBuf,
    /// Do not show progress
    #[arg(long)]
    pub no_progress: bool,
}

const SCATTER_NOTES: &str = "\
Example:
  dap-validate gen --shape 100,100 --dist b,c:4 --grid 4,2 |
    dap-validate scatter field.npy --like - -o run
The item type is that of the file. Communication padding holds the neighbours'
elements. The directory is written beside its place and renamed.
Exit codes: 0 written, 2 could not run.";

/// The files of a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DumpFormat {
    /// An export and a data file
    Npy,
    /// One file
    Dnpy,
}

/// A pattern with a place for the rank.
pub(super) fn with_rank(text: &str) -> Result<String, String> {
    if text.matches("{rank}").count() == 1 {
        return Ok(text.to_owned());
    }
    Err("write {rank} once, in the place of the rank's number: 'field.{rank}.npy'".to_owned())
}
