//! DLPack tensors in and out.
//!
//! # What is relied on
//!
//! A tensor that comes in obeys DLPack: its struct and the arrays that it points to are there until
//! its deleter is called, and so is its memory. One that goes out is a box of ours that holds the
//! buffer; its deleter, which may be called from any thread, drops the box.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, null_mut};
use std::slice::from_raw_parts;

use dap_core::dtype::{ByteOrder, DType};
use smallvec::SmallVec;

use super::raw::address;
use super::{Access, Buffer, MAX_NDIM};
use crate::dlpack::{self, DLDataType, DLDevice, DLManagedTensor, DLManagedTensorVersioned, DLPackVersion, DLTensor};
use crate::error::{BufferError, BufferErrorKind as Kind};
use crate::geometry::Geometry;
use crate::owner::Owner;

/// Strides in items.
type Strides = SmallVec<[i64; 4]>;

impl Buffer {
    /// The memory of a tensor, which the buffer takes over: its deleter is called when the buffer
    /// is dropped.
    ///
    /// A tensor whose items share memory may only be read, whatever its flags say.
    ///
    /// # Safety
    /// `tensor` obeys DLPack and is the caller's to release; its deleter may be called from any
    /// thread. Its memory is as [`Buffer::from_raw`] demands.
    ///
    /// # Errors
    /// Another major version, an unknown flag, another device than the processor, vectors, items of
    /// less than a byte or without an item type in the protocol, and what [`Buffer::from_raw`]
    /// refuses. The tensor remains the caller's; of one of another major version nothing but
    /// [`DLManagedTensorVersioned::release`] may be used.
    #[inline]
    pub unsafe fn from_dlpack(
        tensor: NonNull<DLManagedTensorVersioned>,
    ) -> Result<Self, (NonNull<DLManagedTensorVersioned>, BufferError)> {
        let (managed, wrong) = (tensor.as_ptr(), |error| (tensor, error));
        // SAFETY: the tensor is there; `dl_tensor` is looked at only after the version.
        unsafe {
            let access = access_by_flags((*managed).version, (*managed).flags).map_err(wrong)?;
            Self::from_tensor(&(*managed).dl_tensor, access, || Owner::tensor(tensor), wrong)
        }
    }

    /// The same for a tensor without a version, which cannot say that it may only be read.
    ///
    /// # Safety
    /// As [`Buffer::from_dlpack`].
    ///
    /// # Errors
    /// As [`Buffer::from_dlpack`].
    pub unsafe fn from_dlpack_legacy(
        tensor: NonNull<DLManagedTensor>,
    ) -> Result<Self, (NonNull<DLManagedTensor>, BufferError)> {
        // SAFETY: the tensor is there.
        unsafe {
            let owner = || Owner::legacy_tensor(tensor);
            Self::from_tensor(&(*tensor.as_ptr()).dl_tensor, Access::ReadWrite, owner, |error| (tensor, error))
        }
    }

    /// The memory that a tensor describes, kept alive by `owner`: for a tensor that is only
    /// borrowed.
    ///
    /// # Safety
    /// `tensor` obeys DLPack, and its memory is as [`Buffer::from_raw`] demands.
    ///
    /// # Errors
    /// As [`Buffer::from_dlpack`]; `owner` is dropped.
    pub unsafe fn from_dl_tensor(
        tensor: &DLTensor,
        access: Access,
        owner: impl Send + Sync + 'static,
    ) -> Result<Self, BufferError> {
        // SAFETY: the tensor obeys DLPack and its memory is as `from_raw` demands until `owner` is
        // dropped, by this function's contract; the buffer is made with that owner.
        unsafe { Self::from_tensor(tensor, access, || Owner::new(owner), |error| error) }
    }

    /// `wrong` makes the caller's error, so that the buffer is made where it will be.
    ///
    /// # Safety
    /// As [`Buffer::from_dl_tensor`], for what `owner` makes.
    #[inline]
    unsafe fn from_tensor<E>(
        tensor: &DLTensor,
        access: Access,
        owner: impl FnOnce() -> Owner,
        wrong: impl FnOnce(BufferError) -> E,
    ) -> Result<Self, E> {
        // SAFETY: the tensor obeys DLPack, by this function's contract.
        match unsafe { read(tensor) } {
            Ok((data, dtype, geometry)) => {
                let access = if geometry.may_overlap() { Access::ReadOnly } else { access };
                Ok(Self { data, dtype, geometry, access, owner: owner() })
            }
            Err(error) => Err(wrong(error)),
        }
    }

