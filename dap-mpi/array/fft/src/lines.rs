//! All lines along one axis of strided memory, a tile of neighbouring lines at a time.
//!
//! Lines along an axis that is not the fastest of memory are transformed `WIDTH` columns at a time:
//! the columns are loaded into a contiguous tile, transformed there, and stored. So each cache line
//! of the array is touched once in each direction, and no array is rotated as a whole. Lines that
//! are contiguous are transformed where they lie.
//!
//! The lines are split among the threads of the kernels along another axis.

use std::sync::{Mutex, PoisonError};

use dap_kernels::threads;
use dap_mpi::Result;
use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2, ArrayViewMutD, Axis, Ix2};
use num_complex::Complex;

use crate::error::{argument, zeros};
use crate::float::{Float, Load};
use crate::line::{Line, scale};

/// Bytes of a row of a tile: two cache lines, which processors fetch together.
const ROW: usize = 128;
/// The most bytes of a tile; longer lines are loaded fewer at a time.
const MOST_TILE: usize = 4 << 20;
/// The fewest elements of a thread's part.
const GRAIN: usize = 1 << 14;

/// A function of a line: its index along [`Lines::along`], and its elements.
pub(crate) type OnLine<'a, T> = &'a (dyn Fn(usize, &mut [Complex<T>]) + Sync);

/// A transform of all lines along an axis.
pub(crate) struct Lines<'a, T: Float> {
    pub(crate) line: &'a Line<T>,
    /// The number of points.
    pub(crate) points: usize,
    pub(crate) axis: usize,
    /// The factor of the result.
    pub(crate) factor: T,
    /// Another axis, whose index the functions of a line get.
    pub(crate) along: Option<usize>,
    /// Called with the elements of a line, zeros behind the input's, before its transform.
    pub(crate) before: Option<OnLine<'a, T>>,
    /// Called with the elements of a line after its transform.
    pub(crate) after: Option<OnLine<'a, T>>,
}

/// The memory of one thread.
struct Work<T: Float> {
    tile: Vec<Complex<T>>,
    reals: Vec<T>,
    scratch: Vec<Complex<T>>,
}

/// Two axes of an array: lines along the first one, side by side along the second one.
struct Plane<'v, S> {
    lines: ArrayView2<'v, S>,
    /// The index of the first line along [`Lines::along`].
    first: usize,
}

