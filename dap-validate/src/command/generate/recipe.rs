//! From the arguments to a layout, which is always valid; arguments without a layout are refused in
//! a sentence.

use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::error::{Error, Result as Checked};
use dap_core::index::GridRank;
use dap_core::layout::Layout;

use crate::cli::{Dist, GenerateArgs, OfDim};

/// The largest number of indices of an unstructured dimension, which are kept in memory.
const MOST_INDICES: i64 = 1 << 27;
/// The largest number of irregular blocks, whose bounds are kept in memory.
const MOST_BOUNDS: i64 = 1 << 27;

pub(super) fn layout(args: &GenerateArgs) -> Result<Layout, String> {
    let shape: &[i64] = args.shape.as_ref().map_or(&[], |shape| &shape.0);
    let ndim = shape.len();
    let ones = vec![1; ndim];
    let grid = args.grid.as_ref().map_or(&ones[..], |grid| &grid.0);
    let blocks = vec![Dist::Block; ndim];
    let dists = if args.dist.is_empty() { &blocks[..] } else { &args.dist };
    for (what, count) in [("--grid", grid.len()), ("--dist", dists.len())] {
        if count != ndim {
            let s = if ndim == 1 { "" } else { "s" };
            return Err(format!("--shape has {ndim} dimension{s}, but {what} has {count}"));
        }
    }
    let is = |dim: usize, wanted: fn(&Dist) -> bool| dists.get(dim).is_some_and(wanted);
    let is_block: fn(&Dist) -> bool = |dist| *dist == Dist::Block;
    let is_cyclic: fn(&Dist) -> bool = |dist| matches!(dist, Dist::Cyclic(_));
    let named = [
        ("--halo", "block", is_block, named(&args.halo)),
        ("--boundary", "block", is_block, named(&args.boundary)),
        ("--periodic", "block", is_block, args.periodic.clone()),
        ("--rotate", "cyclic", is_cyclic, named(&args.rotate)),
    ];
    for (option, kind, wanted, dims) in named {
        if let Some(dim) = dims.into_iter().find(|&dim| !is(dim, wanted)) {
            return Err(format!("{option}: dimension {dim} is not a {kind} dimension of this array"));
        }
    }
    for (option, kind, wanted, given) in [
        ("--halo", "block", is_block, !args.halo.is_empty()),
        ("--boundary", "block", is_block, !args.boundary.is_empty()),
        ("--rotate", "cyclic", is_cyclic, !args.rotate.is_empty()),
    ] {
        if given && !dists.iter().any(wanted) {
            return Err(format!("{option}: this array has no {kind} dimension"));
        }
    }
    let mut dims = Vec::with_capacity(ndim);
    for (dim, ((&size, &grid_size), dist)) in shape.iter().zip(grid).zip(dists).enumerate() {
        let made = match *dist {
            Dist::Block => block(args, dim, size, grid_size),
            Dist::Cyclic(block_size) => cyclic(args, dim, size, grid_size, block_size),
            Dist::Unstructured => unstructured(args, dim, size, grid_size),
        };
        dims.push(made.map_err(|wrong| wrong.sentence(dim))?);
    }
    Layout::new(dims).map_err(|error| error.to_string())
}

