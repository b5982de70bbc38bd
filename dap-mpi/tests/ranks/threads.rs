//! Threads: each has communicators of its own, or is refused at once; and no handle of a
//! communicator reaches another thread.
//!
//! Launched by itself for each thread level of MPI. Every collective function of the crate is an
//! entry of [`ENTRIES`], which a test compares with the sources.

use std::thread;

use dap_core::dim::{Block, Cyclic};
use dap_core::index::GlobalIndex;
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_mpi::{Comm, Error, ErrorKind, HaloExchange, MovableComm, RankGroup, Redistribution};
use dap_ndarray::{Buffer, Item, Section};
use mpi::topology::SimpleCommunicator;
use mpi::traits::AsRaw;

use crate::support::{check_filled, filled, moved};

/// Does not compile for a type that is `Send` or `Sync`: then the call is ambiguous.
macro_rules! stays_on_its_thread {
    ($($type:ty),*) => {$(
        const _: fn() = || {
            trait Sendable<Meant> { fn meant() {} }
            impl<T: ?Sized> Sendable<()> for T {}
            impl<T: ?Sized + Send> Sendable<u8> for T {}
            let _ = <$type as Sendable<_>>::meant;
            trait Shareable<Meant> { fn meant() {} }
            impl<T: ?Sized> Shareable<()> for T {}
            impl<T: ?Sized + Sync> Shareable<u8> for T {}
            let _ = <$type as Shareable<_>>::meant;
        };
    )*};
}

stays_on_its_thread!(Comm, Redistribution, HaloExchange, RankGroup);

const fn is_send<T: Send>() {}
const _: () = is_send::<MovableComm>();
const _: () = is_send::<Section>();
const _: () = is_send::<Buffer>();
const _: () = is_send::<Error>();

/// The functions that an entry calls, and the entry. Its number distinguishes its values from those
/// of other communicators.
type Entry = (&'static [&'static str], fn(&Comm, i64));

