//! Messages between ranks that do not know of each other's, a step at a time.

use dap_mpi::{Comm, Result};
use dap_ndarray::{Buffer, Item};
use ndarray::Array1;

/// Bytes of elements that a rank sends in one step.
pub(crate) const STEP: usize = 8 << 20;

/// Sends messages, each to a rank; empty ones are not sent, and a rank gets one at most. Returns
/// those that arrive, with their senders. Collective: a gathering of the lengths, an agreement, and
/// a message for each that is not empty.
///
/// # Errors
/// Not enough memory on some rank; MPI refuses.
pub(crate) fn exchanged<W: Item>(comm: &Comm, messages: Vec<(i32, Vec<W>)>) -> Result<Vec<(i32, Buffer)>> {
    let (ranks, here) = (comm.size() as usize, comm.rank() as usize);
    let mut lens = vec![0; ranks];
    for (rank, message) in &messages {
        lens[*rank as usize] += message.len() as u64;
    }
    let all = comm.gather_words(&lens)?;
    let receives = (0..ranks).map(|rank| (rank as i32, all[rank * ranks + here])).filter(|it| it.1 > 0);
    let (senders, rooms): (Vec<i32>, Vec<_>) = receives.unzip();
    let rooms = rooms.into_iter().map(|len| Buffer::zeros(W::dtype(), &[len as i64]));
    // A rank without memory must not leave the others waiting.
    let rooms = comm.agree(rooms.collect::<std::result::Result<Vec<Buffer>, _>>().map_err(Into::into))?;
    let sends = messages.into_iter().filter(|(_, message)| !message.is_empty());
    let sends = sends.map(|(rank, message)| (rank, Buffer::from_array(Array1::from_vec(message))));
    let arrived = comm.post(sends.collect(), senders.iter().copied().zip(rooms).collect())?.wait()?;
    Ok(senders.into_iter().zip(arrived).collect())
}
