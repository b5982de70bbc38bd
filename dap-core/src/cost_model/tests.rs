//! The closed forms beside messages that are added one by one, and the plans beside both.

use proptest::prelude::*;

use super::*;
use crate::algebra::Placement;
use crate::dim::{Block, Cyclic, Dim};
use crate::index::Rank;
use crate::layout::Layout;
use crate::plan::{Endpoints, Halo, Plan, Stencil};
use crate::random_layouts::pairs;

fn machine(ranks_per_node: i64) -> Machine {
    Machine::default().with("ranks_per_node", ranks_per_node as f64).unwrap()
}

/// The slowest rank by the formula of the module, each term a sum over all messages.
fn slow_time(machine: &Machine, ranks: i64, messages: &[(i64, i64, f64)]) -> f64 {
    let host = |rank: i64| rank / machine.ranks_per_node();
    let time = |me: i64, end: fn(&(i64, i64, f64)) -> i64| {
        let mut seconds = 0.0;
        for message in messages {
            let (source, target, bytes) = *message;
            let is_near = host(source) == host(target);
            if source == target {
                seconds += if host(source) == host(me) { 2.0 * bytes / machine.memory_bandwidth() } else { 0.0 };
                continue;
            }
            if end(message) == me {
                seconds += if is_near { machine.node_latency() } else { machine.network_latency() };
                seconds += if is_near { bytes / machine.node_bandwidth() } else { 0.0 };
            }
            if !is_near && host(end(message)) == host(me) {
                seconds += bytes / machine.network_bandwidth();
            }
        }
        seconds
    };
    (0..ranks).flat_map(|me| [time(me, |it| it.0), time(me, |it| it.1)]).fold(0.0, f64::max)
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs()
}

