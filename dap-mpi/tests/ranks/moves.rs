//! Redistribution against the layouts' own maps.

use std::fs::File;
use std::os::fd::AsRawFd;

use dap_core::algebra::{Placement, RankMap};
use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::random_layouts::pairs;
use dap_launch::values;
use dap_mpi::{Comm, Prepare, Redistribution, memory};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::support::{
    Memory, UNTOUCHED, buffer, check_filled, dtypes, element, filled, is_own, item, memories, moved, named, places, put,
};

/// This rank's section with every element in its place, or with untouched bytes.
pub(crate) fn section(
    comm: &Comm,
    layout: &Layout,
    rank: Option<Rank>,
    dtype: &DType,
    at: Memory,
    filled: bool,
) -> Option<Buffer> {
    let rank = rank?;
    let mut buffer = buffer(comm, layout, rank, dtype, at);
    for place in places(buffer.shape()).iter().filter(|place| filled && is_own(layout, rank, place)) {
        let element = element(layout, rank, place);
        put(&mut buffer, place, element);
    }
    Some(buffer)
}

/// Checks that owned elements have arrived and padding is untouched.
pub(crate) fn check(layout: &Layout, rank: Option<Rank>, buffer: Option<&Buffer>, what: &str) {
    let (Some(rank), Some(buffer)) = (rank, buffer) else { return };
    for place in places(buffer.shape()) {
        let own = is_own(layout, rank, &place);
        let expected = if own {
            named(element(layout, rank, &place), buffer.itemsize())
        } else {
            vec![UNTOUCHED; buffer.itemsize()]
        };
        assert_eq!(item(buffer, &place), expected, "{what}: rank {rank} of {layout}, place {place:?}");
    }
}

pub(crate) fn here(layout: &Layout, comm: &Comm) -> Option<Rank> {
    let rank = Rank(comm.rank().into());
    layout.grid().contains(rank).then_some(rank)
}

/// Moves an array from one layout to another and back.
pub(crate) fn there_and_back(
    comm: &Comm,
    prepare: Prepare,
    [from, to]: [&Layout; 2],
    dtype: &DType,
    at: [Memory; 2],
    limit: Option<usize>,
) {
    let what = format!("{from} -> {to}, {}, {at:?}", dtype.name());
    let moving = |from: &Layout, to: &Layout, source: Option<&Buffer>, at: Memory| {
        let mut redistribution = prepare(comm, from.into(), to.into(), dtype).expect("a plan");
        if let Some(limit) = limit {
            redistribution = redistribution.with_message_limit(limit);
        }
        let rank = here(to, comm);
        let mut target = None;
        // Repeated, since the autotuner tries the alternatives in turn. They differ if there is a
        // limit.
        for _ in 0..if limit.is_some() { 6 } else { 1 } {
            target = section(comm, to, rank, dtype, at, false);
            redistribution.execute(source, target.as_mut()).unwrap_or_else(|error| panic!("{what}: {error}"));
            check(to, rank, target.as_ref(), &what);
        }
        target
    };
    let source = section(comm, from, here(from, comm), dtype, at[0], true);
    let target = moving(from, to, source.as_ref(), at[1]);
    // Of several holders of an element the lowest one sends it back.
    moving(to, from, target.as_ref(), at[0]);
}

pub(crate) fn random_pairs(comm: &Comm) {
    let size = i64::from(comm.size());
    for ((from, to), dtype, a, b) in values((pairs(size), dtypes(), memories(), memories()), 60, 1) {
        there_and_back(comm, Redistribution::new, [&from, &to], &dtype, [a, b], None);
    }
}

pub(crate) fn short_messages(comm: &Comm) {
    let size = i64::from(comm.size());
    for ((from, to), dtype, limit) in values((pairs(size), dtypes(), 1..60_usize), 25, 2) {
        let foreign = Memory { shared: false, order: dap_ndarray::copy::Order::C };
        there_and_back(comm, Redistribution::new, [&from, &to], &dtype, [foreign, foreign], Some(limit));
    }
}

