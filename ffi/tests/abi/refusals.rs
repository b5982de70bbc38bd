//! Every detectable mistake in a struct is refused with its code, and the struct stays unchanged.

use std::ptr::{null, null_mut};

use dap_ffi::{Code, DapArray, DapBlock, DapDim, Owned, describe};

use super::{count, given};

/// Changes a struct, returns the codes that refuse it when described and when taken over, and then
/// restores it.
fn refused(change: impl Fn(&mut DapArray, &mut DapBlock, &mut [DapDim])) -> (Option<Code>, Option<Code>) {
    let (whole, _, releases) = given(5);
    // The change is made in a copy; only the copy has the tensor, so that it is not released twice.
    // SAFETY: the struct was just made, with one block of three dimensions, and is owned here
    // alone.
    let (mut array, mut block, mut dims) = unsafe {
        let block = *whole.blocks;
        (*whole.blocks).tensor = null_mut();
        ((&raw const whole).read(), block, std::slice::from_raw_parts(block.dims, 3).to_vec())
    };
    let tensor = block.tensor;
    block.dims = dims.as_ptr();
    array.blocks = &raw mut block;
    change(&mut array, &mut block, &mut dims);
    // SAFETY: the function refuses this mistake.
    let described = unsafe { describe(&array) }.err().map(|refusal| refusal.code());
    // SAFETY: the function refuses this mistake; a struct that is not refused is taken over, and
    // owned here alone.
    let taken = unsafe { Owned::take(&mut array) };
    let taken = match taken.map(Owned::into_section) {
        Ok(Ok(section)) => {
            drop(section);
            assert_eq!(count(&releases), 1);
            return (described, None);
        }
        Ok(Err((owned, refusal))) => {
            let _ = owned.into_raw();
            refusal.code()
        }
        Err(refusal) => refusal.code(),
    };
    assert_eq!(count(&releases), 0);
    let mut whole = whole;
    // SAFETY: the struct as it was made, with its tensor, not released yet.
    unsafe {
        (*whole.blocks).tensor = tensor;
        whole.release.unwrap()(&raw mut whole);
    }
    assert_eq!(count(&releases), 1);
    (described, Some(taken))
}

fn both(code: Code) -> (Option<Code>, Option<Code>) {
    (Some(code), Some(code))
}

#[test]
fn what_is_right_is_not_refused() {
    assert_eq!(refused(|_, _, _| {}), (None, None));
}

#[test]
fn pointers() {
    // SAFETY: these pointers are refused without being followed.
    unsafe {
        assert_eq!(describe(null()).unwrap_err().code(), Code::NULL);
        assert_eq!(Owned::take(null_mut()).unwrap_err().code(), Code::NULL);
        assert_eq!(describe(std::ptr::without_provenance(4)).unwrap_err().code(), Code::ALIGNMENT);
    }
    let odd = || std::ptr::without_provenance_mut::<u8>(0x1001);
    assert_eq!(refused(|array, _, _| array.blocks = null_mut()), both(Code::NULL));
    assert_eq!(refused(|array, _, _| array.blocks = odd().cast()), both(Code::ALIGNMENT));
    assert_eq!(refused(|array, _, _| array.global_shape = null()), both(Code::NULL));
    assert_eq!(refused(|array, _, _| array.global_shape = odd().cast()), both(Code::ALIGNMENT));
    assert_eq!(refused(|_, block, _| block.dims = null()), both(Code::NULL));
    assert_eq!(refused(|_, block, _| block.dims = odd().cast()), both(Code::ALIGNMENT));
    assert_eq!(refused(|_, block, _| block.tensor = odd().cast()), both(Code::ALIGNMENT));
    assert_eq!(refused(|_, _, dims| dims[2].indices = null()), both(Code::NULL));
    assert_eq!(refused(|_, _, dims| dims[2].indices = odd().cast()), both(Code::ALIGNMENT));
}

#[test]
fn versions_and_flags() {
    assert_eq!(refused(|array, _, _| array.version.minor = 99), (None, None));
    assert_eq!(refused(|array, _, _| array.flags = 1), (None, None));
    assert_eq!(refused(|array, _, _| array.flags = 1 << 32), both(Code::FLAGS));
    assert_eq!(refused(|array, _, _| array.flags = 1 << 63), both(Code::FLAGS));
    assert_eq!(refused(|_, _, dims| dims[0].flags = 4), both(Code::FLAGS));
    assert_eq!(refused(|array, _, _| array.protocol = 1001), (None, None));
    assert_eq!(refused(|array, _, _| array.protocol = 1100), both(Code::PROTOCOL));
    assert_eq!(refused(|array, _, _| array.protocol = 900), both(Code::PROTOCOL));
    assert_eq!(refused(|array, _, _| array.mesh = (&raw const *array).cast()), both(Code::MESH));
}