proptest! {
    #[test]
    fn a_move_takes_the_time_of_its_messages((from, to) in pairs(8), per_node in 1..5_i64, itemsize in 1..20_i64) {
        let machine = machine(per_node);
        let ranks = from.processes().max(to.processes());
        let mut messages = Vec::new();
        for rank in 0..from.processes() {
            let target = (rank < to.processes()).then_some(Rank(rank));
            let plan = Plan::new(&from, &to, Endpoints { source: Some(Rank(rank)), target }).unwrap();
            for send in plan.sends().chain(plan.kept()) {
                messages.push((rank, send.peer().0, (send.elements() * itemsize) as f64));
            }
        }
        let [from, to] = [from, to].map(Placement::new);
        let found = Prediction::of_move(&machine, &from, &to, itemsize).unwrap();
        prop_assert!(found.by_rank);
        let expected = slow_time(&machine, ranks, &messages);
        prop_assert!(close(found.time.seconds(), expected), "{found:?} {expected}");
    }

    #[test]
    fn a_halo_takes_the_time_of_its_messages(
        grid in proptest::collection::vec(1..4_i64, 1..4), per_node in 1..9_i64, width in 0..2_i64,
    ) {
        let machine = machine(per_node);
        let layout = blocks(&grid, 4, width);
        let mut messages = Vec::new();
        for rank in 0..layout.processes() {
            for send in Halo::new(&layout, Rank(rank), Stencil::Box).unwrap().sends() {
                messages.push((rank, send.peer().0, (send.elements() * 8) as f64));
            }
        }
        let found = Prediction::of_halo(&machine, &layout, Stencil::Box, 8).unwrap();
        let expected = slow_time(&machine, layout.processes(), &messages);
        prop_assert!(close(found.time.seconds(), expected), "{found:?} {expected}");
    }

    #[test]
    fn an_all_to_all_is_messages_between_all(hosts in 1..6_i64, per_node in 1..6_i64, bytes in 0.0..1e6) {
        let (machine, ranks) = (machine(per_node), hosts * per_node);
        let part = bytes / ranks as f64;
        let all = (0..ranks).flat_map(|from| (0..ranks).map(move |to| (from, to, part)));
        let expected = slow_time(&machine, ranks, &all.collect::<Vec<_>>());
        prop_assert!(close(algorithms::all_to_all(&machine, ranks, bytes).seconds(), expected));
    }

    #[test]
    fn exchanges_of_groups_are_messages_within_them(
        groups in 1..5_i64, group in 1..5_i64, which in any::<prop::sample::Index>(), strided in any::<bool>(),
        bytes in 0.0..1e6,
    ) {
        let (ranks, stride) = (groups * group, if strided { groups } else { 1 });
        let cell = stride * group;
        // A host has whole groups, or an equal part of a group.
        let divides = |a: i64, b: i64| a % b == 0 || b % a == 0;
        let fits = |it: &i64| ranks % it == 0 && divides(*it, stride) && divides(*it, cell);
        let per_node = *which.get(&(1..=ranks).filter(fits).collect::<Vec<_>>());
        let machine = machine(per_node);
        let of_group = |rank: i64| (rank / cell, rank % stride);
        let part = bytes / group as f64;
        let mut messages = Vec::new();
        for from in 0..ranks {
            let to = (0..ranks).filter(|&to| of_group(from) == of_group(to));
            messages.extend(to.map(|to| (from, to, part)));
        }
        let found = algorithms::exchange(&machine, ranks, group, stride, bytes);
        prop_assert!(close(found.seconds(), slow_time(&machine, ranks, &messages)), "{found:?}");
    }

    #[test]
    fn no_size_makes_a_time_negative_or_nan(
        ranks in any::<i64>(), extent in 0..1_i64 << 40, per_node in 1..=1_i64 << 20, itemsize in 0.0..64.0,
    ) {
        let machine = machine(per_node);
        let size = extent as f64;
        for time in [
            algorithms::all_to_all(&machine, ranks, size),
            algorithms::all_gather(&machine, ranks, size),
            algorithms::exchange(&machine, ranks, extent, extent, size),
            algorithms::halo(&machine, &[(ranks, size), (extent, size)], 1.0, itemsize),
            algorithms::fft(&machine, ranks, extent, itemsize),
            algorithms::summa(&machine, ranks, size, itemsize, size),
            algorithms::summa_broadcast(&machine, ranks, size, itemsize, size),
            algorithms::sort(&machine, ranks, size, itemsize),
            algorithms::sampled_splitters(&machine, ranks, size, itemsize),
            algorithms::counted_splitters(&machine, ranks, size),
        ] {
            prop_assert!(time.terms().iter().all(|(_, seconds)| *seconds >= 0.0), "{time:?}");
        }
    }

    #[test]
    fn any_text_is_a_machine_or_an_error(text in "\\PC{0,40}") {
        let _ = Machine::from_json(text.as_bytes());
    }
}

fn blocks(grid: &[i64], extent: i64, width: i64) -> Layout {
    let dim = |&processes: &i64| Block::new(processes * extent, processes).unwrap().with_halo(width).unwrap();
    Layout::new(grid.iter().map(dim).map(Dim::from).collect::<Vec<_>>()).unwrap()
}

#[test]
fn faces_in_closed_form_are_those_of_the_plan() {
    for (grid, per_node) in [
        (vec![4, 4], 1),
        (vec![4, 4], 2),
        (vec![4, 4], 4),
        (vec![6, 4], 8),
        (vec![4, 4], 16),
        (vec![3, 4, 8], 4),
        (vec![3, 4, 8], 8),
        (vec![3, 6, 2], 4),
        (vec![8], 2),
        (vec![2, 2], 1),
        (vec![1, 1], 1),
    ] {
        let machine = machine(per_node);
        let expected = Prediction::of_halo(&machine, &blocks(&grid, 6, 2), Stencil::Star, 8).unwrap().time;
        let dims: Vec<(i64, f64)> = grid.iter().map(|&processes| (processes, 6.0)).collect();
        let found = algorithms::halo(&machine, &dims, 2.0, 8.0);
        for ((name, found), (_, expected)) in found.terms().into_iter().zip(expected.terms()) {
            assert!(close(found, expected), "{grid:?} {per_node} {name}: {found} {expected}");
        }
    }
}

