//! A transfer in pieces, each a transfer itself.

use dap_core::index::Rank;
use dap_core::plan::{Common, Transfer};
use dap_ndarray::copy::Order;

/// The pieces of a transfer, in the order of the message: as many whole rows of the slowest dimensions as fit.
pub(super) struct Chunks<'m> {
    transfer: Transfer<'m>,
    /// The dimensions, the slowest of the message first.
    order: Vec<usize>,
    /// Dimensions before this place of the order are taken index by index, the one there in ranges, those behind as a whole.
    cut: usize,
    /// The length of the ranges.
    range: i64,
    count: usize,
}

impl<'m> Chunks<'m> {
    /// Pieces of at most so many elements.
    pub(super) fn new(transfer: Transfer<'m>, order: Order, most: i64) -> Chunks<'m> {
        let ndim = transfer.dims().len();
        let order: Vec<usize> = if order == Order::F { (0..ndim).rev().collect() } else { (0..ndim).collect() };
        let len = |place: usize| transfer.dims()[order[place]].len();
        // Whole dimensions from the fastest on, while they fit.
        let (mut cut, mut whole) = (ndim, 1_i64);
        while cut > 0 && whole.saturating_mul(len(cut - 1)) <= most {
            cut -= 1;
            whole *= len(cut);
        }
        let (mut range, mut count) = (i64::MAX, 1);
        if cut > 0 {
            cut -= 1;
            range = (most / whole).max(1);
            let ranges = (len(cut) + range - 1) / range;
            count = (0..cut).map(len).product::<i64>() * ranges;
        }
        let count = if transfer.elements() == 0 { 0 } else { usize::try_from(count).unwrap_or(0) };
        Chunks { transfer, order, cut, range, count }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The `at`-th piece.
    pub(super) fn get(&self, at: usize) -> Option<Piece> {
        if at >= self.count {
            return None;
        }
        let mut dims: Vec<Common> = self.transfer.dims().iter().map(|&common| common.clone()).collect();
        let mut rest = at as i64;
        for (place, &dim) in self.order.iter().enumerate().take(self.cut + 1).rev() {
            let len = dims[dim].len();
            let range = if place == self.cut { self.range } else { 1 };
            let range = range.min(len);
            let ranges = (len + range - 1) / range;
            let first = rest % ranges * range;
            rest /= ranges;
            if range < len {
                dims[dim] = dims[dim].slice(first..first + range);
            }
        }
        Some(Piece { peer: self.transfer.peer(), dims })
    }
}

/// One piece.
pub(super) struct Piece {
    peer: Rank,
    dims: Vec<Common>,
}

impl Piece {
    pub(super) fn transfer(&self) -> Transfer<'_> {
        Transfer::new(self.peer, &self.dims)
    }
}

#[cfg(test)]
mod tests {
    use dap_core::plan::{Party, Plan};
    use dap_core::strategy::pairs;
    use proptest::prelude::*;

    use super::*;

    /// The elements in the order of the message.
    fn elements(transfer: &Transfer<'_>, order: Order) -> Vec<Vec<(i64, i64)>> {
        let ndim = transfer.dims().len();
        let dims: Vec<usize> = if order == Order::F { (0..ndim).rev().collect() } else { (0..ndim).collect() };
        dims.iter().fold(vec![vec![(0, 0); ndim]], |elements, &dim| {
            let along: Vec<_> = transfer.dims()[dim].iter().collect();
            let longer = |element: Vec<(i64, i64)>| {
                along.iter().map(move |&place| {
                    let mut element = element.clone();
                    element[dim] = place;
                    element
                })
            };
            elements.into_iter().flat_map(longer).collect()
        })
    }

    proptest! {
        /// All pieces together are the message, in its order, and none is too long.
        #[test]
        fn pieces_make_the_message((from, to) in pairs(4), most in 1..30_i64, f in any::<bool>()) {
            let order = if f { Order::F } else { Order::C };
            let plan = Plan::new(&from, &to, Party { source: None, target: Some(Rank(0)) }).unwrap();
            for receive in plan.receives() {
                let chunks = Chunks::new(receive.clone(), order, most);
                let pieces: Vec<Piece> = (0..chunks.count()).map(|at| chunks.get(at).unwrap()).collect();
                prop_assert!(chunks.get(chunks.count()).is_none());
                let mut found = Vec::new();
                for piece in &pieces {
                    prop_assert!((1..=most).contains(&piece.transfer().elements()));
                    found.extend(elements(&piece.transfer(), order));
                }
                prop_assert_eq!(found, elements(&receive, order));
            }
        }
    }
}