    /// A tensor that owns the buffer, for another library to take over. Its strides are always
    /// there, its offset is 0, its data are null without items.
    ///
    /// # Errors
    /// What DLPack cannot say comes back with the reason: structs, strings, `long double`, another
    /// byte order, items not at multiples of their alignment, strides that are no multiple of the
    /// item size. An export as a dictionary can say all that.
    #[expect(clippy::result_large_err, reason = "the buffer comes back, not a copy")]
    pub fn into_dlpack(self) -> Result<NonNull<DLManagedTensorVersioned>, (Self, BufferError)> {
        unsafe extern "C" fn delete(tensor: *mut DLManagedTensorVersioned) {
            // SAFETY: the tensor is the head of a box from `Exported::head`, and its deleter is
            // called once.
            unsafe { Exported::delete(tensor) };
        }
        let flags = if self.access == Access::ReadOnly { dlpack::READ_ONLY } else { 0 };
        Exported::head(self, |dl_tensor| DLManagedTensorVersioned {
            version: DLPackVersion::OURS,
            manager_ctx: null_mut(),
            deleter: Some(delete),
            flags,
            dl_tensor,
        })
    }

    /// The same without a version, for libraries that know no other.
    ///
    /// # Errors
    /// As [`Buffer::into_dlpack`], and memory that may only be read, which such a tensor cannot
    /// say.
    #[expect(clippy::result_large_err, reason = "the buffer comes back, not a copy")]
    pub fn into_dlpack_legacy(self) -> Result<NonNull<DLManagedTensor>, (Self, BufferError)> {
        unsafe extern "C" fn delete(tensor: *mut DLManagedTensor) {
            // SAFETY: the tensor is the head of a box from `Exported::head`, and its deleter is
            // called once.
            unsafe { Exported::delete(tensor) };
        }
        if self.access == Access::ReadOnly {
            return Err((self, BufferError::new(Kind::ReadOnlyLegacy)));
        }
        Exported::head(self, |dl_tensor| DLManagedTensor { dl_tensor, manager_ctx: null_mut(), deleter: Some(delete) })
    }

    /// DLPack's item type and strides in items, if it can say them.
    fn for_dlpack(&self) -> Result<(DLDataType, Strides), BufferError> {
        let Some((code, bits, lanes)) = self.dtype.dlpack() else {
            let swapped =
                self.dtype.byte_order() != ByteOrder::NotApplicable && self.dtype.byte_order() != ByteOrder::NATIVE;
            let kind = if swapped { Kind::ByteOrder } else { Kind::NotInDlpack };
            return Err(BufferError::new(kind).with_dtype(&self.dtype));
        };
        let itemsize = self.dtype.itemsize();
        let mut strides = Strides::new();
        for (dim, &stride) in self.strides().iter().enumerate() {
            if stride % itemsize != 0 {
                let error = BufferError::new(Kind::Stride).with_dim(dim);
                return Err(error.with_value(stride).with_expected(itemsize));
            }
            strides.push(stride / itemsize);
        }
        let alignment = self.dtype.alignment();
        let address = self.data.addr().get() as u64;
        if !self.is_empty() && !address.is_multiple_of(alignment.unsigned_abs()) {
            let error = BufferError::new(Kind::Unaligned).with_value(1_u64 << address.trailing_zeros());
            return Err(error.with_expected(alignment).with_dtype(&self.dtype));
        }
        Ok((DLDataType { code, bits, lanes }, strides))
    }
}

/// Where a tensor's items are, of which type, and how they lie.
///
/// # Safety
/// `tensor` obeys DLPack.
#[inline]
unsafe fn read(tensor: &DLTensor) -> Result<(NonNull<u8>, DType, Geometry), BufferError> {
    if tensor.device.device_type != DLDevice::CPU.device_type {
        let error = BufferError::new(Kind::Device).with_value(tensor.device.device_type);
        return Err(error.with_expected(DLDevice::CPU.device_type));
    }
    let DLDataType { code, bits, lanes } = tensor.dtype;
    let dtype = DType::from_dlpack(code, bits, lanes).ok_or_else(|| {
        let value = i64::from(lanes) << 16 | i64::from(code) << 8 | i64::from(bits);
        BufferError::new(Kind::TensorType).with_value(value)
    })?;
    let ndim = usize::try_from(tensor.ndim).ok().filter(|ndim| *ndim <= MAX_NDIM);
    let ndim = ndim.ok_or_else(|| BufferError::new(Kind::Ndim).with_value(tensor.ndim).with_expected(MAX_NDIM))?;
    if ndim > 0 && tensor.shape.is_null() {
        return Err(BufferError::new(Kind::Null));
    }
    // SAFETY: a tensor's shape has `ndim` extents, which is at most 64 here; there may be none
    // without dimensions.
    let shape = if ndim == 0 { &[][..] } else { unsafe { from_raw_parts(tensor.shape, ndim) } };
    let strides = if ndim == 0 || tensor.strides.is_null() {
        None
    } else {
        // SAFETY: a tensor's strides, where there are any, are as many as its dimensions, which are
        // at most 64 here.
        Some(unsafe { from_raw_parts(tensor.strides, ndim) })
    };
    let itemsize = dtype.itemsize();
    let geometry = Geometry::in_units(itemsize, shape, strides, itemsize)?;
    let offset = isize::try_from(tensor.byte_offset).map_err(|_| BufferError::new(Kind::TooLarge))?;
    let data = if tensor.data.is_null() { null_mut() } else { tensor.data.cast::<u8>().wrapping_offset(offset) };
    let data = address(data, &geometry, &dtype)?;
    Ok((data, dtype, geometry))
}