/// A product in one panel is the exchange of rows and of columns.
#[test]
fn summa_of_one_panel_moves_rows_and_columns() {
    for (side, per_node) in [(2, 1), (4, 1), (4, 2), (4, 4), (4, 8), (4, 16)] {
        let (machine, section) = (machine(per_node), 10.0);
        let mut messages = Vec::new();
        for from in 0..side * side {
            for to in (0..side * side).filter(|&to| to != from) {
                if from / side == to / side || from % side == to % side {
                    messages.push((from, to, section * section * 8.0));
                }
            }
        }
        let time = algorithms::summa(&machine, side * side, side as f64 * section, 8.0, 1e18);
        let found = time.seconds() - time.compute - time.memory;
        let expected = slow_time(&machine, side * side, &messages);
        assert!(close(found, expected), "{side} {per_node}: {found} {expected}");
    }
}

#[test]
fn narrow_panels_make_their_owners_send_in_turn() {
    let machine = machine(1);
    let of = |panel| algorithms::summa(&machine, 64, 6400.0, 8.0, panel).network;
    // Eight panels of the width of a section, each from one column of eight: eight times as long.
    let whole = 2.0 * 6400.0 * 800.0 * 8.0;
    assert!(close(of(whole / 8.0), 8.0 * of(whole)));
    assert!(close(of(whole / 32.0), 8.0 * of(whole)));
}

#[test]
fn too_many_messages_are_counted_by_totals() {
    let line = |dim| Placement::new(Layout::new(vec![dim]).unwrap());
    let (size, ranks) = (1_i64 << 40, 1_i64 << 16);
    let from = line(Block::new(size, ranks).unwrap().into());
    let to = line(Cyclic::new(size, ranks, 1).unwrap().into());
    let machine = machine(64);
    let found = Prediction::of_move(&machine, &from, &to, 8).unwrap();
    assert!(!found.by_rank);
    let exact = algorithms::all_to_all(&machine, ranks, (size / ranks * 8) as f64);
    let ratio = found.time.seconds() / exact.seconds();
    assert!((1.0..1.01).contains(&ratio), "{ratio}");
}

#[test]
fn a_machine_is_read_and_refused() {
    let machine = Machine::from_json(br#"{"node_latency": 0, "ranks_per_node": 3}"#).unwrap();
    assert_eq!((machine.node_latency(), machine.ranks_per_node()), (0.0, 3));
    assert_eq!(machine.network_latency(), Machine::default().network_latency());
    use MachineErrorKind::*;
    for (text, kind, key) in [
        ("", Syntax, ""),
        ("[]", Syntax, ""),
        (r#"{"latency": 1}"#, UnknownKey, "latency"),
        (r#"{"operations": 2, "operations": 2}"#, KeyRepeated, "operations"),
        (r#"{"operations": "2"}"#, NotANumber, "operations"),
        (r#"{"operations": 0.5}"#, OutOfRange, "operations"),
        (r#"{"node_latency": -1e-9}"#, OutOfRange, "node_latency"),
        (r#"{"ranks_per_node": 1048577}"#, OutOfRange, "ranks_per_node"),
        (r#"{"ranks_per_node": 1.5}"#, NotWhole, "ranks_per_node"),
        (r#"{"operations": NaN}"#, Syntax, ""),
    ] {
        let error = Machine::from_json(text.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.key()), (kind, key), "{text}: {error}");
    }
    let all: Vec<String> = machine.values().map(|(key, value)| format!("\"{key}\": {value:e}")).collect();
    assert_eq!(Machine::from_json(format!("{{{}}}", all.join(", ")).as_bytes()).unwrap(), machine);
}

#[test]
fn durations_have_three_digits() {
    let texts = [0.0, 1.5e-9, 9.996e-7, 2e-6, 1.234e-3, 99.96e-3, 0.999_6, 61.23, 1e7].map(duration);
    assert_eq!(texts, ["0 s", "1.50 ns", "1.00 us", "2.00 us", "1.23 ms", "100 ms", "1.00 s", "61.2 s", "1.00e7 s"]);
    assert_eq!(Time { latency: 1e-3, network: 3e-3, ..Time::default() }.to_string(), "4.00 ms, network 75 %");
    assert_eq!(Time::default().to_string(), "0 s");
}
