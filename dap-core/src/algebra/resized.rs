//! The dimension of a new array that is longer than one of its operands.
//!
//! | | block | cyclic, blocks of b | unstructured, [`CyclicSlice`](crate::dim::CyclicSlice) |
//! |---|---|---|---|
//! | of another size | block, as even as can be | cyclic(b), the same first owner | block, as even as can be |
//! | each index t times | each section t times as long | cyclic(b t) | block, as even as can be |
//! | padded at the ends | the outer owners own the padding | cyclic(b); data stay if the padding in front is a multiple of b | block, as even as can be |
//!
//! The grid ranks are those of the operand, and communication padding is left out.

use crate::dim::{Block, Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result, at_least, at_most};
use crate::index::GridRank;

/// Irregular bounds are made for at most this number of processes along a dimension.
const MOST_BOUNDS: i64 = 1 << 24;

/// A dimension of the same kind and another size.
pub(super) fn resized(dim: &Dim, size: i64) -> Result<Dim> {
    match dim {
        Dim::Cyclic(cyclic) => {
            let longer = Cyclic::new(size, cyclic.grid_size(), cyclic.block_size())?;
            longer.with_source(cyclic.source()).map(Dim::from)
        }
        _ => Block::balanced(size, dim.grid_size()).map(Dim::from),
    }
}

/// Each index `times` times, on the process that owned it where the kind allows it.
pub(super) fn repeated(dim: &Dim, times: i64) -> Result<Dim> {
    at_least("repeats", times, 0)?;
    let size = product(dim.size(), times)?;
    match dim {
        Dim::Block(block) if times > 0 => {
            let scaled = |bound: i64| product(bound, times);
            // Where all own the same width until they run out, so they do afterwards.
            let width = block.owned_len(GridRank(0)).max(1);
            let plain = without_padding(dim)?;
            if Block::with_width(block.size(), block.grid_size(), width).is_ok_and(|it| Dim::from(it) == plain) {
                return Block::with_width(size, block.grid_size(), scaled(width)?).map(Dim::from);
            }
            bounded(block, scaled)
        }
        Dim::Cyclic(cyclic) if times > 0 => {
            // Blocks longer than the dimension are as good as one of its size.
            let width = product(cyclic.block_size().min(cyclic.size().max(1)), times)?;
            Cyclic::new(size, cyclic.grid_size(), width)?.with_source(cyclic.source()).map(Dim::from)
        }
        _ => resized(dim, size),
    }
}

/// With new indices before the first and behind the last.
pub(super) fn padded(dim: &Dim, before: i64, after: i64) -> Result<Dim> {
    at_least("pad_width", before, 0)?;
    at_least("pad_width", after, 0)?;
    if before == 0 && after == 0 {
        return Ok(dim.clone());
    }
    let overflow = || Error::new(ErrorKind::Overflow).with_value("size", dim.size());
    let size = dim.size().checked_add(before).and_then(|sum| sum.checked_add(after)).ok_or_else(overflow)?;
    match dim {
        Dim::Block(block) if block.size() > 0 => bounded(block, |bound| match bound {
            0 => Ok(0),
            _ if bound == block.size() => Ok(size),
            _ => Ok(bound + before),
        }),
        Dim::Cyclic(cyclic) if before % cyclic.block_size() == 0 => {
            let turns = before / cyclic.block_size() % cyclic.grid_size();
            let source = (cyclic.source().0 - turns).rem_euclid(cyclic.grid_size());
            Cyclic::new(size, cyclic.grid_size(), cyclic.block_size())?.with_source(GridRank(source)).map(Dim::from)
        }
        _ => resized(dim, size),
    }
}

/// The dimension without communication and boundary padding.
pub(super) fn without_padding(dim: &Dim) -> Result<Dim> {
    match dim {
        Dim::Block(block) if !block.is_unpadded() || block.is_periodic() => {
            let unwrapped = block.clone().with_wrap(0)?.with_periodic(false)?;
            unwrapped.with_boundary(0, 0)?.with_halo(0).map(Dim::from)
        }
        _ => Ok(dim.clone()),
    }
}

/// The block dimension with each bound changed.
fn bounded(block: &Block, bound: impl Fn(i64) -> Result<i64>) -> Result<Dim> {
    at_most("proc_grid_size", block.grid_size(), MOST_BOUNDS)?;
    let ends = (0..block.grid_size()).map(|rank| bound(block.section(GridRank(rank)).owned_stop));
    let bounds = std::iter::once(Ok(0)).chain(ends).collect::<Result<Vec<_>>>()?;
    Block::from_bounds(bounds).map(Dim::from)
}

fn product(size: i64, times: i64) -> Result<i64> {
    size.checked_mul(times).ok_or_else(|| Error::new(ErrorKind::Overflow).with_value("size", size))
}
