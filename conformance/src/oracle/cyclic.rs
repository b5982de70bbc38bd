//! Dealing a cyclic dimension like cards.

use super::section::Section;
use super::stated::{How, Stated};
use super::{Complaint, ENUMERATION_LIMIT};

/// The section of one process: the hand that it is dealt.
///
/// `start` says at which position of the round the process sits, and so where the dealing begins.
pub(super) fn section(stated: &Stated, start: i64, block_size: i64, extent: i64) -> Result<Section, Vec<Complaint>> {
    let seats = stated.grid_size.min(ENUMERATION_LIMIT);
    let Some(seat) = (0..seats).find(|&seat| starts(stated.size, block_size, seat, start)) else {
        if seats < stated.grid_size {
            return Ok(Section::TooLarge);
        }
        let rule = if start % block_size != 0 { "DAP405" } else { "DAP406" };
        return Err(vec![(rule, "no process starts there".into())]);
    };
    // The dealing begins `seat` places before this process.
    let dealer = (stated.grid_rank - seat).rem_euclid(stated.grid_size);

    let mut hand = Vec::new();
    let mut player = dealer;
    let mut left = block_size;
    for global in 0..stated.size {
        if left == 0 {
            player = if player + 1 == stated.grid_size { 0 } else { player + 1 };
            left = block_size;
        }
        left -= 1;
        if player == stated.grid_rank {
            hand.push(global);
        }
        // One card too many is enough to know.
        if hand.len() as i64 > extent {
            break;
        }
        if global >= ENUMERATION_LIMIT {
            return Ok(Section::TooLarge);
        }
    }
    // The text demands equality with the buffer for blocks only; nothing else would make sense
    // here.
    if hand.len() as i64 != extent {
        return Err(vec![("DAP404", "the hand and the buffer differ in extent".into())]);
    }
    Ok(Section::of_owned(hand))
}

/// Whether a process that sits at `seat`, counted from the one that gets index 0, may write
/// `start`.
///
/// Its first card is `seat * block_size`. Where the cards do not reach it, that number is beyond
/// `size`, and `size` itself ("start == size" implies an empty buffer) is accepted too.
fn starts(size: i64, block_size: i64, seat: i64, start: i64) -> bool {
    let first_card = i128::from(seat) * i128::from(block_size);
    i128::from(start) == first_card || (first_card >= i128::from(size) && start == size)
}

/// Whether all processes tell of the same dealing; `ranks` are in the order of the grid.
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
    // Some process is the one that gets index 0. The text has it at grid rank 0, ScaLAPACK
    // anywhere.
    let dealer = (0..processes).find(|dealer| {
        (0..processes).zip(&all_starts).all(|(grid_rank, &start)| {
            starts(first.size, block_size, (grid_rank - dealer).rem_euclid(processes), start)
        })
    });
    match dealer {
        Some(_) => Vec::new(),
        None => vec![("DAP616", "the starts tell of different dealings".into())],
    }
}
