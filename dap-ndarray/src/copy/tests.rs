//! The kernels against enumeration: every byte of random layouts, strides, orders and item sizes.

mod hostile;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};
use dap_core::random_layouts::{layouts_of, pairs, reshapes};
use proptest::prelude::*;

use super::*;

/// How a test's buffers lie in memory.
#[derive(Debug, Clone)]
struct Style {
    /// Which dimension is the slowest, and so on.
    order: Vec<usize>,
    /// Unused items behind each extent.
    gaps: Vec<i64>,
    /// Which dimensions run backwards.
    backwards: Vec<bool>,
    /// How far from a multiple of the line the memory begins.
    ahead: usize,
}

fn styles(ndim: usize) -> impl Strategy<Value = Style> {
    let order = Just((0..ndim).collect::<Vec<_>>());
    let order = prop_oneof![2 => order.clone(), 1 => order.prop_shuffle()];
    let gaps = prop_oneof![2 => Just(vec![0; ndim]), 1 => prop::collection::vec(0..3_i64, ndim)];
    let backwards = prop_oneof![3 => Just(vec![false; ndim]), 1 => prop::collection::vec(any::<bool>(), ndim)];
    (order, gaps, backwards, 0..64_usize).prop_map(|(order, gaps, backwards, ahead)| Style {
        order,
        gaps,
        backwards,
        ahead,
    })
}

/// Bytes in front of the memory of a test, and behind it, that nothing may touch.
const GUARD: usize = 64;

/// Memory between guards, and where a buffer's items lie in it.
struct Memory {
    bytes: RefCell<Vec<u8>>,
    shape: Vec<i64>,
    strides: Vec<i64>,
    first: usize,
    item: usize,
}

impl Memory {
    fn new(shape: Vec<i64>, item: usize, style: &Style) -> Memory {
        let mut strides = vec![0; shape.len()];
        let (mut step, mut first) = (item as i64, 0);
        for &dim in style.order.iter().rev() {
            strides[dim] = step;
            if style.backwards[dim] && shape[dim] > 0 {
                first += step * (shape[dim] - 1);
                strides[dim] = -step;
            }
            step *= (shape[dim] + style.gaps[dim]).max(1);
        }
        let bytes = vec![0xEE; step as usize + style.ahead + 2 * GUARD];
        let first = first as usize + style.ahead + GUARD;
        Memory { bytes: RefCell::new(bytes), shape, strides, first, item }
    }

    fn buffer(&self) -> Buffer {
        let dtype = DType::parse(&format!("|S{}", self.item)).unwrap();
        let data = self.bytes.borrow_mut().as_mut_ptr();
        // SAFETY: the memory outlives the buffer, which no test keeps, and no other code reads it
        // meanwhile.
        let buffer = unsafe {
            Buffer::from_raw(data.add(self.first), dtype, &self.shape, Some(&self.strides), Access::ReadWrite, ())
        };
        buffer.unwrap()
    }

    /// Writes an item that tells which element it is.
    fn put(&self, position: &[i64], element: i64) {
        let offset: i64 = position.iter().zip(&self.strides).map(|(at, stride)| at * stride).sum();
        let at = (self.first as i64 + offset) as usize;
        let text = (0..self.item).map(|byte| (element * 37 + byte as i64 * 11 + 5) as u8);
        self.bytes.borrow_mut()[at..at + self.item].copy_from_slice(&text.collect::<Vec<_>>());
    }
}

/// Every position that a rank owns or holds, with the number of its element.
fn owned(layout: &Layout, rank: Rank) -> Vec<(Vec<i64>, i64)> {
    let positions = layout.runs(rank).unwrap().iter().fold(vec![Vec::new()], |positions: Vec<Vec<i64>>, runs| {
        let along: Vec<i64> = runs.iter().flat_map(|run| run.local.0..run.local.0 + run.len).collect();
        positions
            .into_iter()
            .flat_map(|position| along.iter().map(move |&at| [position.clone(), vec![at]].concat()))
            .collect()
    });
    let number = |position: &Vec<i64>| {
        let local: Vec<LocalIndex> = position.iter().copied().map(LocalIndex).collect();
        let global: Vec<GlobalIndex> = layout.global(rank, &local).unwrap();
        global.iter().zip(layout.shape()).fold(0, |number, (index, size)| number * size + index.0)
    };
    positions.into_iter().map(|position| (position.clone(), number(&position))).collect()
}

