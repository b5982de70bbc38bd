//! Scans along one axis of strided memory, with a carry for each line.

use std::sync::Mutex;

use crate::element::Element;
use crate::reduce::GRAIN;
use crate::threads;
use crate::view::{View, ViewError, ViewErrorKind, ViewMut};

/// Elements of a line that are scanned at once.
const BLOCK: usize = if cfg!(test) { 7 } else { 1024 };
/// Lines that are scanned at once where another axis has the narrower stride.
const LINES: usize = 16;

/// Scans along one axis: `scan` takes the number of a line (its index in the other axes, in C
/// order), its items, and its results.
///
/// # Errors
/// Types or shapes differ; no such axis.
pub fn along_axis<T: Element, U: Element>(
    input: &View<'_>,
    axis: usize,
    output: ViewMut<'_>,
    mut scan: impl FnMut(usize, &[T], &mut [U]),
) -> Result<(), ViewError> {
    let (input, mut output, lines) = with_last::<T, U>(input, axis, output)?;
    if input.is_empty() {
        return Ok(());
    }
    let last = input.ndim() - 1;
    let len = input.shape()[last];
    let mut index = vec![0; last + 1];
    let (mut items, mut results) = (Vec::new(), vec![U::default(); len]);
    for line in 0..lines {
        index_of(line, &input.shape()[..last], &mut index);
        items.clear();
        input.copy_line(&index, len, &mut items);
        scan(line, &items, &mut results);
        output.write_line(&index, &results);
    }
    Ok(())
}

/// Input and output with `axis` as their last one, and the number of lines along it.
fn with_last<'i, 'o, T: Element, U: Element>(
    input: &View<'i>,
    axis: usize,
    output: ViewMut<'o>,
) -> Result<(View<'i>, ViewMut<'o>, usize), ViewError> {
    for (found, expected) in [(input.element(), T::TYPE), (output.element(), U::TYPE)] {
        if found != expected {
            return Err(ViewErrorKind::Element { found, expected }.into());
        }
    }
    if input.shape() != output.shape() {
        return Err(ViewErrorKind::Rank { shape: input.ndim(), found: output.shape().len() }.into());
    }
    if axis >= input.ndim() {
        return Err(ViewErrorKind::Axis { axis }.into());
    }
    let axes: Vec<usize> = (0..input.ndim()).filter(|other| *other != axis).chain([axis]).collect();
    let lines = axes[..axes.len() - 1].iter().map(|axis| input.shape()[*axis]).product();
    Ok((input.permute(&axes)?, output.permute(&axes)?, lines))
}

/// The indices of a line in the axes of `shape`.
fn index_of(line: usize, shape: &[usize], index: &mut [usize]) {
    let mut rest = line;
    for (index, extent) in index.iter_mut().zip(shape).rev() {
        *index = rest % extent;
        rest /= extent;
    }
}

/// Scans along one axis, on several threads: `scan` takes items of a line, the line's carry and
/// room for the results, and leaves the carry of the items that follow. A long line comes in
/// several parts. `carries` has one carry for each line, in C order of the other axes.
///
/// # Errors
/// Types or shapes differ; no such axis.
///
/// # Panics
/// There is another number of carries than lines.
pub fn along_axis_with<T: Element, U: Element, C: Send>(
    input: &View<'_>,
    axis: usize,
    carries: &mut [C],
    output: ViewMut<'_>,
    scan: impl Fn(&[T], &mut C, &mut [U]) + Sync,
) -> Result<(), ViewError> {
    let (input, output, lines) = with_last::<T, U>(input, axis, output)?;
    assert_eq!(carries.len(), lines, "one carry for each line");
    if input.is_empty() {
        return Ok(());
    }
    // Parts are ranges of the outermost axis with several lines: consecutive carries.
    let cut = input.shape()[..input.ndim() - 1].iter().position(|extent| *extent > 1);
    let extent = cut.map_or(1, |cut| input.shape()[cut]);
    let count = threads::parts(extent, GRAIN / (input.len() / extent).max(1), threads::threads());
    let (mut parts, mut output, mut carries) = (Vec::with_capacity(count), Some(output), carries);
    for part in 0..count {
        let range = threads::range_of(part, count, extent, 1);
        let (mine, others) = std::mem::take(&mut carries).split_at_mut(lines / extent * range.len());
        carries = others;
        let whole = output.take().expect("the part before left a rest");
        let (input, target) = match cut {
            Some(cut) => {
                let (front, rest) = whole.split_at(cut, range.len())?;
                output = Some(rest);
                (input.slice_axis(cut, range.start, range.len(), 1)?, front)
            }
            None => (input.clone(), whole),
        };
        parts.push(Mutex::new(Some(Part { input, output: target, carries: mine })));
    }
    threads::for_parts(count, |part| {
        let part = parts[part].lock().ok().and_then(|mut part| part.take());
        part.expect("a part is scanned once").scan(&scan);
    });
    Ok(())
}

