//! Labels as words in the order of the labels, and the group of each word.

use dap_array::{DynArray, ElementType, Result, Value, argument};
use dap_kernels::sort;
use dap_mpi::Comm;
use ndarray::ArrayViewD;

/// The highest bit of a word.
const SIGN: u64 = 1 << 63;

/// The word of labels that are NaN: behind those of all floats.
const NAN: u64 = u64::MAX;

/// The words of a table for each label, and the least number: a table that costs no more than the
/// labels.
const TABLE: (u64, u64) = (4, 1 << 16);

/// The labels of this process.
pub(crate) struct Keys {
    element: ElementType,
    words: Vec<u64>,
}

impl Keys {
    /// Of this process's part; none if it holds no section.
    pub(crate) fn of(labels: &DynArray, element: ElementType) -> Result<Keys> {
        if labels.section_rank().is_none() {
            return Ok(Keys { element, words: Vec::new() });
        }
        macro_rules! by_type {
            ($($name:ident $type:ty, |$item:ident| $word:expr;)*) => {
                match element {
                    $(ElementType::$name => {
                        let local = labels.local::<$type>()?;
                        let words = |view: ArrayViewD<'_, $type>| view.iter().map(|&$item| $word).collect();
                        words(local.view())
                    })*
                    ElementType::C64 | ElementType::C128 => return argument("complex labels have no order".to_owned()),
                }
            };
        }
        let words = by_type! {
            Bool bool, |item| item.into();
            I8 i8, |item| signed(item.into());
            I16 i16, |item| signed(item.into());
            I32 i32, |item| signed(item.into());
            I64 i64, |item| signed(item);
            U8 u8, |item| item.into();
            U16 u16, |item| item.into();
            U32 u32, |item| item.into();
            U64 u64, |item| item;
            F32 f32, |item| float(item.into());
            F64 f64, |item| float(item);
        };
        Ok(Keys { element, words })
    }

    /// Whether a word is a label.
    fn is_label(&self, word: u64) -> bool {
        !self.element.is_float() || word != NAN
    }

    fn labels(&self) -> impl Iterator<Item = u64> + '_ {
        self.words.iter().copied().filter(|&word| self.is_label(word))
    }

    /// The least and the greatest label.
    fn range(&self) -> Option<(u64, u64)> {
        self.labels().fold(None, |range, word| {
            let (least, greatest) = range.unwrap_or((word, word));
            Some((least.min(word), greatest.max(word)))
        })
    }

    /// Whether a table of all words in a range is no larger than the labels.
    fn has_table(&self, least: u64, greatest: u64) -> bool {
        greatest - least < TABLE.1.max(self.words.len() as u64 * TABLE.0)
    }

    /// The different labels of this process, ascending.
    fn different(&self) -> Vec<u64> {
        let Some((least, greatest)) = self.range() else { return Vec::new() };
        if self.has_table(least, greatest) {
            let mut is_there = vec![false; (greatest - least) as usize + 1];
            self.labels().for_each(|word| is_there[(word - least) as usize] = true);
            return (least..=greatest).zip(is_there).filter(|(_, is_there)| *is_there).map(|(word, _)| word).collect();
        }
        let mut all: Vec<u64> = self.labels().collect();
        sort::sort(&mut all);
        all.dedup();
        all
    }

    /// The different labels of all ranks, ascending; `own` says that this process's count.
    /// Collective.
    pub(crate) fn found(&self, comm: &Comm, own: bool) -> Result<Vec<u64>> {
        let mine = if own { self.different() } else { Vec::new() };
        let bytes: Vec<u8> = mine.iter().flat_map(|word| word.to_le_bytes()).collect();
        drop(mine);
        let mut all = Vec::new();
        for bytes in comm.gather_all(&bytes)? {
            let (words, _) = bytes.as_chunks();
            all.extend(words.iter().map(|word| u64::from_le_bytes(*word)));
        }
        sort::sort(&mut all);
        all.dedup();
        Ok(all)
    }

    /// A label that is no number below `groups`.
    pub(crate) fn beyond(&self, groups: i64) -> Option<i128> {
        let (zero, end) = (self.number(0), self.number(groups));
        self.words.iter().find(|word| **word >= end).map(|word| (word - zero).into())
    }

    /// The word of a number that is not negative.
    fn number(&self, number: i64) -> u64 {
        if self.is_signed() { signed(number) } else { number.cast_unsigned() }
    }

    /// Whether labels are integers with a sign.
    fn is_signed(&self) -> bool {
        self.element.kind() == ElementType::I64.kind()
    }

    /// The group of each label, of the groups with the numbers below `groups`, each of which is
    /// less than 2^32. Negative numbers have none.
    pub(crate) fn numbered(&self) -> Vec<Option<u32>> {
        let zero = self.number(0);
        self.words.iter().map(|word| word.checked_sub(zero).map(|number| number as u32)).collect()
    }

    /// The group of each label: its place in the ascending list `all`, which has at most 2^32.
    pub(crate) fn groups(&self, all: &[u64]) -> Vec<Option<u32>> {
        let (Some(&least), Some(&greatest)) = (all.first(), all.last()) else { return vec![None; self.words.len()] };
        if !self.has_table(least, greatest) {
            let group = |word: &u64| all.binary_search(word).ok().map(|group| group as u32);
            return self.words.iter().map(group).collect();
        }
        let mut table = vec![0; (greatest - least) as usize + 1];
        all.iter().zip(0..).for_each(|(word, group)| table[(word - least) as usize] = group);
        // All labels are in the list; what is behind them is NaN.
        let group = |&word: &u64| self.is_label(word).then(|| table[(word - least) as usize]);
        self.words.iter().map(group).collect()
    }

    /// The label of a word.
    pub(crate) fn label(&self, word: u64) -> Value {
        if self.element == ElementType::Bool {
            return Value::Bool(word != 0);
        }
        if self.element.is_float() {
            return Value::Float(f64::from_bits(if word < SIGN { !word } else { word ^ SIGN }));
        }
        Value::Int(if self.is_signed() { (word ^ SIGN).cast_signed().into() } else { word.into() })
    }
}