impl<T: Float> Lines<'_, T> {
    /// From complex or real numbers to complex ones.
    ///
    /// # Errors
    /// Not enough memory.
    pub(crate) fn complex<S: Load<T>>(
        &self,
        input: ArrayViewD<'_, S>,
        output: ArrayViewMutD<'_, Complex<T>>,
    ) -> Result<()> {
        self.split(input, output, |input, output, work| self.complex_plane(Some(&input), output, input.first, work))
    }

    /// Complex numbers in place.
    ///
    /// # Errors
    /// Not enough memory.
    pub(crate) fn in_place(&self, array: ArrayViewMutD<'_, Complex<T>>) -> Result<()> {
        // Nothing is read from this side: one element stands for all.
        let shape = array.raw_dim();
        let nothing = [()];
        let none = ArrayViewD::from_shape(ndarray::IxDyn(&[1]), &nothing[..]).ok();
        let Some(none) = none.as_ref().and_then(|one| one.broadcast(shape)) else {
            return argument("an array has too many elements");
        };
        self.split(none, array, |input, output, work| self.complex_plane::<Complex<T>>(None, output, input.first, work))
    }

    /// From real numbers to the first half of the spectrum.
    ///
    /// # Errors
    /// Not enough memory.
    pub(crate) fn of_reals(&self, input: ArrayViewD<'_, T>, output: ArrayViewMutD<'_, Complex<T>>) -> Result<()> {
        let Line::FromReal(fft) = self.line else { return argument("no transform of real numbers") };
        let half = self.points / 2 + 1;
        self.split(input, output, |input, mut output, work| {
            if work.reals.is_empty() {
                work.reals = zeros(self.points)?;
            }
            let (width, pitch) = (self.width(), self.pitch());
            let mut next = 0;
            while next < output.ncols() {
                let lines = width.min(output.ncols() - next);
                for (at, line) in work.tile.chunks_mut(pitch).take(lines).enumerate() {
                    let column = input.lines.column(next + at);
                    let count = column.len().min(self.points);
                    work.reals.iter_mut().zip(column).for_each(|(real, item)| *real = *item);
                    work.reals[count..].fill(<T as Default>::default());
                    let done = fft.process_with_scratch(&mut work.reals, &mut line[..half], &mut work.scratch);
                    done.or_else(|error| argument(error.to_string()))?;
                    scale(&mut line[..half], self.factor);
                    if let Some(after) = self.after {
                        after(input.first + next + at, &mut line[..half]);
                    }
                }
                self.store(&work.tile, pitch, output.view_mut(), next..next + lines);
                next += lines;
            }
            Ok(())
        })
    }

    /// From the first half of a spectrum to real numbers.
    ///
    /// # Errors
    /// Not enough memory.
    pub(crate) fn to_reals<S: Load<T>>(&self, input: ArrayViewD<'_, S>, output: ArrayViewMutD<'_, T>) -> Result<()> {
        let Line::ToReal(fft) = self.line else { return argument("no transform to real numbers") };
        let half = self.points / 2 + 1;
        self.split(input, output, |input, mut output, work| {
            if work.reals.is_empty() {
                work.reals = zeros(self.points)?;
            }
            let (width, pitch) = (self.width(), self.pitch());
            let mut next = 0;
            while next < output.ncols() {
                let lines = width.min(output.ncols() - next);
                load(&input.lines, next..next + lines, &mut work.tile, pitch, half);
                for (at, line) in work.tile.chunks_mut(pitch).take(lines).enumerate() {
                    if let Some(before) = self.before {
                        before(input.first + next + at, &mut line[..half]);
                    }
                    // These have no imaginary part: of any that is there, NumPy says nothing.
                    line[0].im = <T as Default>::default();
                    if self.points.is_multiple_of(2) {
                        line[half - 1].im = <T as Default>::default();
                    }
                    let done = fft.process_with_scratch(&mut line[..half], &mut work.reals, &mut work.scratch);
                    done.or_else(|error| argument(error.to_string()))?;
                    let column = output.column_mut(next + at);
                    work.reals.iter().zip(column).for_each(|(real, item)| *item = *real * self.factor);
                }
                next += lines;
            }
            Ok(())
        })
    }

    /// One plane; without an input the output itself.
    fn complex_plane<S: Load<T>>(
        &self,
        input: Option<&Plane<'_, S>>,
        mut output: ArrayViewMut2<'_, Complex<T>>,
        first: usize,
        work: &mut Work<T>,
    ) -> Result<()> {
        let Line::Complex(_) = self.line else { return argument("no transform of complex numbers") };
        let points = self.points;
        if output.stride_of(Axis(0)) == 1 {
            for (at, mut column) in output.columns_mut().into_iter().enumerate() {
                let Some(line) = column.as_slice_mut() else { return argument("a line is not contiguous") };
                if let Some(input) = input {
                    load(&input.lines, at..at + 1, line, points, points);
                }
                self.run(first + at, line, &mut work.scratch);
            }
            return Ok(());
        }
        let (width, pitch) = (self.width(), self.pitch());
        let mut next = 0;
        while next < output.ncols() {
            let lines = next..next + width.min(output.ncols() - next);
            match input {
                Some(input) => load(&input.lines, lines.clone(), &mut work.tile, pitch, points),
                None => load(&output.view(), lines.clone(), &mut work.tile, pitch, points),
            }
            for (at, line) in work.tile.chunks_mut(pitch).take(lines.len()).enumerate() {
                self.run(first + lines.start + at, &mut line[..points], &mut work.scratch);
            }
            self.store(&work.tile, pitch, output.view_mut(), lines.clone());
            next = lines.end;
        }
        Ok(())
    }

    fn run(&self, index: usize, line: &mut [Complex<T>], scratch: &mut [Complex<T>]) {
        if let Some(before) = self.before {
            before(index, line);
        }
        if let Line::Complex(fft) = self.line {
            fft.process_with_scratch(line, scratch);
        }
        if self.factor != T::nearest(1.0) {
            scale(line, self.factor);
        }
        if let Some(after) = self.after {
            after(index, line);
        }
    }

    /// Stores lines of a tile as columns.
    fn store(
        &self,
        tile: &[Complex<T>],
        pitch: usize,
        mut output: ArrayViewMut2<'_, Complex<T>>,
        columns: std::ops::Range<usize>,
    ) {
        let mut part = output.slice_mut(ndarray::s![.., columns]);
        for (at, mut row) in part.outer_iter_mut().enumerate() {
            let items = tile[at..].iter().step_by(pitch);
            match row.as_slice_mut() {
                Some(row) => row.iter_mut().zip(items).for_each(|(to, from)| *to = *from),
                None => row.iter_mut().zip(items).for_each(|(to, from)| *to = *from),
            }
        }
    }

    /// The number of complex numbers of a line.
    fn row(&self) -> usize {
        if matches!(self.line, Line::Complex(_)) { self.points } else { self.points / 2 + 1 }
    }

    /// The number of lines of a tile.
    fn width(&self) -> usize {
        let bytes = self.row() * size_of::<Complex<T>>();
        (ROW / size_of::<Complex<T>>()).min(MOST_TILE / bytes.max(1)).max(1)
    }

    /// From one line of a tile to the next one: no multiple of a large power of two, whose lines
    /// would share places of a cache.
    fn pitch(&self) -> usize {
        self.row() + ROW / 2 / size_of::<Complex<T>>()
    }

    fn work(&self) -> Result<Work<T>> {
        let tile = self.width() * self.pitch();
        Ok(Work { tile: zeros(tile)?, reals: Vec::new(), scratch: zeros(self.line.scratch_len())? })
    }

    /// Calls `body` with planes that cover all lines, on several threads.
    fn split<A: Copy + Send + Sync, B: Send>(
        &self,
        input: ArrayViewD<'_, A>,
        output: ArrayViewMutD<'_, B>,
        body: impl Fn(Plane<'_, A>, ArrayViewMut2<'_, B>, &mut Work<T>) -> Result<()> + Sync,
    ) -> Result<()> {
        if output.is_empty() {
            return Ok(());
        }
        let (mut input, mut output) = (input, output);
        if output.ndim() == 1 {
            // The only line, as a column.
            input.insert_axis_inplace(Axis(1));
            output.insert_axis_inplace(Axis(1));
        }
        let side = self.along.unwrap_or_else(|| self.side(&output));
        // The outermost long axis is cut: each thread has memory of its own.
        let cut = (0..output.ndim()).filter(|&axis| axis != self.axis).max_by_key(|&axis| output.shape()[axis].min(64));
        let Some(cut) = cut.map(Axis) else { return argument("a plane has two axes") };
        let extent = output.len_of(cut);
        let parts = threads::parts(output.len(), GRAIN, threads::threads()).min(extent);
        let chunk = extent.div_ceil(parts);
        let inputs = input.axis_chunks_iter(cut, chunk);
        let outputs = output.axis_chunks_iter_mut(cut, chunk);
        let chunks: Vec<_> = inputs.zip(outputs).map(|pair| Mutex::new(Some(pair))).collect();
        let results = threads::map_parts(chunks.len(), |part| {
            let pair = chunks[part].lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some((input, output)) = pair else { return Ok(()) };
            let mut work = self.work()?;
            let first = if cut.index() == side { part * chunk } else { 0 };
            planes(input, output, (self.axis, side), &mut |input, output| {
                body(Plane { lines: input, first }, output, &mut work)
            })
        });
        results.into_iter().collect()
    }

    /// The axis along which the lines of a plane lie side by side: the fastest one of memory.
    fn side<B>(&self, output: &ArrayViewMutD<'_, B>) -> usize {
        let others = (0..output.ndim()).filter(|&axis| axis != self.axis);
        let step = |&axis: &usize| (output.shape()[axis] == 1, output.stride_of(Axis(axis)).unsigned_abs());
        others.min_by_key(step).unwrap_or(1)
    }
}