/// Lines along the last axis.
struct Part<'a, 'b, C> {
    input: View<'a>,
    output: ViewMut<'b>,
    carries: &'a mut [C],
}

impl<C> Part<'_, '_, C> {
    fn scan<T: Element, U: Element>(mut self, scan: &impl Fn(&[T], &mut C, &mut [U])) {
        let (len, last) = (self.input.shape()[self.input.ndim() - 1], self.input.ndim() - 1);
        let stride = |axis: usize| self.input.strides()[axis].unsigned_abs();
        let by_columns = last > 0 && self.input.shape()[last - 1] > 1 && stride(last - 1) < stride(last);
        // The extent of the lines next to each other, and how many are scanned at once.
        let (wide, width) = if last > 0 { (self.input.shape()[last - 1], LINES) } else { (1, 1) };
        let width = if by_columns { width } else { 1 };
        let mut index = vec![0; last + 1];
        let mut items: [Vec<T>; LINES] = std::array::from_fn(|_| Vec::new());
        let mut results = vec![[U::default(); BLOCK]; width];
        let turned: Vec<usize> = (0..last.saturating_sub(1)).chain([last, last.saturating_sub(1)]).collect();
        for from in (0..self.carries.len()).filter(|line| (line % wide).is_multiple_of(width)) {
            index_of(from, &self.input.shape()[..last], &mut index);
            let count = width.min(wide - from % wide);
            for start in (0..len).step_by(BLOCK) {
                let size = BLOCK.min(len - start);
                index[last] = start;
                items[..count].iter_mut().for_each(Vec::clear);
                if by_columns {
                    self.read_columns(&turned, &mut index, size, &mut items[..count]);
                } else {
                    self.input.copy_line(&index, size, &mut items[0]);
                }
                let carries = &mut self.carries[from..from + count];
                for ((items, carry), results) in items.iter().zip(carries).zip(&mut results) {
                    scan(items, carry, &mut results[..size]);
                }
                if by_columns {
                    self.write_columns(&turned, &mut index, size, &results[..count]);
                } else {
                    self.output.write_line(&index, &results[0][..size]);
                }
            }
        }
    }

    /// Copies `size` elements of neighbouring lines, row by row; `index` is that of the first one.
    fn read_columns<T: Element>(&self, turned: &[usize], index: &mut [usize], size: usize, items: &mut [Vec<T>]) {
        let Ok(rows) = self.input.permute(turned) else { return };
        let last = index.len() - 1;
        index.swap(last - 1, last);
        let mut row = Vec::with_capacity(items.len());
        for _ in 0..size {
            row.clear();
            rows.copy_line(index, items.len(), &mut row);
            items.iter_mut().zip(&row).for_each(|(items, item)| items.push(*item));
            index[last - 1] += 1;
        }
        index[last - 1] -= size;
        index.swap(last - 1, last);
    }

    /// Writes `size` results of neighbouring lines, row by row.
    fn write_columns<U: Element>(
        &mut self,
        turned: &[usize],
        index: &mut [usize],
        size: usize,
        results: &[[U; BLOCK]],
    ) {
        let Ok(mut rows) = self.output.reborrow().permute(turned) else { return };
        let last = index.len() - 1;
        index.swap(last - 1, last);
        let mut row = Vec::with_capacity(results.len());
        for at in 0..size {
            row.clear();
            row.extend(results.iter().map(|results| results[at]));
            rows.write_line(index, &row);
            index[last - 1] += 1;
        }
        index[last - 1] -= size;
        index.swap(last - 1, last);
    }
}