#[test]
fn another_major_version_is_not_read() {
    let (mut array, ..) = given(5);
    let blocks = std::mem::replace(&mut array.blocks, null_mut());
    array.version.major = 1;
    array.ndim = -7;
    // SAFETY: only the version is read.
    assert_eq!(unsafe { describe(&array) }.unwrap_err().code(), Code::VERSION);
    array.blocks = blocks;
    // SAFETY: released once: an owner may always do that.
    unsafe { array.release.unwrap()(&raw mut array) };
}

#[test]
fn absurd_counts() {
    for ndim in [-1, 65, i32::MAX, i32::MIN] {
        assert_eq!(refused(|array, _, _| array.ndim = ndim), both(Code::NDIM), "{ndim}");
    }
    assert_eq!(refused(|array, _, _| array.ndim = 2), both(Code::TENSOR));
    for n_blocks in [-1, 2, i64::MAX] {
        assert_eq!(refused(|array, _, _| array.n_blocks = n_blocks), both(Code::BLOCKS), "{n_blocks}");
    }
    assert_eq!(refused(|array, _, _| array.n_blocks = 0), both(Code::NO_SECTION));
    for n_indices in [-1, 0, 4, 6, 11, 1 << 40, i64::MAX] {
        assert_eq!(refused(|_, _, dims| dims[2].n_indices = n_indices), both(Code::INDICES), "{n_indices}");
    }
    assert_eq!(refused(|_, _, dims| dims[1].size = -1), both(Code::GLOBAL_SHAPE));
    for letter in [0, 110, 1 << 31] {
        assert_eq!(refused(|_, _, dims| dims[0].dist_type = letter), both(Code::DIST_TYPE), "{letter}");
    }
}

#[test]
fn values_that_only_rules_refuse() {
    let rule = |change: fn(&mut [DapDim])| refused(|_, _, dims| change(dims));
    let (described, taken) = rule(|dims| dims[0].stop = i64::MAX);
    assert_eq!(described, None);
    assert!((300..400).contains(&taken.unwrap().0));
    let (described, taken) = rule(|dims| dims[0].proc_grid_rank = -5);
    assert_eq!(described, None);
    assert!((200..300).contains(&taken.unwrap().0));
    assert!(rule(|dims| dims[1].block_size = i64::MIN).1.is_some());
    assert!(rule(|dims| dims[0].pad_hi = i64::MAX).1.is_some());
}

/// Changes the tensor of a struct, refuses it, and puts it back.
fn tensor(change: impl Fn(&mut dap_ndarray::dlpack::DLManagedTensorVersioned)) -> (Option<Code>, Option<Code>) {
    let (array, ..) = given(5);
    let mut owned = {
        let mut array = array;
        // SAFETY: valid, and owned here alone.
        unsafe { Owned::take(&mut array) }.unwrap()
    };
    // SAFETY: the struct's tensor lives until it is released, and no other code uses it.
    let (tensor, whole) = unsafe {
        let tensor = (*(*owned.as_ptr()).blocks).tensor;
        (tensor, std::ptr::read(tensor))
    };
    // SAFETY: the tensor still lives, and no other code uses it.
    unsafe { change(&mut *tensor) };
    // SAFETY: the function refuses this mistake.
    let described = unsafe { describe(owned.as_ptr()) }.err().map(|refusal| refusal.code());
    let taken = match owned.into_section() {
        Ok(_) => return (described, None),
        Err((back, refusal)) => {
            owned = back;
            refusal.code()
        }
    };
    // SAFETY: the tensor still lives; it is restored, to be released.
    unsafe { std::ptr::write(tensor, whole) };
    drop(owned);
    (described, Some(taken))
}

#[test]
fn tensors() {
    assert_eq!(tensor(|_| {}), (None, None));
    assert_eq!(tensor(|tensor| tensor.version.minor = 99), (None, None));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.strides = null_mut()), (None, None));
    assert_eq!(tensor(|tensor| tensor.version.major = 2), both(Code::TENSOR_VERSION));
    assert_eq!(tensor(|tensor| tensor.flags = 1 << 9), (None, Some(Code::TENSOR_VERSION)));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.device.device_type = 2), both(Code::DEVICE));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.dtype.bits = 32), both(Code::DTYPE));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.dtype.lanes = 2), both(Code::DTYPE));
    for ndim in [-1, 0, 2, 4, i32::MAX] {
        assert_eq!(tensor(|tensor| tensor.dl_tensor.ndim = ndim), both(Code::TENSOR), "{ndim}");
    }
    assert_eq!(tensor(|tensor| tensor.dl_tensor.shape = null_mut()), both(Code::NULL));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.data = null_mut()), (None, Some(Code::TENSOR)));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.byte_offset = 4), both(Code::ALIGNMENT));
    assert_eq!(tensor(|tensor| tensor.dl_tensor.byte_offset = u64::MAX - 7), (None, Some(Code::TENSOR)));
}
