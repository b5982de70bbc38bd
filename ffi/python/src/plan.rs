//! `Plan`: what goes where when an array moves from one layout to another. It knows no transport.

pub(crate) mod carry;
mod pickle;
mod transfer;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use dap_core::finding::irregular;
use dap_core::index::Rank;
use dap_core::layout::Layout as Inside;
use dap_core::plan::{Endpoints, Group, Plan as Inner, Transfer as Product};
use dap_ffi::transfer::{Side, check_pair};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyRange, PyTuple};

use crate::argument::{Index, Text};
use crate::error::value;
use crate::layout::Layout;
use crate::memory::dtype_shown;
use crate::pickle::Reduced;
pub(crate) use pickle::_plan;
pub(crate) use transfer::{_transfer, Transfer};

/// One process's part in moving an array from one layout to another: what it sends, receives and
/// keeps.
///
///     plan = Plan(rows, columns, comm.rank)
///     plan.execute(comm, mine, theirs)                # all of it, by mpi4py
///
///     for send in plan.sends:                         # or piece by piece, by any transport
///         post(send.peer, plan.pack(send.peer, mine))
///     plan.copy_local(mine, theirs)
///     for receive in plan.receives:
///         plan.unpack(receive.peer, fetch(receive.peer), theirs)
///
/// ``rank`` is this process's rank in both layouts, ``to_rank`` its rank in the target if that
/// differs. None: it takes no part on that side. A plan is mathematics: it holds no data and knows
/// no communicator, so any library can execute it. Owned elements move; communication padding of
/// the target is not filled. A transfer costs at most one number for each position along each
/// dimension, never their product.
///
/// ``Plan.reshape`` makes a plan for an array that gets another shape, which is used alike.
///
/// ``ValueError`` for layouts of different shapes, ``IndexError`` for ranks that are not there.
#[pyclass(frozen, eq, weakref, module = "daparray")]
pub(crate) struct Plan {
    plan: Arc<Inner>,
    /// What `_layouts` says.
    layouts: OnceLock<u64>,
}

#[pymethods]
impl Plan {
    #[new]
    #[pyo3(signature = (source, target, rank, to_rank=ToRank::Same))]
    fn new(source: &Layout, target: &Layout, rank: Option<Index>, to_rank: ToRank) -> PyResult<Self> {
        Self::planned(Inner::new, source, target, rank, to_rank)
    }

    /// The plan for an array that becomes one of another shape: the same items in the same
    /// row-major order (the last index varies fastest), as by ``numpy.reshape``, whatever the order
    /// of the arrays in memory.
    ///
    ///     rows, columns = Layout([Block(1000, 4), Block(60)]), Layout([Block(20), Block(3000, 4)])
    ///     plan = Plan.reshape(rows, columns, comm.rank)
    ///     plan.execute(comm, mine, theirs)
    ///
    /// It is used as any other plan; fastest for arrays in C order without gaps. ``groups`` says
    /// what its transfers' places count. ``ValueError`` for layouts of different numbers of items,
    /// and for lists of indices that are not 0 to ``size`` - 1.
    #[staticmethod]
    #[pyo3(signature = (source, target, rank, to_rank=ToRank::Same))]
    fn reshape(source: &Layout, target: &Layout, rank: Option<Index>, to_rank: ToRank) -> PyResult<Self> {
        Self::planned(Inner::reshape, source, target, rank, to_rank)
    }

