//! A plan carried out piece by piece: memory of Python's packed into messages, unpacked from them,
//! and copied.
//!
//! [`dap_ffi::transfer`] checks what is handed over, and copies. The interpreter is let go
//! meanwhile.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ffi::transfer::{self, Side, TransferError};
use dap_ndarray::copy::{Order, movable};
use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyBufferError, PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use crate::memory::{alias, dtype_shown, lend};
use crate::section::Section;

/// The order of a message's elements: ``"C"`` or ``"F"``.
pub(super) fn order(text: &str) -> PyResult<Order> {
    match text {
        "C" => Ok(Order::C),
        "F" => Ok(Order::F),
        _ => Err(PyValueError::new_err(format!("`order` is 'C' or 'F', not {text:?}"))),
    }
}

/// The memory of a section or an array that is to be this process's part of the plan's source or
/// target.
pub(super) fn part(plan: &Plan, side: Side, object: &Bound<'_, PyAny>) -> PyResult<Arc<Buffer>> {
    let section = object.cast_exact::<Section>().ok();
    let buffer = match section {
        Some(section) => Arc::new(section.get().memory().share(object.py())?),
        None => lend(object)?,
    };
    let described = section.map(|section| section.get().described());
    transfer::check_part(plan, side, &buffer, described).map_err(transfer_error)?;
    Ok(buffer)
}

/// Packs what goes to a peer; without `message` into a new `bytearray`.
pub(super) fn pack<'py>(
    py: Python<'py>,
    plan: &Plan,
    peer: i64,
    source: &Bound<'py, PyAny>,
    message: Option<&Bound<'py, PyAny>>,
    order: Order,
) -> PyResult<Bound<'py, PyAny>> {
    let send = plan.outgoing_to(Rank(peer)).ok_or_else(|| nothing("goes to", peer))?;
    let source = part(plan, Side::Source, source)?;
    let message = match message {
        Some(message) => message.clone(),
        None => {
            let bytes = transfer::message_len(&send, &source).map_err(transfer_error)?;
            PyByteArray::new_with(py, bytes, |_| Ok(()))?.into_any()
        }
    };
    let mut room = self::message(&message, Access::ReadWrite)?;
    let (to, bytes) = (Raw(room.as_mut_ptr().map_err(crate::memory::buffer_error)?), room.len() * room.itemsize());
    // SAFETY: the message has these bytes in one piece, which may be written, and `room` keeps
    // them. The caller's Python threads must not use them meanwhile: see the page of
    // `memory`.
    py.detach(|| unsafe { transfer::pack(&send, &source, order, to.address(), bytes) }).map_err(transfer_error)?;
    Ok(message)
}

/// Unpacks what came from a peer.
pub(super) fn unpack(
    py: Python<'_>,
    plan: &Plan,
    peer: i64,
    message: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    order: Order,
) -> PyResult<()> {
    let receive = plan.incoming_from(Rank(peer)).ok_or_else(|| nothing("comes from", peer))?;
    let target = part(plan, Side::Target, target)?;
    let message = self::message(message, Access::ReadOnly)?;
    let mut target = alias(&target);
    let bytes = message.len() * message.itemsize();
    // SAFETY: the message has these bytes in one piece, and is kept while this runs. The caller's
    // Python threads must not write them meanwhile: see the page of `memory`.
    py.detach(|| unsafe { transfer::unpack(&receive, message.as_ptr(), bytes, order, &mut target) })
        .map_err(transfer_error)
}

/// Copies what stays.
pub(super) fn copy_local(
    py: Python<'_>,
    plan: &Plan,
    source: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let Some(kept) = plan.kept() else { return Ok(()) };
    let source = part(plan, Side::Source, source)?;
    let mut target = alias(&part(plan, Side::Target, target)?);
    py.detach(|| transfer::copy_local(&kept, &source, &mut target)).map_err(transfer_error)
}

/// An address that goes along while the interpreter is let go.
#[derive(Clone, Copy)]
pub(crate) struct Raw(pub(crate) *mut u8);

// SAFETY: an address can be sent to any thread; the code that uses it says why the memory is there.
unsafe impl Send for Raw {}
// SAFETY: an address is only read when it is shared.
unsafe impl Sync for Raw {}

impl Raw {
    pub(crate) fn address(self) -> *mut u8 {
        self.0
    }
}

/// Memory of a message, in one piece.
pub(crate) fn message(object: &Bound<'_, PyAny>, access: Access) -> PyResult<Buffer> {
    let buffer = lend(object)?;
    let (what, found) = ("message", buffer.dtype());
    movable(found).map_err(|_| transfer_error(TransferError::Addresses { what, found: found.clone() }))?;
    if !buffer.is_c_contiguous() {
        return Err(PyValueError::new_err("a message lies in one piece, in C order"));
    }
    if access == Access::ReadWrite && buffer.access() == Access::ReadOnly {
        return Err(transfer_error(TransferError::ReadOnly { what }));
    }
    Ok(alias(&buffer))
}

fn nothing(goes: &str, peer: i64) -> PyErr {
    PyIndexError::new_err(format!("nothing {goes} rank {peer}"))
}

/// The exception for a transfer that its arguments do not allow.
pub(crate) fn transfer_error(error: TransferError) -> PyErr {
    let text = error.text(dtype_shown);
    match error {
        TransferError::ReadOnly { .. } => PyBufferError::new_err(text),
        _ => PyValueError::new_err(text),
    }
}
