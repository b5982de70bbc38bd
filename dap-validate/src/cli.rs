//! The command line: arguments, exit codes, and the streams of messages.
//!
//! Exit codes: 0 no finding at or above the threshold, 1 findings, 2 the command could not run
//! (wrong arguments, a path that does not exist). Reports go to standard output; progress and the
//! reasons for an exit code 2 go to standard error.

mod color;
mod convert;
mod format;
mod gather;
mod generate;
mod index;
mod schema;
mod select;
mod view;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

pub use color::ColorChoice;
pub(crate) use color::{ERROR, terminal_width};
pub use convert::{ConvertArgs, ForeignLibrary};
pub use format::{OutputArg, OutputFormat, OutputParser};
pub use gather::{DumpFormat, GatherArgs, ScatterArgs};
pub use generate::{Dist, FileLayout, GenerateArgs, OfDim, OrderArg};
pub use index::IndexArg;
use index::indices;
pub use schema::SchemaName;
pub use select::{Selection, Selector, unknown_rule};
pub use view::ViewArg;

use dap_core::check::Profile;
use dap_core::rules::Severity;

use crate::input::NamePattern;

const EXAMPLES: &str = "\
Examples:
  dap-validate check run/           check all ranks of an array, one file a rank
  dap-validate show run/            show its distribution, as tables
  dap-validate rule DAP612          explain a rule, and its remedies

An array is a directory of rank-<r>.json or <name>_<r>.dnpy files, a bundle
{\"ranks\": [...]}, or one export per line (.ndjson, or - for standard input).";

/// Checks exports of the Distributed Array Protocol, alone or across all ranks.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 100)]
#[command(disable_help_subcommand = true, propagate_version = true)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check exports: errors, their places, causes and remedies
    Check(CheckArgs),
    /// Explain a rule
    Rule(RuleArgs),
    /// Show the distribution of an array
    Show(ShowArgs),
    /// Find the place of a global index, or the global index of a place
    Map(MapArgs),
    /// Show how two arrays differ: their layouts, or their values
    Diff(DiffArgs),
    /// Count the elements that a move, or a halo exchange, sends
    Plan(PlanArgs),
    /// Draw the distribution of an array
    Plot(PlotArgs),
    /// Write the exports of a described array, valid or with one mistake
    Gen(GenerateArgs),
    /// Write exports from another library's description, or the reverse
    Convert(ConvertArgs),
    /// Write the data of all ranks into one .npy file
    Gather(GatherArgs),
    /// Write one .npy file as the data and exports of all ranks
    Scatter(ScatterArgs),
    /// Print a JSON Schema of the file layouts
    Schema(SchemaArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page of the program, or of a command
    Man(ManArgs),
}

/// The arguments of all commands that read exports.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Directories, export files, bundles, .ndjson or .dnpy files; - is standard input
    #[arg(required_unless_present = "pattern", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The names of exports, such as 'run/field.{rank}.json', or 'run/{array}.{rank}.json' for all
    /// arrays of a folder; may be repeated
    #[arg(long, value_name = "PATTERN", value_parser = clap::builder::OsStringValueParser::new().try_map(pattern))]
    pub pattern: Vec<NamePattern>,
    /// Do not require all ranks to be present
    #[arg(long)]
    pub partial: bool,
    /// Count the files of an array from rank 0 in the order of their numbers, whatever these are
    #[arg(long)]
    pub renumber: bool,
    /// Do not show progress
    #[arg(long)]
    pub no_progress: bool,
}

fn pattern(text: OsString) -> Result<NamePattern, String> {
    NamePattern::parse(&text)
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_NOTES)]
pub struct CheckArgs {
    /// The exports to read.
    #[command(flatten)]
    pub input: InputArgs,
    /// The format of the report; with =FILE into a file; may be repeated [default: full]
    #[arg(long = "output-format", value_name = "FORMAT[=FILE]", value_parser = OutputParser)]
    pub outputs: Vec<OutputArg>,
    /// The least severe finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: Threshold,
    /// Leave these rules out: ids, names, or prefixes of ids, such as DAP6
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<Selector>,
    /// Report these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<Selector>,
    /// The rules to check by
    #[arg(long, default_value = "auto")]
    pub profile: ProfileArg,
    /// Print findings, but no verdicts
    #[arg(short, long)]
    pub quiet: bool,
    /// When to use colors
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub color: ColorChoice,
}

const CHECK_NOTES: &str = "\
Files named one by one are checked as far as they go; a directory, a bundle or
lines must hold all ranks. --ignore and --only decide what is shown and counted:
an array is invalid if an error remains, and the verdict counts what was ignored.
Exit codes: 0 no finding at or above --fail-on, 1 findings, 2 could not run: a
path that cannot be read, a report that would overwrite an input.";

