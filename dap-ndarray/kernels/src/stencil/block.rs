//! The walk over a region, some rows at a time, and the rows of the input that they need.

use std::sync::Mutex;

use smallvec::SmallVec;

use crate::element::Element;
use crate::threads;
use crate::view::{Shape, View, ViewError, ViewErrorKind, ViewMut};

/// Rows of the result that are computed at once.
pub(super) const ROWS: usize = 4;

/// Elements that are worth a thread. Tests split small regions.
const GRAIN: usize = if cfg!(test) { 20 } else { 1 << 15 };

/// Offsets of neighbours, checked against input and output.
#[derive(Debug, Clone)]
pub(super) struct Neighbours {
    /// The offsets in all dimensions but the last, each once.
    lines: Vec<SmallVec<[isize; 4]>>,
    /// For each tap its line, and its offset in the last dimension, counted from the least.
    pub(super) taps: Vec<(usize, usize)>,
    /// The least and the greatest offset in each dimension.
    reach: SmallVec<[(isize, isize); 4]>,
}

impl Neighbours {
    pub(super) fn new<'o>(ndim: usize, offsets: impl Iterator<Item = &'o [isize]> + Clone) -> Result<Self, ViewError> {
        if let Some(wrong) = offsets.clone().find(|offset| offset.len() != ndim || ndim == 0) {
            return Err(ViewErrorKind::Rank { shape: ndim, found: wrong.len() }.into());
        }
        let ends = |dim: usize| {
            let along = offsets.clone().map(|offset| offset[dim]);
            (along.clone().min().unwrap_or(0), along.max().unwrap_or(0))
        };
        let reach: SmallVec<[(isize, isize); 4]> = (0..ndim).map(ends).collect();
        let mut lines: Vec<SmallVec<[isize; 4]>> = Vec::new();
        let mut taps = Vec::new();
        for offset in offsets {
            let (column, outer) = offset.split_last().expect("at least one dimension");
            let line = lines.iter().position(|line| line[..] == *outer).unwrap_or_else(|| {
                lines.push(outer.into());
                lines.len() - 1
            });
            taps.push((line, column.abs_diff(reach[ndim - 1].0)));
        }
        Ok(Self { lines, taps, reach })
    }

    fn check<T: Element>(&self, input: &View<'_>, start: &[usize], output: &ViewMut<'_>) -> Result<(), ViewError> {
        let dims = self.reach.len();
        for found in [input.ndim(), start.len(), output.shape().len()] {
            if found != dims {
                return Err(ViewErrorKind::Rank { shape: dims, found }.into());
            }
        }
        for found in [input.element(), output.element()] {
            if found != T::TYPE {
                return Err(ViewErrorKind::Element { found, expected: T::TYPE }.into());
            }
        }
        if output.is_empty() {
            return Ok(());
        }
        for (dim, (low, high)) in self.reach.iter().enumerate() {
            let least = start[dim].checked_add_signed(*low);
            let greatest =
                start[dim].checked_add(output.shape()[dim] - 1).and_then(|last| last.checked_add_signed(*high));
            if least.is_none() || greatest.is_none_or(|greatest| greatest >= input.shape()[dim]) {
                return Err(ViewErrorKind::Reach { dim }.into());
            }
        }
        Ok(())
    }

    /// Calls `body` with some rows of the output and with the lines of the input that belong to
    /// them: line `l` of row `r` is number `l * ROWS + r`.
    pub(super) fn for_each_block<T: Element>(
        &self,
        input: &View<'_>,
        start: &[usize],
        output: ViewMut<'_>,
        body: impl Fn(&[&[T]], &mut [&mut [T]]) + Sync,
    ) -> Result<(), ViewError> {
        self.check::<T>(input, start, &output)?;
        if output.is_empty() {
            return Ok(());
        }
        let rows = output.shape()[0];
        let parts = threads::parts(output.len(), GRAIN, threads::threads()).min(rows);
        // Each part has its own rows of the output.
        let mut pieces = Vec::with_capacity(parts);
        let (mut rest, mut from) = (output, 0);
        for part in 0..parts {
            let end = threads::range_of(part, parts, rows, if rest.shape().len() > 1 { ROWS } else { 64 }).end;
            let (piece, behind) = rest.split_at(0, end - from)?;
            let mut start: Shape = start.into();
            start[0] += from;
            pieces.push(Mutex::new(Some((piece, start))));
            (rest, from) = (behind, end);
        }
        threads::for_parts(parts, |part| {
            let taken = pieces[part].lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
            if let Some((piece, start)) = taken {
                self.part(input, &start, piece, &body);
            }
        });
        Ok(())
    }

    fn part<T: Element>(
        &self,
        input: &View<'_>,
        start: &[usize],
        mut output: ViewMut<'_>,
        body: &(impl Fn(&[&[T]], &mut [&mut [T]]) + Sync),
    ) {
        if output.is_empty() {
            return;
        }
        let shape: Shape = output.shape().into();
        let last = shape.len() - 1;
        let width = shape[last];
        let (low, high) = self.reach[last];
        let wide = width + high.abs_diff(low);
        let mut index: Shape = SmallVec::from_elem(0, shape.len());
        let mut places: Vec<Shape> = Vec::new();
        let mut gathered: Vec<Vec<T>> = vec![Vec::new(); self.lines.len() * ROWS];
        let mut copies: [Vec<T>; ROWS] = Default::default();
        loop {
            let rows = if last > 0 { (shape[last - 1] - index[last - 1]).min(ROWS) } else { 1 };
            places.clear();
            for line in &self.lines {
                for row in 0..ROWS {
                    // Rows beyond the last one repeat it, and are not used.
                    let row = row.min(rows - 1);
                    let mut place: Shape = index.iter().zip(start).map(|(index, start)| index + start).collect();
                    for (dim, offset) in line.iter().enumerate() {
                        let at = place[dim] + if dim + 1 == last { row } else { 0 };
                        place[dim] = at.wrapping_add_signed(*offset);
                    }
                    place[last] = place[last].wrapping_add_signed(low);
                    places.push(place);
                }
            }
            for (place, line) in places.iter().zip(&mut gathered) {
                line.clear();
                if input.line::<T>(place, wide).is_none() {
                    input.copy_line(place, wide, line);
                }
            }
            let lines: Vec<&[T]> =
                places.iter().zip(&gathered).map(|(place, line)| input.line(place, wide).unwrap_or(line)).collect();
            if let Some(mut targets) = output.lines_mut::<T, ROWS>(&index, rows, width) {
                body(&lines, &mut targets[..rows]);
            } else {
                let place = |row: usize| {
                    let mut place = index.clone();
                    if last > 0 {
                        place[last - 1] += row;
                    }
                    place
                };
                for (row, copy) in copies[..rows].iter_mut().enumerate() {
                    copy.clear();
                    output.as_view().copy_line(&place(row), width, copy);
                }
                let mut targets: [&mut [T]; ROWS] = copies.each_mut().map(|copy| &mut copy[..]);
                body(&lines, &mut targets[..rows]);
                for (row, copy) in copies[..rows].iter().enumerate() {
                    output.write_line(&place(row), copy);
                }
            }
            // The next rows.
            let mut dim = last;
            loop {
                if dim == 0 {
                    return;
                }
                dim -= 1;
                index[dim] += if dim + 1 == last { rows } else { 1 };
                if index[dim] < shape[dim] {
                    break;
                }
                index[dim] = 0;
            }
        }
    }
}
