//! Segments that are copied one after the other, in either direction.

use dap_non_temporal::prefetch;

use super::super::schedule::Interleave;
use super::{Executor, PeerLine};

/// The distance, in bytes, from the segment that is copied to the one that is prefetched.
const PREFETCH_DISTANCE: i64 = 4096;

impl Executor<'_, '_> {
    /// Copies the segments that leave the local buffer. The local buffer is read without a gap, so
    /// the processor prefetches it by itself.
    ///
    /// # Safety
    /// `local` is the first item of a line, and so is `data` of the peers' lines that are not null.
    /// The interleave is one of that line's. For the memory the contract of
    /// [`Engine::run`](super::super::Engine::run) holds.
    pub(super) unsafe fn scatter(&mut self, interleave: &Interleave, local: *const u8) {
        let item = self.item as i64;
        for cycle in 0..interleave.count {
            for segment in &interleave.segments {
                let PeerLine { data, is_message, .. } = self.lines[segment.peer];
                if data.is_null() {
                    continue;
                }
                // SAFETY: the segment of this cycle is a run of positions along the line on both
                // sides, contiguous there. The source is the local buffer, which may be read, and
                // the peer's memory may be written, by the contract of `Engine::run` for items that
                // go out.
                unsafe {
                    let src = local.offset(((segment.local + cycle * interleave.stride) * item) as isize);
                    let dst = data.offset((segment.peer_offset(is_message).at(cycle) * item) as isize);
                    self.sinks[usize::from(is_message)].push(dst, src, (segment.len * item) as usize);
                }
            }
        }
    }

    /// Copies the segments that come in.
    ///
    /// # Safety
    /// As [`Executor::scatter`].
    pub(super) unsafe fn gather(&mut self, interleave: &Interleave, local: *mut u8) {
        let item = self.item as i64;
        let elements: i64 = interleave.segments.iter().map(|segment| segment.len).sum();
        let mean = (elements * item / interleave.segments.len().max(1) as i64).max(1);
        // The cursor is some segments ahead, and beyond the end at the beginning of the next line:
        // such short segments are over before the processor has guessed where the next one is.
        let mut ahead = Cursor { cycle: 0, segment: 0, lines: 0 };
        (0..(PREFETCH_DISTANCE / mean).clamp(1, 16)).for_each(|_| ahead.advance(interleave));
        for cycle in 0..interleave.count {
            for segment in &interleave.segments {
                self.prefetch(interleave, &ahead);
                ahead.advance(interleave);
                let PeerLine { data, is_message, .. } = self.lines[segment.peer];
                if data.is_null() {
                    continue;
                }
                let bytes = (segment.len * item) as usize;
                // SAFETY: the segment of this cycle is a run of positions along the line on both
                // sides, contiguous there. The peer's memory may be read, and the local buffer may
                // be written, by the contract of `Engine::run` for items that come in.
                unsafe {
                    let src = data.offset((segment.peer_offset(is_message).at(cycle) * item) as isize);
                    let dst = local.offset(((segment.local + cycle * interleave.stride) * item) as isize);
                    self.sinks[0].push(dst, src, bytes);
                }
            }
        }
    }

    /// Prefetches the segment at the cursor.
    #[inline]
    fn prefetch(&self, interleave: &Interleave, ahead: &Cursor) {
        let item = self.item as i64;
        let segment = &interleave.segments[ahead.segment];
        let PeerLine { data, next, is_message } = self.lines[segment.peer];
        if data.is_null() {
            return;
        }
        let offset = segment.peer_offset(is_message).at(ahead.cycle) * item + ahead.lines * next;
        let len = ((segment.len * item) as usize).min(PREFETCH_DISTANCE as usize / 2);
        prefetch(data.wrapping_offset(offset as isize), len);
    }
}

/// A position in the segments of a line and of the lines behind it.
struct Cursor {
    cycle: i64,
    segment: usize,
    lines: i64,
}

impl Cursor {
    #[inline]
    fn advance(&mut self, interleave: &Interleave) {
        self.segment += 1;
        if self.segment == interleave.segments.len() {
            (self.segment, self.cycle) = (0, self.cycle + 1);
            if self.cycle == interleave.count {
                (self.cycle, self.lines) = (0, self.lines + 1);
            }
        }
    }
}
