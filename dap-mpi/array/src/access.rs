//! This process's elements of an array, to be read or written.
//!
//! A view's elements lie in the section of its base by a [`Window`]. Where one stride for each axis
//! expresses it they are used where they lie. Otherwise (slices of block-cyclic dimensions whose
//! step does not fit the blocks, slices of unstructured dimensions) they are packed into memory of
//! their own, and written back.

mod packed;
mod window;

use std::marker::PhantomData;
use std::ops::Range;

use dap_kernels::element::{Element, ElementType};
use dap_kernels::view::{View, ViewMut};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Access, Buffer, Item};
use ndarray::{ArrayViewD, ArrayViewMutD};
use packed::Packed;
pub(crate) use window::{of as strided_part, part};

use crate::array::DynArray;
use crate::error::{Checked, no_elements, number_type};
use crate::storage::{ReadLock, WriteLock};

/// The elements of one process, to be read.
pub(crate) struct Reading<'a> {
    /// The elements, where they lie or packed.
    buffer: Buffer,
    _lock: ReadLock<'a>,
}

/// The elements of one process, to be written.
pub(crate) struct Writing<'a> {
    buffer: Buffer,
    /// Elements that were packed, and belong elsewhere.
    packed: Option<Packed>,
    _lock: WriteLock<'a>,
}

impl DynArray {
    /// This process's elements; `None` if it holds no section.
    pub(crate) fn read(&self) -> Result<Option<Reading<'_>>> {
        let lock = self.storage().read()?;
        let (Some(section), Some(window)) = (lock.section(), self.window()?) else { return Ok(None) };
        let buffer = match window::of(section, window, Access::ReadOnly)? {
            Some(buffer) => buffer,
            None => Packed::new(section, window)?.buffer(Access::ReadOnly)?,
        };
        Ok(Some(Reading { buffer, _lock: lock }))
    }

    /// This process's elements, all of which are written.
    pub(crate) fn write(&self) -> Result<Option<Writing<'_>>> {
        self.check_single()?;
        let lock = self.storage().write()?;
        let (Some(section), Some(window)) = (lock.section(), self.window()?) else { return Ok(None) };
        if let Some(buffer) = window::of(section, window, Access::ReadWrite)? {
            return Ok(Some(Writing { buffer, packed: None, _lock: lock }));
        }
        let packed = Packed::new(section, window)?;
        Ok(Some(Writing { buffer: packed.buffer(Access::ReadWrite)?, packed: Some(packed), _lock: lock }))
    }

    /// All items of this process's section, padding included, to be written; of a view those of its
    /// base.
    pub(crate) fn write_padded(&self) -> Result<Option<Writing<'_>>> {
        let lock = self.storage().write()?;
        let Some(section) = lock.section() else { return Ok(None) };
        let buffer = part(section, 0, section.shape(), section.strides(), Access::ReadWrite)?;
        Ok(Some(Writing { buffer, packed: None, _lock: lock }))
    }

    /// The elements that this process owns, to be read, with the shape
    /// [`local_shape`](DynArray::local_shape). While the guard lives nothing writes them. Local.
    ///
    /// # Errors
    /// Elements of another type than `T`; this process holds no section; the memory is being
    /// written; a failure of an earlier operation on this process.
    pub fn local<T: Item + Element>(&self) -> Result<Local<'_, T>> {
        let reading = self.read()?.ok_or_else(nothing)?;
        // Types and alignment are found right or wrong here, for `view` below.
        reading.buffer.view::<T>()?;
        Ok(Local { reading, items: PhantomData })
    }

    /// The items that this process owns, of any type, to be read; `None` if it holds no section.
    /// Local.
    ///
    /// # Errors
    /// As [`local`](DynArray::local), the element type aside.
    pub fn local_items(&self) -> Result<Option<LocalItems<'_>>> {
        Ok(self.read()?.map(|reading| LocalItems { reading }))
    }

    /// The elements that this process owns, to be written. Local. Elements that are not strided
    /// memory are written back when the guard is dropped.
    ///
    /// # Errors
    /// As [`local`](DynArray::local); memory that may only be read, or is being read; elements that
    /// are repeated by broadcasting.
    pub fn local_mut<T: Item + Element>(&self) -> Result<LocalMut<'_, T>> {
        let mut writing = self.write()?.ok_or_else(nothing)?;
        writing.buffer.view_mut::<T>()?;
        Ok(LocalMut { writing, items: PhantomData })
    }
}

/// The elements of several arrays on this process, to be read.
pub(crate) fn read_all(arrays: &[DynArray]) -> Result<Vec<Option<Reading<'_>>>> {
    arrays.iter().map(DynArray::read).collect()
}

/// Computes this process's elements from those of operands on the same ranks, if it has some.
/// Local.
pub(crate) fn compute(
    writing: Option<Writing<'_>>,
    readings: &[Option<Reading<'_>>],
    body: impl FnOnce(ViewMut<'_>, &[View<'_>]) -> Result<()>,
) -> Result<()> {
    let Some(mut writing) = writing else { return Ok(()) };
    if writing.buffer_mut().is_empty() {
        return Ok(());
    }
    let views = readings.iter().map(|reading| reading.as_ref().ok_or_else(no_elements)?.view());
    let inputs: Vec<View<'_>> = views.collect::<Result<_>>()?;
    body(writing.view_mut()?, &inputs)?;
    writing.finish()
}

/// Computes this process's elements of a new array from those of operands on the same ranks. A
/// failure is kept: the next collective operation with the array returns it. Local.
pub(crate) fn compute_new(
    result: &DynArray,
    operands: &[DynArray],
    body: impl FnOnce(ViewMut<'_>, &[View<'_>]) -> Result<()>,
) {
    let computed = read_all(operands).and_then(|readings| compute(result.write()?, &readings, body));
    if let Err(error) = computed {
        result.storage().fail(error);
    }
}

