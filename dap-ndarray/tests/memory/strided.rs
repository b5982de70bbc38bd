//! Any shape and strides: every element of a view lies where the sum of index times stride says.

use dap_core::dtype::DType;
use dap_ndarray::{Access, Buffer, BufferErrorKind, Item, dispatch, item::ItemType};
use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;

use crate::{indices, offset, reach};

/// Memory of exactly the bytes that are reached, aligned for any item, filled with a pattern.
struct Memory {
    words: Vec<u128>,
    begin: usize,
}

impl Memory {
    fn new(bytes: usize) -> Self {
        // The reached bytes end where the allocation ends, so an access behind it is noticed.
        let words = bytes.div_ceil(16);
        let begin = words * 16 - bytes;
        let mut memory = Self { words: vec![0; words], begin };
        let len = memory.words.len() * 16;
        let all = memory.words.as_mut_ptr().cast::<u8>();
        for at in 0..len {
            // SAFETY: within the vector. 0 and 1 are values of every item type.
            unsafe { all.add(at).write((at % 2) as u8) };
        }
        memory
    }

    fn at(&mut self, offset: i64) -> *mut u8 {
        self.words.as_mut_ptr().cast::<u8>().wrapping_add(self.begin).wrapping_offset(offset as isize)
    }
}

fn item() -> impl Strategy<Value = ItemType> {
    prop::sample::select(ItemType::ALL)
}

fn dims() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0_i64..5, -7_i64..8), 0..5)
}

/// As most arrays are: nested strides, in any order of the dimensions and any direction, with gaps.
fn nested() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let dim = (0_i64..5, 0_i64..3, any::<bool>());
    prop::collection::vec(dim, 0..5)
        .prop_map(|dims| {
            let mut step = 1;
            let dims = dims.into_iter().map(|(extent, gap, backwards)| {
                let stride = step + gap;
                step = stride * extent.max(1);
                (extent, if backwards { -stride } else { stride })
            });
            dims.collect()
        })
        .prop_shuffle()
}

fn check<T: Item>(dims: &[(i64, i64)], access: Access) -> Result<(), TestCaseError> {
    let itemsize = size_of::<T>() as i64;
    let shape: Vec<i64> = dims.iter().map(|dim| dim.0).collect();
    let strides: Vec<i64> = dims.iter().map(|dim| dim.1 * itemsize).collect();
    let (before, behind) = reach(&shape, &strides, itemsize);
    // Multiples of the item size up to the end: the item at index 0 is aligned where 16 bytes are.
    let mut memory = Memory::new((before + behind) as usize);
    let data = memory.at(before);
    let aligned = data.addr().is_multiple_of(align_of::<T>());
    // SAFETY: all that is reached lies in `memory`.
    let mut buffer = match unsafe { Buffer::from_raw(data, T::dtype(), &shape, Some(&strides), access, memory) } {
        Err(error) => {
            prop_assert_eq!(error.kind(), BufferErrorKind::Overlap);
            prop_assert_eq!(access, Access::ReadWrite);
            return Ok(());
        }
        Ok(buffer) => buffer,
    };
    prop_assert_eq!(buffer.len(), indices(&shape).len());
    prop_assert!(aligned || buffer.is_empty());
    for index in indices(&shape) {
        let at: Vec<usize> = index.iter().map(|&at| at as usize).collect();
        let address = data.addr().wrapping_add_signed(offset(&index, &strides) as isize);
        let view = buffer.view::<T>().unwrap();
        prop_assert_eq!(view.shape(), shape.iter().map(|&n| n as usize).collect::<Vec<_>>());
        prop_assert_eq!((&raw const view[IxDyn(&at)]).addr(), address);
        // And the same through a tensor's terms.
        prop_assert_eq!(buffer.as_ptr().addr().wrapping_add_signed(offset(&index, buffer.strides()) as isize), address);
        if access == Access::ReadWrite {
            let mut view = buffer.view_mut::<T>().unwrap();
            prop_assert_eq!((&raw mut view[IxDyn(&at)]).addr(), address);
        }
    }
    prop_assert_eq!(buffer.view_mut::<T>().is_ok(), access == Access::ReadWrite);
    let copy = buffer.to_native().unwrap();
    prop_assert!(copy.is_c_contiguous());
    prop_assert!(same(&copy, &buffer));
    Ok(())
}

