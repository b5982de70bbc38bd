//! The length of the buffer along a dimension, by the dimension's own numbers.

use crate::DapDim;

/// The extent of the buffer that a dimension demands, padding included; `None` for invalid numbers.
pub(crate) fn extent(dim: &DapDim) -> Option<i64> {
    let extent = match u8::try_from(dim.dist_type) {
        Ok(b'b') => dim.stop.checked_sub(dim.start)?,
        Ok(b'c') => cyclic(dim)?,
        Ok(b'u') => dim.n_indices,
        _ => return None,
    };
    (extent >= 0).then_some(extent)
}

/// NUMROC, for the position in the cycle that `start` gives.
fn cyclic(dim: &DapDim) -> Option<i64> {
    if dim.size < 0 || dim.start < 0 || dim.block_size < 1 || dim.proc_grid_size < 1 {
        return None;
    }
    if dim.start >= dim.size {
        return Some(0);
    }
    // Wide enough for any sum of 64-bit numbers.
    let [size, block, processes] = [dim.size, dim.block_size, dim.proc_grid_size].map(i128::from);
    let place = i128::from(dim.start / dim.block_size);
    let blocks = (size + block - 1) / block;
    let mine = (blocks - place + processes - 1) / processes;
    let last = place + (mine - 1) * processes;
    let short = if last == blocks - 1 { blocks * block - size } else { 0 };
    i64::try_from(mine * block - short).ok()
}

#[cfg(test)]
mod tests {
    use dap_core::dim::Cyclic;
    use dap_core::index::GridRank;

    use super::*;

    #[test]
    fn agrees_with_the_maps() {
        for (size, processes, block) in (0..30).flat_map(|s| (1..6).flat_map(move |p| (1..5).map(move |b| (s, p, b)))) {
            let map = Cyclic::new(size, processes, block).unwrap();
            for rank in 0..processes {
                let dim = DapDim::cyclic(size, processes, rank, map.start(GridRank(rank)), block);
                assert_eq!(extent(&dim), Some(map.extent(GridRank(rank))), "{size} {processes} {block} {rank}");
            }
        }
    }
}
