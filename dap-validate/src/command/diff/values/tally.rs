//! The elements that differ: their number, bounds, ranks, first ones and largest difference.

use std::collections::BTreeMap;

use dap_core::index::GlobalIndex;
use dap_core::layout::Layout;

use super::side::ValueSide;
use crate::values::{Comparer, Distance, Tile, shown};

/// The number of elements that are shown one by one.
const EXAMPLES: usize = 8;

/// The result of a comparison, tile by tile. It does not depend on the tiles.
pub(super) struct Tally<'a> {
    sides: [&'a ValueSide; 2],
    /// The number of elements that were compared.
    pub(super) elements: i64,
    pub(super) differing: i64,
    /// The least and the greatest index along each dimension of an element that differs.
    pub(super) bounds: Option<Vec<[i64; 2]>>,
    /// The first elements that differ, in C order.
    pub(super) first: BTreeMap<Vec<i64>, Example>,
    /// The element whose numbers differ most; of several, the first in C order.
    pub(super) largest: Option<(Vec<i64>, Example)>,
    /// For each side, the numbers of elements that differ, by the ranks that own them.
    pub(super) ranks: [BTreeMap<i64, i64>; 2],
}

/// The two values of an element.
pub(super) struct Example {
    pub(super) values: [String; 2],
    /// The owner on each side; `None` for one file of a whole array.
    pub(super) ranks: [Option<i64>; 2],
    /// `None` if the values do not differ by a number.
    pub(super) distance: Option<Distance>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(a: &'a ValueSide, b: &'a ValueSide) -> Self {
        let elements = a.shape.iter().fold(1_i64, |product, extent| product.saturating_mul(*extent));
        Self {
            sides: [a, b],
            elements,
            differing: 0,
            bounds: None,
            first: BTreeMap::new(),
            largest: None,
            ranks: [BTreeMap::new(), BTreeMap::new()],
        }
    }

    /// Compares a tile of both sides.
    pub(super) fn add(&mut self, comparer: &Comparer<'_>, tile: &Tile, memory: [&[u8]; 2]) {
        let [a_size, b_size] = self.sides.map(|side| side.dtype.itemsize() as usize);
        let [a, b] = memory;
        for (at, (a, b)) in a.chunks_exact(a_size.max(1)).zip(b.chunks_exact(b_size.max(1))).enumerate() {
            let found = comparer.compare(a, b);
            if found.differs {
                self.count(tile.index(at), [a, b], found.distance);
            }
        }
    }

    fn count(&mut self, index: Vec<i64>, items: [&[u8]; 2], distance: Option<Distance>) {
        self.differing += 1;
        let bounds = self.bounds.get_or_insert_with(|| index.iter().map(|&at| [at, at]).collect());
        for (bounds, &at) in bounds.iter_mut().zip(&index) {
            *bounds = [bounds[0].min(at), bounds[1].max(at)];
        }
        let ranks = self.sides.map(|side| owner(side.layout()?, &index));
        for (counts, rank) in self.ranks.iter_mut().zip(ranks) {
            if let Some(rank) = rank {
                *counts.entry(rank).or_insert(0) += 1;
            }
        }
        let is_first =
            self.first.len() < EXAMPLES || self.first.last_key_value().is_some_and(|(last, _)| index < *last);
        let is_largest = distance.is_some_and(|distance| match &self.largest {
            Some((other, Example { distance: Some(largest), .. })) => {
                distance.exceeds(*largest) || !largest.exceeds(distance) && index < *other
            }
            _ => true,
        });
        let example = || {
            let [a, b] = self.sides;
            Example { values: [shown(&a.dtype, items[0]), shown(&b.dtype, items[1])], ranks, distance }
        };
        if is_largest {
            self.largest = Some((index.clone(), example()));
        }
        if is_first {
            let example = example();
            self.first.insert(index, example);
            if self.first.len() > EXAMPLES {
                self.first.pop_last();
            }
        }
    }
}

fn owner(layout: &Layout, index: &[i64]) -> Option<i64> {
    let index: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
    layout.owner(&index).map(|(rank, _)| rank.0)
}