    /// The dimensions of the source and of the target, as two ``range``s, that each factor of a
    /// transfer is about; None where these are the dimensions themselves, so for every plan but a
    /// reshape's. Places along a group count in C order over the local extents.
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let range = |dims: &Range<usize>| PyRange::new(py, dims.start as isize, dims.end as isize);
        let pair = |group: &Group| PyTuple::new(py, [range(&group.source)?, range(&group.target)?]);
        let tuple = |groups: &[Group]| PyTuple::new(py, groups.iter().map(pair).collect::<PyResult<Vec<_>>>()?);
        self.plan.groups().map(tuple).transpose()
    }

    /// The layout that is moved from.
    #[getter]
    fn source(&self) -> Layout {
        Layout::new(self.plan.from().clone())
    }

    /// The layout that is moved to.
    #[getter]
    fn target(&self) -> Layout {
        Layout::new(self.plan.to().clone())
    }

    /// The transfers to other processes, by ascending rank of the target: a ``Transfer`` each.
    #[getter]
    fn sends<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sends = self.plan.sends().map(|product| Transfer::new(py, &product));
        PyTuple::new(py, sends.collect::<PyResult<Vec<_>>>()?)
    }

    /// The transfers from other processes, by ascending rank of the source: a ``Transfer`` each.
    #[getter]
    fn receives<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let receives = self.plan.receives().map(|product| Transfer::new(py, &product));
        PyTuple::new(py, receives.collect::<PyResult<Vec<_>>>()?)
    }

    /// Elements whose source and target are both this process (a local copy); None where nothing
    /// does.
    #[getter]
    fn kept<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, Transfer>>> {
        self.plan.kept().map(|product| Transfer::new(py, &product)).transpose()
    }

    /// How many elements go to each rank of the target, what is kept included: the counts of an
    /// ``Alltoallv``. ``MemoryError`` for more processes than a list has room for.
    #[getter]
    fn send_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let kept = self.plan.kept();
        counts(py, self.plan.to().processes(), self.plan.sends().chain(kept))
    }

    /// How many elements come from each rank of the source, what is kept included: as
    /// ``send_counts``.
    #[getter]
    fn receive_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let kept = self.plan.kept().map(|kept| (self.plan.endpoints().source.unwrap_or(kept.peer()), kept));
        let received = self.plan.receives().map(|product| (product.peer(), product));
        listed(py, self.plan.from().processes(), received.chain(kept).map(|(rank, product)| (rank, product.elements())))
    }

    /// Copies the elements that go to rank ``peer`` out of ``source`` into ``message``, and returns
    /// that: a new ``bytearray`` where none is given. ``order``, ``"C"`` or ``"F"``, is that of the
    /// elements in the message, the same at both ends.
    ///
    /// ``source`` is a ``Section``, or anything with the buffer protocol or ``__dlpack__`` in the
    /// shape of this process's part. The interpreter is let go meanwhile. ``IndexError`` where
    /// nothing goes there. A message does not say of which type its items are: that both sides have
    /// the same is theirs to see to, as ``execute`` does.
    #[pyo3(signature = (peer, source, message=None, *, order=None), text_signature = "(self, peer, source, message=None, *, order='C')")]
    fn pack<'py>(
        &self,
        peer: Index,
        source: &Bound<'py, PyAny>,
        message: Option<&Bound<'py, PyAny>>,
        order: Option<Text>,
    ) -> PyResult<Bound<'py, PyAny>> {
        carry::pack(
            source.py(),
            &self.plan,
            peer.0,
            source,
            message,
            carry::order(order.as_ref().map_or("C", |order| &order.0))?,
        )
    }

    /// Copies the elements that came from rank ``peer`` out of ``message`` into ``target``.
    #[pyo3(signature = (peer, message, target, *, order=None), text_signature = "(self, peer, message, target, *, order='C')")]
    fn unpack(
        &self,
        peer: Index,
        message: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        order: Option<Text>,
    ) -> PyResult<()> {
        carry::unpack(
            target.py(),
            &self.plan,
            peer.0,
            message,
            target,
            carry::order(order.as_ref().map_or("C", |order| &order.0))?,
        )
    }

    /// Copies what stays on this process from ``source`` to ``target``, which must not share memory
    /// and have the same item type.
    fn copy_local(&self, source: &Bound<'_, PyAny>, target: &Bound<'_, PyAny>) -> PyResult<()> {
        carry::copy_local(source.py(), &self.plan, source, target)
    }

    /// Moves the array: ``source`` is this process's part as it was, ``target`` as it will be; None
    /// where it has none.
    ///
    /// ``comm`` is a communicator of mpi4py, and this is called by all its processes. The ranks of
    /// the layouts are its ranks, or those that ``source_ranks`` and ``target_ranks`` list. If
    /// something is wrong on one process (an argument, a shape, an item type, memory that may only
    /// be read, an exception in ``__dlpack__``) all raise the same ``ValueError`` or ``TypeError``,
    /// and nothing is written. ``comm`` itself is the exception: a process without a communicator
    /// raises alone.
    ///
    /// Once all have agreed the move is carried out to its end on every process. A signal handler
    /// that raises meanwhile (Ctrl-C) is called when it is over. Messages are of at most ``limit``
    /// bytes, of which MPI counts 31 bits.
    ///
    /// The engine of ``daparray.array`` carries the elements where it was built for the MPI of
    /// mpi4py: one copy between arrays in memory that the processes of a node share (those of
    /// ``daparray.array``), small pieces otherwise. Without it, or from another thread than the
    /// first that used ``comm``, messages of mpi4py do, and all that this process sends and
    /// receives is held in memory once.
    #[pyo3(
        signature = (*arguments, **keywords),
        text_signature = "($self, comm, source, target, *, source_ranks=None, target_ranks=None, limit=None)"
    )]
    fn execute(
        slf: &Bound<'_, Self>,
        arguments: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        // The arguments are read in Python, where the processes agree on them: what is refused here
        // is raised on one process.
        let execute = slf.py().import("daparray._execute")?.getattr("execute")?;
        let given: Vec<_> = std::iter::once(slf.as_any().clone()).chain(arguments.iter()).collect();
        execute.call(PyTuple::new(slf.py(), given)?, keywords)?;
        Ok(())
    }

    /// Checks both parts, and tells the item type, or None where there is no part.
    fn _checked(&self, source: &Bound<'_, PyAny>, target: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
        let endpoints = self.plan.endpoints();
        let get = |object: &Bound<'_, PyAny>, side, what, rank: Option<Rank>| match (object.is_none(), rank) {
            (true, None) => Ok(None),
            (true, Some(_)) => {
                Err(PyValueError::new_err(format!("this process has a part of the {what}; None was given")))
            }
            (false, _) => carry::part(&self.plan, side, object).map(Some),
        };
        let source = get(source, Side::Source, "source", endpoints.source)?;
        let target = get(target, Side::Target, "target", endpoints.target)?;
        if let (Some(source), Some(target)) = (&source, &target) {
            check_pair(source, target).map_err(carry::transfer_error)?;
        }
        Ok(source.or(target).map(|buffer| dtype_shown(buffer.dtype())))
    }

    /// Outgoing elements: ``(peer, elements)`` each, without their places.
    fn _sends(&self) -> Vec<(i64, i64)> {
        self.plan.sends().map(|send| (send.peer().0, send.elements())).collect()
    }

    /// Incoming elements.
    fn _receives(&self) -> Vec<(i64, i64)> {
        self.plan.receives().map(|receive| (receive.peer().0, receive.elements())).collect()
    }

    /// This process's rank in either layout.
    fn _ranks(&self) -> (Option<i64>, Option<i64>) {
        let endpoints = self.plan.endpoints();
        (endpoints.source.map(|rank| rank.0), endpoints.target.map(|rank| rank.0))
    }

    /// A number that is the same on all processes that have the same two layouts, and mean the same
    /// to happen between them.
    fn _layouts(&self) -> u64 {
        *self.layouts.get_or_init(|| {
            let mut state = DefaultHasher::new();
            self.plan.from().hash(&mut state);
            self.plan.to().hash(&mut state);
            self.plan.groups().is_some().hash(&mut state);
            state.finish()
        })
    }

    fn __hash__(&self) -> u64 {
        self._layouts()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        pickle::reduce(py, &self.plan)
    }

    fn __repr__(&self) -> String {
        let endpoints = self.plan.endpoints();
        let rank = |rank: Option<Rank>| rank.map_or_else(|| "nobody".to_owned(), |rank| format!("rank {rank}"));
        let (from, to) = (self.plan.from(), self.plan.to());
        format!("<daparray.Plan of {} in {from}, {} in {to}>", rank(endpoints.source), rank(endpoints.target))
    }
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        // All else follows from these.
        let stated = |plan: &Inner| (plan.endpoints(), plan.groups().is_some());
        stated(&self.plan) == stated(&other.plan)
            && self.plan.from() == other.plan.from()
            && self.plan.to() == other.plan.to()
    }
}

