//! A file in chunks, which are read with positioned reads; each line belongs to one chunk.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use super::super::whole::LONGEST;

/// The size of a chunk in bytes. Larger chunks are not faster, and take more memory.
const CHUNK: u64 = 1 << 20;

/// A file that is read in chunks.
pub(super) struct LineChunks<'a> {
    pub(super) file: &'a File,
    pub(super) length: u64,
}

/// The lines that begin in a chunk.
pub(super) struct Chunk {
    /// The range of the lines in the buffer. The last line is complete, unless the file ends.
    pub(super) lines: Range<usize>,
    /// The offset of the first line in the file.
    pub(super) offset: u64,
    /// Whether the last line is too long and was not read to its end.
    pub(super) too_long: bool,
}

impl LineChunks<'_> {
    pub(super) fn count(&self) -> usize {
        usize::try_from(self.length.div_ceil(CHUNK)).unwrap_or(usize::MAX)
    }

    /// Reads chunk `at`; `None` behind the last.
    ///
    /// The buffer grows as the chunk needs it; the next chunk reuses it.
    pub(super) fn read(&self, at: usize, buffer: &mut Vec<u8>) -> io::Result<Option<Chunk>> {
        let begin = (at as u64).saturating_mul(CHUNK);
        if begin >= self.length {
            return Ok(None);
        }
        let end = begin.saturating_add(CHUNK).min(self.length);
        // The byte before the chunk shows whether a line begins with the chunk.
        let from = begin.saturating_sub(1);
        // A chunk with a very long line leaves a very large buffer.
        if buffer.len() as u64 > 4 * CHUNK {
            *buffer = Vec::new();
        }
        let mut filled = 0;
        self.fill(buffer, &mut filled, from, end)?;
        let first = if begin == 0 { Some(0) } else { memchr::memchr(b'\n', &buffer[..filled]).map(|at| at + 1) };
        let Some(first) = first.filter(|first| *first < filled) else {
            return Ok(Some(Chunk { lines: 0..0, offset: begin, too_long: false }));
        };
        let mut too_long = false;
        let mut step = 4096;
        while buffer[filled - 1] != b'\n' {
            let before = filled;
            let next = from + before as u64;
            self.fill(buffer, &mut filled, from, next.saturating_add(step).min(self.length))?;
            if let Some(end) = memchr::memchr(b'\n', &buffer[before..filled]) {
                filled = before + end + 1;
            } else if filled == before {
                // This is the end of the file, or the place where it was cut off meanwhile.
                break;
            } else if filled as u64 > LONGEST + CHUNK {
                too_long = true;
                break;
            }
            step = (step * 2).min(CHUNK * 16);
        }
        Ok(Some(Chunk { lines: first..filled, offset: from + first as u64, too_long }))
    }

    /// Reads up to `end` of the file, or less if the file is shorter now. The buffer begins at
    /// `from` of the file and has `filled` bytes.
    fn fill(&self, buffer: &mut Vec<u8>, filled: &mut usize, from: u64, end: u64) -> io::Result<()> {
        let wanted = usize::try_from(end - from).map_err(io::Error::other)?;
        if buffer.len() < wanted {
            buffer.resize(wanted, 0);
        }
        while *filled < wanted {
            match self.file.read_at(&mut buffer[*filled..wanted], from + *filled as u64) {
                Ok(0) => break,
                Ok(read) => *filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
