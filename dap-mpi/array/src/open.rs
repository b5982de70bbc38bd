//! One-sided access: this rank reads and writes elements wherever they lie, and their owners take
//! no part.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use dap_core::algebra::{Subscript, View};
use dap_core::index::GlobalIndex;
use dap_kernels::element::ElementType;
use dap_kernels::program::Value;
use dap_mpi::{Error, ErrorKind, OneSided, Result};
use dap_ndarray::{Access, Buffer};

use crate::access::{Writing, part};
use crate::array::DynArray;
use crate::error::{Checked, argument};
use crate::scalar::Scalar;

/// The greatest number of bytes of one access.
const MOST: usize = 1 << 30;

/// An array that is open for one-sided access: see [`DynArray::open`].
pub struct Open<'a> {
    array: &'a DynArray,
    element: ElementType,
    access: &'a OneSided,
    /// Of each rank of the communicator: the distance of the first item from the first byte, then
    /// the strides, in bytes.
    places: &'a [u64],
}

impl DynArray {
    /// Runs `body`, in which each rank reads and writes any elements by itself, in any order.
    /// Collective: the call ends when all ranks have left their `body`. Until then no other use of
    /// the memory is possible. The rules are those of MPI's one-sided access: an element has an
    /// unspecified value if one rank writes it while another one reads or writes it; additions
    /// ([`Open::add`]) do not disturb each other.
    ///
    /// ```no_run
    /// # fn walk(successors: &dap_array::DynArray, start: i64) -> dap_array::Result<()> {
    /// // Each rank follows a list from element to element, over all ranks.
    /// let last = successors.open(|successors| {
    ///     (0..10).try_fold(start, |at, _| Ok(successors.get(&[at])?.to_f64() as i64))
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Items that cannot be computed with; memory that may only be read or is in use, on some rank;
    /// an error of `body` on some rank; MPI refuses.
    #[track_caller]
    pub fn open<R>(&self, body: impl FnOnce(&Open<'_>) -> Result<R>) -> Result<R> {
        let _call = self.enter("open", ())?;
        let element = self.can_open()?;
        let comm = self.context().comm();
        let mut memory = comm.agree(self.write_padded())?;
        let mut buffer = memory.as_mut().map(Writing::buffer_mut);
        let places = comm.gather_words(&place_words(self, buffer.as_deref_mut()))?;
        comm.one_sided(self.dtype(), buffer, |access| body(&Open { array: self, element, access, places: &places }))
    }
}

/// An array that is open for one-sided access until it is closed: see
/// [`DynArray::open_until_closed`].
pub struct Opened {
    array: DynArray,
    element: ElementType,
    access: OneSided,
    places: Vec<u64>,
    /// This process's section, which no other code uses meanwhile.
    section: ManuallyDrop<Option<Arc<Buffer>>>,
}

impl DynArray {
    /// The first half of [`open`](DynArray::open), for languages in which the code in between is no
    /// closure; [`Opened::close`] is the second. Collective. Until then each other use of the array
    /// is an error. The memory of one that is never closed is not given back.
    ///
    /// # Errors
    /// As [`open`](DynArray::open), but for `body`.
    #[track_caller]
    pub fn open_until_closed(&self) -> Result<Opened> {
        let _call = self.enter("open", ())?;
        let element = self.can_open()?;
        self.context().comm().agree(self.storage().write().map(drop))?;
        let section = self.storage().take_out();
        match self.begin(section.as_ref()) {
            Ok((access, places)) => {
                Ok(Opened { array: self.clone(), element, access, places, section: ManuallyDrop::new(section) })
            }
            Err(error) => {
                self.storage().put_back(section);
                Err(error)
            }
        }
    }