const ENTRIES: &[Entry] = &[
    (&["new", "from_raw"], |comm, _| {
        let world = SimpleCommunicator::world();
        // SAFETY: the handle comes from the communicator of all ranks, which lives as long as MPI
        // runs.
        let other = unsafe { Comm::from_raw(world.as_raw()) }.expect("a communicator");
        assert_eq!(other.size(), comm.size());
        other.barrier().expect("all ranks are there");
    }),
    (&["barrier"], |comm, _| comm.barrier().expect("all ranks are there")),
    (&["agree"], |comm, mark| {
        let last = comm.size() - 1;
        let mine = if comm.rank() == last { Err(Error::new(ErrorKind::State, format!("mark {mark}"))) } else { Ok(()) };
        let error = comm.agree(mine).expect_err("the last rank has an error");
        assert_eq!((error.rank(), error.message()), (Some(last), &*format!("mark {mark}")));
    }),
    (&["gather_all"], |comm, mark| {
        let all = comm.gather_all(format!("{mark} {}", comm.rank()).as_bytes()).expect("gathered");
        for (rank, text) in all.iter().enumerate() {
            assert_eq!(String::from_utf8_lossy(text), format!("{mark} {rank}"));
        }
    }),
    (&["gather_words", "broadcast"], |comm, mark| {
        let word = |rank: i32| (mark as u64) << 8 | rank as u64;
        let all = comm.gather_words(&[word(comm.rank()), 7]).expect("gathered");
        assert_eq!(all, (0..comm.size()).flat_map(|rank| [word(rank), 7]).collect::<Vec<_>>());
        let root = comm.size() - 1;
        let mut bytes = if comm.rank() == root { word(root).to_le_bytes() } else { [0; 8] };
        comm.broadcast(root, &mut bytes).expect("broadcast");
        assert_eq!(u64::from_le_bytes(bytes), word(root));
    }),
    (&["one_sided"], |comm, mark| {
        let (here, ranks) = (comm.rank(), comm.size());
        let word = |rank: i32| (mark as u64) << 8 | rank as u64;
        let mut memory = Buffer::from_array(ndarray::arr1(&[word(here), 0]));
        let next = (here + 1) % ranks;
        let read = comm.one_sided(&u64::dtype(), Some(&mut memory), |access| {
            let mut bytes = [0; 8];
            access.read(next, 0, &mut bytes)?;
            access.write(next, 8, &word(here).to_ne_bytes())?;
            Ok(u64::from_ne_bytes(bytes))
        });
        assert_eq!(read.expect("read"), word(next));
        let before = (here + ranks - 1) % ranks;
        assert_eq!(memory.view::<u64>().expect("words"), ndarray::arr1(&[word(here), word(before)]).into_dyn());
    }),
    (&["exchange", "exchange_words", "exchange_lists"], |comm, mark| {
        // To the next rank, from the one before; with one rank, to itself.
        let (here, ranks) = (comm.rank(), comm.size());
        let (next, before) = ((here + 1) % ranks, (here + ranks - 1) % ranks);
        let words = |rank: i32| vec![(mark as u64) << 8 | rank as u64; rank as usize + 1];
        let received = comm.exchange_words(&[(next, &words(here))], &[(before, words(before).len())]);
        assert_eq!(received.expect("exchanged"), [words(before)]);
        let received = comm.exchange(&[(next, b"one"), (next, b"")], &[(before, 3), (before, 0)]);
        assert_eq!(received.expect("exchanged"), [b"one".to_vec(), Vec::new()]);
        let lists: Vec<Vec<u64>> = (0..ranks).map(|to| if to == next { words(here) } else { Vec::new() }).collect();
        let (lists, more) = comm.exchange_lists(&lists, here as u64).expect("exchanged");
        for (rank, list) in (0..).zip(lists) {
            assert_eq!(list, if rank == before { words(before) } else { Vec::new() }, "from rank {rank}");
        }
        assert_eq!(more, (0..ranks as u64).sum::<u64>());
    }),
    (&["agree", "barrier", "broadcast", "scatter", "gather", "gather_all"], |comm, mark| {
        // All ranks, the last one first.
        let group = RankGroup::new(comm, &(0..comm.size()).rev().collect::<Vec<_>>()).expect("a group");
        let (here, last) = (group.member().expect("a member"), group.size() - 1);
        let text = |member: usize| format!("{mark} {member}").into_bytes();
        let next = (here + 1) % group.size();
        group.send(next, 7, text(here)).expect("sent");
        let before = (here + last) % group.size();
        assert_eq!(group.receive(before, 7).expect("received"), text(before));
        group.barrier().expect("all members are there");
        let own = |bytes: &[u8]| Ok(bytes.to_vec());
        let given = (here == last).then(|| text(last));
        assert_eq!(group.broadcast("text", last, Ok(given), own).expect("broadcast"), text(last));
        let given = (here == 0).then(|| (0..=last).map(text).collect());
        assert_eq!(group.scatter("texts", 0, Ok(given), own).expect("scattered"), text(here));
        let all: Vec<_> = (0..=last).map(text).collect();
        let gathered = group.gather("texts", last, Ok(text(here)), Ok).expect("gathered");
        assert_eq!(gathered, (here == last).then(|| all.clone()));
        assert_eq!(group.gather_all("texts", Ok(text(here)), Ok).expect("gathered"), all);
        let failed = if here == last { Err(Error::new(ErrorKind::State, format!("mark {mark}"))) } else { Ok(()) };
        let error = group.agree("texts", failed).expect_err("the last member has an error");
        assert_eq!((error.rank(), error.message()), (Some(group.ranks()[last]), &*format!("mark {mark}")));
    }),
    (&["new", "reshape", "execute"], |comm, mark| {
        let (from, to) = (blocks(comm), cyclic(comm));
        let mut moving = Redistribution::new(comm, &from, &to, &i64::dtype()).expect("a plan");
        let source = numbered(comm, &from, mark);
        // More repetitions than the autotuner has trials.
        for _ in 0..7 {
            let mut target = filled(comm, &to, |_| -1);
            moving.execute(source.as_ref(), target.as_mut()).expect("it moves");
            check_filled(comm, &to, target.as_ref(), |at| value(at, mark));
        }
        let line = line(comm);
        let flat = moved(comm, Redistribution::reshape, (&from, source.as_ref()), &line);
        check_filled(comm, &line, flat.as_ref(), |at| at[0].0 + 100 * mark);
        let back = moved(comm, Redistribution::reshape, (&line, flat.as_ref()), &from);
        check_filled(comm, &from, back.as_ref(), |at| value(at, mark));
    }),
    (&["new", "start", "finish", "exchange"], |comm, mark| {
        let layout = padded(comm);
        let mut halo = HaloExchange::new(comm, &layout, &i64::dtype(), Stencil::Box).expect("a plan");
        // The padding is filled by the exchange.
        let mut field =
            moved(comm, Redistribution::new, (&blocks(comm), numbered(comm, &blocks(comm), mark).as_ref()), &layout);
        halo.exchange(field.as_mut()).expect("it works");
        check_filled(comm, &layout, field.as_ref(), |at| value(at, mark));
        halo.start(field.as_ref()).expect("it starts");
        // Other operations between the two halves.
        ENTRIES.iter().filter(|(names, _)| !names.contains(&"start")).for_each(|(_, run)| run(comm, mark));
        halo.finish(field.as_mut()).expect("it ends");
        check_filled(comm, &layout, field.as_ref(), |at| value(at, mark));
    }),
];

