//! A stream in blocks that end at line ends. It is kept in memory, because it cannot be read again.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::error::words;
use super::super::whole::LONGEST;

/// The size of a block in bytes; a longer line makes a larger block.
const BLOCK: u64 = 1 << 20;

/// The number of bytes that are kept of a line that is too long, to show it.
pub(super) const SHOWN: usize = 4096;

/// Standard input, or a named pipe.
pub(in crate::input) struct Stream {
    /// The name of the stream.
    pub(in crate::input) path: PathBuf,
    state: Mutex<StreamState>,
}

/// Some lines.
pub(in crate::input) struct Block {
    /// The offset of the lines in the stream.
    pub(in crate::input) offset: u64,
    /// The lines. The last one is complete, unless the stream ends with it.
    pub(in crate::input) text: Vec<u8>,
    /// Whether the last line is too long, and its rest was dropped.
    pub(in crate::input) too_long: bool,
}

struct StreamState {
    /// The source; `None` at the end of the stream.
    reader: Option<Box<dyn Read + Send>>,
    blocks: Vec<Arc<Block>>,
    /// The beginning of the next block.
    begun: Vec<u8>,
    problem: Option<String>,
}

impl Stream {
    pub(in crate::input) fn new(path: PathBuf, reader: Box<dyn Read + Send>) -> Self {
        let state = StreamState { reader: Some(reader), blocks: Vec::new(), begun: Vec::new(), problem: None };
        Self { path, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, StreamState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Block `at`, waiting for it; `None` behind the last.
    pub(in crate::input) fn block(&self, at: usize) -> Option<Arc<Block>> {
        let mut state = self.state();
        while state.blocks.len() <= at {
            state.read_block()?;
        }
        state.blocks.get(at).cloned()
    }

    /// The reason why the stream ended early, if it did.
    pub(super) fn problem(&self) -> Option<String> {
        self.state().problem.clone()
    }

    /// The whole stream; `None` if it has more than `limit` bytes.
    pub(in crate::input) fn into_text(self, limit: u64) -> Option<Vec<u8>> {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut text = Vec::new();
        for block in state.blocks.drain(..) {
            text.extend_from_slice(&block.text);
        }
        text.append(&mut state.begun);
        let left = limit.saturating_sub(text.len() as u64);
        if let Some(reader) = state.reader {
            // A text that breaks off is checked as far as it goes, and gives a finding.
            let _ = reader.take(left + 1).read_to_end(&mut text);
        }
        (text.len() as u64 <= limit).then_some(text)
    }

    /// The line that is `skip` lines after the one at `offset`, as for a file.
    pub(super) fn line(&self, offset: u64, mut skip: usize) -> Option<Vec<u8>> {
        let state = self.state();
        let first = state.blocks.partition_point(|block| block.offset <= offset).checked_sub(1)?;
        let mut offset = offset;
        for block in &state.blocks[first..] {
            let from = usize::try_from(offset - block.offset).ok()?;
            for line in block.text.get(from..)?.split_inclusive(|byte| *byte == b'\n') {
                if skip == 0 {
                    return Some(line.strip_suffix(b"\n").unwrap_or(line).to_vec());
                }
                skip -= 1;
            }
            offset = block.offset + block.text.len() as u64;
        }
        None
    }
}

impl StreamState {
    fn read_block(&mut self) -> Option<()> {
        let offset = self.blocks.last().map_or(0, |block| block.offset + block.text.len() as u64);
        let mut text = std::mem::take(&mut self.begun);
        let mut too_long = false;
        let mut unseen = 0;
        loop {
            if let Some(end) = memchr::memrchr(b'\n', &text[unseen..]) {
                self.begun = text.split_off(unseen + end + 1);
                break;
            }
            unseen = text.len();
            let seen = unseen as u64;
            if seen > LONGEST {
                too_long = true;
                text.truncate(SHOWN);
                text.shrink_to_fit();
                self.drop_line();
                break;
            }
            let wanted = BLOCK.saturating_sub(seen).max(BLOCK / 16).max((seen / 2).min(BLOCK * 64));
            text.reserve_exact(usize::try_from(wanted).ok()?);
            if !self.read(wanted, &mut text) && text.len() == unseen {
                break;
            }
        }
        if text.is_empty() {
            return None;
        }
        self.blocks.push(Arc::new(Block { offset, text, too_long }));
        Some(())
    }

    /// Reads `wanted` bytes more, or to the end of the stream. Returns false if nothing was left to
    /// read.
    fn read(&mut self, wanted: u64, text: &mut Vec<u8>) -> bool {
        let Some(reader) = &mut self.reader else { return false };
        match reader.take(wanted).read_to_end(text) {
            Ok(0) => self.reader = None,
            Ok(_) => {}
            Err(error) => {
                self.problem = Some(words(&error));
                self.reader = None;
            }
        }
        self.reader.is_some()
    }

    /// Reads the rest of a line that is too long, and drops it.
    fn drop_line(&mut self) {
        let mut text = Vec::new();
        while self.read(BLOCK, &mut text) {
            if let Some(end) = memchr::memchr(b'\n', &text) {
                self.begun = text.split_off(end + 1);
                return;
            }
            text.clear();
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("path", &self.path).finish_non_exhaustive()
    }
}
