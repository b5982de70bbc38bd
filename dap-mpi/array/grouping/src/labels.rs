//! Labels: the group of each index of an axis, and the groups that all ranks know.

use dap_array::{DynArray, Result, Value, argument};
use dap_core::index::GridRank;
use dap_mpi::{Comm, Error, ErrorKind};

use crate::keys::Keys;
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
    pub(crate) groups: Vec<Option<u32>>,
}

impl Labels {
    /// The groups of an array whose elements one rank has each. Collective.
    pub(crate) fn new(array: &DynArray, axis: usize, labels: &DynArray, known: Option<i64>) -> Result<Labels> {
        let comm = array.context().comm();
        let element = labels.number_type()?;
        if element.is_complex() {
            return argument(format!("labels are integers, booleans or real floats, not {element}"));
        }
        let keys = comm.agree(Keys::of(&on_each_rank(labels, array.placement(), axis)?, element))?;
        let place = Place::of(array, axis);
        let (values, groups) = match known {
            Some(groups) => {
                let wrong = keys.beyond(groups);
                let message =
                    wrong.map(|number| format!("group number {number} is out of bounds: there are {groups} groups"));
                comm.agree(message.map_or(Ok(()), |message| Err(Error::new(ErrorKind::Argument, message))))?;
                at_most(groups)?;
                ((0..groups).map(Value::from).collect(), keys.numbered())
            }
            None => {
                let all = keys.found(comm, place.is_first)?;
                at_most(all.len() as i64)?;
                (all.iter().map(|&word| keys.label(word)).collect::<Vec<_>>(), keys.groups(&all))
            }
        };
        let (mut sizes, mut first, mut last) =
            (vec![0_u64; values.len()], vec![u64::MAX; values.len()], vec![0_u64; values.len()]);
        if place.is_first {
            for (group, index) in groups.iter().zip(&place.indices) {
                let (Some(group), index) = (*group, *index as u64) else { continue };
                let group = group as usize;
                sizes[group] += 1;
                first[group] = first[group].min(index);
                last[group] = last[group].max(index + 1);
            }
        }
        over_ranks(comm, &mut sizes, |sum, more| sum + more)?;
        over_ranks(comm, &mut first, u64::min)?;
        over_ranks(comm, &mut last, u64::max)?;
        Ok(Labels {
            values,
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

/// Refuses more groups than their numbers have room for.
fn at_most(groups: i64) -> Result<()> {
    if groups > u32::MAX.into() {
        return argument(format!("{groups} groups: at most 2^32 - 1"));
    }
    Ok(())
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
