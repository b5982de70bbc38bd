//! Different elements: runs of equal keys in the sorted order.

use dap_array::{DynArray, Result};
use dap_core::algebra::Placement;
use dap_core::index::{GlobalIndex, Rank};
use dap_kernels::sort::{Order, compare};
use dap_kernels::with_element;
use dap_mpi::{Comm, Error, ErrorKind};
use dap_ndarray::{Buffer, Item};
use ndarray::Array1;

use crate::arguments::new_array;
use crate::bounds::Bounds;
use crate::element::{Key, Sorted, Travel};
use crate::line::sort_numbered;
use crate::messages::{STEP, exchanged};
use crate::placement::{bounds_of, in_blocks, in_order, in_parts, is_partial};

/// The results of [`unique_all`].
#[derive(Debug)]
pub struct Unique {
    /// The different elements in order, each the first one of its value in C order.
    pub values: DynArray,
    /// The index of each in C order of the array; items of `i64`.
    pub indices: DynArray,
    /// For each element of the array the index of its value among `values`; items of `i64`, in the
    /// shape and the distribution of the array.
    pub inverse: DynArray,
    /// The number of elements of each value; items of `i64`.
    pub counts: DynArray,
}

/// The different elements, where and how often they are. The results of one dimension lie on the
/// ranks of the array: a value on the rank that has its first place in the sorted order.
/// Collective: keys and indices are sorted, then only different elements move, and a number for
/// each element if the inverse is asked for.
///
/// Each NaN is an element of its own, as the array API says, or, with `equal_nan`, all are one.
///
/// # Errors
/// Items that can be moved, not computed with; not enough memory.
#[track_caller]
pub fn unique_all(array: &DynArray, equal_nan: bool) -> Result<Unique> {
    let _call = array.enter("unique_all", equal_nan)?;
    let element = array.number_type()?;
    with_element!(element, T => {
        let runs = Runs::<T>::of(array, equal_nan)?;
        let [indices, counts] = runs.indices_and_counts()?;
        let inverse = runs.inverse(array)?;
        Ok(Unique { values: runs.flat.take(0, &indices)?, indices, inverse, counts })
    })
}

/// As [`unique_all`], the values and their counts.
///
/// # Errors
/// As [`unique_all`].
#[track_caller]
pub fn unique_counts(array: &DynArray, equal_nan: bool) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("unique_counts", equal_nan)?;
    let element = array.number_type()?;
    with_element!(element, T => {
        let runs = Runs::<T>::of(array, equal_nan)?;
        let [indices, counts] = runs.indices_and_counts()?;
        Ok((runs.flat.take(0, &indices)?, counts))
    })
}

/// As [`unique_all`], the values and the inverse.
///
/// # Errors
/// As [`unique_all`].
#[track_caller]
pub fn unique_inverse(array: &DynArray, equal_nan: bool) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("unique_inverse", equal_nan)?;
    let element = array.number_type()?;
    with_element!(element, T => {
        let runs = Runs::<T>::of(array, equal_nan)?;
        let [indices, _] = runs.indices_and_counts()?;
        Ok((runs.flat.take(0, &indices)?, runs.inverse(array)?))
    })
}

/// As [`unique_all`], the values.
///
/// # Errors
/// As [`unique_all`].
#[track_caller]
pub fn unique_values(array: &DynArray, equal_nan: bool) -> Result<DynArray> {
    unique_counts(array, equal_nan).map(|(values, _)| values)
}

/// This rank's part of the sorted keys, and the places in it where runs begin.
struct Runs<T: Sorted> {
    /// The elements in one dimension.
    flat: DynArray,
    /// The ranks with parts of the sorted order.
    ordered: Placement,
    bounds: Bounds,
    records: Vec<T::Indexed>,
    starts: Vec<usize>,
    /// The number of runs of each part.
    lens: Vec<u64>,
    /// The position at which the last run of this part ends.
    end: u64,
}

impl<T: Sorted> Runs<T> {
    fn of(array: &DynArray, equal_nan: bool) -> Result<Runs<T>> {
        let flat = array.reshape(&[-1])?;
        let flat = if is_partial(flat.layout()) { flat.redistribute(in_blocks(&flat)?)? } else { flat };
        let comm = array.context().comm();
        let ordered = in_order(flat.placement(), 0)?;
        let bounds = bounds_of(&ordered);
        let part = bounds.part_of(comm.rank());
        let range = part.map_or(0..0, |part| bounds.range(part));
        let mut records = vec![T::Indexed::default(); (range.end - range.start) as usize];
        sort_numbered::<T>(&flat, Order::Ascending, &bounds, &mut records)?;
        let before = record_before::<T>(comm, &bounds, part, &records)?;
        let least_nan = T::LEAST_NAN.filter(|_| !equal_nan).map(|nan| nan.indexed(0, Order::Ascending));
        let is_nan = |record: &T::Indexed| least_nan.as_ref().is_some_and(|nan| compare(nan, record).is_le());
        let begins = |at: usize| {
            let before = if at == 0 { before.as_ref() } else { Some(&records[at - 1]) };
            before.is_none_or(|before| !before.is_same(&records[at]) || is_nan(&records[at]))
        };
        let starts: Vec<usize> = (0..records.len()).filter(|&at| begins(at)).collect();
        // The number of runs of each rank, and the position of the first one.
        let first = starts.first().map_or(u64::MAX, |&at| range.start + at as u64);
        let all = comm.gather_words(&[starts.len() as u64, first])?;
        let of = |part: usize, word: usize| all[2 * bounds.holders[part] as usize + word];
        let lens = (0..bounds.holders.len()).map(|part| of(part, 0)).collect();
        let behind =
            (part.map_or(0, |part| part + 1)..bounds.holders.len()).map(|part| of(part, 1)).find(|it| *it != u64::MAX);
        let end = behind.unwrap_or(flat.len() as u64);
        Ok(Runs { flat, ordered, bounds, records, starts, lens, end })
    }

