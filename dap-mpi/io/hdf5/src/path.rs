//! Names of datasets within groups, resolved link by link.

use std::ffi::CStr;

use h5i::hid_t;
use hdf5_metno_sys::h5l::{
    H5L_TYPE_HARD, H5L_TYPE_SOFT, H5L_info1_t, H5Lexists, H5Lget_info1, H5Lget_name_by_idx, H5Lget_val,
};
use hdf5_metno_sys::h5p::H5P_DEFAULT;
use hdf5_metno_sys::{h5, h5i};

use crate::error::{Error, Result};
use crate::id::{check, text};

/// Soft links that are followed for one name.
const MOST_LINKS: usize = 16;
/// Bytes of the longest name.
const LONGEST: usize = 4096;
/// Names that an error lists.
const LISTED: u64 = 20;

/// The parts of a name; leading, trailing and doubled slashes mean nothing.
///
/// # Errors
/// A name without parts, with `.` as a part, with a byte 0, or that is too long.
pub(crate) fn parts(name: &str) -> Result<Vec<&str>> {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.contains(&".") || name.contains('\0') || name.len() > LONGEST {
        return Err(format!("{name:?} is no name of a dataset: expected `name` or `group/name`").into());
    }
    Ok(parts)
}

/// The outcome of following a name.
pub(crate) enum Found {
    /// An object, by a name without soft links.
    Object(String),
    /// Nothing, or no group on the way.
    Nothing,
}

/// Follows a name from the root group. Soft links are followed within the file.
///
/// # Errors
/// A link to another file, or too many soft links.
pub(crate) fn resolve(file: hid_t, name: &str) -> Result<Found> {
    let mut rest: Vec<String> = parts(name)?.into_iter().rev().map(str::to_owned).collect();
    let (mut at, mut links) = (String::new(), 0);
    while let Some(part) = rest.pop() {
        let next = format!("{at}/{part}");
        match link(file, &next)? {
            None => return Ok(Found::Nothing),
            Some(Link::Hard) => at = next,
            Some(Link::Soft(target)) => {
                links += 1;
                if links > MOST_LINKS || target.len() > LONGEST {
                    return Err(format!("`{name}` is behind more than {MOST_LINKS} links").into());
                }
                if target.starts_with('/') {
                    at.clear();
                }
                rest.extend(target.split('/').filter(|part| !matches!(*part, "" | ".")).rev().map(str::to_owned));
            }
            Some(Link::Other) => {
                return Err(format!("`{next}` is a link to another file, which is not followed: name that file").into());
            }
        }
    }
    Ok(Found::Object(at))
}

enum Link {
    Hard,
    Soft(String),
    Other,
}

/// The link of a name whose groups are there and have no other links.
fn link(file: hid_t, name: &str) -> Result<Option<Link>> {
    let name = text(name)?;
    // SAFETY: `file` is open, and `name` is a text that lives during the call.
    let exists = check("a link", || unsafe { H5Lexists(file, name.as_ptr(), H5P_DEFAULT) });
    // The call fails where the name before the last slash is no group.
    if !exists.is_ok_and(|exists| exists > 0) {
        return Ok(None);
    }
    let mut info = H5L_info1_t::default();
    // SAFETY: as above; `info` is the structure that this version of the call fills.
    check("a link", || unsafe { H5Lget_info1(file, name.as_ptr(), &mut info, H5P_DEFAULT) })?;
    match info.type_ {
        H5L_TYPE_HARD => return Ok(Some(Link::Hard)),
        H5L_TYPE_SOFT => {}
        _ => return Ok(Some(Link::Other)),
    }
    let mut target = vec![0_u8; LONGEST + 2];
    let (room, buffer) = (target.len() - 1, target.as_mut_ptr());
    // SAFETY: as above; the call writes at most `room` bytes to `target`, which has more, and is
    // not used otherwise meanwhile.
    check("a link", || unsafe { H5Lget_val(file, name.as_ptr(), buffer.cast(), room, H5P_DEFAULT) })?;
    let target = CStr::from_bytes_until_nul(&target).map_err(|_| Error::from("a link without an end"))?;
    let target = target.to_str().map_err(|_| Error::from("a link whose target is not UTF-8"))?;
    Ok(Some(Link::Soft(target.to_owned())))
}

/// The first names of the root group.
pub(crate) fn names(file: hid_t) -> Vec<String> {
    let name_at = |number| {
        let mut name = [0_u8; 256];
        let (room, buffer) = (name.len(), name.as_mut_ptr());
        let (root, order) = (c".", h5::H5_iter_order_t::H5_ITER_INC);
        // SAFETY: `file` is open; the call writes at most `room` bytes to `name`, its zero
        // included.
        let call = || unsafe {
            let by = h5::H5_index_t::H5_INDEX_NAME;
            H5Lget_name_by_idx(file, root.as_ptr(), by, order, number, buffer.cast(), room, H5P_DEFAULT)
        };
        check("a name", call).ok()?;
        Some(CStr::from_bytes_until_nul(&name).ok()?.to_string_lossy().into_owned())
    };
    (0..LISTED).map_while(name_at).collect()
}
