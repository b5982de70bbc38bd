//! `Group`: messages of bytes and collective operations among some ranks of a context.
//!
//! The package turns objects of Python into bytes and back. An object that has no bytes comes as
//! the text of its error, and makes the collective call an error of all members.

use dap_array::spmd::{self, Decode, Encode, Typed};
use dap_mpi::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::context::Context;
use crate::error::Raised;
use crate::thread::{Owned, without_gil};

/// Some ranks of a context, in an order.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Group {
    group: Owned<spmd::Group>,
}

/// The bytes of an object, or the text of the error that it has none.
#[derive(FromPyObject)]
enum Message {
    Bytes(Vec<u8>),
    Failed(String),
}

impl Typed for Message {
    fn type_name() -> String {
        "an object of Python".to_owned()
    }
}

impl Encode for Message {
    fn encode(&self, to: &mut Vec<u8>) -> dap_array::Result<()> {
        match self {
            Message::Bytes(bytes) => to.extend_from_slice(bytes),
            Message::Failed(error) => return Err(Error::new(ErrorKind::Argument, error.clone())),
        }
        Ok(())
    }
}

impl Decode for Message {
    fn decode(bytes: &[u8]) -> dap_array::Result<Message> {
        Ok(Message::Bytes(bytes.to_vec()))
    }
}

fn received(py: Python<'_>, message: Message) -> Bound<'_, PyBytes> {
    match message {
        Message::Bytes(bytes) => PyBytes::new(py, &bytes),
        // `decode` makes none.
        Message::Failed(_) => PyBytes::new(py, &[]),
    }
}

fn list(py: Python<'_>, all: Vec<Message>) -> Vec<Bound<'_, PyBytes>> {
    all.into_iter().map(|message| received(py, message)).collect()
}

#[pymethods]
impl Group {
    /// The group of these ranks. Each member makes it; no message is sent.
    #[new]
    fn new(context: &Bound<'_, Context>, ranks: Vec<i32>) -> PyResult<Group> {
        let group = context.get().get()?.group(&ranks).raised()?;
        Ok(Group { group: Owned::new(group) })
    }

    /// The ranks of the members in the context.
    #[getter]
    fn ranks(&self) -> PyResult<Vec<i32>> {
        Ok(self.group.get()?.ranks().to_vec())
    }

    /// The member that this rank is; None if it is none.
    #[getter]
    fn member(&self) -> PyResult<Option<usize>> {
        Ok(self.group.get()?.member())
    }

    fn send(&self, py: Python<'_>, to: usize, tag: u64, message: Message) -> PyResult<()> {
        let group = self.group.get()?;
        without_gil(py, || group.send(to, tag, &message)).raised()
    }

    fn recv<'py>(&self, py: Python<'py>, from_member: usize, tag: u64) -> PyResult<Bound<'py, PyBytes>> {
        let group = self.group.get()?;
        let message = without_gil(py, || group.recv(from_member, tag)).raised()?;
        Ok(received(py, message))
    }

    fn recv_any<'py>(&self, py: Python<'py>, tag: u64) -> PyResult<(usize, Bound<'py, PyBytes>)> {
        let group = self.group.get()?;
        let (from, message) = without_gil(py, || group.recv_any(tag)).raised()?;
        Ok((from, received(py, message)))
    }

    #[pyo3(signature = (root, mine=None))]
    fn bcast<'py>(&self, py: Python<'py>, root: usize, mine: Option<Message>) -> PyResult<Bound<'py, PyBytes>> {
        let group = self.group.get()?;
        let message = without_gil(py, || group.bcast(root, mine)).raised()?;
        Ok(received(py, message))
    }

    #[pyo3(signature = (root, all=None))]
    fn scatter<'py>(&self, py: Python<'py>, root: usize, all: Option<Vec<Message>>) -> PyResult<Bound<'py, PyBytes>> {
        let group = self.group.get()?;
        let message = without_gil(py, || group.scatter(root, all)).raised()?;
        Ok(received(py, message))
    }

    fn gather<'py>(&self, py: Python<'py>, root: usize, mine: Message) -> PyResult<Option<Vec<Bound<'py, PyBytes>>>> {
        let group = self.group.get()?;
        let all = without_gil(py, || group.gather(root, &mine)).raised()?;
        Ok(all.map(|all| list(py, all)))
    }

    fn gather_all<'py>(&self, py: Python<'py>, mine: Message) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let group = self.group.get()?;
        let all = without_gil(py, || group.gather_all(&mine)).raised()?;
        Ok(list(py, all))
    }

    fn barrier(&self, py: Python<'_>) -> PyResult<()> {
        let group = self.group.get()?;
        without_gil(py, || group.barrier()).raised()
    }
}