fn blocks(comm: &Comm) -> Layout {
    let ranks = i64::from(comm.size());
    let rows = Block::new(6 * ranks, ranks).expect("a block").into();
    Layout::new(vec![rows, Block::new(2, 1).expect("a block").into()]).expect("a layout")
}

fn padded(comm: &Comm) -> Layout {
    let ranks = i64::from(comm.size());
    let rows = Block::new(6 * ranks, ranks).and_then(|block| block.with_halo(1)).expect("a block").into();
    Layout::new(vec![rows, Block::new(2, 1).expect("a block").into()]).expect("a layout")
}

fn cyclic(comm: &Comm) -> Layout {
    let ranks = i64::from(comm.size());
    let rows = Cyclic::new(6 * ranks, ranks, 1).expect("a dimension").into();
    Layout::new(vec![rows, Block::new(2, 1).expect("a block").into()]).expect("a layout")
}

fn line(comm: &Comm) -> Layout {
    let ranks = i64::from(comm.size());
    Layout::new(vec![Block::new(12 * ranks, ranks).expect("a block").into()]).expect("a layout")
}

fn value(at: &[GlobalIndex], mark: i64) -> i64 {
    2 * at[0].0 + at[1].0 + 100 * mark
}

fn numbered(comm: &Comm, layout: &Layout, mark: i64) -> Option<Buffer> {
    filled(comm, layout, |at| value(at, mark))
}

/// Runs every entry some times on one communicator.
fn run_all(comm: &Comm) {
    // If several threads duplicate the communicator of all ranks at once, different ones may be
    // paired on each rank. The lowest rank's number identifies the communicator.
    static NEXT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(1);
    let mine = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let all = comm.gather_all(&mine.to_le_bytes()).expect("gathered");
    let mark = i64::from_le_bytes(all[0].as_slice().try_into().expect("8 bytes"));
    for _ in 0..3 {
        ENTRIES.iter().for_each(|(_, run)| run(comm, mark));
    }
}

/// The tests of this launch's level.
pub(crate) fn on_this_level(comm: &Comm) {
    match mpi::environment::threading_support() {
        mpi::Threading::Multiple => all_threads(),
        level => one_thread(comm, level),
    }
    run_all(comm);
}