fn memories(layout: &Layout, item: usize, style: &Style, filled: bool) -> Vec<Memory> {
    let ranks = (0..layout.processes()).map(Rank);
    let memory = ranks.map(|rank| {
        let memory = Memory::new(layout.local_shape(rank).unwrap(), item, style);
        if filled {
            owned(layout, rank).into_iter().for_each(|(position, element)| memory.put(&position, element));
        }
        memory
    });
    memory.collect()
}

type Made = fn(&Layout, &Layout, Endpoints) -> dap_core::error::Result<Plan>;

fn plan(make: Made, from: &Layout, to: &Layout, who: usize) -> Plan {
    let who = who as i64;
    let rank = |layout: &Layout| (who < layout.processes()).then_some(Rank(who));
    make(from, to, Endpoints { source: rank(from), target: rank(to) }).unwrap()
}

type Moved = (Made, Layout, Layout, usize, Style, Style, Order);

fn moves() -> impl Strategy<Value = Moved> {
    // Some are large enough for non-temporal stores, tiles and blocked interleaving.
    let large = (20..80_i64, 300..900_i64);
    let moved = large.clone().prop_flat_map(|(a, b)| (layouts_of(vec![a, b], 4), layouts_of(vec![a, b], 4)));
    let reshaped = large.prop_flat_map(|(a, b)| (layouts_of(vec![a, 2 * b], 4), layouts_of(vec![2 * a, b], 4)));
    let pairs = prop_oneof![
        8 => pairs(5).prop_map(|pair| (Plan::new as Made, pair)),
        2 => moved.prop_map(|pair| (Plan::new as Made, pair)),
        8 => reshapes(5).prop_map(|pair| (Plan::reshape as Made, pair)),
        1 => reshaped.prop_map(|pair| (Plan::reshape as Made, pair)),
    ];
    let items = prop_oneof![Just(1_usize), Just(2), Just(4), Just(8), Just(16), Just(32), Just(0), 1..40_usize];
    (pairs, items, any::<bool>()).prop_flat_map(|((make, (from, to)), item, f)| {
        let styles = (styles(from.ndim()), styles(to.ndim()));
        let order = if f { Order::F } else { Order::C };
        (Just(make), Just(from), Just(to), Just(item), styles.0, styles.1, Just(order))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    /// Packed, unpacked and copied: every item arrives, no byte beside is touched, and a
    /// non_temporal makes no difference.
    #[test]
    fn messages((make, from, to, item, source, target, order) in moves(), non_temporal in any::<bool>()) {
        NON_TEMPORAL.set(Some(non_temporal));
        let sources = memories(&from, item, &source, true);
        let (found, expected) = (memories(&to, item, &target, false), memories(&to, item, &target, true));
        for who in 0..from.processes().max(to.processes()) as usize {
            let mine = plan(make, &from, &to, who);
            if let Some(kept) = mine.kept() {
                copy_local(&kept, &sources[who].buffer(), &mut found[who].buffer()).unwrap();
            }
            for send in mine.sends() {
                let mut message = vec![0; send.elements() as usize * item];
                pack(&send, &sources[who].buffer(), order, &mut message).unwrap();
                let peer = send.peer().0 as usize;
                let theirs = plan(make, &from, &to, peer);
                let receive = theirs.receives().find(|receive| receive.peer().0 as usize == who).unwrap();
                unpack(&receive, &message, order, &mut found[peer].buffer()).unwrap();
            }
        }
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(found.bytes == expected.bytes);
        }
    }

    /// Pulled from all sources at once, or first from some and then from the others; from buffers
    /// and from messages; all of the target or one piece after the other.
    #[test]
    fn pulls(
        (make, from, to, item, source, target, order) in moves(),
        non_temporal in any::<bool>(),
        (some, packed) in any::<(u8, u8)>(),
        (dim, cut) in (0..4_usize, 0..20_i64),
    ) {
        NON_TEMPORAL.set(Some(non_temporal));
        let sources = memories(&from, item, &source, true);
        let expected = memories(&to, item, &target, true);
        let buffers: Vec<Buffer> = sources.iter().map(Memory::buffer).collect();
        let has = |bits: u8, rank: Rank| bits >> (rank.0 % 8) & 1 == 1;
        for (who, expected) in expected.iter().enumerate() {
            let found = Memory::new(expected.shape.clone(), item, &target);
            let mut buffer = found.buffer();
            let plan = plan(make, &from, &to, who);
            let factors = plan.incoming().len();
            let pull = Pull::new(Arc::new(plan), item, buffer.strides()).unwrap();
            let data = buffer.as_mut_ptr().unwrap();
            let piece = |range: Range<i64>| {
                (0..factors).map(|at| Some(range.clone()).filter(|_| at == dim)).collect::<Vec<_>>()
            };
            for pull in [pull.within(&piece(0..cut)), pull.within(&piece(cut..i64::MAX))] {
                for part in [some, !some] {
                    let messages = RefCell::new(Vec::new());
                    let supply = |transfer: &Transfer<'_>| {
                        let rank = transfer.peer();
                        let buffer = &buffers[rank.0 as usize];
                        if !has(part, rank) {
                            return None;
                        }
                        if !has(packed, rank) {
                            return Some(Supply::Buffer(Source { data: buffer.as_ptr(), strides: buffer.strides() }));
                        }
                        let mut message = vec![0; transfer.elements() as usize * item];
                        pack(transfer, buffer, order, &mut message).unwrap();
                        let (data, len) = (message.as_ptr(), message.len());
                        messages.borrow_mut().push(message);
                        Some(Supply::Message { data, len, order })
                    };
                    // SAFETY: all buffers have the extents of their layouts, and the messages their
                    // transfers' elements.
                    unsafe { pull.run(supply, data) }.unwrap();
                }
                if dim >= factors {
                    break;
                }
            }
            prop_assert!(found.bytes == expected.bytes, "rank {}", who);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    /// Pushed to all targets at once, or first to some and then to the others; to buffers and to
    /// messages; all of the source or one piece after the other.
    #[test]
    fn pushes(
        (make, from, to, item, source, target, order) in moves(),
        (non_temporal, past) in any::<(bool, bool)>(),
        (some, packed) in any::<(u8, u8)>(),
        (dim, cut) in (0..4_usize, 0..20_i64),
    ) {
        NON_TEMPORAL.set(Some(non_temporal));
        let reuse = if past { Reuse::Elsewhere } else { Reuse::Soon };
        let (found, expected) = (memories(&to, item, &target, false), memories(&to, item, &target, true));
        let mut targets: Vec<Buffer> = found.iter().map(Memory::buffer).collect();
        let positions: Vec<(*mut u8, Vec<i64>)> =
            targets.iter_mut().map(|target| (target.as_mut_ptr().unwrap(), target.strides().to_vec())).collect();
        let has = |bits: u8, rank: Rank| bits >> (rank.0 % 8) & 1 == 1;
        for (who, source) in memories(&from, item, &source, true).iter().map(Memory::buffer).enumerate() {
            let plan = plan(make, &from, &to, who);
            let factors = plan.outgoing().len();
            let whole = Push::new(&plan, item, source.strides()).unwrap();
            let piece = |range: Range<i64>| {
                (0..factors).map(|at| Some(range.clone()).filter(|_| at == dim)).collect::<Vec<_>>()
            };
            for ranges in [piece(0..cut), piece(cut..i64::MAX)] {
                let push = whole.within(&ranges);
                for part in [some, !some] {
                    let messages: Vec<(Transfer<'_>, RefCell<Vec<u8>>)> = push
                        .demands()
                        .filter(|demand| has(part, demand.peer()) && has(packed, demand.peer()))
                        .map(|demand| (demand.clone(), RefCell::new(vec![0; demand.elements() as usize * item])))
                        .collect();
                    let demand = |transfer: &Transfer<'_>| {
                        let rank = transfer.peer();
                        if !has(part, rank) {
                            return None;
                        }
                        if let Some((_, message)) = messages.iter().find(|(demand, _)| demand.peer() == rank) {
                            let mut message = message.borrow_mut();
                            let (data, len) = (message.as_mut_ptr(), message.len());
                            return Some(Demand::Message { data, len, order });
                        }
                        let (data, strides) = &positions[rank.0 as usize];
                        Some(Demand::Buffer(Target { data: *data, strides }))
                    };
                    // SAFETY: all buffers have the extents of their layouts, and the messages their
                    // transfers' elements.
                    unsafe { push.run(demand, source.as_ptr(), reuse) }.unwrap();
                    for (demand, message) in &messages {
                        let peer = demand.peer().0 as usize;
                        let theirs = self::plan(make, &from, &to, peer);
                        let supply = theirs.supplies().find(|supply| supply.peer().0 as usize == who).unwrap();
                        let part = supply.within_source(&ranges);
                        unpack_for(&part.transfer(), &message.borrow(), order, &mut targets[peer], reuse).unwrap();
                    }
                }
                if dim >= factors {
                    break;
                }
            }
        }
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(found.bytes == expected.bytes);
        }
    }
}

/// Short runs of several sources, many times over.
#[test]
fn braids() {
    use dap_core::dim::{Block, Cyclic};
    let plain = Style { order: vec![0], gaps: vec![0], backwards: vec![false], ahead: 3 };
    for (width, processes, item) in [(1, 2, 8), (3, 2, 4), (2, 3, 16), (5, 4, 1), (1, 7, 3)] {
        let from = Layout::new(vec![Cyclic::new(500, processes, width).unwrap().into()]).unwrap();
        let to = Layout::new(vec![Block::new(500, 2).unwrap().into()]).unwrap();
        let sources = memories(&from, item, &plain, true);
        let buffers: Vec<Buffer> = sources.iter().map(Memory::buffer).collect();
        for (who, expected) in memories(&to, item, &plain, true).iter().enumerate() {
            let found = Memory::new(expected.shape.clone(), item, &plain);
            let mut buffer = found.buffer();
            let pull = Pull::new(Arc::new(plan(Plan::new, &from, &to, who)), item, buffer.strides()).unwrap();
            let supply = |transfer: &Transfer<'_>| {
                let buffer = &buffers[transfer.peer().0 as usize];
                Some(Supply::Buffer(Source { data: buffer.as_ptr(), strides: buffer.strides() }))
            };
            // SAFETY: all buffers have the extents of their layouts.
            unsafe { pull.run(supply, buffer.as_mut_ptr().unwrap()) }.unwrap();
            assert!(found.bytes == expected.bytes, "cyclic({width}) over {processes}, {item} bytes, rank {who}");
        }
    }
}

