//! Elements of a distribution: a strip of words at a time, each element from words of its own.

use super::philox::Philox;

/// The elements that are computed at once.
pub const STRIP: usize = 512;

/// The part of a stream that elements are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A word of 64 bits.
    Word,
    /// Half a word, the lower one first.
    Half,
}

/// A distribution, whose element `i` is made of units `i * UNITS` to `i * UNITS + UNITS - 1` of a
/// stream.
pub trait Distribution: Sync {
    /// The type of the elements.
    type Item: Copy + Send;
    /// The unit.
    const UNIT: Unit = Unit::Word;
    /// The number of units of an element, 1 or 2.
    const UNITS: usize = 1;

    /// Computes up to [`STRIP`] elements from their words, `UNITS` words for each element of `out`.
    /// A half word is the upper half of its word here. `unit` gives the number of
    /// the first unit of an element, for elements that need more words.
    fn strip(&self, stream: &Philox, words: &[u64], unit: impl Fn(usize) -> u128, out: &mut [Self::Item]);
}

/// The longest list of words of a strip.
const WORDS: usize = 2 * STRIP;

/// Elements with consecutive indices. `from` is the number of the first unit of the first element.
pub fn fill_run<D: Distribution>(stream: &Philox, distribution: &D, from: u128, out: &mut [D::Item]) {
    let mut words = [0; WORDS];
    let mut at = from;
    for strip in out.chunks_mut(STRIP) {
        let words = &mut words[..strip.len() * D::UNITS];
        match D::UNIT {
            Unit::Word => stream.words(at, words),
            Unit::Half => halves(stream, at, words),
        }
        let first = at;
        let unit = |element: usize| first.wrapping_add((element * D::UNITS) as u128);
        distribution.strip(stream, words, unit, strip);
        at = at.wrapping_add(words.len() as u128);
    }
}

/// Elements with any indices: `units` has the number of the first unit of each.
///
/// # Panics
/// The lists have different lengths.
pub fn fill_list<D: Distribution>(stream: &Philox, distribution: &D, units: &[u128], out: &mut [D::Item]) {
    assert_eq!(units.len(), out.len(), "each element has a unit");
    let mut words = [0; WORDS];
    // Neighbours often share a block.
    let mut block = (u128::MAX, [0; 4]);
    for (units, strip) in units.chunks(STRIP).zip(out.chunks_mut(STRIP)) {
        let words = &mut words[..strip.len() * D::UNITS];
        let numbers = units.iter().flat_map(|&unit| (0..D::UNITS as u128).map(move |more| unit.wrapping_add(more)));
        for (word, unit) in words.iter_mut().zip(numbers) {
            let at = if D::UNIT == Unit::Half { unit / 2 } else { unit };
            if block.0 != at / 4 {
                block = (at / 4, stream.block_at(at / 4));
            }
            *word = block.1[(at % 4) as usize];
            if D::UNIT == Unit::Half && unit.is_multiple_of(2) {
                *word <<= 32;
            }
        }
        distribution.strip(stream, words, |element| units[element], strip);
    }
}

/// Consecutive half words, each as the upper half of a word.
fn halves(stream: &Philox, from: u128, out: &mut [u64]) {
    // The upper half of a word whose lower half is not asked for.
    let odd = usize::from(!from.is_multiple_of(2)).min(out.len());
    let (first, rest) = out.split_at_mut(odd);
    first.fill(stream.word(from / 2));
    let mut at = from.wrapping_add(odd as u128);
    let mut words = [0; STRIP / 2];
    for strip in rest.chunks_mut(STRIP) {
        let words = &mut words[..strip.len().div_ceil(2)];
        stream.words(at / 2, words);
        let (pairs, last) = strip.as_chunks_mut();
        for (pair, word) in pairs.iter_mut().zip(&*words) {
            *pair = [word << 32, *word];
        }
        if let ([last], Some(word)) = (last, words.last()) {
            *last = word << 32;
        }
        at = at.wrapping_add(strip.len() as u128);
    }
}