    fn comm(&self) -> &Comm {
        self.flat.context().comm()
    }

    fn part(&self) -> Option<usize> {
        self.bounds.part_of(self.comm().rank())
    }

    /// For each run the index of its first element, and the number of elements.
    fn indices_and_counts(&self) -> Result<[DynArray; 2]> {
        let begin = self.part().map_or(0, |part| self.bounds.range(part).start);
        let indices = self.starts.iter().map(|&at| T::index_of(&self.records[at]) as i64);
        let ends = self.starts.iter().skip(1).map(|&at| begin + at as u64).chain([self.end]);
        let counts = self.starts.iter().zip(ends).map(|(&at, end)| (end - begin - at as u64) as i64);
        Ok([self.distributed(indices.collect())?, self.distributed(counts.collect())?])
    }

    /// An array of this rank's numbers for its runs.
    fn distributed(&self, numbers: Vec<i64>) -> Result<DynArray> {
        let buffer = self.part().map(|_| Buffer::from_array(Array1::from_vec(numbers)));
        let placement = in_parts(&self.ordered, &self.lens)?;
        DynArray::from_buffer(self.flat.context(), placement, &<i64 as Item>::dtype(), Ok(buffer))
    }

    /// For each element the number of its run. Collective.
    fn inverse(&self, array: &DynArray) -> Result<DynArray> {
        let comm = self.comm();
        let result = new_array::<i64>(&self.flat, self.flat.placement().clone())?;
        let target = result.section_rank().map(|_| result.local_mut::<i64>()).transpose();
        let mut target = comm.agree(target)?;
        let dim = &self.flat.layout().dims()[0];
        let ranks = self.flat.placement().ranks();
        let nowhere = || Error::new(ErrorKind::Layout, "no rank owns an element of the array");
        let runs_before: u64 = self.part().map_or(0, |part| self.lens[..part].iter().sum());
        let step = STEP / 16;
        let longest = comm.gather_words(&[self.records.len() as u64])?.into_iter().max().unwrap_or(0);
        let mut begun = self.starts.iter().peekable();
        // A part may begin inside of the last run before it.
        let mut run = runs_before;
        let mut routed = Ok(());
        for from in (0..longest as usize).step_by(step) {
            let mut messages: Vec<Vec<u64>> = vec![Vec::new(); comm.size() as usize];
            let range = from.min(self.records.len())..(from + step).min(self.records.len());
            for (at, record) in range.clone().zip(&self.records[range]) {
                if begun.next_if(|start| **start == at).is_some() {
                    run += 1;
                }
                let index = T::index_of(record);
                let owner =
                    dim.owner(GlobalIndex(index as i64)).and_then(|it| Some((ranks.holder(Rank(it.0.0))?, it.1)));
                match owner {
                    Some((rank, local)) => messages[rank.0 as usize].extend([local.0 as u64, run.saturating_sub(1)]),
                    None => routed = Err(nowhere()),
                }
            }
            for (_, message) in exchanged(comm, (0..comm.size()).zip(messages).collect())? {
                let message = message.view::<u64>()?;
                let Some(target) = &mut target else { continue };
                let mut places = target.view();
                for pair in message.as_slice().unwrap_or_default().as_chunks::<2>().0 {
                    places[[pair[0] as usize].as_slice()] = pair[1] as i64;
                }
            }
        }
        comm.agree(routed)?;
        drop(target);
        result.reshape(array.shape())?.redistribute(array.placement().clone())
    }
}

/// The last record of the parts before this one. Collective.
fn record_before<T: Sorted>(
    comm: &Comm,
    bounds: &Bounds,
    part: Option<usize>,
    records: &[T::Indexed],
) -> Result<Option<T::Indexed>> {
    let mut words = Vec::new();
    T::Indexed::pack(&[records.last().copied().unwrap_or_default()], &mut words);
    let all = comm.gather_words(&words)?;
    let before = (0..part.unwrap_or(0)).rev().find(|&part| !bounds.range(part).is_empty());
    let mut found = None;
    if let Some(before) = before {
        let words = &all[bounds.holders[before] as usize * words.len()..][..words.len()];
        T::Indexed::unpack(words, |records| found = records.first().copied());
    }
    Ok(found)
}
