//! A transfer in chunks, each a transfer itself.

use dap_core::plan::{Transfer, TransferPart};
use dap_ndarray::copy::Order;

use super::pieces::Pieces;

/// The chunks of a transfer, in the order of the message.
pub(super) struct Chunks<'m> {
    transfer: Transfer<'m>,
    pieces: Pieces,
}

impl<'m> Chunks<'m> {
    /// Chunks of at most `most` elements.
    pub(super) fn new(transfer: Transfer<'m>, order: Order, most: i64) -> Chunks<'m> {
        let lens: Vec<i64> = transfer.factors().iter().map(|factor| factor.len()).collect();
        let pieces = Pieces::new(&lens, order, most);
        Chunks { transfer, pieces }
    }

    pub(super) fn count(&self) -> usize {
        self.pieces.count()
    }

    /// The chunk with the number `at`.
    pub(super) fn get(&self, at: usize) -> Option<TransferPart<'m>> {
        (at < self.count()).then(|| self.transfer.slice(&self.pieces.get(at)))
    }
}

#[cfg(test)]
mod tests {
    use dap_core::index::Rank;
    use dap_core::plan::{Endpoints, Plan};
    use dap_core::random_layouts::pairs;
    use proptest::prelude::*;

    use super::*;

    /// The elements in the order of the message.
    fn elements(transfer: &Transfer<'_>, order: Order) -> Vec<Vec<(i64, i64)>> {
        let ndim = transfer.factors().len();
        let dims: Vec<usize> = if order == Order::F { (0..ndim).rev().collect() } else { (0..ndim).collect() };
        dims.iter().fold(vec![vec![(0, 0); ndim]], |elements, &dim| {
            let along: Vec<_> = transfer.factors()[dim].iter().collect();
            let longer = |element: Vec<(i64, i64)>| {
                along.iter().map(move |&node_rank| {
                    let mut element = element.clone();
                    element[dim] = node_rank;
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
            let plan = Plan::new(&from, &to, Endpoints { source: None, target: Some(Rank(0)) }).unwrap();
            for receive in plan.receives() {
                let chunks = Chunks::new(receive.clone(), order, most);
                let pieces: Vec<TransferPart<'_>> = (0..chunks.count()).map(|at| chunks.get(at).unwrap()).collect();
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
