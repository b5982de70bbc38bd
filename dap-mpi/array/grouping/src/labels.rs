//! Labels: the group of each index of an axis, and the groups that all ranks know.

use dap_array::{DynArray, ElementType, Result, Value, argument};
use dap_core::index::GridRank;
use dap_mpi::{Comm, Error, ErrorKind};
use ndarray::ArrayViewD;

use crate::spread::on_each_rank;

/// Words that are gathered from each rank at once.
const MOST_WORDS: usize = 1 << 16;

/// The groups along an axis.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    /// The label of each group.
    pub(crate) values: Vec<Value>,
    /// The indices in each group.
    pub(crate) sizes: Vec<i64>,
    /// The first and the last global index of each group; -1 without elements.
    pub(crate) ends: [Vec<i64>; 2],
    /// The group of each of this process's indices along the axis; `None` if it is in none. Empty
    /// if this process holds no section.
    pub(crate) groups: Vec<Option<usize>>,
}

impl Labels {
    /// The groups of an array whose elements one rank has each. Collective.
    pub(crate) fn new(array: &DynArray, axis: usize, labels: &DynArray, known: Option<i64>) -> Result<Labels> {
        let comm = array.context().comm();
        let element = labels.number_type()?;
        if element.is_complex() {
            return argument(format!("labels are integers, booleans or real floats, not {element}"));
        }
        let keys = comm.agree(keys(&on_each_rank(labels, array.placement(), axis)?, element))?;
        let place = Place::of(array, axis);
        let all = match known {
            Some(groups) => {
                let wrong = keys.iter().flatten().find(|&&key| key >= i128::from(groups));
                let message =
                    wrong.map(|key| format!("group number {key} is out of bounds: there are {groups} groups"));
                comm.agree(message.map_or(Ok(()), |message| Err(Error::new(ErrorKind::Argument, message))))?;
                (0..groups.into()).collect()
            }
            None => found(comm, if place.is_first { &keys } else { &[] })?,
        };
        // Keys below all groups are negative numbers of known ones.
        let group = |key: &Option<i128>| key.and_then(|key| all.binary_search(&key).ok());
        let groups: Vec<Option<usize>> = keys.iter().map(group).collect();
        let (mut sizes, mut first, mut last) =
            (vec![0_u64; all.len()], vec![u64::MAX; all.len()], vec![0_u64; all.len()]);
        if place.is_first {
            for (group, index) in groups.iter().zip(&place.indices) {
                let (Some(group), index) = (*group, *index as u64) else { continue };
                sizes[group] += 1;
                first[group] = first[group].min(index);
                last[group] = last[group].max(index + 1);
            }
        }
        over_ranks(comm, &mut sizes, |sum, more| sum + more)?;
        over_ranks(comm, &mut first, u64::min)?;
        over_ranks(comm, &mut last, u64::max)?;
        Ok(Labels {
            values: all.iter().map(|&key| value(key, element)).collect(),
            sizes: sizes.into_iter().map(u64::cast_signed).collect(),
            // Without elements, the first index is the greatest word, which is -1.
            ends: [
                first.into_iter().map(u64::cast_signed).collect(),
                last.into_iter().map(|end| end.cast_signed() - 1).collect(),
            ],
            groups,
        })
    }
}

/// This process's indices along the axis.
struct Place {
    indices: Vec<i64>,
    /// Whether this process is the first one, along the other axes, that has these indices.
    is_first: bool,
}

impl Place {
    fn of(array: &DynArray, axis: usize) -> Place {
        let section = array.section_rank();
        let at = section.and_then(|section| array.layout().grid().coordinates(section));
        let (Some(at), Some(indices)) = (at, array.global_indices()) else {
            return Place { indices: Vec::new(), is_first: false };
        };
        let is_first = at.iter().enumerate().all(|(other, &rank)| other == axis || rank == GridRank(0));
        Place { indices: indices.axis(axis).to_vec(), is_first }
    }
}

/// The labels as integers in the order of the labels; `None` for NaN.
fn keys(labels: &DynArray, element: ElementType) -> Result<Vec<Option<i128>>> {
    if labels.section_rank().is_none() {
        return Ok(Vec::new());
    }
    macro_rules! by_type {
        ($($name:ident $type:ty, |$item:ident| $key:expr;)*) => {
            match element {
                $(ElementType::$name => {
                    let local = labels.local::<$type>()?;
                    let keys = |view: ArrayViewD<'_, $type>| view.iter().map(|&$item| $key).collect();
                    Ok(keys(local.view()))
                })*
                ElementType::C64 | ElementType::C128 => argument("complex labels have no order".to_owned()),
            }
        };
    }
    by_type! {
        Bool bool, |item| Some(i128::from(item));
        I8 i8, |item| Some(item.into());
        I16 i16, |item| Some(item.into());
        I32 i32, |item| Some(item.into());
        I64 i64, |item| Some(item.into());
        U8 u8, |item| Some(item.into());
        U16 u16, |item| Some(item.into());
        U32 u32, |item| Some(item.into());
        U64 u64, |item| Some(item.into());
        F32 f32, |item| float_key(item.into());
        F64 f64, |item| float_key(item);
    }
}

/// An integer in the order of floats; both zeros have one.
fn float_key(float: f64) -> Option<i128> {
    let bits = (float + 0.0).to_bits().cast_signed();
    let key = if bits < 0 { i64::MIN - bits } else { bits };
    (!float.is_nan()).then_some(key.into())
}

/// The label of a key.
fn value(key: i128, element: ElementType) -> Value {
    if element == ElementType::Bool {
        return Value::Bool(key != 0);
    }
    if !element.is_float() {
        return Value::Int(key);
    }
    // A key of a float fits.
    let key = key as i64;
    Value::Float(f64::from_bits((if key < 0 { i64::MIN - key } else { key }).cast_unsigned()))
}

/// The different keys of all ranks, ascending. Collective.
fn found(comm: &Comm, keys: &[Option<i128>]) -> Result<Vec<i128>> {
    let mut mine: Vec<i128> = keys.iter().flatten().copied().collect();
    mine.sort_unstable();
    mine.dedup();
    let bytes: Vec<u8> = mine.iter().flat_map(|key| key.to_le_bytes()).collect();
    drop(mine);
    let mut all = Vec::new();
    for bytes in comm.gather_all(&bytes)? {
        let (keys, _) = bytes.as_chunks();
        all.extend(keys.iter().map(|key| i128::from_le_bytes(*key)));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Combines the words of all ranks, place by place. Collective.
fn over_ranks(comm: &Comm, words: &mut [u64], with: impl Fn(u64, u64) -> u64) -> Result<()> {
    for words in words.chunks_mut(MOST_WORDS) {
        let all = comm.gather_words(words)?;
        let (first, others) = all.split_at(words.len());
        words.copy_from_slice(first);
        for other in others.chunks_exact(words.len()) {
            words.iter_mut().zip(other).for_each(|(word, &other)| *word = with(*word, other));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_order_of_the_floats() {
        let floats = [f64::NEG_INFINITY, f64::MIN, -1.5, -f64::MIN_POSITIVE, -5e-324, 0.0, 5e-324, 2.0, f64::INFINITY];
        let keys = floats.map(|float| float_key(float).expect("a number"));
        assert!(keys.is_sorted_by(|left, right| left < right), "{keys:?}");
        assert_eq!(float_key(-0.0), float_key(0.0));
        assert_eq!(float_key(f64::NAN), None);
        for (float, key) in floats.into_iter().zip(keys) {
            assert_eq!(value(key, ElementType::F64), Value::Float(float));
        }
    }
}
