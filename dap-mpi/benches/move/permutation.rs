//! A random permutation: unstructured to block and back, and the time to prepare it.

use dap_core::dim::{Block, Dim, Unstructured};
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_mpi::{Comm, Redistribution};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use crate::clock::{Times, repetitions, time};
use crate::line::Line;
use crate::memory;
use crate::moves::part;
use crate::peers::Library;
use crate::report::{Report, Row};

const SIZE: i64 = 1 << 24;

/// A permutation of all indices that looks random, the same on all ranks: multiplication by an odd
/// number and mixing of bits are bijections.
fn shuffled(at: i64) -> i64 {
    let mask = SIZE - 1;
    let mut mixed = at;
    for factor in [0x9E37_79B1, 0x85EB_CA6B, 0xC2B2_AE35] {
        mixed = (mixed * factor) & mask;
        mixed ^= mixed >> 13;
    }
    mixed
}

pub(crate) fn run(comm: &Comm, peers: &Library, report: &mut Report, wanted: &dyn Fn(&str) -> bool) {
    let name = "permutation, unstructured to block";
    let back_name = "permutation, block to unstructured";
    if !wanted(name) && !wanted(back_name) {
        return;
    }
    let ranks = i64::from(comm.size());
    let share = SIZE / ranks;
    let lists: Vec<Vec<i64>> =
        (0..ranks).map(|rank| (rank * share..(rank + 1) * share).map(shuffled).collect()).collect();
    let mine: Vec<i32> = lists[comm.rank() as usize].iter().map(|&index| index as i32).collect();
    // Both sides prepare from their lists alone; a layout is built once and used for every plan.
    let dtype = DType::parse("<f8").expect("a type");
    let unstructured = Unstructured::new(SIZE, true, &lists).expect("a permutation");
    let from = Layout::new(vec![Dim::from(unstructured)]).expect("a layout");
    let to = Layout::new(vec![Block::new(SIZE, ranks).expect("blocks").into()]).expect("a layout");
    let mut setups = (Times::default(), Times::default());
    let mut prepared = None;
    let mut peer = None;
    for _ in 0..3 {
        drop((peer.take(), prepared.take()));
        setups.1.0.push(time(comm, || peer = peers.permutation("vecscatter", SIZE as i32, &mine)));
        setups.0.0.push(time(comm, || {
            prepared = Some(Redistribution::new(comm, &from, &to, &dtype).expect("a plan"));
        }));
    }
    let mut redistribution = prepared.expect("a plan");
    let mut back = Redistribution::new(comm, &to, &from, &dtype).expect("a plan");
    let line = Line::new(comm);
    for shared in [true, false] {
        let (mut source, mut target) = (part(comm, &from, shared, Order::F), part(comm, &to, shared, Order::F));
        let fill = |buffer: &mut Buffer| {
            let data = buffer.as_mut_ptr().expect("it may be written").cast::<f64>();
            // SAFETY: one number for each index.
            (0..mine.len()).for_each(|at| unsafe { data.add(at).write(f64::from(mine[at])) });
        };
        let check = |buffer: &Buffer, what: &str| {
            let first = i64::from(comm.rank()) * share;
            for at in 0..share {
                // SAFETY: within the buffer.
                let found = unsafe { buffer.as_ptr().cast::<f64>().add(at as usize).read() };
                assert_eq!(found, (first + at) as f64, "{what}: place {at}");
            }
        };
        fill(&mut source);
        let (mut ours, mut theirs, mut memcpy, mut stream) =
            (Times::default(), Times::default(), Times::default(), Times::default());
        let mut backward = Times::default();
        let mut trips = Times::default();
        for repetition in 0..=repetitions() {
            let (data, room) = (source.as_ptr(), target.as_mut_ptr().expect("it may be written"));
            let bytes = source.len() * 8;
            // SAFETY: both have `bytes` bytes.
            let copied = time(comm, || unsafe { memory::memcpy(data, room, bytes) });
            // SAFETY: both have `bytes` bytes; new buffers and segments begin at a multiple of 32.
            let streamed = time(comm, || unsafe { memory::stream(data, room, bytes) });
            let scattered = peer.as_ref().map(|peer| {
                // SAFETY: the local parts that the peer was made for.
                let taken = time(comm, || unsafe { peer.run(data.cast(), room.cast()) });
                check(&target, peer.name);
                taken
            });
            let moved = time(comm, || redistribution.execute(Some(&source), Some(&mut target)).expect("it moves"));
            check(&target, name);
            let returned = time(comm, || back.execute(Some(&target), Some(&mut source)).expect("it moves"));
            if repetition > 0 {
                memcpy.0.push(copied);
                stream.0.push(streamed);
                theirs.0.extend(scattered);
                ours.0.push(moved);
                backward.0.push(returned);
            }
            trips.0.push(line.round_trip(comm));
        }
        // The way back restores what was sent.
        let before: Vec<f64> = mine.iter().map(|&index| f64::from(index)).collect();
        // SAFETY: contiguous, of this type.
        assert_eq!(unsafe { std::slice::from_raw_parts(source.as_ptr().cast::<f64>(), source.len()) }, before);
        let memory = if shared { "shared" } else { "foreign" };
        let named: Vec<(&str, &Times)> = peer.iter().map(|peer| (peer.name, &theirs)).collect();
        let row = |case: &'static str, ours| Row { case, n: SIZE, memory, ours };
        report.row(&row(name, &ours), Some((&memcpy, &stream)), &named, trips.median());
        report.row(&row(back_name, &backward), Some((&memcpy, &stream)), &[], trips.median());
    }
    let named: Vec<(&str, &Times)> = peer.iter().map(|peer| (peer.name, &setups.1)).collect();
    let row = Row { case: "permutation, set-up", n: SIZE, memory: "none", ours: &setups.0 };
    report.row(&row, None, &named, f64::NAN);
    // The peer's index set refers to the list.
    drop(peer);
}
