//! `convert`: the input of other libraries' metadata, and the output of exports.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use dap_core::dtype::DType;

use super::FileLayout;

/// `convert`.
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
#[command(group = ArgGroup::new("what").required(true).args(["paths", "list"]))]
pub struct ConvertArgs {
    /// A library's description of its arrays, as JSON or as printed; several files are ranks 0, 1,
    /// ... of one array; - is standard input
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    /// List the libraries, and the fields that are understood
    #[arg(long)]
    pub list: bool,
    /// The library that the metadata comes from [default: recognised by its fields]
    #[arg(long, value_name = "LIBRARY")]
    pub from: Option<String>,
    /// Convert only this one of several arrays in a file; may be repeated
    #[arg(long, value_name = "NAME")]
    pub case: Vec<String>,
    /// The item type if the metadata states none [default: 8-byte floats]
    #[arg(long, value_name = "DTYPE", value_parser = super::generate::dtype)]
    pub dtype: Option<DType>,
    /// Renumber the ranks in the protocol's order if the library's order differs
    #[arg(long)]
    pub renumber: bool,
    /// Write another library's description of an array, which is given as check reads it
    #[arg(long, value_name = "LIBRARY", conflicts_with_all = ["list", "from", "case", "dtype", "renumber"])]
    pub to: Option<ForeignLibrary>,
    /// A directory of rank-0.json and so on, one export a line, or a {"ranks": [...]} document
    #[arg(long, default_value = "directory")]
    pub format: FileLayout,
    /// The output: an empty directory, with one below it for each array unless --case names just
    /// one; - for standard output
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

const NOTES: &str = "\
Without -o, one array is written to standard output, one export a line. With --to,
a JSON document is written that `convert` reads back: descriptors and places in the
BLACS grid, chunks, corners of a DMDA, a mesh and its shards, or the arguments of
MPI_Type_create_darray.
Exit codes: 0 all arrays were converted, 1 some were refused (the others are
written), 2 could not run.";

/// The library that `--to` writes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "named as typed")]
pub enum ForeignLibrary {
    Scalapack,
    Dask,
    Petsc,
    Jax,
    Mpi,
}