/// Every thread has communicators, all at the same time.
fn all_threads() {
    // MPI pairs the duplicates of one communicator by their order on each rank. Both threads have
    // theirs before either makes the next one, so duplicates for the same use are paired.
    let both_made = std::sync::Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let comm = Comm::new(&SimpleCommunicator::world()).expect("a communicator");
                both_made.wait();
                run_all(&comm);
            });
        }
    });
    // A communicator with clones stays. Without clones it goes to another thread and comes back, or
    // is freed there.
    let moving = Comm::new(&SimpleCommunicator::world()).expect("a communicator");
    let clone = moving.clone();
    let (moving, error) = moving.into_movable().expect_err("it has a clone");
    assert!(error.message().contains("in use on this thread"), "{error}");
    run_all(&moving);
    drop(clone);
    let moving = moving.into_movable().expect("it has no clone");
    let there = move || {
        let comm = moving.into_comm();
        run_all(&comm);
        comm.into_movable().expect("it has no clone")
    };
    let moving = thread::spawn(there).join().expect("the thread ends");
    thread::spawn(move || drop(moving)).join().expect("the thread ends");
    // The clone in a prepared operation counts, too.
    let other = Comm::new(&SimpleCommunicator::world()).expect("a communicator");
    let halo = HaloExchange::new(&other, padded(&other), &i64::dtype(), Stencil::Star).expect("a plan");
    let (other, _) = other.into_movable().expect_err("an exchange has it");
    drop(halo);
    // The memory of an array goes to another thread, and does not bind the communicator.
    let section = numbered(&other, &blocks(&other), 1);
    let rows = thread::spawn(move || section.expect("a section").shape()[0]).join().expect("the thread ends");
    assert_eq!(rows, 6);
    other.into_movable().map(drop).expect("nothing has it any more");
}

/// Other threads are refused at once.
fn one_thread(comm: &Comm, level: mpi::Threading) {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let error = Comm::new(&SimpleCommunicator::world()).expect_err("another thread");
                assert_eq!(error.kind(), ErrorKind::Mpi);
                assert!(error.message().contains("MPI_THREAD_MULTIPLE"), "{level:?}: {error}");
                assert_eq!(dap_mpi::check_mpi().expect_err("another thread"), error);
            });
        }
    });
    assert_eq!(dap_mpi::check_mpi(), Ok(()));
    let own = Comm::new(&SimpleCommunicator::world()).expect("a communicator");
    let (own, error) = own.into_movable().expect_err("no other thread may have it");
    assert!(error.message().contains("MPI_THREAD_MULTIPLE"), "{error}");
    assert_eq!(own.size(), comm.size());
    run_all(&own);
}

/// The public functions whose documentation says "Collective" are all entries.
pub(crate) fn every_collective_function_is_an_entry() {
    let sources = [
        include_str!("../../src/comm.rs"),
        include_str!("../../src/comm/lists.rs"),
        include_str!("../../src/comm/messages.rs"),
        include_str!("../../src/redistribute.rs"),
        include_str!("../../src/halo.rs"),
        include_str!("../../src/group.rs"),
        include_str!("../../src/group/agreement.rs"),
        include_str!("../../src/group/collectives.rs"),
    ];
    let mut found = 0;
    for source in sources {
        let mut is_collective = false;
        for line in source.lines().map(str::trim) {
            if line.starts_with("///") {
                is_collective |= line.contains("Collective.") || line.contains("Collective over the members.");
            } else if let Some((_, function)) = line.split_once("pub fn ").or_else(|| line.split_once("pub unsafe fn "))
            {
                let name: String = function.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect();
                let is_entry = ENTRIES.iter().any(|(names, _)| names.contains(&&*name));
                assert!(is_entry || !is_collective, "no entry of `threads` calls {name}");
                found += usize::from(is_collective);
                is_collective = false;
            } else if !line.starts_with("#[") {
                is_collective = false;
            }
        }
    }
    assert!(found >= 19, "only {found} collective functions were found");
}
