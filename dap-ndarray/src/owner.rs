//! The owner that keeps a buffer's memory alive: one pointer, and what to call when the buffer
//! goes.
//!
//! A `Box<dyn Any>` would do, but costs a DLPack tensor, which is a pointer already, an allocation
//! of its own.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::dlpack::{DLManagedTensor, DLManagedTensorVersioned};

/// Calls `release` with `context` once, when dropped, on whatever thread that is.
#[derive(Debug)]
pub(crate) struct Owner {
    context: *mut c_void,
    release: unsafe fn(*mut c_void),
}

// SAFETY: `context` is a box of a `Send + Sync` value (`Owner::new`), a reference to one
// (`Owner::shared`), or a tensor whose giver guarantees that its deleter may be called from any
// thread (`from_dlpack`). Nothing is done with it but to release it, by the one `Owner` there is.
unsafe impl Send for Owner {}
// SAFETY: a shared `Owner` gives no access to what it owns.
unsafe impl Sync for Owner {}

impl Owner {
    /// Drops `owner` when the time has come.
    pub(crate) fn new<O: Send + Sync + 'static>(owner: O) -> Self {
        unsafe fn release<O>(context: *mut c_void) {
            // SAFETY: `context` is the box that `Owner::new::<O>` made, and `Owner` releases it
            // once.
            drop(unsafe { Box::from_raw(context.cast::<O>()) });
        }
        Self { context: Box::into_raw(Box::new(owner)).cast(), release: release::<O> }
    }

    /// Lets go of a value that several own; it is a pointer already.
    pub(crate) fn shared<O: Send + Sync + 'static>(owner: Arc<O>) -> Self {
        unsafe fn release<O>(context: *mut c_void) {
            // SAFETY: `context` is the reference that `Owner::shared::<O>` counted, and `Owner`
            // releases it once.
            drop(unsafe { Arc::from_raw(context.cast_const().cast::<O>()) });
        }
        Self { context: Arc::into_raw(owner).cast_mut().cast(), release: release::<O> }
    }

    /// Calls the tensor's deleter when the time has come.
    ///
    /// # Safety
    /// The tensor is the caller's to release, and its deleter may be called from any thread.
    pub(crate) unsafe fn tensor(tensor: NonNull<DLManagedTensorVersioned>) -> Self {
        unsafe fn release(context: *mut c_void) {
            // SAFETY: `context` is the tensor given to `Owner::tensor`, which was the caller's to
            // release.
            unsafe { DLManagedTensorVersioned::release(context.cast()) };
        }
        Self { context: tensor.as_ptr().cast(), release }
    }

    /// The same for a tensor without a version.
    ///
    /// # Safety
    /// As [`Owner::tensor`].
    pub(crate) unsafe fn legacy_tensor(tensor: NonNull<DLManagedTensor>) -> Self {
        unsafe fn release(context: *mut c_void) {
            // SAFETY: `context` is the tensor given to `Owner::legacy_tensor`, which was the
            // caller's to release.
            unsafe { DLManagedTensor::release(context.cast()) };
        }
        Self { context: tensor.as_ptr().cast(), release }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: `context` is what `release` was made for, and a value is dropped once.
        unsafe { (self.release)(self.context) };
    }
}
