//! The executor of an interleave schedule: walks over the local buffer line by line, each from its
//! beginning to its end, and copies each segment from or to its peer.
//!
//! Long segments are copied one after the other ([`segments`]). Segments that come in and are
//! shorter than a cache line are interleaved in the first-level cache, some cycles at a time
//! ([`blocked`]).
//!
//! # Safety argument of this module
//!
//! [`Engine::run`](super::Engine::run) makes an executor of peers whose transfers it has compared
//! with the extents of both buffers, or with the room of the message. The schedule has the same
//! overlaps as these transfers: each segment, in each cycle, is a run of their positions along one
//! factor. So the sum of one position along each factor, in bytes, is the offset of an item of that
//! memory.

mod blocked;
mod segments;

use std::sync::Arc;

use dap_non_temporal::Sink;

use super::schedule::{Level, Schedule, Segment};
use super::{Direction, Peer};

/// A copy in progress.
pub(super) struct Executor<'p, 'o> {
    pub(super) outer: &'p [Arc<Level>],
    line: &'p Level,
    peers: &'p [Option<&'p Peer<'o>>],
    item: usize,
    direction: Direction,
    /// The index along each slower level: in buffers, in messages.
    indices: Vec<[i64; 2]>,
    /// The line of each peer along the fastest level.
    lines: Vec<PeerLine>,
    /// The sinks for buffers and for messages.
    sinks: &'p mut [Sink; 2],
}

/// The current line of a peer.
#[derive(Debug, Clone, Copy)]
struct PeerLine {
    /// The first item; null if there is no such peer.
    data: *mut u8,
    /// The distance to the next line, in bytes.
    next: i64,
    is_message: bool,
}

impl PeerLine {
    const NONE: PeerLine = PeerLine { data: std::ptr::null_mut(), next: 0, is_message: false };
}

impl<'p, 'o> Executor<'p, 'o> {
    /// `None` unless the fastest level of the local buffer is contiguous there and for all peers.
    pub(super) fn new(
        schedule: &'p Schedule,
        peers: &'p [Option<&'p Peer<'o>>],
        item: usize,
        direction: Direction,
        sinks: &'p mut [Sink; 2],
    ) -> Option<Executor<'p, 'o>> {
        let (line, outer) = schedule.levels.split_last()?;
        let is_contiguous = |step: i64| step == item as i64;
        if !is_contiguous(line.step) {
            return None;
        }
        if !peers.iter().flatten().all(|peer| peer.is_uniform && is_contiguous(peer.steps[line.factor])) {
            return None;
        }
        let (indices, lines) = (vec![[0; 2]; outer.len()], vec![PeerLine::NONE; line.peers]);
        Some(Executor { outer, line, peers, item, direction, indices, lines, sinks })
    }

    /// Visits the slower levels. `at` is the product of their peers so far.
    ///
    /// # Safety
    /// `local` is the item of the local buffer with index 0 along the factors of `levels`, and with
    /// positions of the schedule along the slower factors, to which `at` and the indices belong.
    /// For the memory the contract of [`Engine::run`](super::Engine::run) holds.
    pub(super) unsafe fn walk(&mut self, levels: &'p [Arc<Level>], at: usize, local: *mut u8) {
        let Some((first, rest)) = levels.split_first() else {
            // SAFETY: `local` has index 0 along the fastest factor, the only one that is left, by
            // this function's contract.
            return unsafe { self.line(at, local) };
        };
        let depth = self.indices.len() - levels.len();
        for interleave in &first.interleaves {
            for cycle in 0..interleave.count {
                for segment in &interleave.segments {
                    let at = at * first.peers + segment.peer;
                    for k in 0..segment.len {
                        self.indices[depth] = [segment.in_buffer.at(cycle) + k, segment.in_message.at(cycle) + k];
                        let offset = (segment.local + cycle * interleave.stride + k) * first.step;
                        // SAFETY: the offset leads to a position of the schedule along this factor,
                        // and the item still has index 0 along the rest.
                        unsafe { self.walk(rest, at, local.offset(offset as isize)) };
                    }
                }
            }
        }
    }

    /// Copies one line.
    ///
    /// # Safety
    /// As [`Executor::walk`], with all slower levels visited: `local` is the first item of a line.
    unsafe fn line(&mut self, at: usize, local: *mut u8) {
        let peers = self.line.peers;
        let slower = self.outer;
        for (number, line) in self.lines.iter_mut().enumerate() {
            *line = PeerLine::NONE;
            let Some(peer) = self.peers[at * peers + number] else { continue };
            let is_message = peer.is_message();
            let index = |indices: &[i64; 2]| indices[usize::from(is_message)];
            let offset: i64 =
                slower.iter().zip(&self.indices).map(|(level, at)| index(at) * peer.steps[level.factor]).sum();
            let next = slower.last().map_or(0, |level| peer.steps[level.factor]);
            // SAFETY: the indices are positions of the peer along the slower factors, in its buffer
            // or its message, so this is the item with index 0 of one of its lines.
            *line = PeerLine { data: unsafe { peer.data.offset(offset as isize) }, next, is_message };
        }
        let line = self.line;
        for interleave in &line.interleaves {
            // SAFETY: `local` is the first item of a line, and so is `data` of each peer's line
            // that is not null. Both are contiguous along the line, or there would be no executor
            // (`Executor::new`).
            unsafe {
                let is_short = |segment: &Segment| segment.len * (self.item as i64) < 64;
                if self.direction == Direction::Out {
                    self.scatter(interleave, local);
                } else if interleave.count > 1 && interleave.segments.iter().all(is_short) {
                    self.gather_blocked(interleave, local);
                } else {
                    self.gather(interleave, local);
                }
            }
        }
    }
}
