//! Boxes of indices in pieces that are small enough for a message or a slot.

use std::ops::Range;

use dap_ndarray::copy::Order;

/// The pieces of a box, one behind the other in an order of its dimensions. Sender and receiver
/// number them alike.
#[derive(Debug, Clone)]
pub struct Pieces {
    shape: Vec<i64>,
    /// The dimensions, the slowest first.
    order: Vec<usize>,
    /// Dimensions before this position of the order are taken index by index, the dimension there
    /// in ranges, and those behind it as a whole.
    cut: usize,
    /// The length of the ranges.
    range: i64,
    count: usize,
}

impl Pieces {
    /// Pieces of at most `most` indices of a box of this shape.
    pub fn new(shape: &[i64], order: Order, most: i64) -> Pieces {
        let ndim = shape.len();
        let order: Vec<usize> = order.dims(ndim).collect();
        let (mut cut, mut whole) = (ndim, 1_i64);
        while cut > 0 && whole.saturating_mul(shape[order[cut - 1]]) <= most {
            cut -= 1;
            whole *= shape[order[cut]];
        }
        let (mut range, mut count) = (i64::MAX, 1);
        if cut > 0 {
            cut -= 1;
            let extent = shape[order[cut]];
            let most = (most / whole.max(1)).max(1);
            // The ranges have nearly the same length.
            let ranges = (extent + most - 1) / most;
            range = (extent + ranges - 1) / ranges;
            count = order[..cut].iter().map(|&dim| shape[dim]).product::<i64>() * ((extent + range - 1) / range);
        }
        let count = if shape.contains(&0) { 0 } else { usize::try_from(count).unwrap_or(usize::MAX) };
        Pieces { shape: shape.to_vec(), order, cut, range, count }
    }

    /// The number of pieces.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The ranges of the piece with the number `at`; `None` for a whole dimension.
    pub fn get(&self, at: usize) -> Vec<Option<Range<i64>>> {
        let mut places = vec![None; self.shape.len()];
        let mut rest = at as i64;
        for (node_rank, &dim) in self.order.iter().enumerate().take(self.cut + 1).rev() {
            let extent = self.shape[dim];
            let range = if node_rank == self.cut { self.range.min(extent) } else { 1 };
            let ranges = (extent + range - 1) / range;
            let first = rest % ranges * range;
            rest /= ranges;
            if range < extent {
                places[dim] = Some(first..(first + range).min(extent));
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every index is in exactly one piece, and no piece is too large.
        #[test]
        fn pieces_make_the_buffer(shape in prop::collection::vec(0..7_i64, 0..4), most in 1..40_i64, f in any::<bool>()) {
            let pieces = Pieces::new(&shape, if f { Order::F } else { Order::C }, most);
            let mut seen = vec![0; shape.iter().product::<i64>() as usize];
            for at in 0..pieces.count() {
                let piece = pieces.get(at);
                let ranges: Vec<Range<i64>> =
                    piece.into_iter().zip(&shape).map(|(range, &extent)| range.unwrap_or(0..extent)).collect();
                prop_assert!(ranges.iter().map(|range| range.end - range.start).product::<i64>() <= most);
                let places = ranges.iter().zip(&shape).fold(vec![0], |places, (range, extent)| {
                    places.iter().flat_map(|node_rank| range.clone().map(move |at| node_rank * extent + at)).collect()
                });
                places.into_iter().for_each(|node_rank| seen[node_rank as usize] += 1);
            }
            prop_assert!(seen.iter().all(|&seen| seen == 1));
        }
    }
}
