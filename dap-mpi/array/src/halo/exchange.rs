//! The neighbours of several arrays' elements, brought to the processes that read them.
//!
//! Messages are posted, the interior is computed where its elements lie, and when the messages have
//! arrived the edges are computed from copies that have their neighbours around them. The memory
//! beyond the arrays is that of the messages and of one edge.

use std::collections::BTreeMap;
use std::ops::Range;

use dap_core::algebra::CommRank;
use dap_kernels::element::ElementType;
use dap_kernels::map;
use dap_kernels::memory::Buffer as Scratch;
use dap_kernels::view::{Shape, View, ViewMut};
use dap_mpi::{Comm, Error, ErrorKind, Result};
use dap_ndarray::Buffer;

use super::plan::{Halo, HaloBox, Part};
use super::regions::{Region, edges, intersection, is_empty};
use crate::access::{Reading, view, view_mut};
use crate::array::DynArray;
use crate::error::{Checked, no_elements};

/// One array that is read with a halo.
struct Source<'a> {
    halo: &'a Halo,
    element: ElementType,
    reading: Option<Reading<'a>>,
    /// The constant beyond the ends, one element.
    constant: Option<View<'a>>,
    part: Option<Part>,
    /// The positions, among those that are read, of this process's own elements, and the local
    /// index of the first one.
    core: Region,
    core_local: Vec<i64>,
    rank: CommRank,
    /// For each box of the part, in order, that arrives: the number of its message and its place
    /// there.
    places: Vec<Option<(usize, usize)>>,
}

/// Messages that are packed, and memory for those that will arrive.
pub(crate) struct Exchange<'a> {
    sources: Vec<Source<'a>>,
    sends: Vec<(i32, Buffer)>,
    receives: Vec<(i32, Buffer)>,
}

/// The elements that one region needs: a view whose first element is that of the lowest tap.
enum Patch<'s> {
    Lies(View<'s>),
    Copied(Scratch, Shape),
}

