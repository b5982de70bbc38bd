//! Cache-blocked interleaving: short segments that come in are put together in the first-level
//! cache, some cycles at a time, and written to the local buffer as one run.

use super::super::super::interleave;
use super::super::super::strided_copy::{SCRATCH, Scratch, items};
use super::super::schedule::Interleave;
use super::{Executor, PeerLine};

/// The number of bytes that are put together at a time.
const BLOCK: usize = 2048;

impl Executor<'_, '_> {
    /// Copies segments that come in and are shorter than a cache line.
    ///
    /// # Safety
    /// As [`Executor::scatter`].
    pub(super) unsafe fn gather_blocked(&mut self, interleave: &Interleave, local: *mut u8) {
        let item = self.item;
        // Groups of an unstructured dimension may run backwards in the local buffer.
        let cycle_bytes = usize::try_from(interleave.stride).unwrap_or(usize::MAX).saturating_mul(item);
        let begin = interleave.segments.iter().map(|segment| segment.local).min().unwrap_or(0);
        let end = interleave.segments.iter().map(|segment| segment.local + segment.len).max().unwrap_or(0);
        let covered: i64 = interleave.segments.iter().map(|segment| segment.len).sum();
        let is_dense = end - begin == interleave.stride && covered == interleave.stride;
        let is_complete = interleave.segments.iter().all(|segment| !self.lines[segment.peer].data.is_null());
        if !is_dense || !is_complete || cycle_bytes > SCRATCH / 4 {
            // SAFETY: this function's contract is that of `gather`.
            return unsafe { self.gather(interleave, local) };
        }
        let mut scratch = Scratch([0; SCRATCH]);
        let most = (BLOCK / cycle_bytes).max(1) as i64;
        // The first block ends at the end of a cache line, so that all further blocks are whole
        // lines.
        let head = (64 - local.addr().wrapping_add_signed(begin as isize * item as isize) % 64) % 64;
        let is_aligned = head > 0 && head.is_multiple_of(cycle_bytes);
        let mut cycles = if is_aligned { (head / cycle_bytes) as i64 } else { most };
        let mut first = 0;
        while first < interleave.count {
            cycles = cycles.min(interleave.count - first);
            // SAFETY: cycles `first..first + cycles` are the interleave's, and the scratch has room
            // for them: a cycle is at most a quarter of it, and several cycles are at most `BLOCK`
            // bytes or one line. The segments of a cycle cover `stride` positions from `begin` on
            // without a gap (`is_dense`). So all bytes that are pushed were put together before,
            // and belong to the local line.
            unsafe {
                if !self.interleave_items(interleave, first, cycles as usize, scratch.0.as_mut_ptr()) {
                    self.place_segments(interleave, begin, first, cycles as usize, scratch.0.as_mut_ptr());
                }
                let dst = local.offset(((begin + first * interleave.stride) * item as i64) as isize);
                self.sinks[0].push(dst, scratch.0.as_ptr(), cycles as usize * cycle_bytes);
            }
            first += cycles;
            cycles = most;
        }
    }

    /// Interleaves cycles of one item of each peer in order, whose next items are neighbours there.
    /// Returns false, and does nothing, for other segments.
    ///
    /// # Safety
    /// As [`Executor::scatter`], for cycles that the interleave has; there is room for them.
    unsafe fn interleave_items(&self, interleave: &Interleave, first: i64, cycles: usize, room: *mut u8) -> bool {
        let mut from = [std::ptr::null::<u8>(); 4];
        let count = interleave.segments.len();
        if count != 2 && count != 4 {
            return false;
        }
        for (from, segment) in from.iter_mut().zip(&interleave.segments) {
            let PeerLine { data, is_message, .. } = self.lines[segment.peer];
            let offset = segment.peer_offset(is_message);
            if segment.len != 1 || offset.stride != 1 {
                return false;
            }
            // SAFETY: `data` is not null (`is_complete` in `gather_blocked`), and cycle `first` of
            // the segment is a position of its line.
            *from = unsafe { data.offset((offset.at(first) * self.item as i64) as isize) };
        }
        let [a, b, c, d] = from;
        // SAFETY: each segment is one item, at the next position in each cycle, so `cycles` items
        // lie one behind the other there. The room holds these items of each, by this function's
        // contract.
        unsafe {
            each_size!(self.item, N => match count {
                2 => interleave::interleave2::<N>([a, b], cycles, room),
                _ => interleave::interleave4::<N>([a, b, c, d], cycles, room),
            }, return false);
        }
        true
    }

    /// Copies cycles into the room, one segment after the other.
    ///
    /// # Safety
    /// As [`Executor::interleave_items`].
    unsafe fn place_segments(&self, interleave: &Interleave, begin: i64, first: i64, cycles: usize, room: *mut u8) {
        let item = self.item;
        let cycle_bytes = interleave.stride as usize * item;
        for segment in &interleave.segments {
            let PeerLine { data, is_message, .. } = self.lines[segment.peer];
            let offset = segment.peer_offset(is_message);
            for k in 0..segment.len {
                // SAFETY: element k of the segment, in each of these cycles, is a position of the
                // peer's line. Its position within the cycle lies in `0..stride`, so it has room
                // there by this function's contract.
                unsafe {
                    let src = data.offset(((offset.at(first) + k) * item as i64) as isize);
                    let dst = room.add((segment.local - begin + k) as usize * item);
                    let src_step = offset.stride as isize * item as isize;
                    each_size!(item, N => items::<N>(cycles, src_step, cycle_bytes as isize, src, dst), {
                        for cycle in 0..cycles {
                            let src = src.offset(cycle as isize * src_step);
                            std::ptr::copy_nonoverlapping(src, dst.add(cycle * cycle_bytes), item);
                        }
                    });
                }
            }
        }
    }
}
