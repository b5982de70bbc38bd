//! Owners are released once: in any order, from any thread, also when they panic.

use std::sync::Arc;
use std::thread;

use dap_ndarray::dlpack::{DLManagedTensor, DLManagedTensorVersioned};
use dap_ndarray::{Access, Buffer, Item};

use crate::Count;

fn counted(count: &Count) -> Buffer {
    let mut memory = vec![7_i64; 4];
    let data = memory.as_mut_ptr().cast();
    // SAFETY: the owner keeps the memory.
    unsafe { Buffer::from_raw(data, i64::dtype(), &[4], None, Access::ReadWrite, count.owner(memory)) }.unwrap()
}

#[test]
fn when_dropped_and_not_before() {
    let count = Count::default();
    let mut buffer = counted(&count);
    buffer.narrow(&[1..2]).unwrap();
    let buffer = buffer.into_read_only().reversed_dims();
    let copy = buffer.to_native().unwrap();
    assert_eq!(count.get(), 0);
    drop(buffer);
    assert_eq!(count.get(), 1);
    assert_eq!(copy.view::<i64>().unwrap()[[0]], 7);
}

#[test]
fn on_another_thread() {
    let count = Count::default();
    let buffer = counted(&count);
    let sum = thread::spawn(move || buffer.view::<i64>().unwrap().sum()).join().unwrap();
    assert_eq!((sum, count.get()), (28, 1));

    // As a tensor, by a library that only knows its deleter.
    struct Sent(*mut DLManagedTensorVersioned);
    // SAFETY: a tensor of ours may be released from any thread.
    unsafe impl Send for Sent {}
    let tensor = Sent(counted(&count).into_dlpack().unwrap().as_ptr());
    thread::spawn(move || {
        let tensor = tensor;
        // SAFETY: it is ours to release.
        unsafe { DLManagedTensorVersioned::release(tensor.0) };
    })
    .join()
    .unwrap();
    assert_eq!(count.get(), 2);
    // SAFETY: it was just made.
    unsafe { DLManagedTensor::release(counted(&count).into_dlpack_legacy().unwrap().as_ptr()) };
    assert_eq!(count.get(), 3);
}

#[test]
fn after_the_last_who_shares_it() {
    let count = Count::default();
    let shared = Arc::new(counted(&count));
    // SAFETY: one view at a time.
    let mut writer = unsafe { Buffer::alias(&shared) };
    let reader = Buffer::shared(&shared);
    assert_eq!((reader.access(), reader.as_ptr()), (Access::ReadOnly, shared.as_ptr()));
    drop(shared);
    writer.view_mut::<i64>().unwrap()[[3]] = 8;
    drop(writer);
    assert_eq!((count.get(), reader.view::<i64>().unwrap()[[3]]), (0, 8));
    let tensor = reader.into_dlpack().unwrap();
    // SAFETY: it was just made.
    drop(unsafe { Buffer::from_dlpack(tensor) }.unwrap());
    assert_eq!(count.get(), 1);
}

#[test]
fn an_owner_that_panics_does_not_take_its_consumer_down() {
    struct Fuse(Count);
    impl Drop for Fuse {
        fn drop(&mut self) {
            drop(self.0.owner(()));
            panic!("on purpose");
        }
    }
    let count = Count::default();
    let mut memory = 1_u8;
    // SAFETY: the memory outlives the buffer.
    let buffer =
        unsafe { Buffer::from_raw(&raw mut memory, u8::dtype(), &[], None, Access::ReadOnly, Fuse(count.clone())) };
    // SAFETY: it was just made.
    unsafe { DLManagedTensorVersioned::release(buffer.unwrap().into_dlpack().unwrap().as_ptr()) };
    assert_eq!(count.get(), 1);
}
