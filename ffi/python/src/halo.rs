//! `_Halo`: one process's part in filling the padding of an array. The class `HaloExchange`, in
//! Python, carries it out over mpi4py.
//!
//! A message holds the elements of several boxes of the buffer, one box behind the other, in an
//! order that both ends know. [`dap_core::plan::Halo`] lists the boxes; [`dap_ffi::transfer`] packs
//! and unpacks each.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout as Map;
use dap_core::plan::{Halo as Inside, Message, Stencil, Transfer};
use dap_ffi::transfer::{self, Role, TransferError, check_section};
use dap_ndarray::copy::{self, Order, movable};
use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;

use crate::argument::Index;
use crate::error::value;
use crate::layout::Layout;
use crate::memory::{Local, alias, buffer_error, dtype_argument, dtype_shown, hold, lend};
use crate::plan::carry::{Raw, message, transfer_error};
use crate::section::Section;

/// One process's part in filling the padding of an array.
#[pyclass(frozen, weakref, module = "daparray", name = "_Halo")]
pub(crate) struct Halo {
    layout: Map,
    /// None on a process without a part.
    rank: Option<Rank>,
    dtype: DType,
    corners: bool,
    inside: Option<Inside>,
}

#[pymethods]
impl Halo {
    #[new]
    fn new(layout: &Layout, rank: Option<Index>, dtype: &Bound<'_, PyAny>, corners: bool) -> PyResult<Self> {
        let (layout, rank) = (layout.layout().clone(), rank.map(|rank| Rank(rank.0)));
        let dtype = dtype_argument(dtype)?;
        movable(&dtype)
            .map_err(|_| transfer_error(TransferError::Addresses { what: "array", found: dtype.clone() }))?;
        let stencil = if corners { Stencil::Box } else { Stencil::Star };
        let inside = rank.map(|rank| Inside::new(&layout, rank, stencil)).transpose().map_err(value)?;
        Ok(Self { layout, rank, dtype, corners, inside })
    }

    /// The item type, as NumPy prints it.
    #[getter]
    fn dtype(&self) -> String {
        dtype_shown(&self.dtype)
    }

    /// The bytes of one item.
    #[getter]
    fn itemsize(&self) -> i64 {
        self.dtype.itemsize()
    }

    /// Whether the elements of diagonal neighbours come, too.
    #[getter]
    fn corners(&self) -> bool {
        self.corners
    }

    /// A number that is the same on all processes that prepare the same exchange.
    #[getter]
    fn number(&self) -> u64 {
        let mut state = DefaultHasher::new();
        (&self.layout, self.corners, "halo").hash(&mut state);
        state.finish()
    }

    /// Outgoing messages: ``(peer, bytes)`` each.
    #[getter]
    fn sends(&self) -> PyResult<Vec<(i64, usize)>> {
        self.listed(Inside::sends)
    }

    /// Incoming messages.
    #[getter]
    fn receives(&self) -> PyResult<Vec<(i64, usize)>> {
        self.listed(Inside::receives)
    }

    /// The bytes of this process's own elements that its padding images.
    #[getter]
    fn kept(&self) -> PyResult<usize> {
        self.inside.as_ref().map_or(Ok(0), |inside| self.bytes(inside.local()))
    }

    /// The memory of this process's part, checked; None on a process that has none.
    fn memory(&self, array: &Bound<'_, PyAny>) -> PyResult<Option<Local>> {
        match (array.is_none(), self.rank) {
            (true, None) => return Ok(None),
            (true, Some(_)) => {
                return Err(PyValueError::new_err("this process has a part of the array; None was given"));
            }
            _ => {}
        }
        let section = array.cast_exact::<Section>().ok();
        let memory = match section {
            Some(section) => section.get().memory().clone_ref(array.py()),
            None => hold(array)?,
        };
        let described = section.map(|section| section.get().described());
        check_section(&self.layout, self.rank, Role::Padded, &memory, described).map_err(transfer_error)?;
        if *memory.dtype() != self.dtype {
            let (found, expected) = (dtype_shown(memory.dtype()), dtype_shown(&self.dtype));
            return Err(PyValueError::new_err(format!("the items are {found}, the exchange is of {expected}")));
        }
        Ok(Some(Local::new(memory)))
    }

