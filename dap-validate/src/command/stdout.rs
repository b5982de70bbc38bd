//! Standard output that its reader may leave: what comes after is dropped.
//!
//! `dap-validate check run | head -1` closes the pipe when head has seen enough. What an array is
//! worth does not depend on that, so the exit code stays what it would have been, and reports into
//! files are written.

use std::io::{self, BufWriter, StdoutLock, Write};

/// Standard output, buffered. Not to be held twice at a time.
pub(super) fn stdout() -> BufWriter<Stdout> {
    BufWriter::new(Stdout(Some(io::stdout().lock())))
}

/// Standard output; nothing once its reader has left.
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