    /// Begins accesses to a section that `open_until_closed` has taken out.
    #[expect(unsafe_code, reason = "accesses that no borrow of the memory encloses")]
    fn begin(&self, section: Option<&Arc<Buffer>>) -> Result<(OneSided, Vec<u64>)> {
        let comm = self.context().comm();
        let shared = |section: &Arc<Buffer>| part(section, 0, section.shape(), section.strides(), Access::ReadWrite);
        let mut buffer = comm.agree(section.map(shared).transpose())?;
        let places = comm.gather_words(&place_words(self, buffer.as_mut()))?;
        // SAFETY: the section stays in `Opened`, which does not drop it before `close` has ended
        // the accesses. The storage, through which the array and its views reach memory, does not
        // have it until then. Code outside that has the memory uses it between calls only, as
        // `expose` demands, and accesses to an open array are within one.
        let access = unsafe { comm.begin_one_sided(self.dtype(), buffer.as_mut())? };
        Ok((access, places))
    }

    /// The type of the elements of an array that can be opened.
    fn can_open(&self) -> Result<ElementType> {
        let element = self.number_type()?;
        self.check_single()?;
        if self.shares_elements() {
            return argument("an element of the array lies on two ranks: copy it to blocks first");
        }
        Ok(element)
    }
}

impl Opened {
    /// The accesses.
    pub fn access(&self) -> Open<'_> {
        Open { array: &self.array, element: self.element, access: &self.access, places: &self.places }
    }

    /// Ends the accesses: the call returns when all ranks have called it. Collective.
    ///
    /// # Errors
    /// `result` of some rank, that of this rank's accesses; MPI refuses.
    #[track_caller]
    pub fn close<R>(self, result: Result<R>) -> Result<R> {
        let Opened { array, access, section, .. } = self;
        let _call = array.enter("close", ())?;
        let ended = access.end(array.context().comm(), result);
        array.storage().put_back(ManuallyDrop::into_inner(section));
        ended
    }
}

/// The distance of the first item from the first byte of a buffer, then the strides, in bytes.
fn place_words(array: &DynArray, buffer: Option<&mut Buffer>) -> Vec<u64> {
    let mut place = vec![0; 1 + array.view().base().ndim()];
    if let Some(buffer) = buffer {
        place[0] = (buffer.as_ptr().addr() - buffer.reach().start) as u64;
        place[1..].iter_mut().zip(buffer.strides()).for_each(|(word, stride)| *word = stride.cast_unsigned());
    }
    place
}

