//! NumPy in a process of its own, which times one call whenever a line arrives.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The program: it writes a line when it is ready, then the seconds of each call.
const PROGRAM: &str = "
import sys, time, numpy
name, size = sys.argv[1], int(sys.argv[2])
data = numpy.random.Generator(numpy.random.Philox(1)).random(size)
call = numpy.sort if name == 'sort' else lambda x: numpy.argsort(x, kind='stable')
call(data)
print('ready', numpy.__version__, flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    call(data)
    print(time.perf_counter() - begin, flush=True)
";

/// A running peer.
pub(crate) struct Peer {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the peer; `None` without a Python that has NumPy.
    pub(crate) fn start(name: &str, len: i64) -> Option<Peer> {
        let mut command = Command::new(std::env::var("DAP_PYTHON").ok()?);
        command.args(["-c", PROGRAM, name, &len.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let requests = process.stdin.take();
        let answers = BufReader::new(process.stdout.take()?);
        let mut peer = Peer { process, requests, answers };
        let mut line = String::new();
        (peer.answers.read_line(&mut line).ok()? > 0).then_some(peer)
    }

    /// The seconds of one call.
    pub(crate) fn time(&mut self) -> f64 {
        let requests = self.requests.as_mut().expect("open until dropped");
        requests.write_all(b"\n").and_then(|()| requests.flush()).expect("the peer listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the peer answers");
        line.trim().parse().expect("the peer answers with seconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.requests = None;
        let _ = self.process.wait();
    }
}
