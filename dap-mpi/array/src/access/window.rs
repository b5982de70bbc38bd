//! A strided part of a section, as a buffer that shares its memory.

use std::sync::Arc;

use dap_core::algebra::Window;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Access, Buffer};

/// The part of a section that a window shows; `None` where no stride for each axis expresses it.
/// The caller has the lock of the section's memory for this access, or gives the part to code that
/// uses it between the calls of this crate only.
pub(crate) fn of(section: &Arc<Buffer>, window: &Window, access: Access) -> Result<Option<Buffer>> {
    let Some(place) = window.strided(section.strides()) else { return Ok(None) };
    part(section, place.offset, &window.shape(), &place.strides, access).map(Some)
}

/// A part of a section: the item at `offset` bytes is the first. The caller as in [`of`].
#[expect(unsafe_code, reason = "memory of a buffer, within its reach")]
pub(crate) fn part(
    section: &Arc<Buffer>,
    offset: i64,
    shape: &[i64],
    strides: &[i64],
    access: Access,
) -> Result<Buffer> {
    let outside = || Error::new(ErrorKind::Buffer, "a part of an array reaches beyond its memory");
    let data = match shape.contains(&0) {
        true => section.as_ptr().cast_mut(),
        false => {
            let reach = section.reach();
            let (mut first, mut end) = (i128::from(offset), i128::from(offset) + section.itemsize() as i128);
            for (&extent, &stride) in shape.iter().zip(strides) {
                let far = i128::from(extent - 1) * i128::from(stride);
                if far < 0 { first += far } else { end += far }
            }
            let base = section.as_ptr().addr() as i128;
            if base + first < reach.start as i128 || base + end > reach.end as i128 {
                return Err(outside());
            }
            section.as_ptr().wrapping_offset(isize::try_from(offset).map_err(|_| outside())?).cast_mut()
        }
    };
    if access == Access::ReadWrite && section.access() == Access::ReadOnly {
        return Err(Error::new(ErrorKind::Buffer, "the array's memory may only be read"));
    }
    // SAFETY: the items lie within the reach of the section, whose memory the clone of its `Arc`
    // keeps alive, and are items of it (a window's places are local indices), hence initialised.
    // Memory that may be written came as such. The caller has the lock for this access, so that no
    // other code of this process uses it meanwhile; or other code has the buffer and uses it
    // between two calls of this crate, which keeps no view of the items beyond a call without a
    // lock.
    let buffer =
        unsafe { Buffer::from_raw(data, section.dtype().clone(), shape, Some(strides), access, Arc::clone(section)) };
    Ok(buffer?)
}