    /// Packs message `at` of those that go out; without `at` the process's own elements.
    fn pack(&self, array: &Bound<'_, PyAny>, room: &Bound<'_, PyAny>, at: Option<usize>) -> PyResult<()> {
        let boxes = self.boxes(Inside::sends, at)?;
        let source = lend(array)?;
        let mut room = message(room, Access::ReadWrite)?;
        let (to, bytes) = (Raw(room.as_mut_ptr().map_err(buffer_error)?), room.len() * room.itemsize());
        let pack = |part: &Transfer<'_>, begin: usize| {
            let room = bytes.saturating_sub(begin);
            // SAFETY: the message has `bytes` bytes in one piece from `to` on, of which the last
            // `room` may be written; `room` keeps them, and is checked before the address is used.
            // Other threads must not use the message meanwhile: see the page of `memory`.
            unsafe { transfer::pack(part, &source, Order::C, to.address().wrapping_add(begin), room) }.map(|_| ())
        };
        array.py().detach(|| each(&boxes, &source, pack)).map_err(transfer_error)
    }

    /// Unpacks message `at` of those that come in; without `at` the process's own elements.
    fn unpack(&self, array: &Bound<'_, PyAny>, from: &Bound<'_, PyAny>, at: Option<usize>) -> PyResult<()> {
        let boxes = self.boxes(Inside::receives, at)?;
        let held: Arc<Buffer> = lend(array)?;
        let mut target = alias(&held);
        let from = message(from, Access::ReadOnly)?;
        let (begins, bytes) = (Raw(from.as_ptr().cast_mut()), from.len() * from.itemsize());
        let unpack = |part: &Transfer<'_>, begin: usize| {
            let len = bytes.saturating_sub(begin);
            // SAFETY: the message has `bytes` bytes in one piece, of which these are the last
            // `len`, and `from` keeps them; they are initialised, being Python's. Other threads
            // must not write them meanwhile: see the page of `memory`.
            unsafe { transfer::unpack(part, begins.address().wrapping_add(begin), len, Order::C, &mut target) }
        };
        array.py().detach(|| each(&boxes, &held, unpack)).map_err(transfer_error)
    }
}

impl Halo {
    fn listed(&self, messages: fn(&Inside) -> &[Message]) -> PyResult<Vec<(i64, usize)>> {
        let messages = self.inside.as_ref().map_or(&[][..], messages);
        messages.iter().map(|message| Ok((message.peer().0, self.bytes(message.boxes())?))).collect()
    }

    /// The bytes of these boxes.
    fn bytes<'h>(&self, mut boxes: impl Iterator<Item = Transfer<'h>>) -> PyResult<usize> {
        let itemsize = usize::try_from(self.dtype.itemsize()).unwrap_or(0);
        let sum = boxes.try_fold(0_usize, |sum, part| sum.checked_add(copy::message_bytes(&part, itemsize)?));
        sum.filter(|&sum| isize::try_from(sum).is_ok()).ok_or_else(|| transfer_error(TransferError::TooLarge))
    }

    fn boxes(&self, messages: fn(&Inside) -> &[Message], at: Option<usize>) -> PyResult<Vec<Transfer<'_>>> {
        match (self.inside.as_ref(), at) {
            (None, None) => Ok(Vec::new()),
            (Some(inside), None) => Ok(inside.local().collect()),
            (inside, Some(at)) => {
                let message = inside.and_then(|inside| messages(inside).get(at));
                let message = message.ok_or_else(|| PyIndexError::new_err(format!("there is no message {at}")))?;
                Ok(message.boxes().collect())
            }
        }
    }
}

/// Calls `act` with each box and the place in the message where it begins.
fn each(
    boxes: &[Transfer<'_>],
    array: &Buffer,
    mut act: impl FnMut(&Transfer<'_>, usize) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let mut begin = 0_usize;
    for part in boxes {
        act(part, begin)?;
        begin = begin.checked_add(transfer::message_len(part, array)?).ok_or(TransferError::TooLarge)?;
    }
    Ok(())
}