impl<'a> Exchange<'a> {
    /// Packs what other processes read. Local; the errors of all ranks are to be agreed upon before
    /// [`run`](Exchange::run).
    ///
    /// # Errors
    /// A failure of an array on this process; not enough memory; more boxes than are handled.
    pub(crate) fn prepare(sources: &[(&'a Halo, &'a DynArray, Option<View<'a>>)]) -> Result<Exchange<'a>> {
        let mut exchange = Exchange { sources: Vec::new(), sends: Vec::new(), receives: Vec::new() };
        for (halo, array, constant) in sources {
            exchange.add(halo, array, constant.clone())?;
        }
        Ok(exchange)
    }

    fn add(&mut self, halo: &'a Halo, array: &'a DynArray, constant: Option<View<'a>>) -> Result<()> {
        let rank = array.context().rank();
        let reading = array.read()?;
        if let (Some(reading), Some(mine)) = (&reading, halo.source().ranks().section(rank)) {
            for (section, reader) in halo.readers(mine) {
                if reader != rank {
                    self.sends.extend(packed(halo, section, reader, rank, reading)?);
                }
            }
        }
        let section = halo.target().ranks().section(rank);
        let part = section.map(|section| halo.part(section)).transpose()?.flatten();
        let boxes = part.iter().flat_map(|part| &part.boxes);
        let mut lengths: BTreeMap<CommRank, usize> = BTreeMap::new();
        let mut numbers = Vec::new();
        for it in boxes {
            let holder = it.origin.as_ref().map(|origin| origin.holder).filter(|&holder| holder != rank);
            numbers.push(holder.map(|holder| {
                let length = lengths.entry(holder).or_default();
                let place = *length;
                *length = length.saturating_add(usize::try_from(it.message_len()).unwrap_or(usize::MAX));
                (holder, place)
            }));
        }
        let first = self.receives.len();
        let number = |holder| first + lengths.range(..holder).count();
        let places = numbers.into_iter().map(|it| it.map(|(holder, place)| (number(holder), place))).collect();
        for (&holder, &length) in &lengths {
            let buffer = Buffer::zeros(array.dtype().clone(), &[i64::try_from(length).unwrap_or(i64::MAX)])?;
            self.receives.push((rank_number(holder)?, buffer));
        }
        let (core, core_local) = part.as_ref().map(|part| core_of(part, rank)).unwrap_or_default();
        let element = array.number_type()?;
        self.sources.push(Source { halo, element, reading, constant, part, core, core_local, rank, places });
        Ok(())
    }

    /// Calls `compute` with boxes of this process's elements of the target, and for each source a
    /// view: element i of the box is computed from elements i + tap of the view, taps counted from
    /// the lowest. Collective: all ranks have prepared it without error.
    ///
    /// # Errors
    /// That of `compute`, which is not called again then; MPI refuses; not enough memory.
    pub(crate) fn run(self, comm: &Comm, mut compute: impl FnMut(&Region, &[View<'_>]) -> Result<()>) -> Result<()> {
        let Exchange { sources, sends, receives } = self;
        let messages = comm.post(sends, receives)?;
        let whole = sources.first().and_then(|source| source.part.as_ref()).map(|part| part.computed.clone());
        let interior = whole
            .clone()
            .map(|whole| sources.iter().fold(whole, |interior, source| intersection(&interior, &source.interior())));
        let inside = match &interior {
            Some(interior) if !is_empty(interior) => patches(&sources, interior, &[], &mut compute),
            _ => Ok(()),
        };
        // Also after an error: the memory of the messages is in use.
        let arrived = messages.wait()?;
        inside?;
        let (Some(whole), Some(interior)) = (whole, interior) else { return Ok(()) };
        for edge in edges(&whole, &interior) {
            patches(&sources, &edge, &arrived, &mut compute)?;
        }
        Ok(())
    }
}

/// Computes one region.
fn patches(
    sources: &[Source<'_>],
    region: &Region,
    arrived: &[Buffer],
    compute: &mut impl FnMut(&Region, &[View<'_>]) -> Result<()>,
) -> Result<()> {
    let patches = sources.iter().map(|source| source.patch(region, arrived)).collect::<Result<Vec<_>>>()?;
    let views = patches.iter().map(Patch::view).collect::<Result<Vec<_>>>()?;
    compute(region, &views)
}

impl Patch<'_> {
    fn view(&self) -> Result<View<'_>> {
        match self {
            Patch::Lies(view) => Ok(view.clone()),
            Patch::Copied(scratch, shape) => scratch.view().in_shape(shape).checked(),
        }
    }
}

impl Source<'_> {
    /// The elements of the target all of whose neighbours are this process's own elements.
    fn interior(&self) -> Region {
        let Some(part) = &self.part else { return Region::new() };
        if self.core.is_empty() {
            return part.computed.iter().map(|range| range.start..range.start).collect();
        }
        let axes = part.computed.iter().zip(&self.core).zip(self.halo.width());
        axes.map(|((range, core), width)| range.start + core.start..range.start + core.end - width).collect()
    }

    /// The elements that a region needs.
    fn patch(&self, region: &Region, arrived: &[Buffer]) -> Result<Patch<'_>> {
        let Some(part) = &self.part else { return Err(no_elements()) };
        let axes = region.iter().zip(&part.computed).zip(self.halo.width());
        let read: Region =
            axes.map(|((range, whole), width)| range.start - whole.start..range.end - whole.start + width).collect();
        let is_own = |(read, core): (&Range<i64>, &Range<i64>)| core.start <= read.start && read.end <= core.end;
        if self.core.len() == read.len() && read.iter().zip(&self.core).all(is_own) {
            let mut view = self.reading.as_ref().ok_or_else(no_elements)?.view()?;
            for (axis, range) in read.iter().enumerate() {
                let start = self.core_local[axis] + range.start - self.core[axis].start;
                view = view.slice_axis(axis, index(start), extent(range), 1).checked()?;
            }
            return Ok(Patch::Lies(view));
        }
        let shape: Shape = read.iter().map(extent).collect();
        let len = shape.iter().try_fold(1_usize, |product, &extent| product.checked_mul(extent));
        let mut scratch = Scratch::stale(self.element, len.unwrap_or(usize::MAX)).checked()?;
        for (it, place) in part.boxes.iter().zip(&self.places) {
            let whole: Region = it.at.iter().zip(&it.shape).map(|(&at, &len)| at..at + len).collect();
            let common = intersection(&whole, &read);
            if is_empty(&common) {
                continue;
            }
            let mut target = scratch.view_mut().in_shape(&shape).checked()?;
            for (axis, range) in common.iter().enumerate() {
                let start = index(range.start - read[axis].start);
                target = target.slice_axis(axis, start, extent(range), 1).checked()?;
            }
            let within: Region =
                common.iter().zip(&it.at).map(|(range, at)| range.start - at..range.end - at).collect();
            map::copy(&mut target, &self.elements(it, *place, &within, arrived)?).checked()?;
        }
        Ok(Patch::Copied(scratch, shape))
    }

    /// The elements of a box, `within` it, to be broadcast.
    fn elements<'v>(
        &'v self,
        it: &HaloBox,
        place: Option<(usize, usize)>,
        within: &Region,
        arrived: &'v [Buffer],
    ) -> Result<View<'v>> {
        let Some(origin) = &it.origin else { return self.constant.clone().ok_or_else(no_elements) };
        let Some((number, place)) = place else {
            debug_assert_eq!(origin.holder, self.rank);
            return box_of(self.reading.as_ref().ok_or_else(no_elements)?, it, within);
        };
        let message = view(arrived.get(number).ok_or_else(no_elements)?)?;
        let shape: Shape = it.message_shape().iter().map(|&extent| index(extent)).collect();
        let mut view = message.slice_axis(0, place, shape.iter().product(), 1).checked()?.in_shape(&shape).checked()?;
        for (axis, range) in within.iter().enumerate() {
            if origin.steps[axis] != 0 {
                view = view.slice_axis(axis, index(range.start), extent(range), 1).checked()?;
            }
        }
        Ok(view)
    }
}

/// The elements of a box in this process's section, `within` the box; one of those that are
/// repeated.
fn box_of<'v>(reading: &'v Reading<'_>, it: &HaloBox, within: &Region) -> Result<View<'v>> {
    let mut view = reading.view()?;
    let Some(origin) = &it.origin else { return Err(no_elements()) };
    for (axis, range) in within.iter().enumerate() {
        let (local, step) = (origin.local[axis], origin.steps[axis]);
        let count = if step == 0 { 1 } else { extent(range) };
        view = view.slice_axis(axis, index(local + step * range.start), count, step as isize).checked()?;
    }
    Ok(view)
}

/// The message of this process's elements to the rank that computes a section of the target.
fn packed(
    halo: &Halo,
    section: dap_core::index::Rank,
    reader: CommRank,
    rank: CommRank,
    reading: &Reading<'_>,
) -> Result<Option<(i32, Buffer)>> {
    let Some(part) = halo.part(section)? else { return Ok(None) };
    let is_mine = |it: &&HaloBox| it.origin.as_ref().is_some_and(|origin| origin.holder == rank);
    let boxes: Vec<&HaloBox> = part.boxes.iter().filter(is_mine).collect();
    if boxes.is_empty() {
        return Ok(None);
    }
    let len = boxes.iter().fold(0, |sum: i64, it| sum.saturating_add(it.message_len()));
    let mut message = Buffer::zeros(reading.buffer().dtype().clone(), &[len])?;
    let mut place = 0;
    for it in boxes {
        let shape: Shape = it.message_shape().iter().map(|&extent| index(extent)).collect();
        let len: usize = shape.iter().product();
        let target: ViewMut<'_> = view_mut(&mut message)?.slice_axis(0, place, len, 1).checked()?;
        let within: Region = it.shape.iter().map(|&extent| 0..extent).collect();
        map::copy(&mut target.in_shape(&shape).checked()?, &box_of(reading, it, &within)?).checked()?;
        place += len;
    }
    Ok(Some((rank_number(reader)?, message)))
}

/// The positions of this process's own elements among those that it reads, and the local index of
/// the first one along each axis.
fn core_of(part: &Part, rank: CommRank) -> (Region, Vec<i64>) {
    let core = part.core(rank).and_then(|it| Some((it, it.origin.as_ref()?)));
    core.map_or_else(Default::default, |(it, origin)| {
        (it.at.iter().zip(&it.shape).map(|(&at, &len)| at..at + len).collect(), origin.local.to_vec())
    })
}

fn rank_number(rank: CommRank) -> Result<i32> {
    i32::try_from(rank.0).map_err(|_| Error::new(ErrorKind::Layout, format!("there is no rank {rank}")))
}

/// A number that is not negative.
fn index(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn extent(range: &Range<i64>) -> usize {
    index(range.end - range.start)
}
