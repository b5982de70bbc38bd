//! The buffers of other ranks of the node that can be read or written here, for one operation.

use std::sync::Arc;

use dap_ndarray::{Access, Buffer};

use crate::comm::Comm;
use crate::error::Result;
use crate::node::{Mapping, MemoryHandle, Node};

/// The memory handles and strides that the ranks of this node gave for one side of an operation, in
/// the order of node ranks.
#[derive(Debug)]
pub(crate) struct ExchangedHandles {
    handles: Vec<Option<MemoryHandle>>,
    strides: Vec<Vec<i64>>,
}

/// One side of an operation: this process's buffer, and the number of dimensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'b> {
    pub(crate) buffer: Option<&'b Buffer>,
    pub(crate) ndim: usize,
}

impl Side<'_> {
    /// The numbers that are exchanged: a memory handle, and the strides.
    fn numbers(&self, node: &Node) -> Vec<i64> {
        let handle = self.buffer.filter(|_| node.mailbox().is_some()).and_then(super::handle);
        let mut numbers = handle.map_or([-1; MemoryHandle::NUMBERS], MemoryHandle::numbers).to_vec();
        match self.buffer {
            Some(buffer) => numbers.extend(buffer.strides()),
            None => numbers.resize(numbers.len() + self.ndim, 0),
        }
        numbers
    }

    fn exchanged<'n>(&self, all: impl Iterator<Item = &'n [i64]>) -> ExchangedHandles {
        let (handles, strides) = all
            .map(|numbers| {
                (MemoryHandle::from_numbers(numbers), numbers[MemoryHandle::NUMBERS..][..self.ndim].to_vec())
            })
            .unzip();
        ExchangedHandles { handles, strides }
    }
}

/// Exchanges memory handles, and whether each rank's arguments are right. `numbers` become the
/// minima over all ranks. No rank returns before all have entered. Collective.
///
/// # Errors
/// As [`Comm::agree`].
pub(crate) fn exchange_handles(
    comm: &Comm,
    checked: Result<()>,
    numbers: &mut [i64],
    sides: [Side<'_>; 2],
) -> Result<[ExchangedHandles; 2]> {
    let node = comm.node();
    let [first, second] = sides.map(|side| side.numbers(node));
    let split = first.len();
    // One post in the mailbox, if all ranks share this node.
    let received = if let Some(mailbox) = node.mailbox_of_all() {
        let mine = [&[i64::from(checked.is_ok())], &*numbers, &first, &second].concat();
        let all = mailbox.exchange(&mine)?;
        let received = || all.chunks_exact(mine.len());
        if received().any(|received| received[0] == 0) {
            comm.agree(checked)?;
        }
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = received().map(|received| received[1 + at]).min().unwrap_or(*number);
        }
        received().map(|received| received[1 + numbers.len()..].to_vec()).collect::<Vec<_>>()
    } else {
        comm.agree_with(checked, numbers)?;
        let mine = [first, second].concat();
        node.exchange(&mine)?.chunks_exact(mine.len()).map(<[i64]>::to_vec).collect()
    };
    let [source, target] = sides;
    Ok([
        source.exchanged(received.iter().map(|received| &received[..split])),
        target.exchanged(received.iter().map(|received| &received[split..])),
    ])
}

/// The buffers of this node's ranks that every rank of the node can reach, in the order of node
/// ranks.
#[derive(Debug)]
pub(crate) struct RemoteBuffers {
    found: Vec<Option<RemoteBuffer>>,
    own: usize,
}

#[derive(Debug)]
struct RemoteBuffer {
    mapping: Arc<Mapping>,
    offset: i64,
    strides: Vec<i64>,
}

impl ExchangedHandles {
    /// Opens the buffers that every rank of the node can map with `access`. Collective on the node.
    pub(crate) fn open(self, node: &Node, access: Access) -> Result<RemoteBuffers> {
        let reachable = node.reachable(&self.handles, access)?;
        let all = self.handles.iter().zip(reachable).zip(self.strides).enumerate();
        let found = all.map(|(node_rank, ((handle, reachable), strides))| {
            let handle = handle.as_ref().filter(|_| reachable)?;
            Some(RemoteBuffer { mapping: node.map(node_rank, handle, access).ok()?, offset: handle.offset, strides })
        });
        Ok(RemoteBuffers { found: found.collect(), own: node.node_rank() })
    }
}

impl RemoteBuffers {
    /// Whether every rank of the node can reach the buffer of a node rank.
    pub(crate) fn is_reachable(&self, node_rank: usize) -> bool {
        self.found.get(node_rank).is_some_and(Option::is_some)
    }

    /// Whether other ranks can reach this process's own buffer.
    pub(crate) fn own_is_reachable(&self) -> bool {
        self.is_reachable(self.own)
    }

    /// The buffer of a node rank: the address of its item at index 0, and its strides. It may be
    /// written only if it was opened for writing.
    pub(crate) fn get(&self, node_rank: usize) -> Option<(*mut u8, &[i64])> {
        let found = self.found.get(node_rank)?.as_ref()?;
        Some((found.mapping.at(found.offset), &found.strides))
    }
}