/// A group without gaps is like one dimension: one run of the sequence needs no packing.
#[test]
fn groups_in_c_order_are_as_dimensions() {
    use dap_core::dim::Block;
    let layout = |dims: &[(i64, i64)]| {
        let dims = dims.iter().map(|&(size, processes)| Block::new(size, processes).unwrap().into());
        Layout::new(dims.collect::<Vec<_>>()).unwrap()
    };
    let (rows, line) = (layout(&[(6, 2), (4, 1)]), layout(&[(24, 3)]));
    let plan = Plan::reshape(&rows, &line, Endpoints::both(Rank(0))).unwrap();
    let send = plan.sends().next().unwrap();
    let items = ndarray::Array2::<u16>::zeros((3, 4));
    let in_f = Buffer::from_array(ndarray::Array2::<u16>::zeros((4, 3)).reversed_axes());
    let in_c = Buffer::from_array(items);
    assert_eq!((send.peer(), send.elements()), (Rank(1), 4));
    assert_eq!(contiguous_source(&send, &in_c, Order::C), Some(16));
    assert_eq!(contiguous_source(&send, &in_f, Order::C), None);
    let narrow = Buffer::from_array(ndarray::Array2::<u16>::zeros((2, 5)));
    let error = pack(&send, &narrow, Order::C, &mut [0; 8]).unwrap_err();
    assert_eq!(error.to_string(), "dimension 0: the buffer's extent is 2, the layout needs 3");
    let flat = Buffer::from_array(ndarray::Array1::<u16>::zeros(12));
    let error = pack(&send, &flat, Order::C, &mut [0; 8]).unwrap_err();
    assert_eq!(error, CopyError::Ndim { found: 1, expected: 2 });
}

