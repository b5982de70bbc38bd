//! The answers to processes of other nodes: a thread that sleeps until one asks.
//!
//! It runs from the first communicator with several nodes until the process ends, also for
//! communicators that this process has left: others may still wait for it.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::departure;
use super::report::Report;

/// The time that a question may take.
const PATIENCE: Duration = Duration::from_millis(200);
/// The number of communicators that are remembered after this process has left them.
const REMEMBERED: usize = 256;

/// The token and the last state of each communicator that this process has left.
static LEFT: Mutex<VecDeque<(u64, Report)>> = Mutex::new(VecDeque::new());

/// The port on which this process answers; `None` if it cannot.
pub(super) fn port() -> Option<u16> {
    static PORT: OnceLock<Option<u16>> = OnceLock::new();
    *PORT.get_or_init(|| {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        let port = listener.local_addr().ok()?.port();
        let answer_all = move || listener.incoming().flatten().for_each(|stream| drop(answer(stream)));
        std::thread::Builder::new().name("dap-answers".to_owned()).spawn(answer_all).ok()?;
        Some(port)
    })
}

/// Remembers the last state of a communicator that this process leaves.
pub(super) fn remember(token: u64, report: Report) {
    let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    if left.len() >= REMEMBERED {
        left.pop_front();
    }
    left.push_back((token, report));
}

/// Answers one question.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut token = [0; 8];
    stream.read_exact(&mut token)?;
    stream.write_all(Report::encode(&reports(u64::from_le_bytes(token))).as_bytes())
}

/// The states of this node's ranks on the communicator with this token.
fn reports(token: u64) -> Vec<Report> {
    if let Some(watch) = departure::watches().into_iter().find(|watch| watch.token == token) {
        return watch.reports();
    }
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    left.iter().filter(|(known, _)| *known == token).map(|(_, report)| report.clone()).collect()
}
