//! Attributes: texts and numbers at a dataset.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

use dap_core::dtype::{ByteOrder, DType, Kind};
use hdf5_metno_sys::h5::{H5_index_t, H5_iter_order_t, H5free_memory};
use hdf5_metno_sys::h5a::{
    H5Aclose, H5Acreate2, H5Adelete, H5Aexists, H5Aget_name, H5Aget_space, H5Aget_type, H5Aopen_by_idx, H5Aread,
    H5Awrite,
};
use hdf5_metno_sys::h5i::hid_t;
use hdf5_metno_sys::h5p::H5P_DEFAULT;
use hdf5_metno_sys::h5s::H5Sclose;
use hdf5_metno_sys::h5t::{H5T_C_S1, H5T_CSET_UTF8, H5T_VARIABLE, H5Tclose, H5Tcopy, H5Tset_cset, H5Tset_size};

use crate::datatype;
use crate::error::Result;
use crate::id::{Id, check, text};
use crate::space::{dataspace, extents};

/// Attributes of a dataset that are read.
const MOST: u64 = 1 << 12;
/// Bytes of the longest attribute that is read.
const LONGEST: u64 = 1 << 24;

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Integers along one axis.
    Integers(Vec<i64>),
    /// Floats along one axis.
    Floats(Vec<f64>),
}

/// All attributes that have such values.
pub(crate) fn read_all(of: hid_t) -> Vec<(String, Attribute)> {
    (0..MOST).map_while(|number| open(of, number).ok()).filter_map(|attribute| read(&attribute).ok()).collect()
}

fn open(of: hid_t, number: u64) -> Result<Id> {
    let by = H5_index_t::H5_INDEX_NAME;
    let order = H5_iter_order_t::H5_ITER_INC;
    // SAFETY: `of` is an open object.
    let open = || unsafe { H5Aopen_by_idx(of, c".".as_ptr(), by, order, number, H5P_DEFAULT, H5P_DEFAULT) };
    Id::open("an attribute", H5Aclose, open)
}

fn read(attribute: &Id) -> Result<(String, Attribute)> {
    let of = attribute.raw();
    // SAFETY: the attribute is open.
    let item = Id::open("its type", H5Tclose, || unsafe { H5Aget_type(of) })?;
    // SAFETY: as above.
    let space = Id::open("its extents", H5Sclose, || unsafe { H5Aget_space(of) })?;
    let (message, shape) = (datatype::message(item.raw())?, extents(&space)?);
    let value = if let (Some(is_utf8), true) = (datatype::long_text(&message), shape.is_empty()) {
        Attribute::Text(read_text(of, is_utf8)?)
    } else {
        let dtype = datatype::parse(&message)?;
        let bytes = shape.iter().try_fold(dtype.itemsize() as u64, |bytes, &extent| bytes.checked_mul(extent));
        let bytes = bytes.filter(|&bytes| bytes <= LONGEST).ok_or("it is too long")?;
        let mut items = vec![0; bytes as usize];
        // SAFETY: the buffer has room for all items of this type; nothing is converted.
        check("an attribute", || unsafe { H5Aread(of, item.raw(), items.as_mut_ptr().cast()) })?;
        value(&dtype, &shape, &items).ok_or("it is neither a text nor numbers")?
    };
    Ok((name(of)?, value))
}

fn name(of: hid_t) -> Result<String> {
    // SAFETY: the attribute is open; without a buffer the call only tells the length.
    let length = check("a name", || unsafe { H5Aget_name(of, 0, null_mut()) })?;
    let mut name = vec![0_u8; length as usize + 1];
    let (room, buffer) = (name.len(), name.as_mut_ptr());
    // SAFETY: the buffer has `room` bytes.
    check("a name", || unsafe { H5Aget_name(of, room, buffer.cast()) })?;
    Ok(String::from_utf8_lossy(name.split(|&byte| byte == 0).next().unwrap_or_default()).into_owned())
}

/// The type of texts of any length, in UTF-8 or in ASCII.
fn long_text(is_utf8: bool) -> Result<Id> {
    // SAFETY: the predefined type is there when the library is prepared, which `Id::open` sees to.
    let copied = Id::open("a type", H5Tclose, || unsafe { H5Tcopy(*H5T_C_S1) })?;
    // SAFETY: the type is open, and a copy that may be changed.
    check("a type", || unsafe { H5Tset_size(copied.raw(), H5T_VARIABLE) })?;
    if is_utf8 {
        // SAFETY: as above.
        check("a type", || unsafe { H5Tset_cset(copied.raw(), H5T_CSET_UTF8) })?;
    }
    Ok(copied)
}

