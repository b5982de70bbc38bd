//! Standard output whose reader may close it early: later output is dropped.
//!
//! `dap-validate check run | head -1` closes the pipe when head has read enough. The verdict on an
//! array does not depend on that: the exit code stays the same, and reports into files are written.

use std::io::{self, BufWriter, StdoutLock, Write};

use dap_report::render::escaped;
use serde::Serialize;

/// Standard output, buffered. It holds a lock: two at a time would block each other.
pub(super) fn stdout() -> BufWriter<Stdout> {
    BufWriter::new(Stdout(Some(io::stdout().lock())))
}

/// Standard output; `None` once its reader has closed it.
pub(super) struct Stdout(Option<StdoutLock<'static>>);

impl Stdout {
    fn unless_left<T>(
        &mut self,
        left: T,
        what: impl FnOnce(&mut StdoutLock<'static>) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(out) = &mut self.0 else { return Ok(left) };
        match what(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(left)
            }
            result => result,
        }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_left(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_left((), Write::flush)
    }
}

/// Writes a value as one JSON document, without holding the document in memory.
pub(super) fn json(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    escaped::write_pretty(value, out)?;
    writeln!(out)
}
