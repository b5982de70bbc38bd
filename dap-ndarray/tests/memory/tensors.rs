//! DLPack tensors: the same address on both sides, in every way in and out.

use std::ptr::{NonNull, null_mut};

use dap_ndarray::dlpack::{
    DLDataType, DLDevice, DLManagedTensor, DLManagedTensorVersioned, DLPackVersion, DLTensor, IS_COPIED, READ_ONLY,
};
use dap_ndarray::{Access, Buffer, Item, dispatch, item::ItemType};
use ndarray::{Array3, ShapeBuilder, arr2};

use crate::Count;

/// A producer as a C library would be: one allocation with everything, which the deleter frees.
pub(crate) struct Foreign {
    managed: DLManagedTensorVersioned,
    items: Vec<f32>,
    shape: Vec<i64>,
    strides: Vec<i64>,
    count: Count,
}

impl Foreign {
    pub(crate) fn new(count: &Count) -> Box<Self> {
        let mut foreign = Box::new(Self {
            managed: DLManagedTensorVersioned {
                version: DLPackVersion { major: 1, minor: 7 },
                manager_ctx: null_mut(),
                deleter: Some(Self::delete),
                flags: 0,
                dl_tensor: DLTensor {
                    data: null_mut(),
                    device: DLDevice::CPU,
                    ndim: 2,
                    dtype: DLDataType { code: 2, bits: 32, lanes: 1 },
                    shape: null_mut(),
                    strides: null_mut(),
                    byte_offset: 0,
                },
            },
            items: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            shape: vec![2, 3],
            strides: vec![3, 1],
            count: count.clone(),
        });
        foreign.managed.dl_tensor.data = foreign.items.as_mut_ptr().cast();
        foreign.managed.dl_tensor.shape = foreign.shape.as_mut_ptr();
        foreign.managed.dl_tensor.strides = foreign.strides.as_mut_ptr();
        foreign
    }

    pub(crate) fn with(mut self: Box<Self>, change: impl FnOnce(&mut DLManagedTensorVersioned)) -> Box<Self> {
        change(&mut self.managed);
        self
    }

    pub(crate) fn with_numbers(mut self: Box<Self>, shape: &[i64], strides: &[i64]) -> Box<Self> {
        (self.shape, self.strides) = (shape.to_vec(), strides.to_vec());
        self.managed.dl_tensor.shape = self.shape.as_mut_ptr();
        self.managed.dl_tensor.strides = self.strides.as_mut_ptr();
        self.managed.dl_tensor.ndim = shape.len() as i32;
        self
    }

    /// Gives it away.
    pub(crate) fn give(self: Box<Self>) -> NonNull<DLManagedTensorVersioned> {
        let foreign = Box::into_raw(self);
        // SAFETY: the box is there, and its address is not null.
        unsafe {
            (*foreign).managed.manager_ctx = foreign.cast();
            NonNull::new_unchecked(&raw mut (*foreign).managed)
        }
    }

    unsafe extern "C" fn delete(tensor: *mut DLManagedTensorVersioned) {
        // SAFETY: `give` put the box there.
        let foreign = unsafe { Box::from_raw((*tensor).manager_ctx.cast::<Self>()) };
        drop(foreign.count.owner(()));
    }
}

/// Takes it over.
pub(crate) fn take(foreign: Box<Foreign>) -> Buffer {
    // SAFETY: the tensor obeys DLPack and is given away.
    unsafe { Buffer::from_dlpack(foreign.give()) }.unwrap()
}

#[test]
fn a_foreign_tensor_keeps_its_address_and_is_released_once() {
    let count = Count::default();
    let foreign = Foreign::new(&count);
    let address = foreign.items.as_ptr();
    let mut buffer = take(foreign);
    assert_eq!((buffer.as_ptr().cast(), buffer.strides(), buffer.access()), (address, &[12, 4][..], Access::ReadWrite));
    buffer.view_mut::<f32>().unwrap()[[1, 0]] = 9.0;
    assert_eq!(buffer.view::<f32>().unwrap(), arr2(&[[0.0, 1.0, 2.0], [9.0, 4.0, 5.0]]).into_dyn());
    assert_eq!(count.get(), 0);
    drop(buffer);
    assert_eq!(count.get(), 1);
}

