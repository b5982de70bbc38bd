//! Products of square matrices on a square grid of ranks.

use super::{Machine, Time, of_host, of_host_in};

/// The operations and the side of the grid of a product of `extent` by `extent` matrices.
fn local(machine: &Machine, ranks: i64, extent: f64) -> (Time, i64) {
    let compute = 2.0 * extent.powi(3) / ranks.max(1) as f64 / machine.operations();
    (Time { compute, ..Time::default() }, (ranks.max(1) as f64).sqrt().round() as i64)
}

/// The product of two matrices of `extent` by `extent` items of `itemsize` bytes. Each owner sends
/// its part of a panel straight to the ranks of its row or column, and a rank holds at most
/// `panel_bytes` of panels: as `dap-linalg` does.
///
/// A panel that is narrower than a section has its owners in one column (row) of the grid, and
/// these send to all others one after another while the others wait. The panels: R. van de Geijn
/// and J. Watts, "SUMMA", Concurrency: Practice and Experience 9 (1997).
pub fn summa(machine: &Machine, ranks: i64, extent: f64, itemsize: f64, panel_bytes: f64) -> Time {
    let (time, side) = local(machine, ranks, extent);
    if side < 2 {
        return time;
    }
    let (grid, host) = (side as f64, of_host(machine, ranks));
    let section = extent / grid;
    let panels = (2.0 * extent * section * itemsize / panel_bytes.max(1.0)).ceil().max(1.0);
    let width = extent / panels;
    let bytes = width.min(section) * section * itemsize;
    // The columns of ranks that own a part of one panel.
    let owners = (width / section).ceil().clamp(1.0, grid);
    let (in_row, in_column) = (of_host_in(machine, ranks, side, 1), of_host_in(machine, ranks, side, side));
    let rows_of_host = host / in_row;
    let messages = |near: f64| machine.node_latency() * (near - 1.0) + machine.network_latency() * (grid - near);
    let sent =
        owners.min(in_row) * rows_of_host * (grid - in_row) + in_row * owners.min(rows_of_host) * (grid - in_column);
    let received = host * (owners - owners.min(in_row)) + host * (owners - owners.min(in_column));
    let panel = Time {
        latency: messages(in_row) + messages(in_column),
        node: (in_row + in_column - 2.0) * bytes / machine.node_bandwidth(),
        network: sent.max(received) * bytes / machine.network_bandwidth(),
        memory: 4.0 * bytes * host / machine.memory_bandwidth(),
        compute: 0.0,
    };
    time + panel.times(panels)
}

/// As [`summa`], with panels of `width` that are passed on along a ring of the row and one of the
/// column, all panels at the same time (a pipeline): the form in which van de Geijn and Watts give
/// the cost. Each byte goes once over each edge of a ring.
pub fn summa_broadcast(machine: &Machine, ranks: i64, extent: f64, itemsize: f64, width: f64) -> Time {
    let (time, side) = local(machine, ranks, extent);
    if side < 2 {
        return time;
    }
    let (grid, host) = (side as f64, of_host(machine, ranks));
    let (in_row, in_column) = (of_host_in(machine, ranks, side, 1), of_host_in(machine, ranks, side, side));
    let steps = (extent / width.max(1.0)).ceil() + grid - 2.0;
    let latency = |near: f64| if near < grid { machine.network_latency() } else { machine.node_latency() };
    let bytes = extent * (extent / grid) * itemsize;
    // A ring along a row leaves the host once for each row on it; along columns it does for each
    // column.
    let edges = if in_row < grid { host / in_row } else { 0.0 } + if in_column < grid { in_row } else { 0.0 };
    let within = f64::from(u8::from(in_row > 1.0)) + f64::from(u8::from(in_column > 1.0));
    time + Time {
        latency: steps * (latency(in_row) + latency(in_column)),
        node: within * bytes / machine.node_bandwidth(),
        network: edges * bytes / machine.network_bandwidth(),
        ..Time::default()
    }
}