/// A tensor of ours, first so that its address is the box's, and what it points to.
#[repr(C)]
struct Exported<M> {
    managed: M,
    buffer: Buffer,
    strides: Strides,
}

impl<M> Exported<M> {
    #[expect(clippy::result_large_err, reason = "the buffer comes back, not a copy")]
    /// The head of a new box that holds the buffer.
    fn head(buffer: Buffer, managed: impl FnOnce(DLTensor) -> M) -> Result<NonNull<M>, (Buffer, BufferError)>
    where
        M: Managed,
    {
        let (dtype, strides) = match buffer.for_dlpack() {
            Ok(said) => said,
            Err(error) => return Err((buffer, error)),
        };
        let tensor = DLTensor {
            data: if buffer.is_empty() { null_mut() } else { buffer.data.as_ptr().cast() },
            device: DLDevice::CPU,
            // At most as many as fit an array.
            ndim: i32::try_from(buffer.ndim()).unwrap_or(i32::MAX),
            dtype,
            shape: null_mut(),
            strides: null_mut(),
            byte_offset: 0,
        };
        // Filled where it lies: what it holds is too large to be moved about.
        let exported: *mut Self = Box::into_raw(Box::<Self>::new_uninit()).cast();
        // SAFETY: the box exists and belongs to this function, and all of it is written before it
        // is read. The arrays lie in it or are owned by it, and are not touched before it is
        // dropped. DLPack's pointers are `*mut`, though no code may write there.
        unsafe {
            (&raw mut (*exported).buffer).write(buffer);
            (&raw mut (*exported).strides).write(strides);
            (&raw mut (*exported).managed).write(managed(tensor));
            (*exported).managed.set_context(exported.cast());
            let tensor = (*exported).managed.tensor();
            tensor.shape = (*exported).buffer.geometry.shape_mut().as_mut_ptr();
            tensor.strides = (*exported).strides.as_mut_ptr();
            Ok(NonNull::new_unchecked(exported.cast()))
        }
    }

    /// Drops the box that `managed` is the head of.
    ///
    /// # Safety
    /// It is the head of such a box, and is not used again.
    unsafe fn delete(managed: *mut M) {
        // SAFETY: `managed` is the head of a box of this type, which no code uses again, by this
        // function's contract. A `repr(C)` struct has the address of its first field.
        let exported = unsafe { Box::from_raw(managed.cast::<Self>()) };
        // An owner that panics must not take the C program down that released it. The panic's value
        // may panic itself when it is dropped.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(exported)))
            && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
        {
            std::mem::forget(again);
        }
    }
}

/// The parts of both structs.
trait Managed {
    fn tensor(&mut self) -> &mut DLTensor;
    fn set_context(&mut self, context: *mut c_void);
}

macro_rules! managed {
    ($($name:ident)*) => {$(
        impl Managed for $name {
            fn tensor(&mut self) -> &mut DLTensor {
                &mut self.dl_tensor
            }

            fn set_context(&mut self, context: *mut c_void) {
                self.manager_ctx = context;
            }
        }
    )*};
}

managed! { DLManagedTensor DLManagedTensorVersioned }

/// The access that a tensor's flags allow.
fn access_by_flags(version: DLPackVersion, flags: u64) -> Result<Access, BufferError> {
    if version.major != DLPackVersion::OURS.major {
        let error = BufferError::new(Kind::Version).with_value(version.major);
        return Err(error.with_expected(DLPackVersion::OURS.major));
    }
    if flags & !(dlpack::READ_ONLY | dlpack::IS_COPIED | dlpack::IS_SUBBYTE_TYPE_PADDED) != 0 {
        return Err(BufferError::new(Kind::Flags).with_value(flags as i64));
    }
    Ok(if flags & dlpack::READ_ONLY == 0 { Access::ReadWrite } else { Access::ReadOnly })
}
