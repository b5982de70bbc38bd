//! Helpers of the cases: buffers whose bytes name the element that lies there.

use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_mpi::{Comm, Prepare, memory};
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item};
use proptest::prelude::*;

/// The memory of a test's buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Whether the node can read it.
    pub(crate) shared: bool,
    pub(crate) order: Order,
}

impl Memory {
    pub(crate) const ALL: [Memory; 2] =
        [Memory { shared: true, order: Order::C }, Memory { shared: false, order: Order::F }];
}

pub(crate) fn memories() -> impl Strategy<Value = Memory> {
    let order = prop_oneof![Just(Order::C), Just(Order::F)];
    (any::<bool>(), order).prop_map(|(shared, order)| Memory { shared, order })
}

pub(crate) fn dtypes() -> impl Strategy<Value = DType> {
    prop::sample::select(vec!["|u1", "<i2", "<f4", "<f8", "<c16", "|S3"])
        .prop_map(|text| DType::parse(text).expect("a type"))
}

/// Every byte of a buffer before it is filled: not zero, and not an item of [`named`].
pub(crate) const UNTOUCHED: u8 = 0xEE;

/// All bytes of a buffer without gaps, padding included.
pub(crate) fn snapshot(buffer: &Buffer) -> Vec<u8> {
    // SAFETY: the buffers of these tests are contiguous in C or Fortran order, so that this is all
    // of their memory.
    unsafe { std::slice::from_raw_parts(buffer.as_ptr(), buffer.len() * buffer.itemsize()).to_vec() }
}

/// The section of a rank, all bytes [`UNTOUCHED`].
pub(crate) fn buffer(comm: &Comm, layout: &Layout, rank: Rank, dtype: &DType, at: Memory) -> Buffer {
    let shape = layout.local_shape(rank).expect("a rank of the layout");
    let mut buffer = if at.shared {
        memory::allocate(comm, dtype, &shape, at.order).expect("memory")
    } else {
        at.order.make_buffer(&shape, |shape| Buffer::zeros(dtype.clone(), shape)).expect("memory")
    };
    let bytes = buffer.len() * buffer.itemsize();
    let data = buffer.as_mut_ptr().expect("it may be written");
    // SAFETY: `buffer` has just been made, contiguous in C or Fortran order, of `bytes` bytes.
    unsafe { data.write_bytes(UNTOUCHED, bytes) };
    buffer
}

/// The bytes of the item at a place.
pub(crate) fn item(buffer: &Buffer, place: &[i64]) -> Vec<u8> {
    let offset: i64 = place.iter().zip(buffer.strides()).map(|(at, stride)| at * stride).sum();
    // SAFETY: `place` is within the buffer's extents (`places`), so this item lies in its memory,
    // which no operation uses.
    unsafe { std::slice::from_raw_parts(buffer.as_ptr().offset(offset as isize), buffer.itemsize()).to_vec() }
}

/// The bytes that name an element.
pub(crate) fn named(element: i64, itemsize: usize) -> Vec<u8> {
    (0..itemsize).map(|byte| (element * 37 + byte as i64 * 11 + element / 256 + 5) as u8).collect()
}

pub(crate) fn put(buffer: &mut Buffer, place: &[i64], element: i64) {
    let offset: i64 = place.iter().zip(buffer.strides()).map(|(at, stride)| at * stride).sum();
    let text = named(element, buffer.itemsize());
    let data = buffer.as_mut_ptr().expect("it may be written");
    // SAFETY: `place` is within the buffer's extents (`places`), so this item lies in its memory,
    // which is borrowed mutably.
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), data.offset(offset as isize), text.len()) };
}

/// All places of a box.
pub(crate) fn places(shape: &[i64]) -> Vec<Vec<i64>> {
    shape.iter().fold(vec![Vec::new()], |places, &extent| {
        let longer = |place: Vec<i64>| (0..extent).map(move |at| [place.clone(), vec![at]].concat());
        places.into_iter().flat_map(longer).collect()
    })
}

/// The number of the element at a position.
pub(crate) fn element(layout: &Layout, rank: Rank, place: &[i64]) -> i64 {
    let local: Vec<LocalIndex> = place.iter().copied().map(LocalIndex).collect();
    number(layout, &layout.global(rank, &local).expect("a place of the buffer"))
}

pub(crate) fn number(layout: &Layout, global: &[GlobalIndex]) -> i64 {
    global.iter().zip(layout.shape()).fold(0, |number, (index, size)| number * size + index.0)
}

/// Whether the process owns the element at a position, and does not hold it as padding.
pub(crate) fn is_own(layout: &Layout, rank: Rank, place: &[i64]) -> bool {
    let runs = layout.runs(rank).expect("a rank of the layout");
    runs.iter().zip(place).all(|(runs, &at)| runs.iter().any(|run| run.local.0 <= at && at < run.local.0 + run.len))
}

/// This rank's section of a layout, if it has one: shared memory in C order with `value(index)` at
/// each global index, padding included.
pub(crate) fn filled(comm: &Comm, layout: &Layout, value: impl Fn(&[GlobalIndex]) -> i64) -> Option<Buffer> {
    let rank = Some(Rank(comm.rank().into())).filter(|&rank| layout.grid().contains(rank))?;
    let shape = layout.local_shape(rank).expect("a rank of the layout");
    let mut buffer = memory::allocate(comm, &i64::dtype(), &shape, Order::C).expect("memory");
    for (at, item) in buffer.view_mut::<i64>().expect("numbers").indexed_iter_mut() {
        let local: Vec<LocalIndex> = (0..layout.ndim()).map(|dim| LocalIndex(at[dim] as i64)).collect();
        *item = value(&layout.global(rank, &local).expect("a place of the buffer"));
    }
    Some(buffer)
}

/// Checks a section against `value(index)` at each global index, padding included.
pub(crate) fn check_filled(
    comm: &Comm,
    layout: &Layout,
    buffer: Option<&Buffer>,
    value: impl Fn(&[GlobalIndex]) -> i64,
) {
    let expected = filled(comm, layout, value);
    let items = |buffer: &Buffer| buffer.view::<i64>().expect("numbers").to_owned();
    assert_eq!(buffer.map(items), expected.as_ref().map(items), "rank {} of {layout}", comm.rank());
}

/// Moves or reshapes an array of numbers once, into a new section of `to` with -1 in its padding.
pub(crate) fn moved(
    comm: &Comm,
    prepare: Prepare,
    (from, source): (&Layout, Option<&Buffer>),
    to: &Layout,
) -> Option<Buffer> {
    let mut target = filled(comm, to, |_| -1);
    let mut moving = prepare(comm, from.into(), to.into(), &i64::dtype()).expect("a plan");
    moving.execute(source, target.as_mut()).expect("it moves");
    target
}
