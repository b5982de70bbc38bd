//! The round trip of one cache line between the cores of ranks 0 and 1: cores that share a cache
//! answer several times as fast.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dap_mpi::Comm;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};

const ROUNDS: u64 = 20_000;
/// More ranks than cores may keep the two from running at once.
const LIMIT: Duration = Duration::from_secs(2);

/// A page that ranks 0 and 1 share.
pub(crate) struct Line {
    rank: i32,
    /// The word that rank 0 writes, and that of rank 1.
    words: [&'static AtomicU64; 2],
}

impl Line {
    /// Collective.
    pub(crate) fn new(comm: &Comm) -> Line {
        let world = SimpleCommunicator::world();
        let mut name = [0_i32; 2];
        // SAFETY: a new file in memory, kept open until the program ends, and its mapping, which is
        // never removed.
        let map = |fd: i32| unsafe {
            let protection = libc::PROT_READ | libc::PROT_WRITE;
            let page = libc::mmap(null_mut(), 4096, protection, libc::MAP_SHARED, fd, 0);
            assert_ne!(page, libc::MAP_FAILED, "a page can be mapped");
            let words = page.cast::<AtomicU64>();
            [&*words, &*words.add(64)]
        };
        let mut own = None;
        if comm.rank() == 0 {
            // SAFETY: a name that ends with 0.
            let fd = unsafe { libc::memfd_create(c"line".as_ptr(), 0) };
            // SAFETY: our file.
            assert_eq!(unsafe { libc::ftruncate(fd, 4096) }, 0, "a page can be had");
            name = [std::process::id() as i32, fd];
            own = Some(map(fd));
        }
        world.process_at_rank(0).broadcast_into(&mut name);
        let words = own.unwrap_or_else(|| {
            let path = format!("/proc/{}/fd/{}", name[0], name[1]);
            let file = std::fs::OpenOptions::new().read(true).write(true).open(path).expect("rank 0's page");
            map(std::os::fd::AsRawFd::as_raw_fd(&file))
        });
        world.barrier();
        Line { rank: comm.rank(), words }
    }

    /// Nanoseconds for a round trip. Collective.
    pub(crate) fn round_trip(&self, comm: &Comm) -> f64 {
        let world = SimpleCommunicator::world();
        let [ping, pong] = self.words;
        let mut taken = [0.0];
        if self.rank == 0 {
            ping.store(0, Ordering::Release);
            pong.store(0, Ordering::Release);
        }
        comm.barrier().expect("a barrier");
        let start = Instant::now();
        let wait = |word: &AtomicU64, round: u64| {
            while word.load(Ordering::Acquire) < round {
                std::hint::spin_loop();
                if start.elapsed() > LIMIT {
                    return false;
                }
            }
            true
        };
        match self.rank {
            0 => {
                let mut done = 0;
                for round in 1..=ROUNDS {
                    ping.store(round, Ordering::Release);
                    if !wait(pong, round) {
                        break;
                    }
                    done = round;
                }
                ping.store(u64::MAX, Ordering::Release);
                taken[0] = start.elapsed().as_secs_f64() * 1e9 / done as f64;
            }
            1 => {
                for round in 1..=ROUNDS {
                    if !wait(ping, round) {
                        break;
                    }
                    pong.store(round, Ordering::Release);
                }
            }
            _ => {}
        }
        world.process_at_rank(0).broadcast_into(&mut taken);
        taken[0]
    }
}