/// The elements of one array to be read, and of another to be written. Collective.
///
/// # Errors
/// One of the two on some rank; then none is written.
pub(crate) fn agreed<'s, 't>(
    source: &'s DynArray,
    target: &'t DynArray,
) -> Result<(Option<Reading<'s>>, Option<Writing<'t>>)> {
    let sides = source.read().and_then(|reading| Ok((reading, target.write()?)));
    target.context().comm().agree(sides)
}

pub(crate) fn nothing() -> Error {
    Error::new(ErrorKind::State, "this rank holds nothing of the array")
}

impl Reading<'_> {
    /// The elements.
    pub(crate) fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The elements as the kernels take them.
    pub(crate) fn view(&self) -> Result<View<'_>> {
        view(&self.buffer)
    }
}

impl Writing<'_> {
    /// The elements.
    pub(crate) fn buffer_mut(&mut self) -> &mut Buffer {
        &mut self.buffer
    }

    /// The elements as the kernels take them.
    pub(crate) fn view_mut(&mut self) -> Result<ViewMut<'_>> {
        view_mut(&mut self.buffer)
    }

    /// Writes packed elements to where they belong.
    pub(crate) fn finish(self) -> Result<()> {
        // The lock is released behind it, with `self`.
        self.packed.as_ref().map_or(Ok(()), Packed::write_back)
    }
}

/// A buffer as the kernels take it.
pub(crate) fn view(buffer: &Buffer) -> Result<View<'_>> {
    let (element, shape, strides) = geometry(buffer)?;
    // SAFETY: the items of a buffer, and the bytes between them, are in memory that it keeps alive
    // and that nothing writes while it is borrowed, as those who made it guarantee.
    #[expect(unsafe_code, reason = "the memory of a buffer")]
    unsafe { View::from_raw(buffer.as_ptr(), element, &shape, &strides) }.checked()
}

/// The part of a view in ranges of some axes; `None` is all of an axis.
pub(crate) fn in_ranges<'v>(view: &View<'v>, axes: &[usize], ranges: &[Option<Range<i64>>]) -> Result<View<'v>> {
    axes.iter().zip(ranges).try_fold(view.clone(), |part, (&axis, range)| match range {
        Some(range) => part.slice_axis(axis, range.start as usize, (range.end - range.start) as usize, 1).checked(),
        None => Ok(part),
    })
}

/// As [`in_ranges`], of elements to be written.
pub(crate) fn in_ranges_mut<'v>(
    view: ViewMut<'v>,
    axes: &[usize],
    ranges: &[Option<Range<i64>>],
) -> Result<ViewMut<'v>> {
    axes.iter().zip(ranges).try_fold(view, |part, (&axis, range)| match range {
        Some(range) => part.slice_axis(axis, range.start as usize, (range.end - range.start) as usize, 1).checked(),
        None => Ok(part),
    })
}

/// A buffer as the kernels write it.
pub(crate) fn view_mut(buffer: &mut Buffer) -> Result<ViewMut<'_>> {
    let (element, shape, strides) = geometry(buffer)?;
    let base = buffer.as_mut_ptr()?;
    // SAFETY: as in `view`; the buffer is borrowed mutably, and its memory may be written.
    #[expect(unsafe_code, reason = "the memory of a buffer")]
    unsafe { ViewMut::from_raw(base, element, &shape, &strides) }.checked()
}

fn geometry(buffer: &Buffer) -> Result<(ElementType, Vec<usize>, Vec<isize>)> {
    let element = number_type(buffer.dtype())?;
    // A buffer that exists has extents and strides within the address space.
    let shape = buffer.shape().iter().map(|&extent| extent as usize).collect();
    let strides = buffer.strides().iter().map(|&stride| stride as isize).collect();
    Ok((element, shape, strides))
}

/// The elements of one process, to be read: see [`DynArray::local`].
pub struct Local<'a, T> {
    reading: Reading<'a>,
    items: PhantomData<T>,
}

/// The elements of one process, to be written: see [`DynArray::local_mut`].
pub struct LocalMut<'a, T> {
    writing: Writing<'a>,
    items: PhantomData<T>,
}

/// The items of one process, to be read: see [`DynArray::local_items`].
pub struct LocalItems<'a> {
    reading: Reading<'a>,
}

impl LocalItems<'_> {
    /// The items.
    pub fn buffer(&self) -> &Buffer {
        &self.reading.buffer
    }

    /// The elements as [`dap_kernels`] takes them: for functions that other crates add.
    ///
    /// # Errors
    /// Items that can be moved and stored, not computed with.
    pub fn elements(&self) -> Result<View<'_>> {
        self.reading.view()
    }
}

impl<T: Item> Local<'_, T> {
    /// The elements.
    pub fn view(&self) -> ArrayViewD<'_, T> {
        self.reading.buffer.view().expect("`DynArray::local` has made this view")
    }
}

impl<T: Item> LocalMut<'_, T> {
    /// The elements, to be written.
    pub fn view(&mut self) -> ArrayViewMutD<'_, T> {
        self.writing.buffer.view_mut().expect("`DynArray::local_mut` has made this view")
    }
}

impl<T> Drop for LocalMut<'_, T> {
    fn drop(&mut self) {
        if let Some(packed) = self.writing.packed.take() {
            // The same copy as when the elements were packed, backwards.
            packed.write_back().expect("the elements were packed from there");
        }
    }
}