/// `rule`.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// The rule's id (DAP612) or name (blocks-do-not-abut) [default: list all rules]
    #[arg(conflicts_with = "all")]
    pub rule: Option<String>,
    /// List all rules, as without a rule
    #[arg(long)]
    pub all: bool,
    /// text, or json for the whole catalogue or entry
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: TextOrJson,
}

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_NOTES)]
pub struct ShowArgs {
    /// The exports to read.
    #[command(flatten)]
    pub input: InputArgs,
    /// Also draw the array, as SVG, into FILE; `plot` has more options
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Show a part of the array, such as '3:, ::-1, None': its layout, and its place in each buffer
    #[arg(long, value_name = "INDEX", allow_hyphen_values = true, value_parser = ViewArg::parse)]
    #[arg(conflicts_with = "svg")]
    pub view: Option<ViewArg>,
    /// text, or json with the indices that each rank owns, as slices
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: TextOrJson,
}

const SHOW_NOTES: &str = "\
A .npy file and the folder of a Zarr array (version 2 or 3) are shown, too: item
type, shape, order and chunks, and the distribution that the array's attributes
describe, as `daparray` writes them.
In JSON each rank has a list of slices for each dimension, [start, stop, step] of
the array and of the rank's buffer: `buffer[local] = dataset[global]` with h5py or
zarr. The elements that the rank owns are their products. `dap-validate schema show`
prints the JSON Schema.
Exit codes: 0 shown, 1 an array is invalid, or some of its ranks are missing,
2 could not run. Files named one by one need not hold all ranks.";

/// `map`.
#[derive(Debug, Args)]
#[command(after_help = MAP_NOTES)]
#[command(group = ArgGroup::new("place").required(true).args(["global", "local"]))]
pub struct MapArgs {
    /// The exports to read.
    #[command(flatten)]
    pub input: InputArgs,
    /// A global index, such as 3,4; may be repeated
    #[arg(long, value_name = "INDEX", allow_hyphen_values = true, value_parser = indices)]
    pub global: Vec<IndexArg>,
    /// The rank whose buffer --local refers to
    #[arg(long, requires = "local", conflicts_with = "global", allow_hyphen_values = true)]
    pub rank: Option<i64>,
    /// A local index in the buffer of --rank, padding included; may be repeated
    #[arg(long, value_name = "INDEX", requires = "rank", allow_hyphen_values = true, value_parser = indices)]
    pub local: Vec<IndexArg>,
    /// The part of the array that --global and --local speak of, such as '3:, ::-1, None'
    #[arg(long, value_name = "INDEX", allow_hyphen_values = true, value_parser = ViewArg::parse)]
    pub view: Option<ViewArg>,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: TextOrJson,
}

const MAP_NOTES: &str = "\
Exit codes: 0 found, 1 an array has no map (it is invalid, or some of its ranks
are missing), 2 could not run: no such index, or no such rank.";

/// `plot`.
#[derive(Debug, Args)]
#[command(after_help = PLOT_NOTES)]
pub struct PlotArgs {
    /// The exports of one array.
    #[command(flatten)]
    pub input: InputArgs,
    /// The file of the picture, FILE.svg or FILE.png [default: SVG to standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The part of an array of more than two dimensions, such as 3,:,0,: [default: :,:,0,...]
    #[arg(long, value_name = "INDICES", allow_hyphen_values = true)]
    pub slice: Option<dap_plot::Slice>,
    /// The width in CSS pixels; a PNG has twice as many
    #[arg(long, value_name = "PX", default_value_t = 960, value_parser = clap::value_parser!(u32).range(360..=4000))]
    pub width: u32,
    /// light, or dark
    #[arg(long, value_name = "THEME", default_value = "light")]
    pub theme: ThemeArg,
}

const PLOT_NOTES: &str = "\
A wrong array is drawn as far as it is known: gaps and overlaps are red.
Exit codes: 0 valid, 1 drawn though invalid, 2 could not run.";

/// `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// export: one rank's file; bundle: all ranks' exports in one file; report: the JSON of check;
    /// show, diff-values and plan-halo: that of these commands
    pub name: SchemaName,
}

/// `diff`.
#[derive(Debug, Args)]
#[command(after_help = DIFF_NOTES)]
pub struct DiffArgs {
    /// One array, as check reads it: a directory, a bundle, .ndjson; - is standard input
    pub a: PathBuf,
    /// Another array
    pub b: PathBuf,
    /// Compare the data, whatever their distributions; an array may be one .npy file then
    #[arg(long)]
    pub values: bool,
    /// The relative tolerance: numbers are equal up to atol + rtol * |b|
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0, requires = "values", value_parser = tolerance)]
    #[arg(allow_hyphen_values = true)]
    pub rtol: f64,
    /// The absolute tolerance
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0, requires = "values", value_parser = tolerance)]
    #[arg(allow_hyphen_values = true)]
    pub atol: f64,
    /// The names of a's data files, such as 'run/field.{rank}.npy' [default: the exports lead to
    /// them]
    #[arg(long, value_name = "PATTERN", requires = "values", value_parser = gather::with_rank)]
    pub data_a: Option<String>,
    /// The names of b's data files
    #[arg(long, value_name = "PATTERN", requires = "values", value_parser = gather::with_rank)]
    pub data_b: Option<String>,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: TextOrJson,
    /// Do not show progress
    #[arg(long)]
    pub no_progress: bool,
}

