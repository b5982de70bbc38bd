//! DLPack's structs: how libraries in one process hand over a tensor.
//!
//! Our own definitions of the public ABI, version 1.1, field by field; sizes and offsets are
//! asserted. Enumerations are plain integers here, because a producer may write any number into
//! them. [`Buffer`](crate::Buffer) has the conversions:
//! [`from_dlpack`](crate::Buffer::from_dlpack), [`into_dlpack`](crate::Buffer::into_dlpack), and
//! both for tensors without a version.
//!
//! ```
//! use dap_ndarray::Buffer;
//! let array = ndarray::arr2(&[[1.0_f32, 2.0], [3.0, 4.0]]);
//! let address = array.as_ptr();
//! let tensor = Buffer::from_array(array).into_dlpack().map_err(|(_, error)| error)?;
//! // ... and in another library:
//! // SAFETY: the tensor was just made, and is given away here.
//! let buffer = unsafe { Buffer::from_dlpack(tensor) }.map_err(|(_, error)| error)?;
//! assert_eq!(buffer.view::<f32>()?.as_ptr(), address);
//! # Ok::<(), dap_ndarray::BufferError>(())
//! ```

use std::ffi::c_void;
use std::mem::offset_of;

/// The version of the structs, the first thing in a versioned tensor.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Semantic Versioning")]
pub struct DLPackVersion {
    pub major: u32,
    pub minor: u32,
}

impl DLPackVersion {
    /// The version written here. Readers take any minor version.
    pub const OURS: Self = Self { major: 1, minor: 1 };
}

/// Where memory is.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DLDevice {
    /// [`DLDevice::CPU`], or one that is refused here.
    pub device_type: i32,
    /// Which of several; 0 for the processor.
    pub device_id: i32,
}

impl DLDevice {
    /// The memory of the processor: `kDLCPU`.
    pub const CPU: Self = Self { device_type: 1, device_id: 0 };
}

/// An item type: the codes are those of [`DType::dlpack`](dap_core::dtype::DType::dlpack).
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DLDataType {
    /// 0 integer, 1 unsigned, 2 float, 5 complex, 6 boolean; others have no item type in the
    /// protocol.
    pub code: u8,
    /// Bits of an item.
    pub bits: u8,
    /// Items of a vector; 1.
    pub lanes: u16,
}

/// Memory, described. Owns nothing.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DLTensor {
    /// An address that `byte_offset` is added to; may be null without items.
    pub data: *mut c_void,
    /// Where `data` is.
    pub device: DLDevice,
    /// The number of dimensions.
    pub ndim: i32,
    /// The item type.
    pub dtype: DLDataType,
    /// `ndim` extents, in items.
    pub shape: *mut i64,
    /// `ndim` strides, in items; null for C order.
    pub strides: *mut i64,
    /// Bytes from `data` to the item at index 0.
    pub byte_offset: u64,
}

/// A tensor with an owner, as it was before version 1.
#[repr(C)]
#[derive(Debug)]
pub struct DLManagedTensor {
    /// The memory.
    pub dl_tensor: DLTensor,
    /// The producer's.
    pub manager_ctx: *mut c_void,
    /// Releases everything, the struct itself included; may be null.
    pub deleter: Option<unsafe extern "C" fn(*mut DLManagedTensor)>,
}

/// A tensor with an owner and a version. Everything before `dl_tensor` is the same in all versions.
#[repr(C)]
#[derive(Debug)]
pub struct DLManagedTensorVersioned {
    /// Of this struct.
    pub version: DLPackVersion,
    /// The producer's.
    pub manager_ctx: *mut c_void,
    /// Releases everything, the struct itself included; may be null.
    pub deleter: Option<unsafe extern "C" fn(*mut DLManagedTensorVersioned)>,
    /// [`READ_ONLY`] and others.
    pub flags: u64,
    /// The memory.
    pub dl_tensor: DLTensor,
}

/// The flag of memory that may only be read.
pub const READ_ONLY: u64 = 1 << 0;
/// The flag of memory that was copied to be handed over, and so belongs to the receiver alone.
pub const IS_COPIED: u64 = 1 << 1;
/// The flag of items of less than a byte that are padded to one.
pub const IS_SUBBYTE_TYPE_PADDED: u64 = 1 << 2;

macro_rules! release {
    ($($managed:ident)*) => {$(
        impl $managed {
            /// Calls the deleter, if there is one. Fine for any version.
            ///
            /// # Safety
            /// `tensor` points to a tensor that is the caller's to release; it is gone afterwards.
            pub unsafe fn release(tensor: *mut Self) {
                // SAFETY: the struct is there until its deleter is called, and the caller may call
                // that, once.
                unsafe {
                    if let Some(deleter) = (*tensor).deleter {
                        deleter(tensor);
                    }
                }
            }
        }
    )*};
}

release! { DLManagedTensor DLManagedTensorVersioned }

const _: () = {
    assert!(size_of::<DLPackVersion>() == 8);
    assert!(size_of::<DLDevice>() == 8);
    assert!(size_of::<DLDataType>() == 4);
    assert!(size_of::<DLTensor>() == 48);
    assert!(offset_of!(DLTensor, device) == 8);
    assert!(offset_of!(DLTensor, ndim) == 16);
    assert!(offset_of!(DLTensor, dtype) == 20);
    assert!(offset_of!(DLTensor, shape) == 24);
    assert!(offset_of!(DLTensor, strides) == 32);
    assert!(offset_of!(DLTensor, byte_offset) == 40);
    assert!(size_of::<DLManagedTensor>() == 64);
    assert!(offset_of!(DLManagedTensor, manager_ctx) == 48);
    assert!(offset_of!(DLManagedTensor, deleter) == 56);
    assert!(size_of::<DLManagedTensorVersioned>() == 80);
    assert!(offset_of!(DLManagedTensorVersioned, manager_ctx) == 8);
    assert!(offset_of!(DLManagedTensorVersioned, deleter) == 16);
    assert!(offset_of!(DLManagedTensorVersioned, flags) == 24);
    assert!(offset_of!(DLManagedTensorVersioned, dl_tensor) == 32);
};
