//! The pairwise combination of the elements of one line, in parts that follow one another.
//!
//! A block covers the indices `k 2^l` to `(k + 1) 2^l - 1`. Two blocks of one length whose union is
//! a block are combined at once. So the blocks of a whole line that begins at index 0 have the
//! powers of two in its length, the longest first, and parts of a line that are pushed one behind
//! the other leave the same blocks as the whole line.

/// A block: its first index, and the logarithm of its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block<T> {
    start: u64,
    level: u32,
    value: T,
}

/// The blocks of the elements of a line so far.
#[derive(Debug, Clone)]
pub(super) struct Pairwise<T> {
    blocks: Vec<Block<T>>,
    /// The values of the blocks combined from the left; behind the first `folded.len()` blocks they
    /// are not yet known.
    folded: Vec<T>,
}

impl<T: Copy> Pairwise<T> {
    /// No element.
    pub(super) fn new() -> Pairwise<T> {
        Pairwise { blocks: Vec::new(), folded: Vec::new() }
    }

    /// The blocks of the first `len` elements of a line, whose values are given.
    pub(super) fn of_prefix(len: u64, values: &[T]) -> Pairwise<T> {
        let mut start = 0;
        let levels = (0..u64::BITS).rev().filter(|level| len >> level & 1 == 1);
        let blocks = levels.zip(values).map(|(level, &value)| {
            let block = Block { start, level, value };
            start += 1 << level;
            block
        });
        Pairwise { blocks: blocks.collect(), folded: Vec::new() }
    }

    /// The number of blocks of the first `len` elements of a line.
    pub(super) fn prefix_blocks(len: u64) -> usize {
        len.count_ones() as usize
    }

    /// Appends the element at `index`, the next one.
    pub(super) fn push(&mut self, index: u64, value: T, f: &impl Fn(T, T) -> T) {
        self.push_block(Block { start: index, level: 0, value }, f);
    }

    /// Appends the blocks of the part of the line that follows.
    pub(super) fn append(&mut self, part: &Pairwise<T>, f: &impl Fn(T, T) -> T) {
        part.blocks.iter().for_each(|&block| self.push_block(block, f));
    }

    fn push_block(&mut self, mut block: Block<T>, f: &impl Fn(T, T) -> T) {
        while let Some(&last) = self.blocks.last()
            && last.level == block.level
            && last.start >> last.level & 1 == 0
        {
            self.blocks.pop();
            block = Block { start: last.start, level: last.level + 1, value: f(last.value, block.value) };
        }
        self.folded.truncate(self.blocks.len());
        self.blocks.push(block);
    }

    /// The values of the blocks.
    pub(super) fn values(&self) -> impl Iterator<Item = T> + '_ {
        self.blocks.iter().map(|block| block.value)
    }

    /// All elements so far, which begin at index 0, combined; `None` without elements.
    pub(super) fn result(&mut self, f: &impl Fn(T, T) -> T) -> Option<T> {
        for block in &self.blocks[self.folded.len()..] {
            let value = self.folded.last().map_or(block.value, |&left| f(left, block.value));
            self.folded.push(value);
        }
        self.folded.last().copied()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The elements of a block, halved again and again.
    fn halved(items: &[f64], f: &impl Fn(f64, f64) -> f64) -> f64 {
        match items {
            [item] => *item,
            _ => {
                let (left, right) = items.split_at(items.len() / 2);
                f(halved(left, f), halved(right, f))
            }
        }
    }

    /// All elements in the order that the module's page describes.
    fn slowly(items: &[f64], f: &impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (mut rest, mut results) = (items, Vec::new());
        while !rest.is_empty() {
            let longest = (0..).map(|level| 1_usize << level).take_while(|&len| len <= rest.len()).last()?;
            let (block, behind) = rest.split_at(longest);
            results.push(halved(block, f));
            rest = behind;
        }
        results.into_iter().reduce(f)
    }

    /// Neither associative nor commutative, so that every other order has other bits.
    fn mixed(left: f64, right: f64) -> f64 {
        left * 0.75 + right * 0.5 + 0.1
    }

    proptest! {
        #[test]
        fn parts_of_a_line_have_the_order_of_the_whole_line(
            items in prop::collection::vec(-9.0..9.0_f64, 0..200),
            mut cuts in prop::collection::vec(0..200_usize, 0..5),
        ) {
            let bits = |value: Option<f64>| value.map(f64::to_bits);
            cuts.iter_mut().for_each(|cut| *cut = (*cut).min(items.len()));
            cuts.extend([0, items.len()]);
            cuts.sort_unstable();
            let mut whole = Pairwise::new();
            for ends in cuts.windows(2) {
                let mut part = Pairwise::new();
                // The blocks before, as another rank sends them.
                let values: Vec<f64> = whole.values().collect();
                prop_assert_eq!(values.len(), Pairwise::<f64>::prefix_blocks(ends[0] as u64));
                let mut running = Pairwise::of_prefix(ends[0] as u64, &values);
                for (at, &item) in (ends[0]..).zip(&items[ends[0]..ends[1]]) {
                    part.push(at as u64, item, &mixed);
                    running.push(at as u64, item, &mixed);
                    prop_assert_eq!(bits(running.result(&mixed)), bits(slowly(&items[..=at], &mixed)));
                }
                whole.append(&part, &mixed);
            }
            prop_assert_eq!(bits(whole.result(&mixed)), bits(slowly(&items, &mixed)));
        }
    }
}