const DIFF_NOTES: &str = "\
With --values, elements are compared, padding is not: NaN equals NaN, a text its own
bytes only. `gather --help` says where the data of a rank are.
Exit codes: 0 equal in type, shape and distribution (with --values: in all values),
1 different, 2 could not run: an array is invalid, some of its ranks or data are
missing, or values of other shapes or types cannot be compared.";

/// A tolerance: a number of at least 0.
fn tolerance(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a number of at least 0, such as 1e-9".to_owned())
}

/// `plan`.
#[derive(Debug, Args)]
#[command(after_help = PLAN_NOTES)]
pub struct PlanArgs {
    /// The source array, as check reads it: a directory, a bundle, .ndjson; - is standard input
    pub a: PathBuf,
    /// The target array: the same array in another distribution
    #[arg(required_unless_present = "halo", conflicts_with = "halo")]
    pub b: Option<PathBuf>,
    /// Plan the halo exchange of the array, which fills its padding, instead of a move
    #[arg(long, conflicts_with_all = ["reshape", "view", "output"])]
    pub halo: bool,
    /// The padding that the halo exchange fills: star leaves out edges and corners [default: box]
    #[arg(long, value_name = "STENCIL")]
    pub stencil: Option<StencilArg>,
    /// List the index ranges of each message: global, and in the buffers of both ranks
    #[arg(long, conflicts_with_all = ["reshape", "view"])]
    pub ranges: bool,
    /// Count what this process sends, receives and keeps, instead of the totals of all processes
    #[arg(long, value_name = "RANK", allow_hyphen_values = true)]
    pub rank: Option<i64>,
    /// Predict the time on the machine that this JSON file describes, beside messages and bytes
    #[arg(long, value_name = "FILE", conflicts_with = "rank")]
    pub machine: Option<PathBuf>,
    /// Let the shapes differ: the same items in row-major order become an array of the other shape
    #[arg(long)]
    pub reshape: bool,
    /// The part of the first array that moves, such as '3:, ::-1, None'
    #[arg(long, value_name = "INDEX", allow_hyphen_values = true, value_parser = ViewArg::parse)]
    #[arg(conflicts_with_all = ["reshape", "output"])]
    pub view: Option<ViewArg>,
    /// Also draw the message matrix into FILE.svg or FILE.png
    #[arg(short, long, value_name = "FILE", conflicts_with = "rank")]
    pub output: Option<PathBuf>,
    /// The picture's width in CSS pixels; a PNG has twice as many
    #[arg(long, value_name = "PX", default_value_t = 960, value_parser = clap::value_parser!(u32).range(360..=4000))]
    pub width: u32,
    /// The picture's theme: light, or dark
    #[arg(long, value_name = "THEME", default_value = "light")]
    pub theme: ThemeArg,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: TextOrJson,
    /// Do not show progress
    #[arg(long)]
    pub no_progress: bool,
}

const PLAN_NOTES: &str = "\
A process has the same rank in both arrays. Imbalance is the maximum divided by
the mean. With many ranks the matrix has groups of ranks; pairs are never listed.
The JSON of --halo lists all messages, or those of --rank; its schema is that of
`dap-validate schema plan-halo`. A message's elements are the products of one
index range of each dimension.
A machine is a JSON object with some of the keys node_latency, network_latency
(seconds a message), node_bandwidth, network_bandwidth, memory_bandwidth (bytes a
second), operations (a second) and ranks_per_node; {} has the defaults.
Exit codes: 0 planned, 2 could not run (an array is not valid or not complete,
shapes or item types differ, there is no such rank).";

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command; without one, the program's page
    pub command: Option<String>,
}

/// `text` or `json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "named as typed")]
pub enum TextOrJson {
    Text,
    Json,
}

/// A [`dap_core::plan::Stencil`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "named as typed")]
pub enum StencilArg {
    Box,
    Star,
}

impl From<StencilArg> for dap_core::plan::Stencil {
    fn from(stencil: StencilArg) -> Self {
        match stencil {
            StencilArg::Box => Self::Box,
            StencilArg::Star => Self::Star,
        }
    }
}

/// A [`dap_plot::Theme`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "named as typed")]
pub enum ThemeArg {
    Light,
    Dark,
}

impl From<ThemeArg> for dap_plot::Theme {
    fn from(theme: ThemeArg) -> Self {
        match theme {
            ThemeArg::Light => Self::Light,
            ThemeArg::Dark => Self::Dark,
        }
    }
}

/// A [`Severity`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "named as typed")]
pub enum Threshold {
    Error,
    Warning,
    Info,
    Hint,
}

impl From<Threshold> for Severity {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Error => Self::Error,
            Threshold::Warning => Self::Warning,
            Threshold::Info => Self::Info,
            Threshold::Hint => Self::Hint,
        }
    }
}

/// A [`Profile`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// The rules of the version that the export names
    Auto,
    /// As auto, with the recommendations
    Strict,
    /// The verdicts of the 2014 validator, mistakes included
    #[value(name = "reference-0.10")]
    Reference010,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::Auto => Self::Auto,
            ProfileArg::Strict => Self::Strict,
            ProfileArg::Reference010 => Self::Reference010,
        }
    }
}
