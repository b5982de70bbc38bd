//! Reductions of groups: partial results of this process, merged by the owners of the groups.
//!
//! The lines of elements along the axis are reduced a piece of the other axes at a time. A pass
//! over a piece serves a bounded number of groups, whose partial results stay in memory. Elements
//! are copied in tiles, in the order of their groups, so that those of a group lie side by side.

use std::ops::Range;

use dap_array::{DynArray, Element, ElementType, Pass, Passes, Result, Value};
use dap_kernels::view::{View, ViewError};
use dap_kernels::with_element;
use dap_mpi::{Error, ErrorKind, Pieces, memory};
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item};
use ndarray::{ArrayViewD, Axis, Slice};

use crate::Grouped;
use crate::line::Line;
use crate::order::InOrder;

/// The words of partial results that are kept at once.
const MOST_WORDS: usize = 1 << 22;
/// The most lines of a piece.
const MOST_LINES: usize = 2048;
/// Elements of a tile: at least the first number, more for many groups, at most the second one.
const TILE: (usize, usize) = (1 << 16, 1 << 21);

impl Grouped {
    /// The reductions. `nan` says that groups without elements have NaN.
    pub(crate) fn reduced(&self, passes: &Passes, nan: bool) -> Result<DynArray> {
        let element = self.array.number_type()?;
        let made = with_element!(element, T => self.section_of::<T>(passes, nan))?;
        let placement = self.placement()?;
        DynArray::from_buffer(self.array.context(), placement, &passes.element.dtype(), Ok(made))
    }

    /// This process's section of the reductions. Collective.
    fn section_of<T: Item + Element>(&self, passes: &Passes, nan: bool) -> Result<Option<Buffer>> {
        let placement = self.placement()?;
        let comm = self.array.context().comm();
        let Some(line) = Line::of(&self.array, self.axis, &placement)? else {
            return comm.agree(Ok(None));
        };
        let section = placement.ranks().section(dap_core::algebra::CommRank(comm.rank().into()));
        let shape = section.and_then(|section| placement.layout().local_shape(section)).unwrap_or_default();
        let made = self.array.local::<T>().and_then(|local| {
            let buffer = memory::allocate(comm, &passes.element.dtype(), &shape, Order::C)?;
            Ok((local, buffer))
        });
        let (local, mut buffer) = comm.agree(made)?;
        let view = local.view();
        let mut heads: Vec<i64> = view.shape().iter().map(|&extent| extent as i64).collect();
        heads[self.axis] = 1;
        let lines = (MOST_WORDS / passes.first.words() / self.len().max(1)).clamp(1, MOST_LINES);
        let pieces = Pieces::new(&heads, Order::C, lines as i64);
        let mut target = Target { buffer: &mut buffer, shape: &shape, axis: self.axis, element: passes.element };
        for number in 0..pieces.count() {
            let mut ranges = pieces.get(number);
            ranges[self.axis] = None;
            self.reduce_piece(&line, passes, (view.view(), &ranges), &mut target, nan)?;
        }
        Ok(Some(buffer))
    }

