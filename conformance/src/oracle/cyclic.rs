//! A cyclic dimension, distributed index by index.

use super::place::Section;
use super::stated::{How, Stated};
use super::{Complaint, ENUMERATION_LIMIT};

/// The section of one process.
///
/// `start` determines the process's position in the cycle, and so the grid rank that the
/// distribution starts at.
pub(super) fn section(stated: &Stated, start: i64, block_size: i64, extent: i64) -> Result<Section, Vec<Complaint>> {
    let positions = stated.grid_size.min(ENUMERATION_LIMIT);
    let Some(position) = (0..positions).find(|&position| starts(stated.size, block_size, position, start)) else {
        if positions < stated.grid_size {
            return Ok(Section::TooLarge);
        }
        let rule = if start % block_size != 0 { "DAP405" } else { "DAP406" };
        return Err(vec![(rule, "no process starts there".into())]);
    };
    // The distribution starts `position` grid ranks before this process.
    let source = (stated.grid_rank - position).rem_euclid(stated.grid_size);

    let mut owned = Vec::new();
    let mut process = source;
    let mut left = block_size;
    for global in 0..stated.size {
        if left == 0 {
            process = if process + 1 == stated.grid_size { 0 } else { process + 1 };
            left = block_size;
        }
        left -= 1;
        if process == stated.grid_rank {
            owned.push(global);
        }
        // One index too many decides.
        if owned.len() as i64 > extent {
            break;
        }
        if global >= ENUMERATION_LIMIT {
            return Ok(Section::TooLarge);
        }
    }
    // The text demands equality with the buffer for blocks only; here it follows from the maps.
    if owned.len() as i64 != extent {
        return Err(vec![("DAP404", "the section and the buffer differ in extent".into())]);
    }
    Ok(Section::of_owned(owned))
}

/// Whether a process at `position` of the cycle, counted from the process with index 0, may have
/// `start`.
///
/// Its first index is `position * block_size`. If the process owns nothing, that number is beyond
/// `size`, and `size` itself ("start == size" implies an empty buffer) is accepted too.
fn starts(size: i64, block_size: i64, position: i64, start: i64) -> bool {
    let first_index = i128::from(position) * i128::from(block_size);
    i128::from(start) == first_index || (first_index >= i128::from(size) && start == size)
}

/// Checks that all processes state the same cyclic distribution; `ranks` are in the order of the
/// grid.
pub(super) fn across(ranks: &[&Stated]) -> Vec<Complaint> {
    let mut block_sizes = Vec::new();
    let mut all_starts = Vec::new();
    for rank in ranks {
        if let How::Cyclic { start, block_size } = rank.how {
            block_sizes.push(block_size);
            all_starts.push(start);
        }
    }
    if block_sizes.windows(2).any(|pair| pair[0] != pair[1]) {
        return vec![("DAP615", "block_size differs".into())];
    }
    let (Some(first), Some(&block_size)) = (ranks.first(), block_sizes.first()) else { return Vec::new() };
    let processes = first.grid_size;
    // One process gets index 0: grid rank 0 by the text, any grid rank in ScaLAPACK.
    let source = (0..processes).find(|source| {
        (0..processes).zip(&all_starts).all(|(grid_rank, &start)| {
            starts(first.size, block_size, (grid_rank - source).rem_euclid(processes), start)
        })
    });
    match source {
        Some(_) => Vec::new(),
        None => vec![("DAP616", "the starts belong to different cyclic distributions".into())],
    }
}
