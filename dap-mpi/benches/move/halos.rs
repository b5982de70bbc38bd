//! Halo exchange of width 1, in place.

use dap_core::dim::{Block, Dim};
use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_mpi::memory::allocate;
use dap_mpi::{Comm, HaloExchange};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use crate::clock::{Times, repetitions, time};
use crate::line::Line;
use crate::moves::numbers;
use crate::peers::Library;
use crate::report::{Report, Row};

/// The number of exchanges that are timed together: one alone is shorter than starting the clocks.
const TOGETHER: usize = 20;

struct Case {
    name: &'static str,
    size: &'static [i32],
    grid: Vec<i32>,
    stencil: Stencil,
}

pub(crate) fn run(comm: &Comm, peers: &Library, report: &mut Report, wanted: &dyn Fn(&str) -> bool) {
    let ranks = comm.size();
    let halves = |ndim: usize| match (ranks % 4, ndim) {
        (0, 2) => vec![ranks / 2, 2],
        (0, _) => vec![1, ranks / 2, 2],
        (_, 2) => vec![1, ranks],
        _ => vec![1, 1, ranks],
    };
    let cases = [
        Case { name: "halo 2-D, star", size: &[4096, 4096], grid: halves(2), stencil: Stencil::Star },
        Case { name: "halo 3-D, box", size: &[256, 256, 256], grid: halves(3), stencil: Stencil::Box },
    ];
    for case in cases.iter().filter(|case| wanted(case.name)) {
        run_case(comm, peers, case, report);
    }
}

fn run_case(comm: &Comm, peers: &Library, case: &Case, report: &mut Report) {
    let dims = case.size.iter().zip(&case.grid).map(|(&size, &grid)| -> Dim {
        Block::new(size.into(), grid.into()).and_then(|block| block.with_halo(1)).expect("a dimension").into()
    });
    let layout = Layout::new(dims.collect()).expect("a layout");
    let corners = case.stencil == Stencil::Box;
    let others: Vec<_> = ["neighbor_alltoallw", "dm_local_to_local"]
        .into_iter()
        .filter_map(|name| peers.halo(name, case.size, &case.grid, corners))
        .collect();
    let dtype = DType::parse("<f8").expect("a type");
    let shape = layout.local_shape(Rank(comm.rank().into())).expect("a rank");
    let line = Line::new(comm);
    let mut memories: Vec<(Buffer, HaloExchange)> = [true, false]
        .into_iter()
        .map(|shared| {
            let buffer = if shared {
                allocate(comm, &dtype, &shape, Order::C).expect("memory")
            } else {
                Buffer::zeros(dtype.clone(), &shape).expect("memory")
            };
            (buffer, HaloExchange::new(comm, &layout, &dtype, case.stencil).expect("a halo"))
        })
        .collect();
    let mut ours = [Times::default(), Times::default()];
    let mut theirs = vec![Times::default(); others.len()];
    let mut trips = Times::default();
    for repetition in 0..=repetitions() {
        let warm = repetition > 0;
        let note = |times: &mut Times, taken: f64| {
            if warm {
                times.0.push(taken / TOGETHER as f64);
            }
        };
        let check = |buffer: &mut Buffer, what: &str| {
            if !warm {
                filled(comm, &layout, case.stencil, buffer, what);
            }
        };
        for (peer, times) in others.iter().zip(&mut theirs) {
            let buffer = &mut memories[1].0;
            if !warm {
                fill(comm, &layout, buffer);
            }
            let data = buffer.as_mut_ptr().expect("it may be written").cast::<f64>();
            // SAFETY: the padded array that the peer was made for, or one of its own.
            note(times, time(comm, || (0..TOGETHER).for_each(|_| unsafe { peer.run(data, data) })));
            if peer.name == "neighbor_alltoallw" {
                check(&mut memories[1].0, peer.name);
            }
        }
        for ((buffer, halo), times) in memories.iter_mut().zip(&mut ours) {
            if !warm {
                fill(comm, &layout, buffer);
            }
            let exchange = || (0..TOGETHER).for_each(|_| halo.exchange(Some(buffer)).expect("it is filled"));
            note(times, time(comm, exchange));
            check(buffer, case.name);
        }
        trips.0.push(line.round_trip(comm));
    }
    for (shared, ours) in [true, false].into_iter().zip(&ours) {
        let memory = if shared { "shared" } else { "foreign" };
        let row = Row { case: case.name, n: case.size[0].into(), memory, ours };
        let named: Vec<(&str, &Times)> = others.iter().map(|peer| peer.name).zip(&theirs).collect();
        report.row(&row, None, &named, trips.median());
    }
}

/// Visits every position with the number of its element, whether it is owned, and the number of
/// dimensions in whose padding it lies.
fn visit(comm: &Comm, layout: &Layout, mut visit: impl FnMut(usize, f64, usize)) {
    let rank = Rank(comm.rank().into());
    let shape = layout.local_shape(rank).expect("a rank");
    let runs = layout.runs(rank).expect("a rank");
    // For each dimension: the global index of each position, and whether it is padding.
    let along: Vec<Vec<(i64, bool)>> = (0..shape.len())
        .map(|dim| {
            let place = |at: i64| {
                let mut place = vec![LocalIndex(0); shape.len()];
                place[dim] = LocalIndex(at);
                let global: Vec<GlobalIndex> = layout.global(rank, &place).expect("a place").to_vec();
                let own = runs[dim].iter().any(|run| run.local.0 <= at && at < run.local.0 + run.len);
                (global[dim].0, !own)
            };
            (0..shape[dim]).map(place).collect()
        })
        .collect();
    let count = shape.iter().product::<i64>() as usize;
    for at in 0..count {
        let (mut rest, mut number, mut scale, mut padding) = (at, 0, 1, 0);
        for dim in (0..shape.len()).rev() {
            let (global, padded) = along[dim][rest % along[dim].len()];
            rest /= along[dim].len();
            number += global * scale;
            scale *= layout.shape()[dim];
            padding += usize::from(padded);
        }
        visit(at, number as f64, padding);
    }
}

fn fill(comm: &Comm, layout: &Layout, buffer: &mut Buffer) {
    let items = numbers(buffer);
    visit(comm, layout, |at, number, padding| items[at] = if padding == 0 { number } else { -1.0 });
}

fn filled(comm: &Comm, layout: &Layout, stencil: Stencil, buffer: &mut Buffer, what: &str) {
    let most = if stencil == Stencil::Star { 1 } else { usize::MAX };
    let items = numbers(buffer);
    visit(comm, layout, |at, number, padding| {
        if padding <= most {
            assert_eq!(items[at], number, "{what}: place {at}");
        }
    });
}