    /// Reduces the lines in ranges of the other axes.
    fn reduce_piece<T: Item + Element>(
        &self,
        line: &Line<'_>,
        passes: &Passes,
        (mut view, ranges): (ArrayViewD<'_, T>, &[Option<Range<i64>>]),
        target: &mut Target<'_>,
        nan: bool,
    ) -> Result<()> {
        for (axis, range) in ranges.iter().enumerate() {
            if let Some(range) = range {
                view.slice_axis_inplace(Axis(axis), Slice::from(range.start as isize..range.end as isize));
            }
        }
        let first = &*passes.first;
        let lines = view.shape().iter().enumerate().filter(|(axis, _)| *axis != self.axis);
        let lines: usize = lines.map(|(_, extent)| extent).product();
        let all: Vec<usize> = (0..self.len()).collect();
        for groups in all.chunks((MOST_WORDS / (first.words() * lines.max(1))).max(1)) {
            let words = line.merged(first, groups, lines, &self.partials(first, &view, lines, groups)?)?;
            let mine = line.own(groups);
            let mut values: Vec<Option<Value>> = words.chunks(first.words()).map(|words| first.finish(words)).collect();
            if let Some(second) = passes.second.as_deref() {
                let is_open = |at: &usize| values[at * lines..(at + 1) * lines].iter().any(Option::is_none);
                let open: Vec<usize> = (0..mine.len()).filter(is_open).map(|at| mine[at]).collect();
                let most = (MOST_WORDS / (second.words() * lines.max(1))).max(1);
                for groups in line.all_of(&open)?.chunks(most) {
                    let words = line.merged(second, groups, lines, &self.partials(second, &view, lines, groups)?)?;
                    let decided = line.own(groups).iter().map(|group| group - mine[0]);
                    let decided = decided.flat_map(|at| at * lines..(at + 1) * lines);
                    decided.zip(words.chunks(second.words())).for_each(|(at, words)| values[at] = second.finish(words));
                }
            }
            for (at, &group) in mine.iter().enumerate() {
                let is_empty = nan && self.labels.sizes[group] == 0;
                let values = values[at * lines..(at + 1) * lines].iter();
                let values = values.map(|value| if is_empty { Some(Value::Float(f64::NAN)) } else { *value });
                target.put(group - line.first(), ranges, values)?;
            }
        }
        Ok(())
    }

    /// The partial results of some ascending groups on this process, for each of them those of all
    /// lines.
    fn partials<T: Item + Element>(
        &self,
        pass: &dyn Pass,
        view: &ArrayViewD<'_, T>,
        lines: usize,
        groups: &[usize],
    ) -> Result<Vec<u64>> {
        let mut words = pass.neutral().repeat(groups.len() * lines);
        let extent = view.shape()[self.axis];
        if lines == 0 || extent == 0 {
            return Ok(words);
        }
        let rows = (TILE.0.max(256 * groups.len() * lines).min(TILE.1) / lines).max(1);
        let of_group = pass.words() * lines;
        let mut sorted: Vec<T> = Vec::new();
        for from in (0..extent).step_by(rows) {
            let to = extent.min(from + rows);
            let order = InOrder::of(&self.labels.groups[from..to], groups);
            self.sort(view, from, order.rows(), &mut sorted);
            let mut rest = &sorted[..];
            for (place, rows) in order.counts() {
                let (part, others) = rest.split_at(rows * lines);
                rest = others;
                let found = if lines == 1 {
                    pass.run(&View::of(part), None)?
                } else {
                    pass.run(&View::shaped(part, &[rows, lines]).map_err(unfit)?, Some(&[0]))?
                };
                let target = &mut words[place * of_group..][..of_group];
                let found = found.chunks(pass.words());
                target.chunks_mut(pass.words()).zip(found).for_each(|(target, found)| pass.merge(target, found));
            }
        }
        Ok(words)
    }

    /// The rows with these numbers from the index `from` on, in this order.
    fn sort<T: Item + Element>(&self, view: &ArrayViewD<'_, T>, from: usize, rows: &[u32], sorted: &mut Vec<T>) {
        sorted.clear();
        let rows = rows.iter().map(|&row| from + row as usize);
        if view.ndim() == 1 {
            match view.as_slice() {
                Some(items) => sorted.extend(rows.map(|row| items[row])),
                None => sorted.extend(rows.map(|row| view[[row]])),
            }
            return;
        }
        for row in rows {
            let row = view.index_axis(Axis(self.axis), row);
            match row.as_slice() {
                Some(items) => sorted.extend_from_slice(items),
                None => sorted.extend(row.iter()),
            }
        }
    }
}

/// The section of the results.
struct Target<'b> {
    /// In C order.
    buffer: &'b mut Buffer,
    shape: &'b [i64],
    axis: usize,
    element: ElementType,
}

impl Target<'_> {
    /// Writes the results of a group, with this local index, of the lines in ranges of the other
    /// axes.
    fn put(
        &mut self,
        group: usize,
        ranges: &[Option<Range<i64>>],
        values: impl Iterator<Item = Option<Value>>,
    ) -> Result<()> {
        let size = self.element.size();
        let bytes = self.buffer.bytes_mut()?;
        let range = |axis: usize| match &ranges[axis] {
            _ if axis == self.axis => group as i64..group as i64 + 1,
            Some(range) => range.clone(),
            None => 0..self.shape[axis],
        };
        let ranges: Vec<Range<i64>> = (0..self.shape.len()).map(range).collect();
        let mut index: Vec<i64> = ranges.iter().map(|range| range.start).collect();
        for value in values {
            let place = index.iter().zip(self.shape).fold(0, |place, (&at, &extent)| place * extent + at) as usize;
            let item = value.and_then(|value| value.bytes(self.element)).ok_or_else(undecided)?;
            bytes[place * size..][..size].copy_from_slice(&item[..size]);
            // The next index in C order.
            for axis in (0..index.len()).rev() {
                index[axis] += 1;
                if index[axis] < ranges[axis].end {
                    break;
                }
                index[axis] = ranges[axis].start;
            }
        }
        Ok(())
    }
}

fn undecided() -> Error {
    Error::new(ErrorKind::State, "a reduction has no result after its last pass")
}

fn unfit(error: ViewError) -> Error {
    Error::new(ErrorKind::Buffer, error.to_string())
}