#[test]
fn says_what_is_wrong() {
    use dap_core::dim::Block;
    let line = |processes| Layout::new(vec![Block::new(10, processes).unwrap().into()]).unwrap();
    let plan = Plan::new(&line(1), &line(2), Endpoints::both(Rank(0))).unwrap();
    let (send, kept) = (plan.sends().next().unwrap(), plan.kept().unwrap());
    let items = |len| Buffer::from_array(ndarray::Array1::<i32>::zeros(len));
    let says = |result: Result<(), CopyError>| result.unwrap_err().to_string();
    assert_eq!(says(pack(&send, &items(10), Order::C, &mut [0; 19])), "the message has 19 bytes, its elements 20");
    assert_eq!(
        says(pack(&send, &items(9), Order::C, &mut [0; 20])),
        "dimension 0: the buffer's extent is 9, the layout needs 10"
    );
    let mut read_only = items(5).into_read_only();
    assert_eq!(says(copy_local(&kept, &items(10), &mut read_only)), "the target may only be read");
    let mut bytes = Buffer::from_array(ndarray::Array1::<u8>::zeros(5));
    assert_eq!(
        says(copy_local(&kept, &items(10), &mut bytes)),
        "the items of the target have 1 byte, those of the source 4"
    );
    let mut plane = Buffer::from_array(ndarray::Array2::<i32>::zeros((5, 1)));
    assert_eq!(says(copy_local(&kept, &items(10), &mut plane)), "the buffer has 2 dimensions, the layout 1");
}