enum Wrong {
    Error(Error),
    Sentence(String),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Wrong {
    fn sentence(self, dim: usize) -> String {
        match self {
            Self::Error(error) => error.with_dim(dim).to_string(),
            Self::Sentence(sentence) => format!("dimension {dim}: {sentence}"),
        }
    }
}

fn named<T>(values: &[OfDim<T>]) -> Vec<usize> {
    values.iter().filter_map(|value| value.dim).collect()
}

/// The value for a dimension: the last value that names it, or else the last value for all.
fn of<T: Copy>(values: &[OfDim<T>], dim: usize) -> Option<T> {
    let with = |wanted| values.iter().rev().find(move |value| value.dim == wanted).map(|value| value.value);
    with(Some(dim)).or_else(|| with(None))
}

fn block(args: &GenerateArgs, dim: usize, size: i64, grid_size: i64) -> Result<Dim, Wrong> {
    let halo = of(&args.halo, dim).unwrap_or(0);
    let [lower, upper] = of(&args.boundary, dim).unwrap_or([0, 0]);
    let split: Checked<Block> = if args.irregular {
        let least = halo.max(lower).max(upper).max(0);
        Block::from_bounds(irregular(args.seed, dim, size, grid_size, least)?)
    } else if args.balanced {
        Block::balanced(size, grid_size)
    } else {
        Block::new(size, grid_size)
    };
    let mut block = split?.with_halo(halo)?.with_boundary(lower, upper)?;
    if args.periodic.contains(&dim) {
        block = block.with_periodic(true)?;
        // In version 0.9 the outer padding of a periodic dimension is communication padding.
        if args.protocol.is_0_9() && halo > 0 {
            block = block.with_wrap(halo)?;
        }
    }
    Ok(block.into())
}

fn cyclic(args: &GenerateArgs, dim: usize, size: i64, grid_size: i64, block_size: i64) -> Result<Dim, Wrong> {
    let source = of(&args.rotate, dim).unwrap_or(0);
    Ok(Cyclic::new(size, grid_size, block_size)?.with_source(GridRank(source))?.into())
}

/// A permutation of `0..size`, split into balanced lists, or into lists of random length.
fn unstructured(args: &GenerateArgs, dim: usize, size: i64, grid_size: i64) -> Result<Dim, Wrong> {
    if size > MOST_INDICES {
        let sentence = format!("an unstructured dimension lists its indices, {MOST_INDICES} at most");
        return Err(Wrong::Sentence(sentence));
    }
    let bounds = if args.irregular {
        irregular(args.seed, dim, size, grid_size, 0)?
    } else {
        let shares = Block::balanced(size, grid_size)?;
        enough(grid_size)?;
        (0..grid_size).map(|rank| shares.section(GridRank(rank)).owned_start).chain([size]).collect()
    };
    let mut random = Random::new(args.seed, dim);
    let mut indices: Vec<i64> = (0..size).collect();
    for last in (1..indices.len()).rev() {
        indices.swap(last, random.below(last as u64 + 1) as usize);
    }
    let place = |bound: i64| usize::try_from(bound).unwrap_or_default();
    let lists: Vec<&[i64]> = bounds.windows(2).map(|pair| &indices[place(pair[0])..place(pair[1])]).collect();
    Ok(Unstructured::new(size, true, &lists)?.into())
}

fn enough(grid_size: i64) -> Result<(), Wrong> {
    if grid_size <= MOST_BOUNDS {
        return Ok(());
    }
    Err(Wrong::Sentence(format!("parts of their own are kept for {MOST_BOUNDS} processes at most")))
}

/// The bounds of random blocks of at least `least` elements, if `size` allows it.
fn irregular(seed: u64, dim: usize, size: i64, grid_size: i64, least: i64) -> Result<Vec<i64>, Wrong> {
    Block::new(size, grid_size)?;
    enough(grid_size)?;
    let least = if least.checked_mul(grid_size).is_some_and(|all| all <= size) { least } else { 0 };
    let mut random = Random::new(seed ^ 0x5eed, dim);
    let free = size - least * grid_size;
    let mut bounds: Vec<i64> = (1..grid_size).map(|_| random.below(free as u64 + 1) as i64).collect();
    bounds.sort_unstable();
    for (rank, bound) in (1..).zip(&mut bounds) {
        *bound += rank * least;
    }
    bounds.insert(0, 0);
    bounds.push(size);
    Ok(bounds)
}

/// SplitMix64: the same seed gives the same numbers on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64, dim: usize) -> Self {
        let mut random = Self(seed.wrapping_add((dim as u64).wrapping_mul(0xd134_2543_de82_ef95)));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}
