//! The message of an item type.

use dap_core::dtype::{ByteOrder, DType, Field, Kind, Scalar};

use super::{FLOATS, class};

/// The version of all messages: that of HDF5 1.8, in which names are not padded.
const VERSION: u8 = 3;
/// Members of the largest struct: their number has 16 bits.
const MOST_MEMBERS: usize = u16::MAX as usize;

/// The message; `None` for items that HDF5 has no type for.
pub(super) fn compose(dtype: &DType) -> Option<Vec<u8>> {
    if dtype.itemsize() == 0 {
        return None;
    }
    match dtype {
        DType::Scalar(scalar) => compose_scalar(*scalar),
        DType::Struct(record) => {
            let mut fields: Vec<&Field> = record.fields().iter().collect();
            fields.sort_by_key(|field| field.offset());
            let overlap = fields.windows(2).any(|pair| pair[0].offset() + pair[0].size() > pair[1].offset());
            if overlap || fields.is_empty() || fields.iter().any(|field| field.size() == 0) {
                return None;
            }
            let members = record.fields().iter();
            let members = members.map(|field| Some((field.name(), field.offset(), compose_field(field)?)));
            compose_struct(record.itemsize(), &members.collect::<Option<Vec<_>>>()?)
        }
    }
}

/// Class, version, bits of the class, and size.
fn header(class: u8, bits: [u8; 3], size: i64) -> Option<Vec<u8>> {
    let size = u32::try_from(size).ok()?;
    Some([&[VERSION << 4 | class][..], &bits, &size.to_le_bytes()].concat())
}

fn compose_scalar(scalar: Scalar) -> Option<Vec<u8>> {
    let size = scalar.itemsize();
    let order = u8::from(scalar.byte_order() == ByteOrder::Big);
    match scalar.kind() {
        Kind::Int | Kind::Uint => integer(size, order, scalar.kind() == Kind::Int),
        Kind::Float => float(size, order),
        Kind::Complex => {
            let part = || float(size / 2, order);
            compose_struct(size, &[("r", 0, part()?), ("i", size / 2, part()?)])
        }
        Kind::Bool => {
            let mut message = header(class::ENUMERATION, [2, 0, 0], 1)?;
            message.extend(integer(1, 0, true)?);
            message.extend(b"FALSE\0TRUE\0\0\x01");
            Some(message)
        }
        // Padded with zeros, as NumPy's.
        Kind::Bytes => header(class::TEXT, [1, 0, 0], size),
        Kind::Void => header(class::OPAQUE, [0, 0, 0], size),
        Kind::Unicode | Kind::Object | Kind::Pointer => None,
    }
}

fn integer(size: i64, order: u8, is_signed: bool) -> Option<Vec<u8>> {
    let mut message = header(class::INTEGER, [order | u8::from(is_signed) << 3, 0, 0], size)?;
    message.extend([0, 0, (8 * size) as u8, 0]);
    Some(message)
}

fn float(size: i64, order: u8) -> Option<Vec<u8>> {
    let form = FLOATS.iter().find(|form| i64::from(form.bytes) == size)?;
    let mut message = header(class::FLOAT, [order | form.normalization << 4, form.sign, 0], size)?;
    message.extend([0, 0]);
    message.extend(form.bits.to_le_bytes());
    message.extend([form.exponent.0, form.exponent.1, 0, form.mantissa]);
    message.extend(form.bias.to_le_bytes());
    Some(message)
}

fn compose_field(field: &Field) -> Option<Vec<u8>> {
    let item = compose(field.dtype())?;
    if field.shape().is_empty() {
        return Some(item);
    }
    let mut message = header(class::ARRAY, [0, 0, 0], field.size())?;
    message.push(u8::try_from(field.shape().len()).ok()?);
    for &extent in field.shape() {
        message.extend(u32::try_from(extent).ok()?.to_le_bytes());
    }
    message.extend(item);
    Some(message)
}

fn compose_struct(size: i64, members: &[(&str, i64, Vec<u8>)]) -> Option<Vec<u8>> {
    if members.len() > MOST_MEMBERS {
        return None;
    }
    let [low, high] = (members.len() as u16).to_le_bytes();
    let mut message = header(class::STRUCT, [low, high, 0], size)?;
    for (name, offset, item) in members {
        if name.is_empty() || name.contains('\0') {
            return None;
        }
        message.extend(name.as_bytes());
        message.push(0);
        message.extend(&offset.to_le_bytes()[..offset_bytes(size as u32)]);
        message.extend(item);
    }
    Some(message)
}

/// Bytes of a member's offset in a struct of this size.
pub(super) fn offset_bytes(size: u32) -> usize {
    size.max(1).ilog2() as usize / 8 + 1
}
