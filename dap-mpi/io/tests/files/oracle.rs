//! Items of any type as bytes: the whole array in C order on each rank.

use dap_array::{Context, DynArray};
use dap_core::algebra::{CommRank, Placement};
use dap_core::dim::Dim;
use dap_core::dtype::{DType, Descr};
use dap_core::index::{LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};
use ndarray::{Dimension, IxDyn};

use dap_array_testing::extents;

/// An item type, and Python's text for it.
pub(crate) fn types() -> Vec<(DType, String)> {
    let scalars = ["|b1", "|u1", "<i2", ">i4", "<i8", "<f4", ">f8", "<f2", "<c8", ">c16", "|S3", "<U2", "|V5"];
    let scalar = |text: &&str| (DType::parse(text).expect("a type"), format!("'{text}'"));
    let text = |text: &str| Descr::Text(text.to_owned());
    let field = |parts: Vec<Descr>| Descr::List(parts);
    let record = Descr::List(vec![
        field(vec![text("mass"), text("<f8")]),
        field(vec![text("näme"), text("|S5")]),
        field(vec![text("place"), text(">i2"), Descr::List(vec![Descr::Int(2)])]),
    ]);
    let record = DType::from_descr(&record).expect("a struct");
    let mut types: Vec<_> = scalars.iter().map(scalar).collect();
    types.push((record, "[('mass', '<f8'), ('näme', 'S5'), ('place', '>i2', (2,))]".to_owned()));
    types
}

/// Bytes that differ between neighbours; booleans and letters are 0 or 1.
pub(crate) fn bytes(dtype: &DType, shape: &[i64], salt: u64) -> Vec<u8> {
    let count = shape.iter().product::<i64>() * dtype.itemsize();
    let is_number = matches!(dtype.typestr().as_deref(), Some(text) if !"bU".contains(&text[1..2]));
    let mut state = salt | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let byte = |at: i64, random: u8| match dtype.typestr().as_deref() {
        _ if is_number => random,
        // Letters of 32 bits.
        Some(text) if text.contains('U') => {
            if at % 4 == 0 {
                b'a' + random % 26
            } else {
                0
            }
        }
        Some(_) => random % 2,
        None => random,
    };
    (0..count).map(|at| byte(at, next())).collect()
}

/// The items of a buffer in C order.
pub(crate) fn packed(buffer: &Buffer) -> Vec<u8> {
    let dims = buffer.shape().iter().map(|&extent| Dim::undistributed(extent).expect("an extent")).collect();
    let layout = Layout::new(dims).expect("a layout");
    let plan = Plan::new(&layout, &layout, Endpoints { source: Some(Rank(0)), target: None }).expect("a plan");
    let mut bytes = vec![0; buffer.len() * buffer.itemsize()];
    for transfer in plan.sends() {
        copy::pack(&transfer, buffer, Order::C, &mut bytes).expect("all items");
    }
    bytes
}

/// The items in Fortran order instead of C order.
pub(crate) fn in_fortran_order(bytes: &[u8], shape: &[i64], item: usize) -> Vec<u8> {
    let whole = ndarray::ArrayD::from_shape_fn(extents(shape), |at: IxDyn| place(&extents(shape), at.slice()));
    whole.t().iter().flat_map(|&at| bytes[at * item..(at + 1) * item].to_vec()).collect()
}

/// The number of an element in C order.
fn place(shape: &[usize], at: &[usize]) -> usize {
    shape.iter().zip(at).fold(0, |place, (extent, at)| place * extent + at)
}

/// The place in C order of the whole array, of each element that this rank owns in C order.
fn places(placement: &Placement, context: &Context) -> Option<(Vec<i64>, Vec<usize>)> {
    let placement = placement.without_padding().expect("a placement");
    let layout = placement.layout();
    let rank = placement.ranks().section(CommRank(context.comm().rank().into()))?;
    let local = layout.local_shape(rank).expect("a section");
    let whole = extents(layout.shape());
    let indices = ndarray::indices(extents(&local));
    let global = |at: IxDyn| {
        let at: Vec<LocalIndex> = at.slice().iter().map(|&at| LocalIndex(at as i64)).collect();
        let global = layout.global(rank, &at).expect("an element");
        place(&whole, &global.iter().map(|index| index.0 as usize).collect::<Vec<_>>())
    };
    Some((local, indices.into_iter().map(global).collect()))
}

/// An array of these bytes. Its sections are in C or Fortran order.
pub(crate) fn array(context: &Context, placement: &Placement, dtype: &DType, whole: &[u8], order: Order) -> DynArray {
    let placement = placement.without_padding().expect("a placement");
    let item = dtype.itemsize() as usize;
    let section = places(&placement, context).map(|(shape, places)| {
        let mut own: Vec<u8> = places.iter().flat_map(|&at| whole[at * item..(at + 1) * item].to_vec()).collect();
        let fill = |shape: &[i64]| {
            let mut buffer = Buffer::zeros(dtype.clone(), shape)?;
            buffer.bytes_mut()?.copy_from_slice(&own);
            Ok::<_, dap_ndarray::BufferError>(buffer)
        };
        match order {
            Order::C => fill(&shape).expect("a section"),
            Order::F => {
                own = in_fortran_order(&own, &shape, item);
                let fill = |shape: &[i64]| {
                    let mut buffer = Buffer::zeros(dtype.clone(), shape)?;
                    buffer.bytes_mut()?.copy_from_slice(&own);
                    Ok::<_, dap_ndarray::BufferError>(buffer)
                };
                Order::F.make_buffer(&shape, fill).expect("a section")
            }
        }
    });
    assert!(section.as_ref().is_none_or(|section| section.access() == Access::ReadWrite));
    DynArray::from_buffer(context, placement, dtype, Ok(section)).expect("an array")
}

/// Compares each rank's items with those of the whole array.
pub(crate) fn check(array: &DynArray, whole: &[u8], what: &str) {
    let item = array.dtype().itemsize() as usize;
    let items = array.local_items().unwrap_or_else(|error| panic!("{what}: {error}"));
    let found = items.map(|items| packed(items.buffer()));
    let expected = places(array.placement(), array.context()).map(|(_, places)| {
        places.iter().flat_map(|&at| whole[at * item..(at + 1) * item].to_vec()).collect::<Vec<u8>>()
    });
    assert_eq!(found, expected, "{what}: {array:?}");
}
