//! Work with the library in a process of its own, because the library does not survive every file.
//!
//! Version 1.10.8, for one, ends the process for some files with a single changed byte. The process
//! is a fork: it has the same memory, so that the work is any closure, and its result comes back
//! through a pipe. Its memory and its time are bounded. A helper program was rejected: a library
//! does not know where it would be installed.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use libc::{
    RLIM_INFINITY, RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, SIG_DFL, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP,
    SIGXCPU, WIFEXITED, c_int, rlimit,
};

use crate::error::Result;
use crate::id::alone;

/// Bytes of memory that the work may take beside those of the process.
const MEMORY: u64 = 4 << 30;
/// Seconds of a processor that the work may take for any file, and bytes of a file for each second
/// more. Some damaged files have no end for the library.
const SECONDS: u64 = 5;
const BYTES_PER_SECOND: u64 = 16 << 20;
/// Seconds that chunks may add.
const MOST_SECONDS: u64 = 600;
/// Bytes of the longest result.
const LONGEST: u64 = 1 << 31;

/// Whether this process was made for work.
static IS_APART: AtomicBool = AtomicBool::new(false);

/// Does work on a file of `file_bytes` bytes in a process of its own. The work must not use what
/// other threads hold, such as locks, and nothing that it changes in memory is seen afterwards.
///
/// # Errors
/// The error of the work; a sentence about the file if the process is killed, by a fault of the
/// library for instance, or takes too long; no new process.
pub fn apart(file_bytes: u64, work: impl FnOnce() -> std::result::Result<Vec<u8>, String>) -> Result<Vec<u8>> {
    let system = |error: io::Error| format!("no process for the HDF5 library: {error}");
    let (mut from, to) = io::pipe().map_err(system)?;
    let seconds = SECONDS + file_bytes / BYTES_PER_SECOND;
    let memory = memory_in_use().saturating_add(MEMORY);
    // The lock is held, so that no other thread is within the library when it is copied.
    // SAFETY: the child has one thread, this one. It allocates memory, which glibc and musl allow
    // after a fork, calls `work`, which keeps to the rule above, and ends by `_exit` in all cases.
    let child = alone(|| unsafe { libc::fork() });
    if child == 0 {
        drop(from);
        prepare(memory, seconds);
        let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("its reader failed".to_owned()));
        let sent = send(to.into(), done);
        // SAFETY: `_exit` ends the process without the handlers of the program that it is a copy
        // of.
        unsafe { libc::_exit(c_int::from(sent.is_err())) };
    }
    drop(to);
    if child < 0 {
        return Err(system(io::Error::last_os_error()).into());
    }
    let mut told = Vec::new();
    let read = from.by_ref().take(LONGEST).read_to_end(&mut told);
    drop(from);
    let end = wait(child);
    read.map_err(system)?;
    match (told.split_first(), end) {
        (Some((0, result)), Ended::Well) => Ok(result.to_vec()),
        (Some((1, words)), Ended::Well) => Err(String::from_utf8_lossy(words).into_owned().into()),
        (_, Ended::By(SIGXCPU)) => {
            Err("the HDF5 library took too long: the file is damaged, or has too many chunks".into())
        }
        (_, Ended::By(signal)) => {
            Err(format!("the HDF5 library was ended by signal {signal}: the file is damaged, or memory is short")
                .into())
        }
        _ => Err("the HDF5 library ended early: the file is damaged, or memory is short".into()),
    }
}

/// The end of a process.
enum Ended {
    Well,
    By(c_int),
    Otherwise,
}

/// Bounds the memory and the processor's time of this process, and lets faults end it without a
/// word.
fn prepare(memory: u64, seconds: u64) {
    // SAFETY: these calls change the limits and the signals of this process alone, which has one
    // thread and ends after the work.
    unsafe {
        for signal in [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGXCPU] {
            libc::signal(signal, SIG_DFL);
        }
        libc::setrlimit(RLIMIT_CORE, &rlimit { rlim_cur: 0, rlim_max: 0 });
        libc::setrlimit(RLIMIT_AS, &rlimit { rlim_cur: memory, rlim_max: RLIM_INFINITY });
        libc::setrlimit(RLIMIT_CPU, &rlimit { rlim_cur: seconds, rlim_max: RLIM_INFINITY });
    }
    IS_APART.store(true, Ordering::Relaxed);
    std::panic::set_hook(Box::new(|_| {}));
}

/// Gives the work of this process more of the processor's time, up to [`MOST_SECONDS`] in all.
pub(crate) fn allow_more(seconds: u64) {
    if !IS_APART.load(Ordering::Relaxed) {
        return;
    }
    let mut limit = rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the calls read and write one limit of this process, which ends after the work.
    unsafe {
        if libc::getrlimit(RLIMIT_CPU, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_cur.saturating_add(seconds).min(MOST_SECONDS.max(limit.rlim_cur));
            libc::setrlimit(RLIMIT_CPU, &limit);
        }
    }
}

/// The bytes of addresses that this process uses; the most where the system does not say it.
fn memory_in_use() -> u64 {
    let pages = |text: String| text.split(' ').next().and_then(|pages| pages.parse::<u64>().ok());
    match std::fs::read_to_string("/proc/self/statm").ok().and_then(pages) {
        Some(pages) => pages.saturating_mul(page_bytes()),
        None => u64::MAX,
    }
}

fn page_bytes() -> u64 {
    // SAFETY: the call asks for a number.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(1 << 12)
}

/// Sends a result: 0 and the bytes, or 1 and the words of an error.
fn send(to: OwnedFd, done: std::result::Result<Vec<u8>, String>) -> io::Result<()> {
    let mut to = std::fs::File::from(to);
    match done {
        Ok(bytes) => to.write_all(&[0]).and_then(|()| to.write_all(&bytes)),
        Err(words) => to.write_all(&[1]).and_then(|()| to.write_all(words.as_bytes())),
    }
}

/// Waits for the end of a child.
fn wait(child: libc::pid_t) -> Ended {
    let mut status = 0;
    loop {
        // SAFETY: `child` is a child of this process that nothing else waits for; `status` is one
        // number.
        match unsafe { libc::waitpid(child, &mut status, 0) } {
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            // A program that ignores the ends of children learns nothing about them.
            -1 => return Ended::Well,
            _ if WIFEXITED(status) => {
                return if libc::WEXITSTATUS(status) == 0 { Ended::Well } else { Ended::Otherwise };
            }
            _ => return Ended::By(libc::WTERMSIG(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_errors_come_back() {
        let long: Vec<u8> = (0..1 << 20).map(|at| (at % 251) as u8).collect();
        assert_eq!(apart(0, || Ok(long.clone())), Ok(long));
        assert_eq!(apart(0, || Ok(Vec::new())), Ok(Vec::new()));
        assert_eq!(apart(0, || Err("a reason".to_owned())), Err("a reason".into()));
    }

    #[test]
    fn faults_are_errors() {
        let words = |work: fn() -> std::result::Result<Vec<u8>, String>| apart(0, work).unwrap_err().to_string();
        assert_eq!(words(|| panic!("a bug")), "its reader failed");
        let ended = words(|| std::process::abort());
        assert!(ended.contains("ended by signal"), "{ended}");
        let ended = words(|| Ok(vec![1; 1 << 40]));
        assert!(ended.contains("memory is short"), "{ended}");
        let ended = words(|| {
            loop {
                std::hint::spin_loop();
            }
        });
        assert!(ended.contains("took too long"), "{ended}");
        let ended = words(|| std::process::exit(3));
        assert!(ended.contains("ended early"), "{ended}");
    }
}
