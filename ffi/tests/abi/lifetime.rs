//! Sections are released in every order, once, from any thread.

use dap_ffi::{Code, Owned};

use super::{count, given, section};

/// Releases a struct as C code does.
fn release(array: &mut dap_ffi::DapArray) {
    let release = array.release.expect("not released yet");
    // SAFETY: the struct is valid, and released once.
    unsafe { release(array) };
}

#[test]
fn release_lets_go_and_marks_the_struct() {
    let (mut array, _, releases) = given(3);
    release(&mut array);
    assert_eq!(count(&releases), 1);
    assert!(array.release.is_none());
    // SAFETY: a released struct is refused.
    let refusal = unsafe { Owned::take(&mut array) }.unwrap_err();
    assert_eq!(refusal.code(), Code::RELEASED);
    assert_eq!(count(&releases), 1);
}

#[test]
fn a_moved_struct_is_released_by_its_new_owner_only() {
    let (mut source, _, releases) = given(3);
    // SAFETY: a move as C does it: copied bit by bit, and the source marked.
    let mut target = unsafe { (&raw const source).read() };
    source.release = None;
    // SAFETY: a moved struct is refused.
    assert_eq!(unsafe { Owned::take(&mut source) }.unwrap_err().code(), Code::RELEASED);
    assert_eq!(count(&releases), 0);
    release(&mut target);
    assert_eq!(count(&releases), 1);
}

#[test]
fn a_taken_tensor_outlives_its_struct() {
    let (mut array, address, releases) = given(6);
    // SAFETY: valid, and owned here alone; the tensor is taken as DLPack's own users would take it.
    let tensor = unsafe { std::mem::replace(&mut (*array.blocks).tensor, std::ptr::null_mut()) };
    release(&mut array);
    assert_eq!(count(&releases), 0);
    // SAFETY: the tensor was taken, and is owned here alone.
    unsafe {
        assert_eq!((*tensor).dl_tensor.data.cast_const().cast(), address);
        assert_eq!(*address.add(1), 1.0);
        dap_ndarray::dlpack::DLManagedTensorVersioned::release(tensor);
    }
    assert_eq!(count(&releases), 1);
}

#[test]
fn a_struct_without_its_tensor_can_be_described_and_not_taken_over() {
    let (mut array, _, releases) = given(6);
    // SAFETY: the struct is valid, and owned here alone.
    let tensor = unsafe { std::mem::replace(&mut (*array.blocks).tensor, std::ptr::null_mut()) };
    // SAFETY: the struct is valid.
    let export = unsafe { dap_ffi::describe(&array) }.unwrap();
    assert_eq!(export.extent(0), Some(6));
    // SAFETY: the struct is valid, and owned here alone.
    let owned = unsafe { Owned::take(&mut array) }.unwrap();
    let (owned, refusal) = owned.into_section().unwrap_err();
    assert_eq!(refusal.code(), Code::TAKEN);
    drop(owned);
    // SAFETY: taken, and owned here alone.
    unsafe { dap_ndarray::dlpack::DLManagedTensorVersioned::release(tensor) };
    assert_eq!(count(&releases), 1);
}

#[test]
fn threads_may_make_read_and_release() {
    for rank in 0..8 {
        let owned = std::thread::spawn(move || {
            let (section, _, releases) = section(rank);
            (Owned::new(section).unwrap(), releases)
        });
        let (owned, releases) = owned.join().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                let owned = &owned;
                // SAFETY: the struct is alive, and not changed.
                scope.spawn(move || unsafe { dap_ffi::describe(owned.as_ptr()) }.unwrap());
            }
        });
        std::thread::spawn(move || drop(owned)).join().unwrap();
        assert_eq!(count(&releases), 1);
    }
}

#[test]
fn a_section_outlives_the_struct_it_came_from() {
    let (mut array, address, releases) = given(1);
    // SAFETY: valid, and owned here alone.
    let section = unsafe { Owned::take(&mut array) }.unwrap().into_section().unwrap();
    assert!(array.release.is_none());
    assert_eq!(section.view::<f64>().unwrap().as_ptr(), address);
    let sum: f64 = section.view::<f64>().unwrap().sum();
    assert!(sum > 0.0);
    drop(section);
    assert_eq!(count(&releases), 1);
}