/// Whether items are equal, looked at as bytes (there may be NaN).
fn same(a: &Buffer, b: &Buffer) -> bool {
    let bytes = |buffer: &Buffer| {
        dispatch!(buffer.dtype(), T => {
            let items = buffer.view::<T>().unwrap();
            let one = |item: &T| (0..size_of::<T>()).map(|at| {
                // SAFETY: a byte of an item.
                unsafe { (&raw const *item).cast::<u8>().add(at).read() }
            }).collect::<Vec<u8>>();
            items.iter().map(one).collect::<Vec<_>>()
        }, _ => unreachable!("an item type"))
    };
    a.shape() == b.shape() && bytes(a) == bytes(b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn elements_lie_where_index_times_stride_says(item in item(), dims in prop_oneof![dims(), nested()], write: bool) {
        let access = if write { Access::ReadWrite } else { Access::ReadOnly };
        dispatch!(&item.dtype(), T => check::<T>(&dims, access)?, _ => unreachable!("an item type"));
    }

    #[test]
    fn a_narrowed_buffer_is_the_slice_of_the_view(dims in nested(), cuts in prop::collection::vec((0_i64..5, 0_i64..5), 5)) {
        let shape: Vec<i64> = dims.iter().map(|dim| dim.0).collect();
        let strides: Vec<i64> = dims.iter().map(|dim| 2 * dim.1).collect();
        let (before, behind) = reach(&shape, &strides, 2);
        let mut memory = Memory::new((before + behind) as usize);
        let data = memory.at(before);
        let dtype = DType::parse("<u2").unwrap();
        // SAFETY: all that is reached lies in `memory`.
        let mut buffer = unsafe { Buffer::from_raw(data, dtype, &shape, Some(&strides), Access::ReadOnly, memory) }.unwrap();
        let ranges: Vec<_> = shape.iter().zip(&cuts).map(|(&extent, &(a, b))| a.min(b).min(extent)..a.max(b).min(extent)).collect();
        let expected: Vec<usize> = indices(&shape).iter()
            .filter(|index| index.iter().zip(&ranges).all(|(at, range)| range.contains(at)))
            .map(|index| data.addr().wrapping_add_signed(offset(index, &strides) as isize)).collect();
        buffer.narrow(&ranges).unwrap();
        let found: Vec<usize> = buffer.view::<u16>().unwrap().iter().map(|item| (&raw const *item).addr()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn reversing_dimensions_transposes(dims in nested()) {
        let shape: Vec<i64> = dims.iter().map(|dim| dim.0).collect();
        let strides: Vec<i64> = dims.iter().map(|dim| dim.1).collect();
        let (before, behind) = reach(&shape, &strides, 1);
        let mut memory = Memory::new((before + behind) as usize);
        let data = memory.at(before);
        // SAFETY: all that is reached lies in `memory`.
        let buffer = unsafe { Buffer::from_raw(data, u8::dtype(), &shape, Some(&strides), Access::ReadOnly, memory) }.unwrap();
        let addresses = |array: ArrayD<usize>| array.iter().copied().collect::<Vec<_>>();
        let expected = buffer.view::<u8>().unwrap().map(|item| (&raw const *item).addr()).reversed_axes();
        let reversed = buffer.reversed_dims();
        let view = reversed.view::<u8>().unwrap();
        prop_assert_eq!(view.shape(), expected.shape());
        prop_assert_eq!(addresses(view.map(|item| (&raw const *item).addr())), addresses(expected));
        prop_assert_eq!(reversed.is_c_contiguous(), view.is_standard_layout());
    }

    #[test]
    fn memory_is_shared_where_addresses_are_equal(
        extent in 0_i64..4,
        stride in prop::sample::select(&[-3_i64, -1, 1, 2][..]),
        low in 0_usize..14,
        len in 0_usize..6,
    ) {
        let (before, behind) = reach(&[extent], &[stride], 1);
        let mut memory = Memory::new((before + behind) as usize);
        let data = memory.at(before);
        // SAFETY: all that is reached lies in `memory`.
        let buffer = unsafe { Buffer::from_raw(data, u8::dtype(), &[extent], Some(&[stride]), Access::ReadOnly, memory) }.unwrap();
        let items: Vec<usize> = (0..extent).map(|k| data.addr().wrapping_add_signed((k * stride) as isize)).collect();
        let own = items.iter().min().zip(items.iter().max()).map_or(Vec::new(), |(&first, &last)| (first..=last).collect());
        let addresses = data.addr() - 8 + low..data.addr() - 8 + low + len;
        prop_assert_eq!(buffer.may_share_memory(&addresses), own.iter().any(|at| addresses.contains(at)));
    }
}

#[test]
fn no_dimensions_and_the_most_there_can_be() {
    let mut one = Box::new(7_i64);
    let data = (&raw mut *one).cast();
    // SAFETY: one item.
    let buffer = unsafe { Buffer::from_raw(data, i64::dtype(), &[], None, Access::ReadWrite, one) }.unwrap();
    assert_eq!((buffer.len(), buffer.ndim(), buffer.is_c_contiguous(), buffer.is_f_contiguous()), (1, 0, true, true));
    assert_eq!(buffer.view::<i64>().unwrap().as_slice(), Some(&[7][..]));

    let mut items = vec![1_u8, 2];
    let data = items.as_mut_ptr();
    let mut shape = [1_i64; 64];
    shape[40] = 2;
    // The strides of the other dimensions mean nothing.
    let mut strides = [i64::MIN; 64];
    strides[40] = -1;
    // SAFETY: two items, the first of them at the higher address.
    let last = unsafe { Buffer::from_raw(data.add(1), u8::dtype(), &shape, Some(&strides), Access::ReadWrite, items) };
    let last = last.unwrap();
    assert_eq!(last.view::<u8>().unwrap().iter().copied().collect::<Vec<_>>(), [2, 1]);
    let tensor = last.into_dlpack().unwrap();
    // SAFETY: it was just made.
    let back = unsafe { Buffer::from_dlpack(tensor) }.unwrap();
    assert_eq!((back.ndim(), back.strides()[40]), (64, -1));
    assert_eq!(back.view::<u8>().unwrap().iter().copied().collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn without_items_extents_may_be_of_any_size() {
    let shape = [0, i64::MAX, i64::MAX];
    let none = std::ptr::null_mut();
    let strides = [i64::MAX, i64::MIN, 3];
    // SAFETY: there are no items.
    let buffer =
        unsafe { Buffer::from_raw(none, f64::dtype(), &shape, Some(&strides), Access::ReadWrite, ()) }.unwrap();
    assert_eq!((buffer.len(), buffer.is_empty(), buffer.bytes().unwrap().len()), (0, true, 0));
    assert_eq!(buffer.view::<f64>().unwrap_err().kind(), BufferErrorKind::TooLarge);
    assert_eq!(buffer.to_native().unwrap().shape(), shape);
    let tensor = buffer.into_dlpack().unwrap();
    // SAFETY: it was just made.
    assert!(unsafe { tensor.as_ref() }.dl_tensor.data.is_null());
    // SAFETY: as above.
    assert_eq!(unsafe { Buffer::from_dlpack(tensor) }.unwrap().shape(), shape);

    let mut empty = Buffer::from_array(ndarray::Array3::<f32>::zeros((2, 0, 3)));
    assert_eq!(empty.view_mut::<f32>().unwrap().shape(), [2, 0, 3]);
}