fn read_text(of: hid_t, is_utf8: bool) -> Result<String> {
    let item = long_text(is_utf8)?;
    let mut text: *mut c_char = null_mut();
    let place: *mut *mut c_char = &mut text;
    // SAFETY: an attribute without axes has one text, whose address the call writes to `place`.
    check("a text", || unsafe { H5Aread(of, item.raw(), place.cast()) })?;
    if text.is_null() {
        return Ok(String::new());
    }
    // SAFETY: the library gives a text that ends with a zero, and leaves it to the caller.
    let found = unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned();
    // SAFETY: `text` is the library's memory, and is not used again.
    check("a text", || unsafe { H5free_memory(text.cast()) })?;
    Ok(found)
}

/// The value of items in C order.
fn value(dtype: &DType, shape: &[u64], items: &[u8]) -> Option<Attribute> {
    let size = dtype.itemsize() as usize;
    let is_big = dtype.byte_order() == ByteOrder::Big;
    let numbers = || {
        items.chunks_exact(size).map(move |item| {
            let mut bytes = [0; 8];
            let digit = |at: usize| if is_big { item[size - 1 - at] } else { item[at] };
            (0..size).for_each(|at| bytes[at] = digit(at));
            u64::from_le_bytes(bytes)
        })
    };
    match dtype.kind()? {
        Kind::Bytes if shape.is_empty() => {
            let text = items.split(|&byte| byte == 0).next()?;
            Some(Attribute::Text(String::from_utf8_lossy(text).into_owned()))
        }
        Kind::Bool | Kind::Int | Kind::Uint => {
            let unused = 64 - 8 * size as u32;
            let is_signed = dtype.kind() == Some(Kind::Int);
            let integer = |bits: u64| match is_signed {
                true => Some((bits << unused) as i64 >> unused),
                false => i64::try_from(bits).ok(),
            };
            let integers: Vec<i64> = numbers().map(integer).collect::<Option<_>>()?;
            match shape {
                [] => integers.first().map(|&integer| Attribute::Integer(integer)),
                [_] => Some(Attribute::Integers(integers)),
                _ => None,
            }
        }
        Kind::Float if size == 4 || size == 8 => {
            let float = |bits: u64| if size == 4 { f32::from_bits(bits as u32).into() } else { f64::from_bits(bits) };
            let floats: Vec<f64> = numbers().map(float).collect();
            match shape {
                [] => floats.first().map(|&float| Attribute::Float(float)),
                [_] => Some(Attribute::Floats(floats)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Writes an attribute, which replaces one of this name.
pub(crate) fn write(of: hid_t, name: &str, value: &Attribute) -> Result<()> {
    match value {
        Attribute::Text(value) => {
            let value = text(value.as_str())?;
            let address: *const c_char = value.as_ptr();
            let place: *const *const c_char = &address;
            // An item of this type is the address of a text.
            write_items(of, name, &long_text(true)?, &[], place.cast())
        }
        Attribute::Integer(value) => write_numbers(of, name, "=i8", &[], &[*value]),
        Attribute::Float(value) => write_numbers(of, name, "=f8", &[], &[*value]),
        Attribute::Integers(values) => write_numbers(of, name, "=i8", &[values.len() as u64], values),
        Attribute::Floats(values) => write_numbers(of, name, "=f8", &[values.len() as u64], values),
    }
}

/// Writes numbers of 8 bytes.
fn write_numbers<T>(of: hid_t, name: &str, typestr: &str, shape: &[u64], values: &[T]) -> Result<()> {
    let dtype = DType::from_typestr(typestr).map_err(|error| error.to_string())?;
    write_items(of, name, &datatype::open(&dtype)?, shape, values.as_ptr().cast())
}

/// Writes the items behind an address: one for each index of the shape, of this type.
fn write_items(of: hid_t, name: &str, item: &Id, shape: &[u64], items: *const c_void) -> Result<()> {
    let (called, space) = (text(name)?, dataspace(shape, None)?);
    // SAFETY: `of` is an open object, `called` a text that lives during the call.
    if check("an attribute", || unsafe { H5Aexists(of, called.as_ptr()) })? > 0 {
        // SAFETY: as above.
        check("an attribute", || unsafe { H5Adelete(of, called.as_ptr()) })?;
    }
    let attempt = format!("HDF5 cannot make the attribute `{name}`");
    // SAFETY: as above; type and extents are open.
    let create = || unsafe { H5Acreate2(of, called.as_ptr(), item.raw(), space.raw(), H5P_DEFAULT, H5P_DEFAULT) };
    let attribute = Id::open(&attempt, H5Aclose, create)?;
    // SAFETY: the callers, all in this module, pass one item of this type for each index of
    // the shape.
    check(&attempt, || unsafe { H5Awrite(attribute.raw(), item.raw(), items) }).map(drop)
}
