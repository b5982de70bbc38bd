//! The item type of a message. Nothing in a message is believed.

use dap_core::dtype::{DType, Descr};

use super::compose::offset_bytes;
use super::{FLOATS, class};
use crate::error::{Error, Result};

/// Structs within structs, and enumerations and arrays within them.
const DEEPEST: usize = 32;
/// Members of all structs together.
const MOST_MEMBERS: usize = 1 << 16;

/// The item type.
pub(super) fn parse(message: &[u8]) -> Result<DType> {
    let mut reader = Reader { rest: message, members: 0 };
    let item = reader.item(0)?;
    if !item.extents.is_empty() {
        return Err("its items are arrays, which are no items here".into());
    }
    DType::from_descr(&item.descr()).map_err(|error| Error::from(error.to_string()))
}

/// A type, and the extents of an array of it.
struct Item {
    size: u32,
    descr: Form,
    extents: Vec<i64>,
}

enum Form {
    Text(String),
    Struct(Vec<(String, i64, Item)>),
}

impl Item {
    fn scalar(size: u32, text: String) -> Item {
        Item { size, descr: Form::Text(text), extents: Vec::new() }
    }

    /// As NumPy describes it, without the extents.
    fn descr(&self) -> Descr {
        let list = |values: &mut dyn Iterator<Item = Descr>| Descr::List(values.collect());
        match &self.descr {
            // A type alone, in the form that stands for it.
            Form::Text(text) => {
                list(&mut [list(&mut [Descr::Text(String::new()), Descr::Text(text.clone())].into_iter())].into_iter())
            }
            Form::Struct(members) => {
                let key = |key: &str, value: Descr| (key.to_owned(), value);
                let formats = list(&mut members.iter().map(|(_, _, item)| item.shaped()));
                Descr::Dict(vec![
                    key("names", list(&mut members.iter().map(|(name, ..)| Descr::Text(name.clone())))),
                    key("formats", formats),
                    key("offsets", list(&mut members.iter().map(|(_, offset, _)| Descr::Int(*offset)))),
                    key("itemsize", Descr::Int(self.size.into())),
                ])
            }
        }
    }

    /// As the type of a field.
    fn shaped(&self) -> Descr {
        let item = match &self.descr {
            Form::Text(text) => Descr::Text(text.clone()),
            Form::Struct(_) => self.descr(),
        };
        if self.extents.is_empty() {
            return item;
        }
        Descr::List(vec![item, Descr::List(self.extents.iter().map(|&extent| Descr::Int(extent)).collect())])
    }
}

struct Reader<'m> {
    rest: &'m [u8],
    members: usize,
}

