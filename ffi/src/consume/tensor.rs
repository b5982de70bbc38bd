//! The parts of a tensor that are read before it is taken over: its shape, beside the dimensions.

use std::slice::from_raw_parts;

use dap_core::dtype::DType;
use dap_core::finding::plural;
use dap_ndarray::dlpack::{DLDevice, DLManagedTensorVersioned, DLPackVersion};

use super::good;
use crate::{Code, DapDType, Refusal};

/// The description of the memory in a block's tensor.
#[derive(Debug)]
pub(crate) struct Local<'a> {
    /// The extents, in items.
    pub(crate) shape: &'a [i64],
    /// The strides, in items; `None` for C order.
    pub(crate) strides: Option<&'a [i64]>,
}

impl Local<'_> {
    /// The strides as an export has them; `None` for C order, and if they do not fit.
    pub(crate) fn strides_in_bytes(&self, itemsize: i64) -> Option<Vec<i64>> {
        let strides = self.strides?;
        let mut step = 1_i64;
        let mut is_c_order = true;
        for (&extent, &stride) in self.shape.iter().zip(strides).rev() {
            is_c_order &= extent <= 1 || stride == step;
            step = step.saturating_mul(extent.max(1));
        }
        if is_c_order || self.shape.contains(&0) {
            return None;
        }
        strides.iter().map(|stride| stride.checked_mul(itemsize)).collect()
    }
}

/// The description of a tensor, which must have this item type and this number of dimensions, at
/// most 64.
///
/// # Safety
/// `tensor` is misaligned, or points to one that obeys DLPack, and is not changed for `'a`.
pub(crate) unsafe fn local<'a>(
    tensor: *const DLManagedTensorVersioned,
    ndim: usize,
    dtype: DapDType,
) -> Result<Local<'a>, Refusal> {
    good(tensor, "tensor")?;
    // SAFETY: `tensor` points to a tensor, and its version is in the same place in all versions.
    known(unsafe { (&raw const (*tensor).version).read() })?;
    // SAFETY: of a known version, so all fields are there.
    let tensor = unsafe { &(*tensor).dl_tensor };
    let device = tensor.device.device_type;
    if device != DLDevice::CPU.device_type {
        let what = format!("the memory is on a device of DLPack's type {device}, not the processor's (1)");
        return Err(Refusal::new(Code::DEVICE).what(what));
    }
    let dap_ndarray::dlpack::DLDataType { code, bits, lanes } = tensor.dtype;
    let found = DapDType { code, bits, lanes };
    if found != dtype {
        let what = format!("the tensor's items are {}, the array's `dtype` is {}", name(found), name(dtype));
        return Err(Refusal::new(Code::DTYPE).what(what));
    }
    if usize::try_from(tensor.ndim) != Ok(ndim) {
        let what = format!("the tensor has {}, but the array has {ndim}", plural(tensor.ndim, "dimension"));
        return Err(Refusal::new(Code::TENSOR).what(what));
    }
    let shape = if ndim == 0 {
        &[]
    } else {
        good(tensor.shape, "tensor.shape")?;
        // SAFETY: a tensor's shape has `ndim` extents, at most 64.
        unsafe { from_raw_parts(tensor.shape, ndim) }
    };
    if let Some((dim, extent)) = shape.iter().enumerate().find(|(_, extent)| **extent < 0) {
        return Err(Refusal::new(Code::TENSOR)
            .dim_at(dim)
            .what(format!("the extent is {extent}, and must be 0 or more")));
    }
    let alignment = usize::try_from(item_type(dtype)?.alignment()).unwrap_or(1);
    let address = tensor.data.addr().wrapping_add(usize::try_from(tensor.byte_offset).unwrap_or(0));
    if !shape.contains(&0) && !address.is_multiple_of(alignment) {
        return Err(Refusal::new(Code::ALIGNMENT).what("tensor.data").expected(alignment));
    }
    let strides = if ndim == 0 || tensor.strides.is_null() {
        None
    } else {
        good(tensor.strides, "tensor.strides")?;
        // SAFETY: not null and aligned, by `good`; the strides of a DLPack tensor have `ndim`
        // entries, at most 64.
        Some(unsafe { from_raw_parts(tensor.strides, ndim) })
    };
    Ok(Local { shape, strides })
}

/// The item type of a tensor of a known version.
///
/// # Safety
/// `tensor` points to one that obeys DLPack.
#[cfg(feature = "capi")]
pub(crate) unsafe fn dtype(tensor: *const DLManagedTensorVersioned) -> Result<DapDType, Refusal> {
    // SAFETY: `tensor` obeys DLPack, so a version is there in the same place in all versions; the
    // rest is read only if the version is known.
    unsafe {
        known((&raw const (*tensor).version).read())?;
        let dap_ndarray::dlpack::DLDataType { code, bits, lanes } = (*tensor).dl_tensor.dtype;
        Ok(DapDType { code, bits, lanes })
    }
}

fn known(version: DLPackVersion) -> Result<(), Refusal> {
    let (found, known) = (version.major, DLPackVersion::OURS.major);
    if found == known {
        return Ok(());
    }
    let what = format!("the tensor is of DLPack's version {found}, but this reader knows {known}");
    Err(Refusal::new(Code::TENSOR_VERSION).what(what))
}

/// The item type.
#[inline]
pub(crate) fn item_type(dtype: DapDType) -> Result<DType, Refusal> {
    let DapDType { code, bits, lanes } = dtype;
    DType::from_dlpack(code, bits, lanes).ok_or_else(|| no_type(dtype))
}

/// The name of an item type, or DLPack's numbers if it has none.
fn name(dtype: DapDType) -> String {
    let DapDType { code, bits, lanes } = dtype;
    match DType::from_dlpack(code, bits, lanes) {
        Some(dtype) => dtype.name(),
        None => format!("of DLPack's code {code}, {}, {}", plural(bits, "bit"), plural(lanes, "lane")),
    }
}

#[cold]
fn no_type(DapDType { code, bits, lanes }: DapDType) -> Refusal {
    let what = format!(
        "the protocol has no item type for DLPack's code {code}, {}, {}",
        plural(bits, "bit"),
        plural(lanes, "lane")
    );
    Refusal::new(Code::DTYPE).what(what)
}
