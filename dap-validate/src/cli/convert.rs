//! `convert`: where other libraries' metadata comes from, and where exports go.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use dap_core::dtype::DType;

use super::FileLayout;

/// `convert`.
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
#[command(group = ArgGroup::new("what").required(true).args(["paths", "list"]))]
pub struct ConvertArgs {
    /// JSON of what a library says of its arrays; several files are ranks 0, 1, ... of one array; -
    /// is standard input
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    /// List the libraries, and the fields that are understood
    #[arg(long)]
    pub list: bool,
    /// Whose metadata it is [default: recognised by its fields]
    #[arg(long, value_name = "LIBRARY")]
    pub from: Option<String>,
    /// Of several arrays in a file this one only; may be repeated
    #[arg(long, value_name = "NAME")]
    pub case: Vec<String>,
    /// The item type where the metadata says none; 8-byte floats otherwise
    #[arg(long, value_name = "DTYPE", value_parser = super::generate::dtype)]
    pub dtype: Option<DType>,
    /// Number the ranks as the protocol counts them, where the library counts otherwise
    #[arg(long)]
    pub renumber: bool,
    /// A directory of rank-0.json and so on, one export a line, or a {"ranks": [...]} document
    #[arg(long, default_value = "directory")]
    pub format: FileLayout,
    /// Where to write: an empty directory, with one below it for each array unless --case names
    /// just one; - for standard output
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

const NOTES: &str = "\
Without -o, one array is written to standard output, one export a line.
Exit codes: 0 all arrays were converted, 1 some were refused (the others are
written), 2 could not run.";
