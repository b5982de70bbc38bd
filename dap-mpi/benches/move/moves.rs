//! Matrices from one distribution to another, and a matrix from one shape to another.

use dap_core::dim::Block;
use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_mpi::memory::allocate;
use dap_mpi::{Comm, Prepare, Redistribution};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use crate::case::cases;
use crate::clock::{Times, repetitions, time};
use crate::line::Line;
use crate::memory;
use crate::peers::{Library, Peer};
use crate::report::{Report, Row};

/// The local part of a layout, in memory of this crate or in private memory.
pub(crate) fn part(comm: &Comm, layout: &Layout, shared: bool, order: Order) -> Buffer {
    let shape = layout.local_shape(Rank(comm.rank().into())).expect("a rank");
    let dtype = DType::parse("<f8").expect("a type");
    if shared {
        return allocate(comm, &dtype, &shape, order).expect("memory");
    }
    order.make_buffer(&shape, |shape| Buffer::zeros(dtype, shape)).expect("memory")
}

pub(crate) fn numbers(buffer: &mut Buffer) -> &mut [f64] {
    let (data, len) = (buffer.as_mut_ptr().expect("it may be written"), buffer.len());
    // SAFETY: contiguous, of this type.
    unsafe { std::slice::from_raw_parts_mut(data.cast(), len) }
}

/// The number of the element at each position, in the order of memory.
fn expected(comm: &Comm, layout: &Layout, order: Order, mut visit: impl FnMut(usize, f64)) {
    let rank = Rank(comm.rank().into());
    let shape = layout.local_shape(rank).expect("a rank");
    let globals = |dim: usize| -> Vec<i64> {
        let at = |at: i64| {
            let mut place = [LocalIndex(0), LocalIndex(0)];
            place[dim] = LocalIndex(at);
            let global: Vec<GlobalIndex> = layout.global(rank, &place).expect("a place").to_vec();
            global[dim].0
        };
        (0..shape[dim]).map(at).collect()
    };
    let (rows, columns) = (globals(0), globals(1));
    let (slow, fast) = if order == Order::F { (columns.len(), rows.len()) } else { (rows.len(), columns.len()) };
    for at in 0..slow * fast {
        let (row, column) = if order == Order::F { (at % fast, at / fast) } else { (at / fast, at % fast) };
        visit(at, (rows[row] * layout.shape()[1] + columns[column]) as f64);
    }
}

fn check(comm: &Comm, layout: &Layout, order: Order, buffer: &mut Buffer, what: &str) {
    let found = numbers(buffer);
    expected(comm, layout, order, |at, number| assert_eq!(found[at], number, "{what}: place {at}"));
    found.fill(-1.0);
}

pub(crate) fn run(comm: &Comm, peers: &Library, n: i32, report: &mut Report, wanted: &dyn Fn(&str) -> bool) {
    for case in cases(comm.size(), n).iter().filter(|case| wanted(case.name)) {
        let mover = |name| peers.mover(name, n, &case.from, &case.to);
        let movers: Vec<Peer> = ["alltoallw", "pdgemr2d"].into_iter().filter_map(mover).collect();
        let (from, to) = (case.from.layout(n.into()), case.to.layout(n.into()));
        let prepare = Redistribution::new;
        run_move(comm, n, &Move { name: case.name, from, to, order: Order::F, prepare }, &movers, report);
    }
    for (name, order) in [("reshape in C order", Order::C), ("reshape in Fortran's order", Order::F)] {
        if wanted(name) {
            let (from, to) = reshaped(n.into(), comm.size().into());
            run_move(comm, n, &Move { name, from, to, order, prepare: Redistribution::reshape }, &[], report);
        }
    }
}

/// Row blocks of an n by n matrix, and column blocks of an n/2 by 2n matrix.
fn reshaped(n: i64, ranks: i64) -> (Layout, Layout) {
    let layout = |dims: [(i64, i64); 2]| {
        let dims = dims.map(|(size, processes)| Block::new(size, processes).expect("a block").into());
        Layout::new(dims.to_vec()).expect("a layout")
    };
    (layout([(n, ranks), (n, 1)]), layout([(n / 2, 1), (2 * n, ranks)]))
}

/// A move that is timed.
struct Move {
    name: &'static str,
    from: Layout,
    to: Layout,
    /// The order of all local parts.
    order: Order,
    prepare: Prepare,
}

fn run_move(comm: &Comm, n: i32, case: &Move, movers: &[Peer], report: &mut Report) {
    let Move { from, to, order, .. } = case;
    let order = *order;
    let dtype = DType::parse("<f8").expect("a type");
    let line = Line::new(comm);
    // Our moves run in both kinds of memory; the peers and the copies in the second.
    let mut memories: Vec<_> = [true, false]
        .into_iter()
        .map(|shared| {
            let (mut source, mut target) = (part(comm, from, shared, order), part(comm, to, shared, order));
            let data = numbers(&mut source);
            expected(comm, from, order, |at, number| data[at] = number);
            numbers(&mut target).fill(-1.0);
            let redistribution = (case.prepare)(comm, from.into(), to.into(), &dtype).expect("a plan");
            (source, target, redistribution)
        })
        .collect();
    let bytes = memories[1].0.len().min(memories[1].1.len()) * 8;
    let mut ours = [Times::default(), Times::default()];
    let (mut memcpy, mut stream, mut trips) = (Times::default(), Times::default(), Times::default());
    let mut others = vec![Times::default(); movers.len()];
    for repetition in 0..=repetitions() {
        let warm = repetition > 0;
        let note = |times: &mut Times, taken: f64| {
            if warm {
                times.0.push(taken);
            }
        };
        let (source, target, _) = &mut memories[1];
        let (data, room) = (source.as_ptr(), target.as_mut_ptr().expect("it may be written"));
        // SAFETY: both have `bytes` bytes.
        note(&mut memcpy, time(comm, || unsafe { memory::memcpy(data, room, bytes) }));
        // SAFETY: both have `bytes` bytes; new buffers and segments begin at a multiple of 32.
        note(&mut stream, time(comm, || unsafe { memory::stream(data, room, bytes) }));
        for (peer, times) in movers.iter().zip(&mut others) {
            // SAFETY: the local parts that the peer was made for.
            note(times, time(comm, || unsafe { peer.run(data.cast(), room.cast()) }));
            if !warm {
                check(comm, to, order, target, peer.name);
            }
        }
        for ((source, target, redistribution), times) in memories.iter_mut().zip(&mut ours) {
            note(times, time(comm, || redistribution.execute(Some(source), Some(target)).expect("it moves")));
            if !warm {
                check(comm, to, order, target, case.name);
            }
        }
        trips.0.push(line.round_trip(comm));
    }
    for (shared, ours) in [true, false].into_iter().zip(&ours) {
        let row = Row { case: case.name, n: n.into(), memory: if shared { "shared" } else { "foreign" }, ours };
        let named: Vec<(&str, &Times)> = movers.iter().map(|peer| peer.name).zip(&others).collect();
        report.row(&row, Some((&memcpy, &stream)), &named, trips.median());
    }
}
