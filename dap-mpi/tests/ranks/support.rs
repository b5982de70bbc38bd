//! What the cases share: the same random values on all ranks, and buffers that say which element lies where.

use std::panic;
use std::sync::Mutex;

use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_mpi::Comm;
use dap_mpi::memory;
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The case that runs.
static CASE: Mutex<&str> = Mutex::new("");

/// A rank that fails takes the others with it: they would wait for it.
pub(crate) fn abort_on_panic() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        eprintln!("case {}:", CASE.lock().map_or("", |case| *case));
        default(info);
        std::process::abort();
    }));
}

/// Names the case that runs from here on.
pub(crate) fn begin(case: &'static str) {
    *CASE.lock().expect("nobody panics with it") = case;
}

/// So many values of a strategy, the same on all ranks.
pub(crate) fn values<S: Strategy>(strategy: S, count: usize, seed: u8) -> Vec<S::Value> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

/// Where a test's buffer lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Where the node can read it, or elsewhere.
    pub(crate) shared: bool,
    pub(crate) order: Order,
}

pub(crate) fn memories() -> impl Strategy<Value = Memory> {
    let order = prop_oneof![Just(Order::C), Just(Order::F)];
    (any::<bool>(), order).prop_map(|(shared, order)| Memory { shared, order })
}

pub(crate) fn dtypes() -> impl Strategy<Value = DType> {
    prop::sample::select(vec!["|u1", "<i2", "<f4", "<f8", "<c16", "|S3"])
        .prop_map(|text| DType::parse(text).expect("a type"))
}

/// The section of a rank, all bytes 0xEE.
pub(crate) fn buffer(comm: &Comm, layout: &Layout, rank: Rank, dtype: &DType, at: Memory) -> Buffer {
    let shape = layout.local_shape(rank).expect("a rank of the layout");
    let mut buffer = if at.shared {
        dap_mpi::memory::allocate(&memory::Pool::of(comm), dtype, &shape, at.order).expect("memory")
    } else if at.order == Order::F {
        let reversed: Vec<i64> = shape.iter().rev().copied().collect();
        Buffer::zeros(dtype.clone(), &reversed).expect("memory").reversed_dims()
    } else {
        Buffer::zeros(dtype.clone(), &shape).expect("memory")
    };
    let bytes = buffer.len() * buffer.itemsize();
    let data = buffer.as_mut_ptr().expect("it may be written");
    // SAFETY: contiguous in either order.
    unsafe { data.write_bytes(0xEE, bytes) };
    buffer
}

/// The bytes of the item at a place.
pub(crate) fn item(buffer: &Buffer, place: &[i64]) -> Vec<u8> {
    let offset: i64 = place.iter().zip(buffer.strides()).map(|(at, stride)| at * stride).sum();
    // SAFETY: within the buffer's extents.
    unsafe { std::slice::from_raw_parts(buffer.as_ptr().offset(offset as isize), buffer.itemsize()).to_vec() }
}

/// The bytes that say which element it is.
pub(crate) fn named(element: i64, itemsize: usize) -> Vec<u8> {
    (0..itemsize).map(|byte| (element * 37 + byte as i64 * 11 + element / 256 + 5) as u8).collect()
}

pub(crate) fn put(buffer: &mut Buffer, place: &[i64], element: i64) {
    let offset: i64 = place.iter().zip(buffer.strides()).map(|(at, stride)| at * stride).sum();
    let text = named(element, buffer.itemsize());
    let data = buffer.as_mut_ptr().expect("it may be written");
    // SAFETY: within the buffer's extents.
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), data.offset(offset as isize), text.len()) };
}

/// All places of a box.
pub(crate) fn places(shape: &[i64]) -> Vec<Vec<i64>> {
    shape.iter().fold(vec![Vec::new()], |places, &extent| {
        let longer = |place: Vec<i64>| (0..extent).map(move |at| [place.clone(), vec![at]].concat());
        places.into_iter().flat_map(longer).collect()
    })
}

/// The element that lies at a place, as one number.
pub(crate) fn element(layout: &Layout, rank: Rank, place: &[i64]) -> i64 {
    let local: Vec<LocalIndex> = place.iter().copied().map(LocalIndex).collect();
    number(layout, &layout.global(rank, &local).expect("a place of the buffer"))
}

pub(crate) fn number(layout: &Layout, global: &[GlobalIndex]) -> i64 {
    global.iter().zip(layout.shape()).fold(0, |number, (index, size)| number * size + index.0)
}

/// Whether the process holds the place as its own, and not as padding.
pub(crate) fn is_own(layout: &Layout, rank: Rank, place: &[i64]) -> bool {
    let runs = layout.runs(rank).expect("a rank of the layout");
    runs.iter().zip(place).all(|(runs, &at)| runs.iter().any(|run| run.local.0 <= at && at < run.local.0 + run.len))
}