/// An array on one process.
fn layout(sizes: &[i64]) -> Layout {
    Layout::new(sizes.iter().map(|&size| Dim::undistributed(size).unwrap()).collect::<Vec<_>>()).unwrap()
}

/// A process that is no target pulls nothing, in a move or a reshape.
#[test]
fn pulls_nothing_without_a_target() {
    let endpoints = Endpoints { source: Some(Rank(0)), target: None };
    for make in [Plan::new as Made, Plan::reshape] {
        let plan = make(&layout(&[3, 4]), &layout(&[3, 4]), endpoints).unwrap();
        let pull = Pull::new(Arc::new(plan), 8, &[]).unwrap();
        // SAFETY: nothing is supplied and nothing written.
        unsafe { pull.run(|_| None, std::ptr::null_mut()) }.unwrap();
        assert_eq!(pull.within(&[]).plan().supplies().count(), 0);
    }
}

/// Extents before one of 0 may have a product that is beyond 64 bits.
#[test]
fn pulls_nothing_of_a_large_shape() {
    let layout = layout(&[1 << 40, 1 << 40, 0]);
    let plan = Plan::new(&layout, &layout, Endpoints::both(Rank(0))).unwrap();
    // SAFETY: nothing is supplied and nothing written.
    unsafe { Pull::new(Arc::new(plan), 8, &[0; 3]).unwrap().run(|_| None, std::ptr::null_mut()) }.unwrap();
}

/// Places of a reshape count in the section's extents, so a buffer with others has other items
/// there.
#[test]
fn a_reshape_needs_the_sections_extents() {
    let items = |shape: &[usize]| {
        Buffer::from_array(ndarray::ArrayD::from_shape_fn(shape, |index| {
            (index[0] * 10 + index[shape.len() - 1]) as u8
        }))
    };
    let says = |result: Result<(), CopyError>| result.unwrap_err().to_string();
    let plan = Plan::reshape(&layout(&[3, 4]), &layout(&[12]), Endpoints::both(Rank(0))).unwrap();
    let kept = plan.kept().unwrap();
    let refused = "dimension 1: the buffer's extent is 5, the layout needs 4";
    assert_eq!(says(copy_local(&kept, &items(&[3, 5]), &mut items(&[12]))), refused);
    assert_eq!(says(pack(&kept, &items(&[3, 5]), Order::C, &mut [0; 12])), refused);
    assert_eq!(contiguous_source(&kept, &items(&[3, 5]), Order::C), None);
    let mut message = [0; 12];
    pack(&kept, &items(&[3, 4]), Order::C, &mut message).unwrap();
    assert_eq!(message, [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
    let plan = Plan::reshape(&layout(&[12]), &layout(&[3, 4]), Endpoints::both(Rank(0))).unwrap();
    let kept = plan.kept().unwrap();
    assert_eq!(
        says(unpack(&kept, &[0; 12], Order::C, &mut items(&[4, 3]))),
        "dimension 0: the buffer's extent is 4, the layout needs 3"
    );
}