/// Two layouts of one array whose overlaps along the fastest dimension are runs of whole cache
/// lines, and the order of the buffers. Items have 8 bytes.
fn in_lines(ranks: i64) -> impl Strategy<Value = ((Layout, Layout), Order)> {
    let order = prop_oneof![Just(Order::C), Just(Order::F)];
    let side = move || (1..=ranks, 1..=6_i64, 1..=3_i64);
    (order, 4..40_i64, 0..12_i64, side(), side()).prop_map(move |(order, lines, columns, a, b)| {
        let layout = |(processes, lines_each, width)| {
            let cyclic = |size, processes, width| Dim::from(Cyclic::new(size, processes, width).expect("a dimension"));
            let mut dims =
                vec![cyclic(8 * lines, processes, 8 * lines_each), cyclic(columns, ranks / processes, width)];
            if order == Order::C {
                dims.reverse();
            }
            Layout::new(dims).expect("a layout")
        };
        ((layout(a), layout(b)), order)
    })
}

/// Moves in source order: all buffers are in memory that others can map, or none, or some.
pub(crate) fn whole_lines(comm: &Comm) {
    let dtype = DType::parse("<f8").expect("a type");
    let kinds = || prop::sample::select(vec![0b00, 0b11, 0b01, 0b10]);
    let all = (in_lines(comm.size().into()), kinds(), kinds(), prop_oneof![Just(None), (1..3000_usize).prop_map(Some)]);
    for (((from, to), order), a, b, limit) in values(all, 40, 5) {
        let at = |bits: u8| Memory { shared: bits >> (comm.rank() % 2) & 1 == 1, order };
        there_and_back(comm, Redistribution::new, [&from, &to], &dtype, [at(a), at(b)], limit);
    }
}

/// A layout on these ranks.
pub(crate) fn on(layout: &Layout, ranks: &[i32]) -> Placement {
    let ranks: Vec<i64> = ranks.iter().copied().map(i64::from).collect();
    let map = RankMap::listed(layout.grid(), ranks).expect("each rank once");
    Placement::with_ranks(layout.clone(), map).expect("a rank for each section")
}

/// Sections on some ranks, in any order; sources and targets may be different processes.
pub(crate) fn rank_subsets(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let all: Vec<i32> = (0..comm.size()).collect();
    let layouts = prop_oneof![2 => pairs(ranks), 1 => in_lines(ranks).prop_map(|(layouts, _)| layouts)];
    let some = (layouts, Just(all.clone()).prop_shuffle(), Just(all).prop_shuffle(), memories(), memories());
    let dtype = DType::parse("<i8").expect("a type");
    for ((from, to), sources, targets, a, b) in values(some, 45, 3) {
        let ranks = |layout: &Layout, ranks: Vec<i32>| ranks[..layout.processes() as usize].to_vec();
        let (sources, targets) = (ranks(&from, sources), ranks(&to, targets));
        let place = |ranks: &[i32]| ranks.iter().position(|&rank| rank == comm.rank()).map(|place| Rank(place as i64));
        let (mine, theirs) = (place(&sources), place(&targets));
        let source = section(comm, &from, mine, &dtype, a, true);
        let mut target = section(comm, &to, theirs, &dtype, b, false);
        let what = format!("{from} on {sources:?} -> {to} on {targets:?}");
        let mut redistribution =
            Redistribution::new(comm, on(&from, &sources), on(&to, &targets), &dtype).expect("a plan");
        redistribution.execute(source.as_ref(), target.as_mut()).expect("it moves");
        check(&to, theirs, target.as_ref(), &what);
    }
}

/// One rank has no file descriptors left: its arrays lie in private memory, and move as well.
pub(crate) fn no_descriptors(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let line = |dim: dap_core::error::Result<Dim>| Layout::new(vec![dim.expect("a dimension")]).expect("a layout");
    let from = line(Block::new(6 * ranks, ranks).map(Dim::from));
    let to = line(Cyclic::new(6 * ranks, ranks, 1).map(Dim::from));
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the call writes one `rlimit`, which is borrowed for it.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) };
    // All descriptors below the next one are in use.
    let next = File::open("/dev/null").expect("a file").as_raw_fd();
    let none = libc::rlimit { rlim_cur: next as libc::rlim_t, ..limit };
    if comm.rank() == comm.size() - 1 {
        // SAFETY: the call reads one `rlimit`. The limit is this process's own, and set back below.
        unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &none) };
    }
    // Larger than any segment that the pool keeps.
    let large = memory::allocate(comm, &DType::parse("|u1").expect("a type"), &[5 << 20], Order::F);
    assert_eq!(large.expect("memory").len(), 5 << 20);
    let source = filled(comm, &from, |index| index[0].0 * 3);
    // SAFETY: the call reads one `rlimit`, the one that this process had before.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) };
    let moved = moved(comm, Redistribution::new, (&from, source.as_ref()), &to);
    check_filled(comm, &to, moved.as_ref(), |index| index[0].0 * 3);
}