impl Open<'_> {
    /// The element at an index; negative ones count from the end.
    ///
    /// # Errors
    /// An index outside of the array; MPI refuses.
    pub fn get(&self, index: &[i64]) -> Result<Scalar> {
        let (rank, offset) = self.place_of(index)?;
        let mut bytes = [0; 16];
        self.access.read(rank, offset, &mut bytes[..self.element.size()])?;
        Ok(Scalar::from_bytes(self.element, &bytes))
    }

    /// Overwrites the element at an index.
    ///
    /// # Errors
    /// As [`get`](Open::get); a value that the type does not have.
    pub fn set(&self, index: &[i64], value: impl Into<Value>) -> Result<()> {
        let (rank, offset) = self.place_of(index)?;
        self.access.write(rank, offset, &self.bytes(value.into())?[..self.element.size()])
    }

    /// Adds to the element at an index, at once. Where several ranks add floats, the rounding
    /// depends on which of them is first.
    ///
    /// # Errors
    /// As [`set`](Open::set); booleans.
    pub fn add(&self, index: &[i64], value: impl Into<Value>) -> Result<()> {
        let (rank, offset) = self.place_of(index)?;
        self.access.add(rank, offset, &self.bytes(value.into())?[..self.element.size()])
    }

    /// The elements of a region, in C order.
    ///
    /// # Errors
    /// A region that the array does not have; not enough memory; MPI refuses.
    pub fn read(&self, region: &[Subscript]) -> Result<Buffer> {
        let view = self.array.view().index(region).checked()?;
        let mut buffer = Buffer::zeros(self.array.dtype().clone(), &view.shape())?;
        let bytes = buffer.bytes_mut()?;
        self.each_run(&view, |rank, offset, from, len| self.access.read(rank, offset, &mut bytes[from..from + len]))?;
        Ok(buffer)
    }

    /// Overwrites the elements of a region by those of a buffer in C order.
    ///
    /// # Errors
    /// As [`read`](Open::read); a buffer of another shape or item type, or in another order.
    pub fn write(&self, region: &[Subscript], values: &Buffer) -> Result<()> {
        let view = self.array.view().index(region).checked()?;
        if values.shape() != &view.shape()[..] || values.dtype() != self.array.dtype() {
            let (found, given) = (values.shape(), values.dtype().name());
            let (shape, own) = (view.shape(), self.array.dtype().name());
            return argument(format!("{given} values of shape {found:?} for {own} elements of shape {:?}", &shape[..]));
        }
        let bytes = values.bytes()?;
        self.each_run(&view, |rank, offset, from, len| self.access.write(rank, offset, &bytes[from..from + len]))
    }

    /// The rank that has an element, and the byte of its memory where the element begins.
    fn place_of(&self, index: &[i64]) -> Result<(i32, usize)> {
        let outside = || {
            let message = format!("index {index:?} is outside of an array of shape {:?}", self.array.shape());
            Error::new(ErrorKind::Argument, message)
        };
        let from_start = |(&at, &extent): (&i64, &i64)| if at < 0 { at.saturating_add(extent) } else { at };
        let inside: Vec<i64> = index.iter().zip(self.array.shape()).map(from_start).collect();
        if index.len() != self.array.ndim() {
            return Err(outside());
        }
        self.place(self.array.view(), &inside).ok_or_else(outside)
    }

    /// The place of an element of a view of the array's base.
    fn place(&self, view: &View, index: &[i64]) -> Option<(i32, usize)> {
        let base = self.array.view().base();
        let global: Vec<GlobalIndex> = view.base_index(index)?.into_iter().map(GlobalIndex).collect();
        let (section, local) = base.layout().owner(&global)?;
        let rank = usize::try_from(base.ranks().holder(section)?.0).ok()?;
        let place = self.places.get(rank * (1 + local.len())..(rank + 1) * (1 + local.len()))?;
        let strides = place[1..].iter().map(|stride| stride.cast_signed());
        let offset = place[0].cast_signed() + strides.zip(&local).map(|(stride, local)| stride * local.0).sum::<i64>();
        Some((i32::try_from(rank).ok()?, usize::try_from(offset).ok()?))
    }

    /// Calls `body` with a rank, an offset there, an offset in C order of the view, and a number of
    /// bytes, for elements that lie one behind the other on both sides.
    fn each_run(&self, view: &View, mut body: impl FnMut(i32, usize, usize, usize) -> Result<()>) -> Result<()> {
        let (shape, item) = (view.shape(), self.element.size());
        let count: i64 = if shape.contains(&0) { 0 } else { shape.iter().product() };
        let nowhere = || Error::new(ErrorKind::Layout, "no rank owns an element of the array");
        let mut index = vec![0; shape.len()];
        let mut run: Option<(i32, usize, usize, usize)> = None;
        for number in 0..count as usize {
            let (rank, offset) = self.place(view, &index).ok_or_else(nowhere)?;
            run = match run {
                Some((on, at, from, len)) if on == rank && at + len == offset && len < MOST => {
                    Some((on, at, from, len + item))
                }
                done => {
                    done.map_or(Ok(()), |(on, at, from, len)| body(on, at, from, len))?;
                    Some((rank, offset, number * item, item))
                }
            };
            for axis in (0..shape.len()).rev() {
                index[axis] += 1;
                if index[axis] < shape[axis] {
                    break;
                }
                index[axis] = 0;
            }
        }
        run.map_or(Ok(()), |(on, at, from, len)| body(on, at, from, len))
    }

    fn bytes(&self, value: Value) -> Result<[u8; 16]> {
        let wrong = || Error::new(ErrorKind::Argument, format!("{} elements have no value {value:?}", self.element));
        value.bytes(self.element).ok_or_else(wrong)
    }
}