#[test]
fn strides_may_be_null_and_the_offset_is_added() {
    let count = Count::default();
    let shifted = |tensor: &mut DLManagedTensorVersioned| {
        tensor.dl_tensor.strides = null_mut();
        tensor.dl_tensor.byte_offset = 8;
        tensor.flags = READ_ONLY | IS_COPIED;
    };
    let foreign = Foreign::new(&count).with_numbers(&[2, 2], &[]).with(shifted);
    let address = foreign.items.as_ptr();
    let mut buffer = take(foreign);
    assert_eq!(buffer.view::<f32>().unwrap(), arr2(&[[2.0, 3.0], [4.0, 5.0]]).into_dyn());
    assert_eq!(buffer.as_ptr().cast(), address.wrapping_add(2));
    assert!(buffer.view_mut::<f32>().is_err());
    let again = buffer.into_dlpack().unwrap();
    // SAFETY: it was just made.
    let tensor = unsafe { again.as_ref() };
    assert_eq!((tensor.flags, tensor.dl_tensor.byte_offset), (READ_ONLY, 0));
    assert_eq!(tensor.dl_tensor.data.cast_const().cast(), address.wrapping_add(2));
    // SAFETY: the strides are always there.
    assert_eq!(unsafe { std::slice::from_raw_parts(tensor.dl_tensor.strides, 2) }, [2, 1]);
    // SAFETY: it is given away.
    drop(unsafe { Buffer::from_dlpack(again) }.unwrap());
    assert_eq!(count.get(), 1);
}

#[test]
fn without_a_deleter_nobody_is_released() {
    let count = Count::default();
    let mut foreign = Foreign::new(&count).with(|tensor| tensor.deleter = None);
    // SAFETY: the memory outlives the buffer.
    drop(unsafe { Buffer::from_dlpack(NonNull::from(&mut foreign.managed)) }.unwrap());
    assert_eq!((count.get(), foreign.items[5]), (0, 5.0));
}

#[test]
fn shared_memory_may_only_be_read_whatever_the_flags_say() {
    let buffer = take(
        Foreign::new(&Count::default()).with_numbers(&[4, 2], &[0, -1]).with(|tensor| tensor.dl_tensor.byte_offset = 4),
    );
    assert_eq!(buffer.access(), Access::ReadOnly);
    assert_eq!(buffer.view::<f32>().unwrap().rows().into_iter().nth(3).unwrap().to_vec(), [1.0, 0.0]);
}

#[test]
fn strides_of_extents_of_0_and_1_mean_nothing() {
    let max = i64::MAX;
    let one = take(Foreign::new(&Count::default()).with_numbers(&[1, 6, 1], &[max, 1, i64::MIN]));
    assert!(one.is_c_contiguous() && one.is_f_contiguous());
    assert_eq!(one.view::<f32>().unwrap().len(), 6);
    let none = take(Foreign::new(&Count::default()).with_numbers(&[6, 0], &[max, max]).with(|tensor| {
        tensor.dl_tensor.data = null_mut();
        tensor.dl_tensor.byte_offset = 64;
    }));
    assert!(none.is_empty());
    assert_eq!(none.view::<f32>().unwrap().shape(), [6, 0]);
}

