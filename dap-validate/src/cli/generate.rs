//! `gen`: the arguments that describe an array.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use dap_core::dtype::DType;
use dap_core::export::Version;

use super::index::{IndexArg, indices};

/// `gen`.
#[derive(Debug, Args)]
#[command(after_help = NOTES, disable_version_flag = true)]
pub struct GenerateArgs {
    /// The array's extents, such as 100,200; () without dimensions
    #[arg(long, value_name = "N,...", value_parser = indices, required_unless_present = "broken")]
    pub shape: Option<IndexArg>,
    /// One distribution a dimension: b block, c or c:BLOCK_SIZE cyclic, u unstructured [default:
    /// b,...]
    #[arg(long, value_name = "TYPE,...", value_delimiter = ',', value_parser = dist, requires = "shape")]
    pub dist: Vec<Dist>,
    /// The process grid, such as 4,2 [default: 1,...]
    #[arg(long, value_name = "P,...", value_parser = indices, requires = "shape")]
    pub grid: Option<IndexArg>,
    /// The item type: a typestr or a PEP-3118 format
    #[arg(long, default_value = "<f8", value_parser = dtype)]
    pub dtype: DType,
    /// Communication padding between neighbouring blocks, of all block dimensions or of one; may be
    /// repeated
    #[arg(long, value_name = "[DIM:]WIDTH", value_parser = of_dim(width))]
    pub halo: Vec<OfDim<i64>>,
    /// Boundary padding of block dimensions; may be repeated
    #[arg(long, value_name = "[DIM:]LOW,HIGH", value_parser = of_dim(widths))]
    pub boundary: Vec<OfDim<[i64; 2]>>,
    /// Periodic block dimensions; in version 0.9 their halo wraps round the ends
    #[arg(long, value_name = "DIM", value_delimiter = ',')]
    pub periodic: Vec<usize>,
    /// The grid rank that owns the first block of a cyclic dimension; may be repeated
    #[arg(long, value_name = "[DIM:]GRID_RANK", value_parser = of_dim(width))]
    pub rotate: Vec<OfDim<i64>>,
    /// Balanced blocks: the first ones own one index more [default: equal blocks, the last ones
    /// shorter or empty]
    #[arg(long, conflicts_with = "irregular")]
    pub balanced: bool,
    /// Blocks of random widths, empty ones too
    #[arg(long)]
    pub irregular: bool,
    /// The seed of random choices: blocks with --irregular, the indices of an unstructured
    /// dimension
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// The memory order of the buffers
    #[arg(long, default_value = "C")]
    pub order: OrderArg,
    /// The version of the protocol: 0.10.x or 0.9.x
    #[arg(long = "version", value_name = "VERSION", default_value = "0.10.0", value_parser = version)]
    pub protocol: Version,
    /// One export a line, a {"ranks": [...]} document, or a directory of rank-0.json and so on
    #[arg(long, default_value = "ndjson")]
    pub format: FileLayout,
    /// The output: one file, or an empty directory with --format directory (that of scatter is
    /// always a directory); - for standard output [default: -]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Break this rule and no other, in the last rank; without --shape, write the example of the
    /// rule's page; `list` lists the rules
    #[arg(long = "break", value_name = "RULE")]
    pub broken: Option<String>,
    /// Break it in every rank
    #[arg(long, requires_all = ["broken", "shape"])]
    pub everywhere: bool,
}

const NOTES: &str = "\
Examples:
  dap-validate gen --shape 100,100 --dist b,c:4 --grid 4,2 --halo 1 -o run.ndjson
  dap-validate gen --shape 12,9 --grid 3,1 --boundary 0:1,1 --periodic 0 --format directory -o run/
  dap-validate gen --shape 1000000 --grid 1000000 | dap-validate check -
  dap-validate gen --break DAP612 | dap-validate check -
Ranks are written one after the other, so a million of them need no memory; but
unstructured dimensions and irregular blocks are lists that are kept.";

/// The distribution of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dist {
    /// `b`
    Block,
    /// `c`, with its block size
    Cyclic(i64),
    /// `u`
    Unstructured,
}

/// A value for one dimension, or for all dimensions that can have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfDim<T> {
    /// The dimension; `None` for all.
    pub dim: Option<usize>,
    /// The value.
    pub value: T,
}

/// The memory order of the buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// The last index varies fastest
    #[value(name = "C")]
    C,
    /// The first index varies fastest
    #[value(name = "F")]
    F,
}

/// The layout of exports in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileLayout {
    /// One export a line
    Ndjson,
    /// One document
    Bundle,
    /// One file a rank
    Directory,
}

fn dist(text: &str) -> Result<Dist, String> {
    let cyclic = |size: &str| size.parse().map(Dist::Cyclic).map_err(|_| format!("`{size}` is not a block size"));
    match text.trim() {
        "b" => Ok(Dist::Block),
        "c" => Ok(Dist::Cyclic(1)),
        "u" => Ok(Dist::Unstructured),
        text => match text.strip_prefix("c:") {
            Some(size) => cyclic(size),
            None => Err("the types are b (block), c or c:4 (cyclic, in blocks of 4) and u (unstructured)".to_owned()),
        },
    }
}

pub(super) fn dtype(text: &str) -> Result<DType, String> {
    let dtype = crate::item_type::of_text(text)?;
    if dtype.descr().is_none() { Err("a bare pointer means nothing in a file".to_owned()) } else { Ok(dtype) }
}

fn version(text: &str) -> Result<Version, String> {
    let known = Version::parse(text).filter(|version| version.major == 0 && matches!(version.minor, 9 | 10));
    known.ok_or_else(|| "0.10.0 or 0.9.0, or a later correction of them".to_owned())
}

/// `VALUE`, or `DIM:VALUE`.
fn of_dim<T: Clone + Send + Sync>(
    value: impl Fn(&str) -> Result<T, String> + Clone + Send + Sync,
) -> impl Fn(&str) -> Result<OfDim<T>, String> + Clone + Send + Sync {
    move |text| match text.split_once(':') {
        None => Ok(OfDim { dim: None, value: value(text)? }),
        Some((dim, text)) => {
            let dim = dim.parse().map_err(|_| format!("`{dim}` is not a dimension; they are counted from 0"))?;
            Ok(OfDim { dim: Some(dim), value: value(text)? })
        }
    }
}

fn width(text: &str) -> Result<i64, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is not an integer"))
}

fn widths(text: &str) -> Result<[i64; 2], String> {
    let (low, high) = text.split_once(',').ok_or("write the widths at both ends: 1,2")?;
    Ok([width(low)?, width(high)?])
}
