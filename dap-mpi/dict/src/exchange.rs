//! Bytes from each rank to each other one.

use dap_mpi::{Comm, Result};

/// The longest message, in bytes.
const PIECE: usize = 4 << 20;

/// Sends `to[rank]` to each rank; returns the bytes that came from each. Collective.
///
/// # Errors
/// MPI refuses.
pub(crate) fn exchange(comm: &Comm, to: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let (ranks, here) = (comm.size() as usize, comm.rank() as usize);
    let lengths: Vec<u64> = to.iter().map(|bytes| bytes.len() as u64).collect();
    let all = comm.gather_words(&lengths)?;
    let from = |rank: usize| all[rank * ranks + here] as usize;
    let mut received: Vec<Vec<u8>> = (0..ranks).map(|rank| Vec::with_capacity(from(rank))).collect();
    let longest = all.iter().copied().max().unwrap_or(0) as usize;
    // All ranks have the same table, hence the same number of rounds.
    for start in (0..longest).step_by(PIECE) {
        let piece = |len: usize| len.saturating_sub(start).min(PIECE);
        let sends: Vec<(i32, &[u8])> = (0..ranks)
            .filter(|&rank| piece(to[rank].len()) > 0)
            .map(|rank| (rank as i32, &to[rank][start..start + piece(to[rank].len())]))
            .collect();
        let senders: Vec<usize> = (0..ranks).filter(|&rank| piece(from(rank)) > 0).collect();
        let receives: Vec<(i32, usize)> = senders.iter().map(|&rank| (rank as i32, piece(from(rank)))).collect();
        for (rank, bytes) in senders.into_iter().zip(comm.exchange(&sends, &receives)?) {
            received[rank].extend(bytes);
        }
    }
    Ok(received)
}