#[test]
fn every_item_type_goes_out_and_comes_back() {
    fn there_and_back<T: Item>() {
        // Zero bytes are an item of every type. In Fortran's order, the middle reversed.
        let buffer = Buffer::zeros(T::dtype(), &[4, 3, 2]).unwrap().reversed_dims();
        let address = buffer.as_ptr();
        let strides = buffer.strides().to_vec();
        let tensor = buffer.into_dlpack().unwrap();
        // SAFETY: it was just made, and is given away.
        let buffer = unsafe { Buffer::from_dlpack(tensor) }.unwrap();
        assert_eq!((buffer.as_ptr(), buffer.dtype(), buffer.strides()), (address, &T::dtype(), &strides[..]));
        assert_eq!(buffer.view::<T>().unwrap().shape(), [2, 3, 4]);
        let tensor = buffer.into_dlpack_legacy().unwrap();
        // SAFETY: as above.
        let buffer = unsafe { Buffer::from_dlpack_legacy(tensor) }.unwrap();
        assert_eq!((buffer.as_ptr(), buffer.strides(), buffer.access()), (address, &strides[..], Access::ReadWrite));
    }
    for item in ItemType::ALL {
        dispatch!(&item.dtype(), T => there_and_back::<T>(), _ => unreachable!("an item type"));
    }
}

#[test]
fn arrays_of_rust_keep_their_address_in_any_order() {
    let c = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (100 * i + 10 * j + k) as i32);
    let mut f = Array3::zeros((2, 3, 4).f());
    f.assign(&c);
    let mut backwards = c.clone();
    backwards.invert_axis(ndarray::Axis(1));
    for array in [c, f, backwards] {
        let (address, expected) = (array.as_ptr(), array.clone().into_dyn());
        let buffer = Buffer::from_array(array);
        assert_eq!(buffer.as_ptr().cast(), address);
        let tensor = buffer.into_dlpack().unwrap();
        // SAFETY: it was just made, and is given away.
        let buffer = unsafe { Buffer::from_dlpack(tensor) }.unwrap();
        let view = buffer.view::<i32>().unwrap();
        assert_eq!((view.as_ptr(), view), (address, expected.view()));
    }
}

#[test]
fn a_borrowed_tensor_is_kept_by_whoever_lends_it() {
    let count = Count::default();
    let foreign = Foreign::new(&count);
    let tensor = foreign.managed.dl_tensor;
    // SAFETY: the owner keeps the memory.
    let buffer = unsafe { Buffer::from_dl_tensor(&tensor, Access::ReadOnly, LentOut(foreign)) }.unwrap();
    assert_eq!(buffer.view::<f32>().unwrap()[[1, 2]], 5.0);
    drop(buffer);
    assert_eq!(count.get(), 0);
}

struct LentOut(#[expect(dead_code, reason = "kept")] Box<Foreign>);
// SAFETY: nothing is done with it but to drop it.
unsafe impl Send for LentOut {}
// SAFETY: as above.
unsafe impl Sync for LentOut {}

#[test]
fn a_tensor_without_a_version_from_elsewhere() {
    unsafe extern "C" fn delete(tensor: *mut DLManagedTensor) {
        // SAFETY: both boxes were made below.
        unsafe {
            drop(Box::from_raw((*tensor).manager_ctx.cast::<Count>()).owner(()));
            drop(Box::from_raw(tensor));
        }
    }
    let count = Count::default();
    let (mut items, mut shape, mut strides) = ([1_u8, 2, 3, 4], [2_i64], [-2_i64]);
    let dl_tensor = DLTensor {
        data: items.as_mut_ptr().cast(),
        device: DLDevice::CPU,
        ndim: 1,
        dtype: DLDataType { code: 1, bits: 8, lanes: 1 },
        shape: shape.as_mut_ptr(),
        strides: strides.as_mut_ptr(),
        byte_offset: 3,
    };
    let manager_ctx = Box::into_raw(Box::new(count.clone())).cast();
    let tensor = Box::into_raw(Box::new(DLManagedTensor { dl_tensor, manager_ctx, deleter: Some(delete) }));
    // SAFETY: the tensor obeys DLPack and is given away; the arrays outlive it.
    let buffer = unsafe { Buffer::from_dlpack_legacy(NonNull::new(tensor).unwrap()) }.unwrap();
    assert_eq!(buffer.view::<u8>().unwrap(), ndarray::arr1(&[4, 2]).into_dyn());
    drop(buffer);
    assert_eq!(count.get(), 1);
}