/// The word of an integer with a sign.
fn signed(number: i64) -> u64 {
    number.cast_unsigned() ^ SIGN
}

/// The word of a float; both zeros have one.
fn float(float: f64) -> u64 {
    if float.is_nan() {
        return NAN;
    }
    let bits = (float + 0.0).to_bits();
    if bits < SIGN { bits | SIGN } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(element: ElementType, words: Vec<u64>) -> Keys {
        Keys { element, words }
    }

    #[test]
    fn words_have_the_order_of_the_floats() {
        let floats = [f64::NEG_INFINITY, f64::MIN, -1.5, -f64::MIN_POSITIVE, -5e-324, 0.0, 5e-324, 2.0, f64::INFINITY];
        let all = keys(ElementType::F64, floats.map(float).to_vec());
        assert!(all.words.is_sorted_by(|left, right| left < right), "{:?}", all.words);
        assert_eq!(float(-0.0), float(0.0));
        assert!(!all.is_label(float(f64::NAN)) && float(f64::NAN) > float(f64::INFINITY));
        for (float, &word) in floats.into_iter().zip(&all.words) {
            assert_eq!(all.label(word), Value::Float(float));
        }
    }

    #[test]
    fn integers_come_back_from_their_words() {
        let signs = [i64::MIN, -7, 0, 7, i64::MAX];
        let all = keys(ElementType::I64, signs.map(signed).to_vec());
        assert!(all.words.is_sorted());
        signs.into_iter().zip(&all.words).for_each(|(number, &word)| assert_eq!(all.label(word), Value::from(number)));
        let all = keys(ElementType::U64, vec![0, u64::MAX]);
        assert_eq!(all.label(u64::MAX), Value::Int(u64::MAX.into()));
        assert!(all.is_label(u64::MAX));
    }

    #[test]
    fn tables_and_searches_find_the_same_groups() {
        for spread in [1, 3, 1 << 40] {
            let words: Vec<u64> = (0..500_u64).map(|at| signed((at as i64 * 37 % 91 - 45) * spread)).collect();
            let mut all = words.clone();
            all.sort_unstable();
            all.dedup();
            let keys = keys(ElementType::I64, words.clone());
            assert_eq!(keys.has_table(all[0], all[all.len() - 1]), spread < 1 << 20);
            assert_eq!(keys.different(), all);
            let expected = words.iter().map(|word| all.iter().position(|other| other == word).map(|at| at as u32));
            assert_eq!(keys.groups(&all), expected.collect::<Vec<_>>());
        }
        let numbers = keys(ElementType::I64, [-1, 0, 5].map(signed).to_vec());
        assert_eq!(numbers.numbered(), [None, Some(0), Some(5)]);
        assert_eq!((numbers.beyond(6), numbers.beyond(5)), (None, Some(5)));
        let nan = keys(ElementType::F64, [f64::NAN, 1.0].map(float).to_vec());
        assert_eq!(nan.groups(&nan.different()), [None, Some(0)]);
    }
}
