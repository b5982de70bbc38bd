//! The peers: C functions in a shared library (`peers/*.c`), and Python programs.

use std::ffi::{CString, c_void};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::report::{Case, Contender};

/// The library, or nothing: the benchmark runs without it as well.
pub(crate) struct Library(*mut c_void);

impl Library {
    /// The library that `DAP_PEERS` names.
    pub(crate) fn open() -> Library {
        let Ok(path) = std::env::var("DAP_PEERS") else { return Library(std::ptr::null_mut()) };
        let name = CString::new(path.clone()).expect("a path");
        // SAFETY: a library of functions, without anything that runs when it is loaded.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW) };
        assert!(!handle.is_null(), "{path} cannot be loaded");
        Library(handle)
    }

    /// The function of a name, as `F`, a type of pointers to functions; `None` without a library.
    ///
    /// # Safety
    /// The C source declares the function with the type `F`.
    pub(crate) unsafe fn function<F: Copy>(&self, name: &str) -> Option<F> {
        const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
        if self.0.is_null() {
            return None;
        }
        let text = CString::new(name).expect("a name");
        // SAFETY: an open library.
        let function = unsafe { libc::dlsym(self.0, text.as_ptr()) };
        assert!(!function.is_null(), "{name} is missing");
        // SAFETY: both are pointers; the caller vouches for the type.
        Some(unsafe { std::mem::transmute_copy(&function) })
    }
}

/// Adds a library of Python to the contenders of a case, if it is there and has the case:
/// `peers/{library}_peer.py`.
pub(crate) fn contend(contenders: &mut Vec<Contender<'_>>, library: &'static str, case: &Case) {
    let arguments = [case.name.to_owned(), case.n.to_string(), case.threads.to_string()];
    if let Some(mut peer) = Python::start(&format!("{library}_peer.py"), &arguments) {
        contenders.push((library, Box::new(move || peer.time())));
    }
}

/// A Python program that times one thing whenever a line arrives, and answers with the seconds.
struct Python {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// Starts `peers/{script}` with arguments; `None` if there is no Python, or it ends because a
    /// library is missing. The program writes a line when it is ready.
    fn start(script: &str, arguments: &[String]) -> Option<Python> {
        let python = std::env::var("DAP_PYTHON").ok()?;
        let path = format!("{}/benches/kernels/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(python);
        command.arg(path).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let requests = process.stdin.take();
        let answers = BufReader::new(process.stdout.take()?);
        let mut peer = Python { process, requests, answers };
        let mut line = String::new();
        (peer.answers.read_line(&mut line).ok()? > 0).then_some(peer)
    }

    /// The seconds of one repetition.
    fn time(&mut self) -> f64 {
        let requests = self.requests.as_mut().expect("open until dropped");
        requests.write_all(b"\n").and_then(|()| requests.flush()).expect("the peer listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the peer answers");
        line.trim().parse().expect("the peer answers with seconds")
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.requests = None;
        let _ = self.process.wait();
    }
}
