//! Scratch memory of a thread, kept from call to call.

use std::cell::Cell;

use dap_non_temporal::LINE;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; LINE]);

thread_local! {
    static SCRATCH: Cell<Vec<Line>> = const { Cell::new(Vec::new()) };
}

/// More than this is given back after a call.
const KEPT: usize = (1 << 20) / LINE;

/// Calls `body` with `bytes` bytes of initialised memory, aligned to a line.
#[inline]
pub(super) fn with_scratch<R>(bytes: usize, body: impl FnOnce(*mut u8) -> R) -> R {
    // Taken, not borrowed: a call within a call has memory of its own.
    let mut lines = SCRATCH.take();
    let wanted = bytes.div_ceil(LINE);
    if lines.len() < wanted {
        lines.resize(wanted, Line([0; LINE]));
    }
    let result = body(lines.as_mut_ptr().cast());
    if lines.len() <= KEPT {
        SCRATCH.set(lines);
    }
    result
}