impl<'m> Reader<'m> {
    fn take(&mut self, bytes: usize) -> Result<&'m [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or("the type of its items is cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number in little-endian order.
    fn number(&mut self, bytes: usize) -> Result<u32> {
        Ok(self.take(bytes)?.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
    }

    /// A name, padded to a multiple of 8 bytes in older versions.
    fn name(&mut self, version: u8) -> Result<String> {
        let length =
            self.rest.iter().position(|&byte| byte == 0).ok_or("a name in the type of its items has no end")?;
        let name =
            std::str::from_utf8(&self.rest[..length]).map_err(|_| "a name in the type of its items is not UTF-8")?;
        self.take(if version < 3 { (length + 8) / 8 * 8 } else { length + 1 })?;
        Ok(name.to_owned())
    }

    fn item(&mut self, depth: usize) -> Result<Item> {
        if depth > DEEPEST {
            return Err("the type of its items is too deep".into());
        }
        let (head, bits) = (self.number(1)? as u8, self.number(3)?);
        let (version, size) = (head >> 4, self.number(4)?);
        if !(1..=4).contains(&version) || size == 0 {
            return Err(format!("its items have a type of version {version} and {size} bytes").into());
        }
        match head & 15 {
            class::INTEGER => self.integer(bits, size),
            class::BITS => self.integer(bits & 1, size),
            class::FLOAT => self.float(bits, size),
            class::TEXT => Ok(Item::scalar(size, format!("|S{size}"))),
            class::OPAQUE => {
                self.take((bits & 255) as usize)?;
                Ok(Item::scalar(size, format!("|V{size}")))
            }
            class::STRUCT => self.record(version, bits & 0xffff, size, depth),
            class::ENUMERATION => self.enumeration(version, bits & 0xffff, depth),
            class::ARRAY => self.array(version, depth),
            class::SEQUENCE => Err("its items are texts or sequences of any length, which are no items here".into()),
            other => Err(format!("its items are of HDF5's class {other}, which is no item type here").into()),
        }
    }

    fn integer(&mut self, bits: u32, size: u32) -> Result<Item> {
        let (offset, precision) = (self.number(2)?, self.number(2)?);
        if !matches!(size, 1 | 2 | 4 | 8) || offset != 0 || precision != 8 * size {
            return Err(format!("its items are integers of {precision} bits in {size} bytes").into());
        }
        let kind = if bits & 8 == 0 { 'u' } else { 'i' };
        Ok(Item::scalar(size, format!("{}{kind}{size}", order(bits, size))))
    }

    fn float(&mut self, bits: u32, size: u32) -> Result<Item> {
        let found = (
            self.number(2)?,
            self.number(2)?,
            (self.number(1)? as u8, self.number(1)? as u8),
            (self.number(1)?, self.number(1)? as u8),
            self.number(4)?,
            ((bits >> 4 & 3) as u8, (bits >> 8) as u8),
        );
        let known = FLOATS.iter().any(|form| {
            form.bytes == size
                && found
                    == (
                        0,
                        form.bits.into(),
                        form.exponent,
                        (0, form.mantissa),
                        form.bias,
                        (form.normalization, form.sign),
                    )
        });
        if !known || bits & 0x40 != 0 {
            return Err(format!("its items are floats of {size} bytes that are not IEEE's").into());
        }
        Ok(Item::scalar(size, format!("{}f{size}", order(bits, size))))
    }

    fn record(&mut self, version: u8, count: u32, size: u32, depth: usize) -> Result<Item> {
        let mut members = Vec::new();
        for _ in 0..count {
            self.members += 1;
            if self.members > MOST_MEMBERS {
                return Err("its items have too many members".into());
            }
            let name = self.name(version)?;
            let offset = self.number(if version < 3 { 4 } else { offset_bytes(size) })?;
            let extents = if version == 1 { self.old_extents()? } else { Vec::new() };
            let mut item = self.item(depth + 1)?;
            if !extents.is_empty() {
                item.extents.splice(0..0, extents);
            }
            members.push((name, i64::from(offset), item));
        }
        let part = |at: usize, name: &str, offset: u32| {
            let (of, at, item) = members.get(at)?;
            let Form::Text(text) = &item.descr else { return None };
            let is_it = of == name && *at == i64::from(offset) && item.extents.is_empty() && text.contains('f');
            is_it.then(|| text.clone())
        };
        if let (2, Some(real), Some(imaginary)) = (count, part(0, "r", 0), part(1, "i", size / 2))
            && real == imaginary
            && size >= 8
            && real.ends_with(&format!("f{}", size / 2))
        {
            return Ok(Item::scalar(size, format!("{}c{size}", &real[..1])));
        }
        Ok(Item { size, descr: Form::Struct(members), extents: Vec::new() })
    }

    /// The extents of a member in the first version: up to four, behind a permutation.
    fn old_extents(&mut self) -> Result<Vec<i64>> {
        let rank = self.number(1)? as usize;
        self.take(3 + 4 + 4)?;
        let extents = [self.number(4)?, self.number(4)?, self.number(4)?, self.number(4)?];
        let extents = extents.get(..rank).ok_or("a member of its items has more than four axes")?;
        Ok(extents.iter().map(|&extent| extent.into()).collect())
    }

    /// Booleans, or the integers that the names stand for.
    fn enumeration(&mut self, version: u8, count: u32, depth: usize) -> Result<Item> {
        let item = self.item(depth + 1)?;
        let Form::Text(text) = &item.descr else { return Err("its items are an enumeration of structs".into()) };
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(self.name(version)?);
        }
        let values = self.take(count as usize * item.size as usize)?;
        let is_bool = item.size == 1 && names == ["FALSE", "TRUE"] && values == [0, 1];
        Ok(Item::scalar(item.size, if is_bool { "|b1".to_owned() } else { text.clone() }))
    }

    fn array(&mut self, version: u8, depth: usize) -> Result<Item> {
        let rank = self.number(1)? as usize;
        if version < 3 {
            self.take(3)?;
        }
        let mut extents = Vec::new();
        for _ in 0..rank {
            extents.push(self.number(4)?.into());
        }
        if version < 3 {
            self.take(4 * rank)?;
        }
        let mut item = self.item(depth + 1)?;
        item.extents.splice(0..0, extents);
        Ok(item)
    }
}

fn order(bits: u32, size: u32) -> char {
    match bits & 1 {
        _ if size == 1 => '|',
        0 => '<',
        _ => '>',
    }
}
