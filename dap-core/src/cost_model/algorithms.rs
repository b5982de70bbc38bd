//! Closed forms: the predicted time of parallel algorithms on up to millions of ranks, without
//! listing ranks or elements.
//!
//! | algorithm | time |
//! |---|---|
//! | equal parts between all ranks of a group: transposes | [`all_to_all`], [`exchange`] |
//! | faces of a block distribution | [`halo`] |
//! | equal contributions of all ranks to every rank | [`all_gather`] |
//! | three-dimensional Fourier transform | [`fft`] |
//! | product of square matrices | [`summa`] with panels sent by their owners, [`summa_broadcast`] with pipelined broadcasts |
//! | sorting | [`sort`] with the splitters of [`sampled_splitters`] or [`counted_splitters`] |
//!
//! Sizes are floats, as results are; a number of ranks below 1 counts as 1. Ranks are numbered in C
//! order of their grid, and `ranks_per_node` consecutive ranks share a host. The time is that of a
//! host that is full, in the middle of the grid; the last host may have fewer ranks.
//!
//! ```
//! use dap_core::cost_model::{Limit, Machine, algorithms};
//! let machine = Machine::default();
//! // A transpose of 1 TB: on 1000 ranks its bytes take longest, on a million its messages.
//! let time = |ranks: i64| algorithms::all_to_all(&machine, ranks, 1e12 / ranks as f64);
//! assert_eq!(time(1_000).limit(), Limit::Network);
//! assert_eq!(time(1_000_000).limit(), Limit::Latency);
//! ```

mod sorting;
mod summa;

use super::{Machine, Time};

pub use sorting::{counted_splitters, sampled_splitters, sort};
pub use summa::{summa, summa_broadcast};

/// The number of ranks of a host, if there are `ranks` in all.
fn of_host(machine: &Machine, ranks: i64) -> f64 {
    ranks.clamp(1, machine.ranks_per_node()) as f64
}

/// The number of ranks of one host among `group` ranks whose numbers differ by `stride`.
fn of_host_in(machine: &Machine, ranks: i64, group: i64, stride: i64) -> f64 {
    let host = ranks.clamp(1, machine.ranks_per_node());
    (host / stride.max(1)).clamp(1, group.max(1)) as f64
}

/// Equal parts from each of all ranks to each: `bytes` is the size of a rank's section, of which it
/// keeps its own part.
///
/// Pairwise exchange: R. Thakur, R. Rabenseifner and W. Gropp, "Optimization of collective
/// communication operations in MPICH", IJHPCA 19 (2005), section 4.2.
pub fn all_to_all(machine: &Machine, ranks: i64, bytes: f64) -> Time {
    exchange(machine, ranks, ranks, 1, bytes)
}

/// As [`all_to_all`], among groups of `group` ranks whose numbers differ by `stride`, all groups of
/// `ranks` ranks at the same time.
pub fn exchange(machine: &Machine, ranks: i64, group: i64, stride: i64, bytes: f64) -> Time {
    let (group, host) = (group.clamp(1, ranks.max(1)), of_host(machine, ranks));
    let near = of_host_in(machine, ranks, group, stride);
    let (far, part) = (group as f64 - near, bytes / group as f64);
    Time {
        latency: machine.node_latency() * (near - 1.0) + machine.network_latency() * far,
        node: (near - 1.0) * part / machine.node_bandwidth(),
        network: host * far * part / machine.network_bandwidth(),
        memory: 2.0 * host * part / machine.memory_bandwidth(),
        compute: 0.0,
    }
}

/// Equal contributions of all ranks, `bytes` together, to every rank: `log2` of the ranks rounds,
/// and each byte once over the link of each host.
///
/// Recursive doubling with shared memory within a host: Thakur and others (2005), section 4.1.
pub fn all_gather(machine: &Machine, ranks: i64, bytes: f64) -> Time {
    let (ranks, host) = (ranks.max(1) as f64, of_host(machine, ranks));
    Time {
        latency: machine.node_latency() * host.log2().ceil() + machine.network_latency() * (ranks / host).log2().ceil(),
        node: bytes * (1.0 - 1.0 / host) / machine.node_bandwidth(),
        network: bytes * (1.0 - host / ranks) / machine.network_bandwidth(),
        memory: 2.0 * bytes / machine.memory_bandwidth(),
        compute: 0.0,
    }
}

/// The faces of width `width` of a block distribution: per dimension the number of processes and
/// the extent of a section. Not periodic; without edges and corners.
pub fn halo(machine: &Machine, dims: &[(i64, f64)], width: f64, itemsize: f64) -> Time {
    let ranks = dims.iter().fold(1_i64, |ranks, dim| ranks.saturating_mul(dim.0.max(1)));
    let host = ranks.clamp(1, machine.ranks_per_node());
    let mut time = Time::default();
    for (at, &(processes, _)) in dims.iter().enumerate() {
        let stride = dims[at + 1..].iter().fold(1_i64, |stride, dim| stride.saturating_mul(dim.0.max(1)));
        let others = dims.iter().enumerate().filter(|(other, _)| *other != at);
        let face = others.fold(width * itemsize, |bytes, (_, dim)| bytes * dim.1);
        let neighbours = (processes - 1).clamp(0, 2);
        // The neighbours of a rank on other hosts, and the faces of the host that they get.
        let cell = stride.saturating_mul(processes.max(1));
        let (far, faces) = if host % cell == 0 {
            (0, 0)
        } else if stride >= host {
            (neighbours, neighbours * host)
        } else {
            // Two sides, or one where two hosts share the dimension.
            let sides = ((cell - 1) / host).clamp(0, neighbours);
            (neighbours.min(1), sides * stride)
        };
        time.latency += machine.network_latency() * far as f64 + machine.node_latency() * (neighbours - far) as f64;
        time.node += (neighbours - far) as f64 * face / machine.node_bandwidth();
        time.network += faces as f64 * face / machine.network_bandwidth();
    }
    time
}

/// The Fourier transform of `extent`^3 complex items of `itemsize` bytes, whose result lies as the
/// input does.
///
/// Up to `extent` ranks hold slabs: one exchange and one back among all ranks. More ranks hold
/// pencils, and three exchanges are among groups of about the square root of the ranks. Ranks
/// beyond one for each pencil do nothing. The operations are 5 n log2 n, the convention of
/// benchFFT. Memory is read and written once for each axis. The transpose method: A. Gupta and V.
/// Kumar, "The scalability of FFT on parallel computers", IEEE TPDS 4 (1993).
pub fn fft(machine: &Machine, ranks: i64, extent: i64, itemsize: f64) -> Time {
    let extent = extent.max(1);
    let ranks = ranks.clamp(1, extent.saturating_mul(extent));
    let points = (extent as f64).powi(3) / ranks as f64;
    let bytes = points * itemsize;
    let local = Time {
        compute: 15.0 * points * (extent as f64).log2() / machine.operations(),
        memory: 6.0 * bytes * of_host(machine, ranks) / machine.memory_bandwidth(),
        ..Time::default()
    };
    if ranks == 1 {
        return local;
    }
    if ranks <= extent {
        return local + all_to_all(machine, ranks, bytes).times(2.0);
    }
    let root = (ranks as f64).sqrt().round() as i64;
    let columns = exchange(machine, ranks, root, root, bytes);
    local + exchange(machine, ranks, root, 1, bytes) + columns + columns
}
