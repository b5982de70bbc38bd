//! A plan carried out piece by piece: memory of Python's packed into messages, unpacked from them, and copied.
//!
//! What is looked at first: that a buffer is the part that the plan is about, that messages are long enough and lie in one piece, and
//! that nothing is read and written at once. Then the interpreter is let go, and the copy kernels run beside it.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Plan, Transfer};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyBufferError, PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use crate::memory::{alias, lend, tuple};
use crate::section::Section;

/// The order of a message's elements: ``"C"`` or ``"F"``.
pub(super) fn order(text: &str) -> PyResult<Order> {
    match text {
        "C" => Ok(Order::C),
        "F" => Ok(Order::F),
        _ => Err(PyValueError::new_err(format!("`order` is 'C' or 'F', not {text:?}"))),
    }
}

/// The memory of a section or an array that is to be a rank's part.
pub(super) fn part(
    object: &Bound<'_, PyAny>,
    what: &str,
    layout: &Layout,
    rank: Option<Rank>,
    access: Access,
) -> PyResult<Arc<Buffer>> {
    let buffer = match object.cast_exact::<Section>() {
        Ok(section) => Arc::clone(section.get().buffer()),
        Err(_) => lend(object)?,
    };
    let wanted = rank.and_then(|rank| layout.local_shape(rank));
    let wanted = wanted.ok_or_else(|| PyValueError::new_err(format!("this process has no part of the {what}")))?;
    if buffer.shape() != &wanted[..] {
        let (found, wanted) = (tuple(buffer.shape()), tuple(&wanted));
        return Err(PyValueError::new_err(format!("the {what} has the shape {found}, its layout {wanted}")));
    }
    if access == Access::ReadWrite && buffer.access() == Access::ReadOnly {
        return Err(PyBufferError::new_err(format!("the {what} may only be read")));
    }
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
    let source = part(source, "source", plan.from(), plan.party().source, Access::ReadOnly)?;
    let bytes = bytes(&send, &source)?;
    let message = match message {
        Some(message) => message.clone(),
        None => PyByteArray::new_with(py, bytes, |_| Ok(()))?.into_any(),
    };
    let mut room = self::message(&message, bytes, Access::ReadWrite)?;
    apart(&source, &room, "the message", "the source")?;
    let to = Raw(room.as_mut_ptr().map_err(crate::memory::refusal)?);
    py.detach(|| {
        // SAFETY: the message has so many bytes in one piece, may be written, is kept by `room`, and shares none with the source.
        copy::pack(&send, &source, order, unsafe { std::slice::from_raw_parts_mut(to.address(), bytes) })
    })
    .map_err(refused)?;
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
    let target = part(target, "target", plan.to(), plan.party().target, Access::ReadWrite)?;
    let bytes = bytes(&receive, &target)?;
    let message = self::message(message, bytes, Access::ReadOnly)?;
    apart(&message, &target, "the target", "the message")?;
    let mut target = alias(&target);
    py.detach(|| {
        // SAFETY: the message has so many bytes in one piece, is kept while this runs, and shares none with the target.
        copy::unpack(&receive, unsafe { std::slice::from_raw_parts(message.as_ptr(), bytes) }, order, &mut target)
    })
    .map_err(refused)
}

/// Copies what stays.
pub(super) fn copy_local(
    py: Python<'_>,
    plan: &Plan,
    source: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let Some(kept) = plan.kept() else { return Ok(()) };
    let party = plan.party();
    let source = part(source, "source", plan.from(), party.source, Access::ReadOnly)?;
    let target = part(target, "target", plan.to(), party.target, Access::ReadWrite)?;
    alike(&source, &target)?;
    apart(&source, &target, "the target", "the source")?;
    let mut target = alias(&target);
    py.detach(|| copy::copy_local(&kept, &source, &mut target)).map_err(refused)
}

/// Refuses Python objects: their addresses mean nothing on another process.
pub(super) fn movable(buffer: &Buffer) -> PyResult<()> {
    if buffer.dtype().is_object() {
        let found = buffer.dtype().name();
        return Err(PyBufferError::new_err(format!(
            "the items are {found}: Python objects are not moved, only their addresses could be; convert them to an item type without objects"
        )));
    }
    Ok(())
}

/// Refuses two buffers whose items are of different types.
pub(super) fn alike(source: &Buffer, target: &Buffer) -> PyResult<()> {
    if source.dtype() != target.dtype() {
        let (from, to) = (source.dtype().name(), target.dtype().name());
        return Err(PyValueError::new_err(format!("the items are {from} in the source, {to} in the target")));
    }
    Ok(())
}

/// Refuses two buffers that share memory, or might.
pub(super) fn apart(a: &Buffer, b: &Buffer, what: &str, with: &str) -> PyResult<()> {
    let (a, b) = (a.reach(), b.reach());
    if a.start < b.end && b.start < a.end {
        return Err(PyValueError::new_err(format!("{what} shares memory with {with}")));
    }
    Ok(())
}

/// An address that goes along while the interpreter is let go.
#[derive(Clone, Copy)]
struct Raw(*mut u8);

// SAFETY: only an address; whoever made it says why it may be used.
unsafe impl Send for Raw {}
// SAFETY: as above.
unsafe impl Sync for Raw {}

impl Raw {
    fn address(self) -> *mut u8 {
        self.0
    }
}

fn bytes(transfer: &Transfer<'_>, buffer: &Buffer) -> PyResult<usize> {
    let bytes = transfer.elements().checked_mul(buffer.itemsize() as i64);
    let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok());
    bytes.ok_or_else(|| PyValueError::new_err("the message is larger than any memory"))
}

/// Memory of a message, of so many bytes at least.
fn message(object: &Bound<'_, PyAny>, bytes: usize, access: Access) -> PyResult<Buffer> {
    let buffer = lend(object)?;
    let found = buffer.len() * buffer.itemsize();
    if found < bytes {
        return Err(PyValueError::new_err(format!("the message has {found} bytes, {bytes} are needed")));
    }
    if !buffer.is_c_contiguous() {
        return Err(PyValueError::new_err("a message lies in one piece, in C order"));
    }
    if access == Access::ReadWrite && buffer.access() == Access::ReadOnly {
        return Err(PyBufferError::new_err("the message may only be read"));
    }
    Ok(alias(&buffer))
}

fn nothing(goes: &str, peer: i64) -> PyErr {
    PyIndexError::new_err(format!("nothing {goes} rank {peer}"))
}

fn refused(error: copy::CopyError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
