//! The indices of a process of a [`CyclicSlice`], as strided groups.
//!
//! Along the indices cells advance by `step`, or backwards by less than that; `stride` is the
//! smaller distance. Modulo one round the blocks of a process are one window of cells.
//!
//! - A stride within the block size meets each window in a run of neighbouring indices. The runs
//!   repeat after `stride / gcd(stride, round)` windows: one group for each window until then, and
//!   the runs that the ends of the slice cut.
//! - A longer stride meets a window in single indices. Index j and index `j + round / gcd(stride,
//!   round)` lie at the same cell: one group for each cell of the window that is met.

use super::CyclicSlice;
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{RunGroup, gcd, inverse};

/// An upper bound of the number of groups of one process.
pub(super) fn most(slice: &CyclicSlice) -> i64 {
    let (round, stride) = (slice.round(), stride(slice));
    if stride == 0 || slice.grid_size == 1 {
        return 1;
    }
    if stride > slice.block_size {
        return most_residues(slice, stride);
    }
    let windows = i128::from(slice.size) * i128::from(stride) / i128::from(round) + 2;
    let period = i128::from(stride / gcd(stride, round));
    i64::try_from(windows.min(period)).map_or(i64::MAX, |groups| groups.saturating_add(2))
}

/// The same where each group is of single indices; `None` where that is more than a slice may have.
pub(super) fn most_single(slice: &CyclicSlice) -> Option<i64> {
    let stride = stride(slice);
    let groups = if stride == 0 { 1 } else { most_residues(slice, stride) };
    (groups <= CyclicSlice::MOST_GROUPS).then_some(groups)
}

fn most_residues(slice: &CyclicSlice, stride: i64) -> i64 {
    let residues = slice.block_size / gcd(stride, slice.round());
    residues.saturating_add(1).min(slice.size.max(1))
}

/// The groups of a process on the grid, ascending by their first index.
pub(super) fn of(slice: &CyclicSlice, rank: GridRank) -> Vec<RunGroup> {
    let stride = if slice.grid_size == 1 { 0 } else { stride(slice) };
    if stride == 0 {
        return whole(slice, rank);
    }
    if stride > slice.block_size {
        return single(slice, rank).unwrap_or_default();
    }
    windows(slice, rank, stride)
}

/// All indices, where these lie on one process.
fn whole(slice: &CyclicSlice, rank: GridRank) -> Vec<RunGroup> {
    let owned = slice.owned_len(rank);
    if owned == 0 { Vec::new() } else { vec![RunGroup::single(GlobalIndex(0), LocalIndex(0), owned)] }
}

/// From the cell of one index to that of a neighbour, in the shorter direction.
fn stride(slice: &CyclicSlice) -> i64 {
    slice.step.min(slice.round() - slice.step)
}

/// How far ahead of index 0 the window of a process begins, in the direction of the stride: at
/// least 0, less than a round.
fn distance(slice: &CyclicSlice, rank: GridRank) -> i128 {
    let (start, round) = (i128::from(slice.start), i128::from(slice.round()));
    let block = i128::from(rank.0) * i128::from(slice.block_size);
    let is_forward = slice.step <= slice.round() - slice.step;
    let ahead = if is_forward { block - start } else { start - (block + i128::from(slice.block_size) - 1) };
    ahead.rem_euclid(round)
}

/// One group for each window of a period, and the cut runs at the ends.
fn windows(slice: &CyclicSlice, rank: GridRank, stride: i64) -> Vec<RunGroup> {
    let round = i128::from(slice.round());
    let (size, stride, block) = (i128::from(slice.size), i128::from(stride), i128::from(slice.block_size));
    let ahead = distance(slice, rank);
    let mut groups = Vec::new();
    let mut local = 0_i64;
    // The first and the last index in the window that begins at a distance.
    let run = |window: i128| {
        let first = (window + stride - 1).div_euclid(stride).max(0);
        let last = (window + block - 1).div_euclid(stride).min(size - 1);
        // Both are indices.
        (first as i64, (last - first + 1) as i64)
    };
    let mut push = |groups: &mut Vec<RunGroup>, (first, len): (i64, i64)| {
        if len > 0 {
            groups.push(RunGroup::single(GlobalIndex(first), LocalIndex(local), len));
            local += len;
        }
    };
    if ahead - round + block > 0 {
        push(&mut groups, run(ahead - round));
    }
    // Windows that end before the last index.
    let whole = if size * stride < ahead + block { 0 } else { (size * stride - ahead - block) / round + 1 };
    let period = stride / i128::from(gcd(stride as i64, slice.round()));
    let first_whole = groups.len();
    for window in 0..whole.min(period) {
        push(&mut groups, run(ahead + window * round));
    }
    if whole > period {
        // One period of windows is known, and all others lie behind it.
        let whole_groups = groups.get_mut(first_whole..).unwrap_or_default();
        let per_period: i64 = whole_groups.iter().map(|group| group.len).sum();
        let mut behind = 0;
        for (window, group) in (0..).zip(whole_groups) {
            let count = (whole - window - 1) / period + 1;
            if count > 1 {
                group.count = count as i64;
                group.global_stride = (period * round / stride) as i64;
                group.local_stride = per_period;
            }
            behind += group.len * (group.count - 1);
        }
        local += behind;
    }
    let mut push = |group: (i64, i64)| {
        if group.1 > 0 {
            groups.push(RunGroup::single(GlobalIndex(group.0), LocalIndex(local), group.1));
        }
    };
    push(run(ahead + whole * round));
    groups
}

/// One group of single indices for each cell of the window that is met; `None` where these are
/// more than a slice may have.
pub(super) fn single(slice: &CyclicSlice, rank: GridRank) -> Option<Vec<RunGroup>> {
    let (round, stride) = (slice.round(), stride(slice));
    if stride == 0 {
        return Some(whole(slice, rank));
    }
    let owned = slice.owned_len(rank);
    if owned == 0 {
        return Some(Vec::new());
    }
    let gcd = gcd(stride, round);
    if owned <= slice.block_size / gcd {
        if owned > CyclicSlice::MOST_GROUPS {
            return None;
        }
        let element = |local| Some(RunGroup::single(slice.global(rank, LocalIndex(local))?, LocalIndex(local), 1));
        return (0..owned).map(element).collect();
    }
    let period = i128::from(round / gcd);
    let inverse = inverse(i128::from(stride / gcd), period);
    let (gcd, ahead) = (i128::from(gcd), distance(slice, rank));
    let end = ahead + i128::from(slice.block_size);
    let mut firsts = Vec::new();
    let mut cell = ahead + (-ahead).rem_euclid(gcd);
    while cell < end {
        let first = cell / gcd % period * inverse % period;
        if first < i128::from(slice.size) {
            firsts.push(first as i64);
        }
        if firsts.len() as i64 > CyclicSlice::MOST_GROUPS {
            return None;
        }
        cell += gcd;
    }
    firsts.sort_unstable();
    let per_period = firsts.len() as i64;
    let group = |(local, first): (i64, i64)| {
        let count = (i128::from(slice.size) - 1 - i128::from(first)) / period + 1;
        // A second one lies within the size.
        let strides = if count > 1 { (period as i64, per_period) } else { (0, 0) };
        RunGroup {
            global_start: GlobalIndex(first),
            local_start: LocalIndex(local),
            len: 1,
            count: count as i64,
            global_stride: strides.0,
            local_stride: strides.1,
        }
    };
    Some((0..).zip(firsts).map(group).collect())
}