impl Plan {
    fn planned(
        make: fn(&Inside, &Inside, Endpoints) -> dap_core::error::Result<Inner>,
        source: &Layout,
        target: &Layout,
        rank: Option<Index>,
        to_rank: ToRank,
    ) -> PyResult<Self> {
        let rank = rank.map(|rank| rank.0);
        let to_rank = match to_rank {
            ToRank::Same => rank,
            ToRank::Other(rank) => rank.map(|rank| rank.0),
        };
        for (layout, rank) in [(source, rank), (target, to_rank)] {
            let processes = layout.layout().processes();
            if let Some(rank) = rank.filter(|rank| !(0..processes).contains(rank)) {
                let text = format!(
                    "{} has no rank {rank}: it has {}",
                    layout.layout(),
                    irregular(processes, "process", "processes")
                );
                return Err(PyIndexError::new_err(text));
            }
        }
        let endpoints = Endpoints { source: rank.map(Rank), target: to_rank.map(Rank) };
        let plan = make(source.layout(), target.layout(), endpoints).map_err(value)?;
        Ok(Self { plan: Arc::new(plan), layouts: OnceLock::new() })
    }
}

/// The rank in the target layout: by default that in the source.
#[derive(Debug, Clone, Copy)]
enum ToRank {
    Same,
    Other(Option<Index>),
}

impl<'py> FromPyObject<'_, 'py> for ToRank {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is(py_ellipsis(object.py())) {
            return Ok(Self::Same);
        }
        object.extract().map(Self::Other)
    }
}

fn py_ellipsis(py: Python<'_>) -> Bound<'_, PyAny> {
    pyo3::types::PyEllipsis::get(py).to_owned().into_any()
}

fn counts<'py, 'p>(
    py: Python<'py>,
    processes: i64,
    products: impl Iterator<Item = Product<'p>>,
) -> PyResult<Bound<'py, PyList>> {
    listed(py, processes, products.map(|product| (product.peer(), product.elements())))
}

/// A number for each process, as a collective call wants them. A layout may have more processes
/// than there is memory: Python's own `[0] * processes` raises `MemoryError` then.
fn listed(py: Python<'_>, processes: i64, counted: impl Iterator<Item = (Rank, i64)>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::new(py, [0])?.as_sequence().repeat(usize::try_from(processes)?)?.cast_into::<PyList>()?;
    for (rank, elements) in counted {
        list.set_item(usize::try_from(rank.0)?, elements)?;
    }
    Ok(list)
}