/// Calls `body` with each plane of two axes, of both arrays.
fn planes<A, B>(
    input: ArrayViewD<'_, A>,
    output: ArrayViewMutD<'_, B>,
    (axis, side): (usize, usize),
    body: &mut impl FnMut(ArrayView2<'_, A>, ArrayViewMut2<'_, B>) -> Result<()>,
) -> Result<()> {
    let Some(outer) = (0..output.ndim()).find(|&outer| outer != axis && outer != side) else {
        let (mut input, mut output) = (input, output);
        if axis > side {
            input.swap_axes(axis, side);
            output.swap_axes(axis, side);
        }
        return match (input.into_dimensionality::<Ix2>(), output.into_dimensionality::<Ix2>()) {
            (Ok(input), Ok(output)) => body(input, output),
            _ => argument("a plane has two axes"),
        };
    };
    let behind = |axis: usize| axis - usize::from(axis > outer);
    let mut output = output;
    for (input, output) in input.axis_iter(Axis(outer)).zip(output.axis_iter_mut(Axis(outer))) {
        planes(input, output, (behind(axis), behind(side)), body)?;
    }
    Ok(())
}

/// Loads columns as lines of a tile, with zeros behind them up to `len`.
fn load<T: Float, S: Load<T>>(
    input: &ArrayView2<'_, S>,
    columns: std::ops::Range<usize>,
    tile: &mut [Complex<T>],
    pitch: usize,
    len: usize,
) {
    let count = input.nrows().min(len);
    let part = input.slice(ndarray::s![..count, columns.clone()]);
    if columns.len() == 1 {
        tile.iter_mut().zip(part.column(0)).for_each(|(to, from)| *to = from.load());
    } else {
        for (at, row) in part.outer_iter().enumerate() {
            let items = tile[at..].iter_mut().step_by(pitch);
            match row.as_slice() {
                Some(row) => items.zip(row).for_each(|(to, from)| *to = from.load()),
                None => items.zip(row).for_each(|(to, from)| *to = from.load()),
            }
        }
    }
    for line in tile.chunks_mut(pitch).take(columns.len()) {
        line[count..len].fill(Complex::new(<T as Default>::default(), <T as Default>::default()));
    }
}
